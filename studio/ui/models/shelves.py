"""The list of models: VQGANs and CLIPs below each other, and a search through them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from studio.ui.dialogs.parts import Heading
from studio.ui.models.row import ModelRow
from studio.ui.panels.card_list import Hint
from studio.ui.panels.labels import Note
from studio.work.stock import Key, Model


class Shelves(QScrollArea):
    """A row for each model; one of them is chosen."""

    chosen = Signal(object)
    """A key; so with all others."""
    get_wanted = Signal(object)
    pause_wanted = Signal(object)
    cancel_wanted = Signal(object)
    use_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[Key, ModelRow] = {}
        self._text = ""
        self._chosen: Key | None = None
        self._in_use: Collection[Key] = ()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._hint = Hint()
        self._shelves = {
            "vqgan": Shelf(
                self.tr("VQGANs"), self.tr("They paint. What one was trained on it can draw.")
            ),
            "clip": Shelf(
                self.tr("CLIPs"), self.tr("They look at the picture and say how near it is.")
            ),
        }
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 10, 0)
        column.setSpacing(22)
        for shelf in self._shelves.values():
            column.addWidget(shelf)
        column.addWidget(self._hint)
        column.addStretch(1)
        self.setWidget(page)

    @property
    def chosen_key(self) -> Key | None:
        """The model that is lit."""
        return self._chosen

    def set_models(self, models: Sequence[Model]) -> None:
        """Show these; rows of models that were shown already stay."""
        there = {model.key for model in models}
        for key in set(self.rows) - there:
            row = self.rows.pop(key)
            row.hide()
            row.deleteLater()
        for model in models:
            self.show_model(model)
        for kind, shelf in self._shelves.items():
            shelf.put([self.rows[model.key] for model in models if model.kind == kind])
        self.search(self._text)
        if self._chosen not in self.rows:
            self._chosen = None

    def show_model(self, model: Model) -> None:
        """Show what is up with a model now."""
        row = self.rows.get(model.key)
        if row is None:
            self.rows[model.key] = self._row(model)
        elif row.model != model:
            row.show_model(model)

    def set_in_use(self, keys: Collection[Key]) -> None:
        """Which of them the painting is painted with."""
        self._in_use = keys
        for key, row in self.rows.items():
            row.set_in_use(key in keys)

    def choose(self, key: Key) -> None:
        """Light a model and tell of it."""
        if key in self.rows and key != self._chosen:
            for each, row in self.rows.items():
                row.set_chosen(each == key)
            self._chosen = key
            self.chosen.emit(key)

    def go_to(self, key: Key) -> None:
        """Light a model, and see that it is in sight and has the keyboard."""
        if key in self.rows:
            self.choose(key)
            self.ensureWidgetVisible(self.rows[key])
            self.rows[key].setFocus(Qt.FocusReason.OtherFocusReason)

    def search(self, text: str) -> None:
        """Show only models that speak of a text."""
        self._text = text.strip()
        for row in self.rows.values():
            row.setVisible(row.speaks_of(self._text))
        for shelf in self._shelves.values():
            shelf.setVisible(any(not row.isHidden() for row in shelf.rows))
        found = any(not row.isHidden() for row in self.rows.values())
        self._hint.setVisible(not found)
        self._hint.say("search", self.tr("No model speaks of “{text}”.").format(text=self._text))

    def _row(self, model: Model) -> ModelRow:
        row = ModelRow(model)
        row.set_in_use(model.key in self._in_use)
        row.chosen.connect(self.choose)
        for name in ("get_wanted", "pause_wanted", "cancel_wanted", "use_wanted"):
            getattr(row, name).connect(getattr(self, name))
        row.stepped.connect(self._step)
        return row

    def _step(self, key: Key, step: int) -> None:
        shown = [
            row for shelf in self._shelves.values() for row in shelf.rows if not row.isHidden()
        ]
        place = shown.index(self.rows[key]) + step
        if 0 <= place < len(shown):
            self.go_to(shown[place].model.key)


class Shelf(QWidget):
    """The models of one kind."""

    def __init__(self, title: str, about: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[ModelRow] = []
        said = Note()
        said.say(about)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(Heading(title))
        self._column.addWidget(said)

    def put(self, rows: Sequence[ModelRow]) -> None:
        """Have these stand here, in this order."""
        if list(rows) == self.rows:
            return
        for row in self.rows:
            self._column.removeWidget(row)
        for row in rows:
            self._column.addWidget(row)
        self.rows = list(rows)
        stops = [stop for row in rows for stop in (row, row.pause, row.cancel, row.get, row.use)]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)
