"""The window: canvas, panels and timeline round one document."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import msgspec
from PySide6.QtCore import QByteArray, QEvent, QSettings, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit, QStackedWidget

from studio import places
from studio.core.pictured import lacking, with_pictures
from studio.core.settings import Settings
from studio.core.styles import read_styles
from studio.project.preferences import Preferences
from studio.ui import theme
from studio.ui.actions import Actions
from studio.ui.brushes import BrushDesk, PaintableCanvas, Rail
from studio.ui.brushes.rail import beside
from studio.ui.conduct import Conduct
from studio.ui.counting import Counting
from studio.ui.docks import Docks
from studio.ui.document import UNWRITTEN, Document
from studio.ui.files import Files
from studio.ui.film import FilmDesk
from studio.ui.geometry import FRAMED, keep_on_screen, place_at_first
from studio.ui.help import Help
from studio.ui.key_desk import KeyDesk
from studio.ui.menus import Menus
from studio.ui.models.desk import ModelsDesk
from studio.ui.notes import LogSignals, Notifier
from studio.ui.notices import Notices
from studio.ui.queue_desk import QueueDesk
from studio.ui.room import Room
from studio.ui.status import StatusBar
from studio.ui.training.desk import TrainingDesk
from studio.ui.viewer import Viewer
from studio.ui.welcome import WelcomePage
from studio.ui.welcome_desk import WelcomeDesk
from studio.work.facts import Draft
from studio.work.studio import Studio

EXAMPLES = [
    "a red circle on a blue background",
    "sunset over the ocean",
    "a green tree on a hill",
    "a purple galaxy full of stars",
]


class MainWindow(QMainWindow):
    """Builds all parts and connects them; the parts know each other only through it."""

    closed = Signal()

    def __init__(
        self, studio: Studio, preferences: Preferences, *, settings: QSettings | None = None
    ) -> None:
        super().__init__()
        self.setObjectName("window")
        self.studio, self.preferences = studio, preferences
        self.uses_plain_dialogs = QApplication.platformName() == "offscreen"
        self._layout = settings or QSettings("vqgan-clip-studio", "window")
        self._quitting = False
        self.document = Document(studio, self)
        self.counting = Counting(preferences.iterations, self)
        self.canvas = PaintableCanvas()
        self.rail = Rail(self.canvas.toolbox)
        self.welcome = WelcomePage()
        self._centre = QStackedWidget()
        self._centre.addWidget(self.welcome)
        self._easel = beside(self.rail, self.canvas)
        self._centre.addWidget(self._easel)
        self.notices = Notices(self._centre)
        self.setCentralWidget(self.notices)
        self.docks = Docks(self, self.document.undo)
        self.actions_ = Actions(self, self.canvas, self.docks.timeline.commands, self.rail.commands)
        self.status = StatusBar()
        self.setStatusBar(self.status)
        self.viewer = Viewer(
            studio, self.document, self.canvas, self.docks.timeline, self.docks.prompts
        )
        self.room = Room(self)
        self.files = Files(self, studio, self.document)
        self.queue = QueueDesk(self, studio, self.document, self.docks.queue)
        self.notifier = Notifier(self)
        self._log = LogSignals(self)
        self._log.line.connect(self.docks.log.append)
        self.help = Help(self)
        self.models = ModelsDesk(self)
        self.film = FilmDesk(self, studio, self.document)
        self.training = TrainingDesk(self)
        self.conduct = Conduct(self)
        self.brushes = BrushDesk(self)
        self.keys = KeyDesk(self)
        self._welcome_desk = WelcomeDesk(self, studio, self.welcome)
        self.menus = Menus(self)
        self.actions_.lend_keys(self.docks.buttons)
        self.actions_.use_keys(preferences.keys)
        self._dress()

    def _dress(self) -> None:
        self.docks.prompts.set_examples(EXAMPLES)
        styles = (places.resources() / "styles.json").read_bytes()
        self.docks.prompts.set_styles(read_styles(styles))
        self.canvas.set_empty_text(
            self.tr("What would you like to see?"),
            self.tr("Write a prompt and press Paint, or drop a picture here."),
        )
        place_at_first(self)
        if not self._restore_layout():
            size = self.size()
            self.docks.arrange()
            # panels as wide as they like to be may have made it wider than the screen
            layout = self.layout()
            assert layout is not None
            layout.activate()
            self.resize(size)
        self._placed = self.size()
        self.setAcceptDrops(False)  # the canvas takes drops

    # Pages

    @property
    def is_at_canvas(self) -> bool:
        """Whether the canvas is shown, not the first page."""
        return self._centre.currentWidget() is self._easel

    def show_canvas(self) -> None:
        """The picture."""
        self._centre.setCurrentWidget(self._easel)

    def show_welcome(self) -> None:
        """The first page."""
        self.studio.list_projects()
        self._centre.setCurrentWidget(self.welcome)

    def show_empty(self) -> None:
        """An empty canvas, ready for a prompt."""
        self.begin(Draft(msgspec.structs.replace(self.document.plan.settings, prompts=UNWRITTEN)))
        self.write_prompt()

    def begin(self, draft: Draft) -> None:
        """A painting that has not begun, with these settings and the pictures that are there."""
        settings = self.without_lacking(draft.settings, draft.pictures)
        self.document.begin_anew(replace(draft, settings=settings))
        self.show_canvas()

    def without_lacking(self, settings: Settings, there: Collection[str]) -> Settings:
        """Settings without what they name of pictures that are not there, which is said."""
        lack = lacking(settings, there)
        if lack is None:
            return settings
        parts = [self.tr("its init image")] if lack.start else []
        if lack.prompts:
            parts.append(self.tr("{count} image prompts").format(count=lack.prompts))
        if lack.masks:
            parts.append(self.tr("{count} masks").format(count=lack.masks))
        self.say(
            self.tr("Restored without {parts}, which are not kept here; choose them again.").format(
                parts=", ".join(parts)
            )
        )
        return with_pictures(settings, {name: name for name in there}, UNWRITTEN)

    def show_queue(self) -> None:
        """The queue in front of what shares its place."""
        self.docks.raise_("queue")

    def write_prompt(self) -> None:
        """Put the cursor where the prompt is written."""
        self.docks.raise_("prompts")
        fields = self.docks.prompts.findChildren(QPlainTextEdit)
        if fields:
            fields[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def say(self, sentence: str) -> None:
        """Tell something in passing."""
        self.status.say(sentence)

    def start(self, path: Path | None = None) -> None:
        """Take up work: list what there is, load the models, open a project if one is named."""
        self.studio.use_device(self.preferences.device)
        self.studio.list_models()
        self.studio.downloads.look()
        self.studio.trainings.unfinished()
        self.studio.list_history()
        self.studio.list_jobs()
        self.show_welcome()
        if path is not None:
            self.files.open_path(path)
        self.studio.warm_up(Settings(prompts=UNWRITTEN))

    def use(self, preferences: Preferences) -> None:
        """Follow other preferences, and keep them."""
        before, self.preferences = self.preferences, preferences
        app = QApplication.instance()
        if preferences.theme != before.theme and isinstance(app, QApplication):
            theme.apply(app, preferences.theme)
        self.actions_["light"].setChecked(preferences.theme == "light")
        self.actions_.use_keys(preferences.keys)
        if preferences.iterations != before.iterations:
            self.counting.ask(preferences.iterations)
        if preferences.device != before.device:
            self.studio.use_device(preferences.device)
        self.studio.keep_preferences(preferences)

    # Keys that no widget wanted

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.canvas.setFocus()
            return
        if not self.actions_.press(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self.actions_.release(event)
        super().keyReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self.actions_.let_go()

    # Layout and end

    def reset_layout(self) -> None:
        """All panels in their places."""
        self.docks.arrange()
        QTimer.singleShot(0, self._sweep)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self._sweep)
        QTimer.singleShot(FRAMED, self._draw_in)

    @Slot()
    def _sweep(self) -> None:
        self.docks.sweep()
        self._draw_in()

    @Slot()
    def _draw_in(self) -> None:
        if self._placed == self.size():  # nobody has resized it since
            keep_on_screen(self)
            self._placed = self.size()

    def _restore_layout(self) -> bool:
        """Put all where it was when the window was closed last; false when that is not known."""
        geometry, state = self._layout.value("geometry"), self._layout.value("state")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        return isinstance(state, QByteArray) and self.restoreState(state)

    def _keep_layout(self) -> None:
        self._layout.setValue("geometry", self.saveGeometry())
        self._layout.setValue("state", self.docks.state())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close at once, or ask about unsaved work first."""
        if not self._quitting and not (
            self.film.writing.before_quitting(self._close)
            and self.training.ending.before_quitting(self._close)
            and self.files.before_quitting(self._quit)
        ):
            event.ignore()
            return
        self._keep_layout()
        self.film.end()
        self.viewer.stop()
        self.notifier.end()
        self._log.end()
        self.hide()
        self.document.end()
        self.studio.close()
        event.accept()
        self.closed.emit()

    def _close(self) -> None:
        self.close()

    def _quit(self) -> None:
        self._quitting = True
        self.close()
