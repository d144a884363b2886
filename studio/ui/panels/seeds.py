"""The field of a seed, which is larger than a spin box can hold."""

from __future__ import annotations

import secrets

from PySide6.QtCore import QEvent, QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from studio.core.settings import LARGEST_SEED
from studio.ui.panels.numbers import leaves_undo


class SeedEdit(QLineEdit):
    """A whole number between 0 and `LARGEST_SEED`."""

    chosen = Signal(object)
    """A person wrote this seed. An object, as a signal's int ends at 2**31."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: int | None = None
        every = QRegularExpression.PatternOption.UseUnicodePropertiesOption
        digits = QRegularExpression(r"\d{1,19}", every)
        self.setValidator(QRegularExpressionValidator(digits, self))
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.editingFinished.connect(self._finished)

    def show_value(self, seed: int) -> None:
        """Show a seed without telling of it."""
        if seed != self._shown:
            self._shown = seed
            self.setText(str(seed))
            self.setCursorPosition(0)

    def choose(self, seed: int) -> None:
        """Take a seed as if it had been written."""
        self.setText(str(seed))
        self._finished()

    def event(self, event: QEvent) -> bool:
        if leaves_undo(event):
            event.ignore()
            return True
        return super().event(event)

    def _finished(self) -> None:
        if not self.text():
            self.setText("" if self._shown is None else str(self._shown))
            return
        seed = min(int(self.text()), LARGEST_SEED)
        self.setText(str(seed))
        if seed != self._shown:
            self._shown = seed
            self.chosen.emit(seed)


def fresh_seed() -> int:
    """A seed nobody has used, short enough to read aloud."""
    return secrets.randbelow(10**6)
