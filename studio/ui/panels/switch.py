"""One of a few things, as a bar of buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from studio.ui.tips import tell

# One bar of buttons rather than buttons side by side.
_SWITCH = """
QPushButton { border-radius: 0; }
QPushButton:checked { background: palette(highlight); color: palette(highlighted-text); }
"""
_LEFT = "QPushButton { border-top-left-radius: 5px; border-bottom-left-radius: 5px; }"
_RIGHT = "QPushButton { border-top-right-radius: 5px; border-bottom-right-radius: 5px; }"


class Switch(QWidget):
    """Two or three things side by side of which one is chosen."""

    chosen = Signal(object)

    def __init__(
        self, name: str, choices: Sequence[tuple[str, str, str]], parent: QWidget | None = None
    ) -> None:
        """`choices`: value, words and a line about it."""
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._values = [value for value, _, _ in choices]
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for place, (_, words, about) in enumerate(choices):
            button = QPushButton(words, self)
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setAccessibleName(words)
            tell(button, about)
            button.setStyleSheet(
                _SWITCH
                + (_LEFT if place == 0 else "")
                + (_RIGHT if place == len(choices) - 1 else "")
            )
            self._group.addButton(button, place)
            row.addWidget(button, 1)
        self._group.idClicked.connect(self._click)

    def show_value(self, value: str | None) -> None:
        """Show a choice, or that it is none of them, without telling of it."""
        self._group.setExclusive(False)  # or the last one could not be released
        for place, each in enumerate(self._values):
            self._group.button(place).setChecked(each == value)
        self._group.setExclusive(True)

    def _click(self, place: int) -> None:
        self.chosen.emit(self._values[place])
