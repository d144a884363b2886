"""All that is known about the model that is chosen, and what can be done with it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.ui.dialogs.parts import Heading, Plain
from studio.ui.icons import icon
from studio.ui.models.fact import Fact
from studio.ui.models.words import Words
from studio.ui.panels.buttons import IconButton, TextButton
from studio.ui.panels.labels import Note
from studio.ui.tips import tell
from studio.work.stock import AT_WORK, Key, Model

_COPIED = ("name", "sha256", "urls", "folder")


class Details(QWidget):
    """Shows one `Model`."""

    use_wanted = Signal(object)
    """The key of the model; so with all others."""
    add_wanted = Signal(object)
    """A CLIP is to judge beside those that do."""
    verify_wanted = Signal(object)
    remove_wanted = Signal(object)
    folder_wanted = Signal(object)
    """The `Path` of a folder, or of a picture in one, that another program is to open."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: Model | None = None
        self._in_use: Collection[Key] = ()
        self._words = Words(self)
        self._title, self._kind, self._problem = Heading("", 1.3), Note(), Note()
        self._draws = Plain("")
        self._facts = {
            name: Fact(title, copies=name in _COPIED) for name, title in self._titles().items()
        }
        self._folder = IconButton(
            "folder",
            self.tr("Open folder"),
            self.tr("Show the files of this model"),
            text=True,
        )
        self._folder.clicked.connect(self._open_folder)
        self.sheet = IconButton(
            "picture",
            self.tr("Before and after"),
            self.tr(
                "Pictures that it never learned from, as they were given back before and after"
            ),
            text=True,
        )
        self.sheet.clicked.connect(self._open_sheet)
        self.use = TextButton("paint", self.tr("Use for this painting"), self.tr("Paint with it"))
        self.use.setProperty("primary", True)
        self.use.setIcon(icon("paint", QPalette.ColorRole.HighlightedText))
        self.use.clicked.connect(self._use)
        self.add = TextButton(
            "add",
            self.tr("Use beside the others"),
            self.tr("Several CLIPs agree on more, and take longer"),
        )
        self.add.clicked.connect(self._add)
        self.verify = TextButton(
            "check", self.tr("Verify"), self.tr("Read the whole file and see whether it is sound")
        )
        self.verify.clicked.connect(self._verify)
        self.remove = TextButton("trash", self.tr("Remove…"), self.tr("Delete its files"))
        self.remove.clicked.connect(self._remove)
        self._lay_out()
        self.show_model(None)

    def show_model(self, model: Model | None) -> None:
        """Show a model, or nothing."""
        self._model = model
        self._page.setVisible(model is not None)
        if model is None:
            return
        words = self._words
        self._title.setText(words.title(model))
        self._kind.say(words.kind(model))
        self._draws.setText(model.draws)
        self._draws.setVisible(bool(model.draws))
        self._problem.say(model.problem, warns=True)
        for name, text in self._told(model).items():
            self._facts[name].say(text)
        self._folder.setVisible(model.folder is not None)
        self.sheet.setVisible(model.sheet is not None)
        self._show_buttons(model)

    def set_in_use(self, keys: Collection[Key]) -> None:
        """Which models the painting is painted with."""
        self._in_use = keys
        if self._model is not None:
            self._show_buttons(self._model)

    def _show_buttons(self, model: Model) -> None:
        self.use.setVisible(model.is_here)
        tell(
            self.use,
            self.tr("Paint with it")
            if model.kind == "vqgan"
            else self.tr("Let it alone judge the picture"),
        )
        in_use = model.key in self._in_use
        self.use.setEnabled(not in_use)
        self.use.setText(self.tr("In use") if in_use else self.tr("Use for this painting"))
        self.add.setVisible(model.is_here and model.kind == "clip" and not in_use)
        at_rest = model.disk > 0 and model.state not in AT_WORK
        self.verify.setVisible(at_rest)
        self.remove.setVisible(at_rest)
        self.remove.setEnabled(not model.is_shipped)
        tell(
            self.remove,
            self.tr("It came with the studio and stays, so that there is always one to paint with")
            if model.is_shipped
            else self.tr("Delete its files; it can be had again")
            if model.is_listed
            else self.tr("Delete its files for good"),
        )

    def _titles(self) -> dict[str, str]:
        return {
            "name": self.tr("Name"),
            "training": self.tr("Training"),
            "figures": self.tr("Held-out pictures, before and after"),
            "architecture": self.tr("Architecture"),
            "memory": self.tr("Memory while painting"),
            "bytes": self.tr("Download"),
            "disk": self.tr("On this disk"),
            "licence": self.tr("Licence"),
            "sha256": self.tr("SHA-256 of the download"),
            "urls": self.tr("Where from, in this order"),
            "folder": self.tr("Folder"),
        }

    def _told(self, model: Model) -> dict[str, str]:
        words = self._words
        unknown = self.tr("Nobody has written it down, so what is downloaded cannot be compared.")
        return {
            "name": model.name,
            "training": words.training(model),
            "figures": words.figures(model),
            "architecture": model.architecture,
            "memory": words.memory(model),
            "bytes": words.size(model.bytes) if model.is_listed else "",
            "disk": words.size(model.disk) if model.disk else "",
            "licence": model.licence,
            "sha256": (model.sha256 or unknown) if model.is_listed else "",
            "urls": "\n".join(model.urls),
            "folder": "" if model.folder is None else str(model.folder),
        }

    def _lay_out(self) -> None:
        self._page = QWidget()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 0, 10, 12)
        column.setSpacing(4)
        for widget in (self._title, self._kind, self._problem):
            column.addWidget(widget)
        column.addSpacing(8)
        column.addWidget(self._draws)
        column.addSpacing(10)
        for fact in self._facts.values():
            column.addWidget(fact)
        column.addWidget(self.sheet)
        column.addWidget(self._folder)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        others = QHBoxLayout()
        others.setSpacing(8)
        others.addWidget(self.verify, 1)
        others.addWidget(self.remove, 1)
        buttons = QVBoxLayout()
        buttons.setContentsMargins(20, 10, 0, 0)
        buttons.setSpacing(8)
        buttons.addWidget(self.use)
        buttons.addWidget(self.add)
        buttons.addLayout(others)
        page = QVBoxLayout(self._page)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(scroll, 1)
        page.addLayout(buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._page)

    def _use(self) -> None:
        assert self._model is not None
        self.use_wanted.emit(self._model.key)

    def _add(self) -> None:
        assert self._model is not None
        self.add_wanted.emit(self._model.key)

    def _verify(self) -> None:
        assert self._model is not None
        self.verify_wanted.emit(self._model.key)

    def _remove(self) -> None:
        assert self._model is not None
        self.remove_wanted.emit(self._model.key)

    def _open_sheet(self) -> None:
        assert self._model is not None
        if self._model.sheet is not None:
            self.folder_wanted.emit(self._model.sheet)

    def _open_folder(self) -> None:
        assert self._model is not None
        folder: Path | None = self._model.folder
        if folder is not None:
            self.folder_wanted.emit(folder)
