"""The one kind of number field: any locale's point, no wheel, and undo is left to the window."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QLocale, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QWidget

from studio.core import numerals
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
    """Whether the event asks a field if it wants keys of undo or the palette, the window's."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    keys = QKeySequence.StandardKey
    return any(event.matches(each) for each in (keys.Undo, keys.Redo, keys.DeleteEndOfLine))


def point_of(locale: QLocale) -> str:
    """What parts whole and fraction in the numbers shown; both point and comma are understood."""
    return "," if locale.decimalPoint() == "," else "."


class NumberBox(QDoubleSpinBox):
    """A number, whole or not: as it was typed, or with four digits until somebody writes there.

    Qt's own boxes take the other locale's point for a separator of thousands and drop it.
    """

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
        self._shown = self._typed = math.nan
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

    @property
    def whole(self) -> int:
        """The number without a fraction."""
        return round(self.value())

    @property
    def is_typed_in(self) -> bool:
        """Whether something is being written that is not taken over yet."""
        return self._bare(self.text()) not in self._texts()

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        state, bare = QValidator.State, self._bare(text)
        if self._read(text) is not None:
            return state.Acceptable, text, place
        begun = numerals.is_begun(bare, whole=not self.decimals())
        signed = bare.strip()[:1] in ("-", "\u2212") and self.minimum() >= 0
        special = bool(text) and self.specialValueText().startswith(text)
        possible = special or (begun and not signed)
        return state.Intermediate if possible else state.Invalid, text, place

    def fixup(self, text: str) -> str:
        """What is not a number yet gives way to the one that was there."""
        return self.prefix() + self.textFromValue(self.value()) + self.suffix()

    def valueFromText(self, text: str) -> float:
        number = self._read(text)
        if number is None or self._bare(text) in self._texts():
            return self.value()
        self._typed = round(min(max(number, self.minimum()), self.maximum()), self.decimals())
        return self._typed

    def textFromValue(self, value: float) -> str:
        write = numerals.write if self.hasFocus() or value == self._typed else numerals.glance
        return write(value, self.decimals(), point_of(self.locale()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._write_again()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._write_again()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling a panel must not change what happens to lie under the mouse."""
        event.ignore()

    def event(self, event: QEvent) -> bool:
        if leaves_undo(event):
            event.ignore()
            return True
        return super().event(event)

    def _read(self, text: str) -> float | None:
        special = self.specialValueText()
        if special and text in ("", special):
            return self.minimum()
        return numerals.read(self._bare(text), whole=not self.decimals())

    def _bare(self, text: str) -> str:
        """Without what stands before and after the number."""
        text = text.strip().removeprefix(self.prefix().strip())
        return text.removesuffix(self.suffix().strip()).strip()

    def _texts(self) -> tuple[str, str]:
        """How the value may stand there, unchanged."""
        digits, point = self.decimals(), point_of(self.locale())
        value = self.value()
        return numerals.write(value, digits, point), numerals.glance(value, digits, point)

    def _write_again(self) -> None:
        """With the digits for being written, or for being looked at."""
        line = self.lineEdit()
        if self.specialValueText() and self.value() == self.minimum():
            return
        text = self.prefix() + self.textFromValue(self.value()) + self.suffix()
        if text != line.text():
            with QSignalBlocker(line):
                line.setText(text)

    def _changed(self, value: float) -> None:
        self._shown = value
        self.chosen.emit(value)


class NumberValidator(QValidator):
    """Of the numbers written in another field, by the rules of `NumberBox`."""

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        state = QValidator.State
        if numerals.read(text) is not None:
            return state.Acceptable, text, place
        return state.Intermediate if numerals.is_begun(text) else state.Invalid, text, place


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
