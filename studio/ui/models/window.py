"""The window of models: a list, details of one, what is recommended, and the room on the disk."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.ui.dialogs.parts import Heading
from studio.ui.icons import icon
from studio.ui.models.details import Details
from studio.ui.models.shelves import Shelves
from studio.ui.models.suggestion import Suggestion
from studio.ui.models.veil import Veil
from studio.ui.models.words import Words
from studio.ui.panels.buttons import IconButton
from studio.ui.panels.labels import Note
from studio.ui.tips import tell
from studio.work.stock import Key, Model, Stock

MARGIN = 20


class ModelsWindow(QDialog):
    """Stays beside the picture; shows a `Stock` and tells what a person wants."""

    get_wanted = Signal(object, bool)
    """The key of a model, and whether a person trusts what nobody can check."""
    pause_wanted = Signal(object)
    """The key of a model; so with all others up to `remove_wanted`."""
    cancel_wanted = Signal(object)
    use_wanted = Signal(object)
    add_wanted = Signal(object)
    verify_wanted = Signal(object)
    remove_wanted = Signal(object)
    import_wanted = Signal(list)
    """Paths of files and folders."""
    import_stop_wanted = Signal()
    recommended_wanted = Signal()
    training_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Models"))
        self.setAcceptDrops(True)
        self.uses_plain_dialogs = False
        self._words = Words(self)
        self._stock: Stock | None = None
        self._models: dict[Key, Model] = {}
        self.search = QLineEdit()
        self.shelves, self.details = Shelves(), Details()
        self.suggestion = Suggestion(on_first_page=False)
        self._room, self._taking_in = Note(wraps=False), Note(wraps=False)
        self._stop = IconButton(
            "stop",
            self.tr("Stop"),
            self.tr("Leave this file and those after it; what was taken in before stays"),
            text=True,
        )
        self._stop.hide()
        self._stop.clicked.connect(self.import_stop_wanted)
        self._import = QPushButton(icon("import"), self.tr("Import…"))
        self._training = IconButton(
            "training",
            self.tr("Train your own…"),
            self.tr("Let a model learn your own pictures"),
            text=True,
        )
        self._training.clicked.connect(self.training_wanted)
        self._veil = Veil(self)
        self._dress()
        self._lay_out()
        self._connect()
        self.resize(QSize(1060, 720).boundedTo(self.screen().availableSize() - QSize(60, 80)))
        self.setMinimumSize(900, 440)

    def set_stock(self, stock: Stock) -> None:
        """Show all models anew."""
        self._stock = stock
        self._models = {model.key: model for model in stock.models}
        self.shelves.set_models(stock.models)
        if self.shelves.chosen_key is None and stock.models:
            self.shelves.choose(stock.models[0].key)
        self._show_details()
        self._room.say(
            self.tr("{used} in models you added · {free} free on this disk").format(
                used=self._words.size(stock.used), free=self._words.size(stock.free)
            )
        )

    def show_model(self, model: Model) -> None:
        """Show what is up with one model now."""
        self._models[model.key] = model
        self.shelves.show_model(model)
        if model.key == self.shelves.chosen_key:
            self.details.show_model(model)

    def set_in_use(self, keys: Collection[Key]) -> None:
        """Which of them the painting is painted with."""
        self.shelves.set_in_use(keys)
        self.details.set_in_use(keys)

    def choose(self, key: Key) -> None:
        """Show a model and all about it."""
        self.search.clear()
        self.shelves.go_to(key)

    def show_taking_in(self, text: str) -> None:
        """Which file is being taken in, or nothing."""
        self._taking_in.say(text)
        self._stop.setVisible(bool(text))
        self._import.setEnabled(not text)

    def tell(self, sentences: Sequence[str]) -> None:
        """Say what could not be done, and why."""
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(self.tr("This could not be done"))
        box.setInformativeText("\n\n".join(sentences))
        box.addButton(QMessageBox.StandardButton.Ok)
        box.finished.connect(box.deleteLater)
        box.open()

    def come(self) -> None:
        """To the front."""
        self.show()
        self.raise_()
        self.activateWindow()

    def _dress(self) -> None:
        self.search.setPlaceholderText(self.tr("Search: landscapes, f8, ResNet…"))
        self.search.setAccessibleName(self.tr("Search the models"))
        self.search.setToolTip(self.tr("Show only models that speak of this"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setFixedWidth(280)
        QShortcut(QKeySequence.StandardKey.Find, self, self._focus_search)
        menu = QMenu(self)
        menu.addAction(icon("picture"), self.tr("Files…"), self.ask_files)
        menu.addAction(icon("folder"), self.tr("A folder…"), self._ask_folder)
        self._import.setMenu(menu)
        self._import.setIconSize(QSize(16, 16))
        self._import.setAutoDefault(False)
        self._import.setAccessibleName(self.tr("Import models"))
        tell(
            self._import,
            self.tr("Take in files that you have already; you can also drop them on this window"),
        )

    def _lay_out(self) -> None:
        said = Note()
        said.say(self.tr("A VQGAN paints, a CLIP judges. Drop files that you have already here."))
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(Heading(self.tr("Models"), 1.6))
        texts.addWidget(said)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addLayout(texts, 1)
        head.addWidget(self.search, 0, Qt.AlignmentFlag.AlignBottom)
        body = QHBoxLayout()
        body.setSpacing(10)
        body.addWidget(self.shelves, 1)
        body.addWidget(self.details)
        self.details.setFixedWidth(320)
        folder = IconButton(
            "folder", self.tr("Models folder"), self.tr("Show where models are kept"), text=True
        )
        folder.clicked.connect(self._open_models)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self._room)
        foot.addWidget(self._taking_in)
        foot.addWidget(self._stop)
        foot.addStretch(1)
        foot.addWidget(self._training)
        foot.addWidget(folder)
        foot.addWidget(self._import)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, 14)
        column.setSpacing(14)
        column.addLayout(head)
        column.addWidget(self.suggestion)
        column.addLayout(body, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        shelves, details = self.shelves, self.details
        self.search.textChanged.connect(shelves.search)
        shelves.chosen.connect(self._show_details)
        shelves.get_wanted.connect(self.get)
        for part, names in (
            (shelves, ("pause_wanted", "cancel_wanted", "use_wanted")),
            (details, ("use_wanted", "add_wanted", "verify_wanted")),
        ):
            for name in names:
                getattr(part, name).connect(getattr(self, name))
        details.remove_wanted.connect(self._ask_to_remove)
        details.folder_wanted.connect(self._open_folder)
        self.suggestion.wanted.connect(self.recommended_wanted)

    def _show_details(self) -> None:
        key = self.shelves.chosen_key
        self.details.show_model(None if key is None else self._models[key])

    def _focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    # Questions

    def get(self, key: Key) -> None:
        """Get a model, after a question about one that nobody can check."""
        model = self._models[key]
        if model.needs_trust and model.state in ("offered", "failed", "damaged"):
            self._ask(
                self.tr("Get {title} unchecked?").format(title=self._words.title(model)),
                self.tr(
                    "Nobody has written down its SHA-256, so the studio cannot tell whether it "
                    "gets what was published. It reads it safely and runs no code from it."
                ),
                self.tr("Get it"),
                partial(self.get_wanted.emit, key, True),
            )
        else:
            self.get_wanted.emit(key, model.needs_trust)

    def _ask_to_remove(self, key: Key) -> None:
        model = self._models[key]
        more = self.tr("Its {size} are deleted.").format(size=self._words.size(model.disk))
        if not model.is_listed:
            more += " " + self.tr("You added it; the studio knows no place to get it again.")
        title = self.tr("Remove {title}?").format(title=self._words.title(model))
        self._ask(title, more, self.tr("Remove"), partial(self.remove_wanted.emit, key))

    def _ask(self, text: str, more: str, yes: str, then: Callable[[], object]) -> None:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(text)
        box.setInformativeText(more)
        accept = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        tell(accept, text)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.accepted.connect(then)
        box.finished.connect(box.deleteLater)
        box.open()

    # Files

    def ask_files(self) -> None:
        """Ask for files to take in."""
        dialog = self._dialog(self.tr("Models that you have"))
        dialog.setNameFilter(
            f"{self.tr('Models')} (*.ckpt *.pt *.pth *.bin *.safetensors *.yaml *.yml)"
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._import_named)
        dialog.open()

    def _ask_folder(self) -> None:
        dialog = self._dialog(self.tr("A folder of models"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.filesSelected.connect(self._import_named)
        dialog.open()

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self, title, str(Path.home()))
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog, self.uses_plain_dialogs)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _import_named(self, names: Sequence[str]) -> None:
        self.import_wanted.emit([Path(name) for name in names])

    def _open_folder(self, folder: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _open_models(self) -> None:
        if self._stock is not None:
            self._open_folder(self._stock.folder)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _files(event):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._veil.setGeometry(self.rect())
            self._veil.raise_()
            self._veil.show()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._veil.hide()
        files = _files(event)
        if files:
            event.acceptProposedAction()
            self.import_wanted.emit(files)


def _files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
