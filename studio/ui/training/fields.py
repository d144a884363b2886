"""Fields that only trainings have: how long, and how much each loss counts."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.ui.panels.buttons import IconButton
from studio.ui.panels.labels import Note
from studio.ui.panels.numbers import NumberBox
from studio.ui.panels.switch import Switch
from studio.ui.training.words import LOSSES, TrainingWords
from studio.work.training_facts import Weights

USUAL = (10, 30, 60, 180)
LONGEST = 60 * 24 * 30
"""Minutes that a training may take at most."""


class TimeField(QWidget):
    """Four usual times, and a box for one's own."""

    chosen = Signal(float)
    """Minutes."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = {10: self.tr("10 min"), 30: self.tr("30 min"), 60: self.tr("1 h"),
                 180: self.tr("3 h")}  # fmt: skip
        about = self.tr("So long in all, as exactly as it can be told")
        choices = [(str(minutes), words[minutes], about) for minutes in USUAL]
        own = ("own", self.tr("Own"), self.tr("Another time, in minutes"))
        self.switch = Switch(name, [*choices, own])
        self.switch.chosen.connect(self._choose_usual)
        self.box = NumberBox(1, LONGEST, 5, whole=True)
        self.box.setAccessibleName(self.tr("Minutes"))
        self.box.setToolTip(self.tr("How many minutes it may take"))
        self.box.setFixedWidth(84)
        self.box.chosen.connect(self._choose_own)
        self._unit = QLabel(self.tr("minutes"))
        own_row = QHBoxLayout()
        own_row.setSpacing(6)
        own_row.addStretch(1)
        own_row.addWidget(self.box)
        own_row.addWidget(self._unit)
        self._minutes = 10.0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.switch)
        column.addLayout(own_row)
        self.show_value(10.0)

    def show_value(self, minutes: float) -> None:
        """Show a time without telling of it."""
        self._minutes = minutes
        self.box.show_value(minutes)
        usual = minutes in USUAL
        self.switch.show_value(f"{minutes:g}" if usual else "own")
        self._show_own(not usual)

    def commit(self) -> None:
        """Take over a number that is still being typed."""
        self.box.commit()

    def _show_own(self, shown: bool) -> None:
        self.box.setVisible(shown)
        self._unit.setVisible(shown)

    def _choose_usual(self, value: str) -> None:
        self._show_own(value == "own")
        if value == "own":
            self.box.show_value(self._minutes)
            self.box.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._minutes = float(value)
            self.box.show_value(self._minutes)
            self.chosen.emit(self._minutes)

    def _choose_own(self, minutes: float) -> None:
        self._minutes = minutes
        self.chosen.emit(minutes)


class WeightsField(QWidget):
    """A box for each weight, with a line about what it does."""

    chosen = Signal(object)
    """`Weights`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weights = Weights()
        told = TrainingWords(self).losses()
        self.boxes: dict[str, NumberBox] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        for place, name in enumerate(LOSSES):
            self.boxes[name] = self._box(*told[name])
            grid.addLayout(_texts(*told[name]), place, 0)
            grid.addWidget(self.boxes[name], place, 1)
        for box in self.boxes.values():
            box.chosen.connect(self._choose)
        self.reset = IconButton(
            "undo",
            self.tr("Usual weights"),
            self.tr("Give every loss the weight that it had at first"),
            text=True,
        )
        self.reset.clicked.connect(self._reset)
        grid.addWidget(self.reset, len(LOSSES), 0, 1, 2, Qt.AlignmentFlag.AlignRight)
        self.show_value(self._weights)

    def show_value(self, weights: Weights) -> None:
        """Show weights without telling of it."""
        self._weights = weights
        for name, box in self.boxes.items():
            box.show_value(getattr(weights, name))
        self.reset.setEnabled(weights != Weights())

    def commit(self) -> None:
        """Take over a number that is still being typed."""
        for box in self.boxes.values():
            box.commit()

    def _box(self, title: str, about: str) -> NumberBox:
        box = NumberBox(0, 1000, 0.05)
        box.setFixedWidth(72)
        box.hide_arrows()
        box.setAccessibleName(self.tr("Weight of {loss}").format(loss=title))
        box.setToolTip(self.tr("{about}. 0 turns it off.").format(about=about))
        return box

    def _choose(self, _number: float) -> None:
        values = {name: box.value() for name, box in self.boxes.items()}
        self.show_value(msgspec.structs.replace(self._weights, **values))
        self.chosen.emit(self._weights)

    def _reset(self) -> None:
        self.show_value(Weights())
        self.chosen.emit(self._weights)


def _texts(title: str, about: str) -> QVBoxLayout:
    said = Note()
    said.say(about)
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addWidget(QLabel(title))
    column.addWidget(said)
    return column
