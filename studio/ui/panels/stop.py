"""The loss at which a prompt lets go of the picture."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.core.settings import LARGEST_STOP
from studio.ui.panels.labels import Note
from studio.ui.panels.numbers import NumberBox

_NEVER = -LARGEST_STOP
"""The lowest value of the box, which stands for no stop."""


class StopField(QWidget):
    """A number, or never."""

    chosen = Signal(object)
    """A float, or None for never."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tip = self.tr(
            "When the loss of this prompt has come down to this, it has pulled enough and lets "
            "go: 0 is a perfect match, about 1 is nothing in common. For a negative weight the "
            "loss is negative too. Empty the field for never."
        )
        self.box = NumberBox(_NEVER, LARGEST_STOP, 0.05, parent=self)
        self.box.setSpecialValueText(self.tr("never"))
        self.box.setAccessibleName(self.tr("Stop"))
        self.box.setToolTip(tip)
        self.box.setFixedWidth(58)
        self.box.hide_arrows()
        self.box.chosen.connect(self._choose)
        label = Note(self, wraps=False)
        label.say(self.tr("lets go at a loss of"))
        label.setToolTip(tip)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 30, 0)
        row.setSpacing(6)
        row.addWidget(label)
        row.addStretch()
        row.addWidget(self.box)

    def show_stop(self, stop: float | None) -> None:
        """Show a stop without telling of it."""
        self.box.show_value(_NEVER if stop is None else stop)

    def commit(self) -> None:
        """Take over a number that is still being typed."""
        self.box.commit()

    def _choose(self, value: float) -> None:
        self.chosen.emit(None if value <= _NEVER else value)
