"""Boxes for numbers that behave among scrolling panels and leave undo to the window."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QWidget

from studio.ui.panels.slider import Slider

_DIGITS = 6
"""After the point; what a person types is never rounded visibly."""

# QAbstractSpinBox.NoButtons leaves no room for the number under a style sheet.
_NO_ARROWS = """
QAbstractSpinBox { padding-right: 7px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; }
QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow { image: none; }
"""


def leaves_undo(event: QEvent) -> bool:
    """Whether the event asks a field if it wants the keys of undo, which the window has."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(
        QKeySequence.StandardKey.Redo
    )


class NumberBox(QDoubleSpinBox):
    """A number, whole or not, written with no more digits than it has."""

    chosen = Signal(float)
    """A person chose this value: by the arrows at once, by typing with Enter or on leaving."""

    def __init__(
        self,
        lowest: float,
        highest: float,
        step: float,
        *,
        whole: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._shown = math.nan
        self.setDecimals(0 if whole else _DIGITS)
        self.setRange(lowest, highest)
        self.setSingleStep(step)
        self.setKeyboardTracking(False)
        self.setCorrectionMode(QAbstractSpinBox.CorrectionMode.CorrectToNearestValue)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.valueChanged.connect(self._changed)

    def show_value(self, value: float) -> None:
        """Show a value without telling of it; what is being typed stays if it is the same."""
        if value == self._shown:
            return
        self._shown = value
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)

    def hide_arrows(self) -> None:
        """Leave the whole box to the number; the arrow keys still step."""
        self.setStyleSheet(_NO_ARROWS)

    def commit(self) -> None:
        """Take over a number that is still being typed."""
        if self.lineEdit().isModified():
            self.interpretText()

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        special = self.specialValueText()
        if special and special.startswith(text):
            whole = text in ("", special)
            state = QValidator.State.Acceptable if whole else QValidator.State.Intermediate
            return state, text, place
        return super().validate(text, place)

    def valueFromText(self, text: str) -> float:
        special = self.specialValueText()
        if special and text in ("", special):
            return self.minimum()
        return super().valueFromText(text)

    def textFromValue(self, value: float) -> str:
        text = f"{value:.{self.decimals()}f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        text = "0" if text == "-0" else text
        return text.replace(".", self.locale().decimalPoint())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling a panel must not change what happens to lie under the mouse."""
        event.ignore()

    def event(self, event: QEvent) -> bool:
        if leaves_undo(event):
            event.ignore()
            return True
        return super().event(event)

    def _changed(self, value: float) -> None:
        self._shown = value
        self.chosen.emit(value)


def linear(lowest: float, highest: float, step: float, **looks: object) -> Slider:
    """A slider whose places lie `step` apart."""
    return Slider(
        round((highest - lowest) / step),
        lambda place: round(lowest + place * step, _DIGITS),
        lambda value: (value - lowest) / step,
        **looks,  # type: ignore[arg-type]
    )


def logarithmic(lowest: float, highest: float, steps: int, *, whole: bool = False) -> Slider:
    """A slider on which equal ways are equal factors."""
    span = math.log(highest / lowest)
    tidy: Callable[[float], float] = (lambda v: float(round(v))) if whole else two_digits
    return Slider(
        steps,
        lambda place: tidy(lowest * math.exp(place / steps * span)),
        lambda value: steps * math.log(max(value, lowest) / lowest) / span,
    )


def two_digits(value: float) -> float:
    """Rounded to two digits that count."""
    return float(f"{value:.2g}")
