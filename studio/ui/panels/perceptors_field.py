"""The CLIPs that look at the picture, one or several."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from studio.ui.panels.labels import Note


class PerceptorsField(QWidget):
    """A box to tick for each CLIP, with a line about it."""

    chosen = Signal(object)
    """The names that are ticked, perhaps none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes: dict[str, QCheckBox] = {}
        self._notes: dict[str, tuple[Note, str]] = {}
        self._shown: tuple[str, ...] = ()
        self._known: tuple[tuple[str, str], ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 4)
        self._column.setSpacing(2)

    @property
    def boxes(self) -> tuple[QCheckBox, ...]:
        """From top to bottom."""
        return tuple(self._boxes.values())

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Which CLIPs there are: name and a line about it."""
        self._known = tuple(choices)
        self._build()

    def show_value(self, names: tuple[str, ...]) -> None:
        """Show which are used, without telling of it."""
        self._shown = names
        if any(name not in self._boxes for name in names):
            self._build()
        for name, box in self._boxes.items():
            box.blockSignals(True)
            box.setChecked(name in names)
            box.blockSignals(False)
        self._say()

    def _build(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        known = dict(self._known)
        missing = {name: self.tr("Not installed here.") for name in self._shown}
        self._boxes, self._notes = {}, {}
        for name, about in (missing | known).items():
            self._boxes[name] = self._make_box(name, about)
            self._notes[name] = Note(self), about
            self._column.addWidget(self._notes[name][0])
        self._say()

    def _say(self) -> None:
        """Tell about those that are ticked; the others have their tooltips."""
        for name, (note, about) in self._notes.items():
            note.say(about if name in self._shown else "")

    def _make_box(self, name: str, about: str) -> QCheckBox:
        box = QCheckBox(name, self)
        box.setAccessibleName(name)
        box.setToolTip(self.tr("Let this CLIP judge the picture too. {about}").format(about=about))
        box.setChecked(name in self._shown)
        box.toggled.connect(self._toggled)
        self._column.addWidget(box)
        return box

    def _toggled(self) -> None:
        self._shown = tuple(name for name, box in self._boxes.items() if box.isChecked())
        self._say()
        self.chosen.emit(self._shown)
