"""The CLIPs that look at the picture, one or several, and how much each counts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from studio.ui.panels.labels import Note
from studio.ui.panels.numbers import NumberBox
from studio.ui.tips import tell

_LEAST, _MOST = 0.01, 100.0


class PerceptorsField(QWidget):
    """A box to tick for each CLIP, a line about it, and a weight where several are ticked."""

    chosen = Signal(object, object)
    """The names that are ticked, perhaps none, and the weight of each; none if all count alike."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes: dict[str, QCheckBox] = {}
        self._weights: dict[str, NumberBox] = {}
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

    def show_weights(self, weights: tuple[float, ...]) -> None:
        """Show how much each of those that are used counts, without telling of it."""
        counts = dict(zip(self._shown, weights, strict=True)) if weights else {}
        for name, box in self._weights.items():
            box.show_value(counts.get(name, 1.0))

    def commit(self) -> None:
        """Take over a number that is still being typed."""
        for box in self._weights.values():
            box.commit()

    def _build(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        known = dict(self._known)
        missing = {name: self.tr("Not installed here.") for name in self._shown}
        counts = {name: box.value() for name, box in self._weights.items()}
        self._boxes, self._weights, self._notes = {}, {}, {}
        for name, about in (missing | known).items():
            self._add_row(name, about)
            self._weights[name].show_value(counts.get(name, 1.0))
            self._notes[name] = Note(self), about
            self._column.addWidget(self._notes[name][0])
        self._say()

    def _say(self) -> None:
        """Tell about those that are ticked; the others have their tooltips."""
        for name, (note, about) in self._notes.items():
            note.say(about if name in self._shown else "")
        for name, box in self._weights.items():
            box.setVisible(name in self._shown and len(self._shown) > 1)

    def _add_row(self, name: str, about: str) -> None:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        self._boxes[name] = self._make_box(name, about, row)
        self._weights[name] = self._make_weight(name, row)
        line.addWidget(self._boxes[name], 1)
        line.addWidget(self._weights[name])
        self._column.addWidget(row)

    def _make_box(self, name: str, about: str, parent: QWidget) -> QCheckBox:
        box = QCheckBox(name, parent)
        box.setAccessibleName(name)
        tell(box, self.tr("Let this CLIP judge the picture too. {about}").format(about=about))
        box.setChecked(name in self._shown)
        box.toggled.connect(self._changed)
        return box

    def _make_weight(self, name: str, parent: QWidget) -> NumberBox:
        box = NumberBox(_LEAST, _MOST, 0.1, parent=parent)
        box.setFixedWidth(58)
        box.setPrefix("\N{MULTIPLICATION SIGN} ")
        box.hide_arrows()
        box.setAccessibleName(self.tr("Weight of {name}").format(name=name))
        box.setToolTip(
            self.tr("How much this CLIP counts against the others: at 2 twice as much as at 1.")
        )
        box.chosen.connect(self._changed)
        return box

    def _changed(self) -> None:
        self._shown = tuple(name for name, box in self._boxes.items() if box.isChecked())
        weights = tuple(self._weights[name].value() for name in self._shown)
        self._say()
        self.chosen.emit(self._shown, weights if len(set(weights)) > 1 else ())
