"""The training window: pictures in, an order, the training itself, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.ui.tips import tell
from studio.ui.training.first import FirstPage
from studio.ui.training.judged import VerdictPage
from studio.ui.training.ordering import OrderPage
from studio.ui.training.progress import ProgressPage
from studio.work.training_facts import Look, TrainingNews, TrainingVerdict

MARGIN = 22


class TrainingWindow(QDialog):
    """Lays out the pages; the desk connects them. Painting and training go on beside it."""

    folder_chosen = Signal(object)
    """`Path`."""
    stop_wanted = Signal(bool)
    """Whether what is learned is kept."""
    discard_wanted = Signal(str)
    """Name of an unfinished training."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Train a model on your pictures"))
        self.setModal(False)
        self.setWindowFlag(Qt.WindowType.WindowMinMaxButtonsHint)
        self.setAcceptDrops(True)
        self.uses_plain_dialogs = False
        self.first, self.ordering = FirstPage(), OrderPage()
        self.progress, self.judged = ProgressPage(), VerdictPage()
        self._pages = QStackedWidget()
        for page in (self.first, self.ordering, self.progress, self.judged):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN - 4)
        column.addWidget(self._pages)
        self.first.folder_wanted.connect(self.ask_folder)
        self.ordering.gallery.closed.connect(self.show_first)
        self.first.discard_wanted.connect(self._ask_to_forget)
        self.ordering.gallery.folder_wanted.connect(self.ask_folder)
        self.progress.keep_wanted.connect(self._keep)
        self.progress.discard_wanted.connect(self._ask_to_discard)
        self._has_look = False
        self.judged.new_wanted.connect(self.show_order)
        self.resize(QSize(1180, 800).boundedTo(self.screen().availableSize() - QSize(60, 80)))
        self.setMinimumSize(900, 480)

    @property
    def page(self) -> QWidget | None:
        """The page that is shown."""
        return self._pages.currentWidget()

    def come(self) -> None:
        """To the front."""
        self.show()
        self.raise_()
        self.activateWindow()

    def show_looking(self, done: int, count: int) -> None:
        """A folder is being looked at."""
        self._turn_to(self.first, self.first.zone)
        self.first.problem.say("")
        self.first.zone.show_looking(done, max(count, 1))

    def show_look(self, look: Look) -> None:
        """What a folder holds; one without any picture is told of where it was dropped."""
        self.first.zone.show_looking(0, 0)
        if not look.usable and not look.refused:
            self.show_look_problem(look.problem)
            return
        self._has_look = True
        self.ordering.set_look(look)
        self._turn_to(self.ordering, self.ordering.form.name)

    def show_look_problem(self, sentence: str) -> None:
        """Why a folder cannot be looked at."""
        self.first.zone.show_looking(0, 0)
        self.first.problem.say(sentence, warns=True)
        self._turn_to(self.first, self.first.zone)

    def show_order(self) -> None:
        """The order again, or the first page when there are no pictures."""
        if self._has_look:
            self._turn_to(self.ordering, self.ordering.start)
        else:
            self.show_first()

    def show_first(self) -> None:
        """The first page, without pictures."""
        self._has_look = False
        self.first.problem.say("")
        self._turn_to(self.first, self.first.zone)

    def show_news(self, news: TrainingNews) -> None:
        """How far the training is."""
        self.progress.show_news(news)
        self._turn_to(self.progress, self.progress.pause)

    def show_verdict(self, verdict: TrainingVerdict) -> None:
        """What came of it."""
        self.judged.show_verdict(verdict, self.progress.growing.history)
        self._turn_to(self.judged, self.judged.paint)

    def tell(self, sentence: str) -> None:
        """Say what could not be done, and why."""
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(self.tr("This could not be done"))
        box.setInformativeText(sentence)
        box.addButton(QMessageBox.StandardButton.Ok)
        box.finished.connect(box.deleteLater)
        box.open()

    def _turn_to(self, page: QWidget, focus: QWidget) -> None:
        if page is not self.page:
            self._pages.setCurrentWidget(page)
            # else Qt gives it to whatever comes next, be it the button that discards
            taker = focus if focus.isEnabled() else self
            taker.setFocus(Qt.FocusReason.OtherFocusReason)

    # Questions

    def _keep(self) -> None:
        self.stop_wanted.emit(True)

    def _ask_to_discard(self) -> None:
        self._ask(
            self.tr("Discard this training?"),
            self.tr("What it has learned is deleted. Your pictures stay as they are."),
            self.tr("Discard"),
            self._discard,
        )

    def _discard(self) -> None:
        self.stop_wanted.emit(False)

    def _ask_to_forget(self, name: str) -> None:
        def forget() -> None:
            self.discard_wanted.emit(name)

        self._ask(
            self.tr("Discard the training of {name}?").format(name=name),
            self.tr("What it has learned is deleted. Your pictures stay as they are."),
            self.tr("Discard"),
            forget,
        )

    def _ask(self, text: str, more: str, yes: str, then: Callable[[], object]) -> None:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(text)
        box.setInformativeText(more)
        accept = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
        tell(accept, text)
        stay = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        accept.clicked.connect(then)
        box.finished.connect(box.deleteLater)
        box.open()

    # Folders

    def ask_folder(self) -> None:
        """Ask for a folder of pictures."""
        dialog = QFileDialog(self, self.tr("A folder of pictures"), str(Path.home()))
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog, self.uses_plain_dialogs)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.filesSelected.connect(self._choose)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _choose(self, names: Sequence[str]) -> None:
        if names:
            self.folder_chosen.emit(Path(names[0]))

    def _takes(self, event: QDropEvent) -> bool:
        return self.page is not self.progress and bool(_paths(event))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._takes(event):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.first.zone.set_lit(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.first.zone.set_lit(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.first.zone.set_lit(False)
        if not self._takes(event):
            return
        event.acceptProposedAction()
        folders = {path if path.is_dir() else path.parent for path in _paths(event)}
        if len(folders) == 1:
            self.folder_chosen.emit(folders.pop())
        else:
            self.show_look_problem(
                self.tr("These are several folders; drop one that holds all of the pictures.")
            )


def _paths(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
