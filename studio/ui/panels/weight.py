"""The weight of a prompt: a caption, a slider and a number."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.core.settings import LARGEST_WEIGHT
from studio.ui.panels.labels import Note
from studio.ui.panels.numbers import NumberBox, linear

_SLIDER = 2.0
"""The slider ends at this weight, either way; the box does not."""


class WeightField(QWidget):
    """How strongly, and which way, a prompt pulls."""

    chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tip = self.tr(
            "How strongly the picture is pulled towards this prompt. Below 0 it is pushed away "
            "from it; at 0 the prompt does nothing."
        )
        self._caption = Note(self, wraps=False)
        self._slider = linear(-_SLIDER, _SLIDER, 0.05, origin=0.0, marks=(0.0, 1.0))
        self._box = NumberBox(-LARGEST_WEIGHT, LARGEST_WEIGHT, 0.05)
        self._box.setFixedWidth(58)
        self._box.hide_arrows()
        for widget, name in (
            (self._slider, self.tr("Weight slider")),
            (self._box, self.tr("Weight")),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
            widget.chosen.connect(self._choose)
        longest = max(map(self._caption.fontMetrics().horizontalAdvance, self._captions()))
        self._caption.setFixedWidth(longest + 4)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._caption)
        row.addWidget(self._slider, 1)
        row.addWidget(self._box)
        self.show_weight(1.0)

    @property
    def fields(self) -> tuple[QWidget, QWidget]:
        """The slider and the box."""
        return self._slider, self._box

    def show_weight(self, weight: float) -> None:
        """Show a weight without telling of it."""
        self._slider.show_value(weight)
        self._box.show_value(weight)
        away, nothing, towards = self._captions()
        words = away if weight < 0 else towards if weight > 0 else nothing
        self._caption.say(words, warns=weight < 0)

    def commit(self) -> None:
        """Take over a number that is still being typed."""
        self._box.commit()

    def _captions(self) -> tuple[str, str, str]:
        return self.tr("away from"), self.tr("no pull"), self.tr("towards")

    def _choose(self, weight: float) -> None:
        self.show_weight(weight)
        self.chosen.emit(weight)
