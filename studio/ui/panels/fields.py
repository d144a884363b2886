"""The fields that settings are made of. Each shows a value and tells what a person chose."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio.ui.panels.labels import Note
from studio.ui.panels.numbers import NumberBox
from studio.ui.panels.slider import Slider
from studio.ui.panels.switch import Switch


class NumberField(QWidget):
    """A slider for the usual range and a box for every number."""

    chosen = Signal(object)

    def __init__(self, name: str, slider: Slider, box: NumberBox) -> None:
        super().__init__()
        self._slider, self._box = slider, box
        self._slider.setAccessibleName(self.tr("{name} slider").format(name=name))
        self._box.setAccessibleName(name)
        self._box.setFixedWidth(72)
        self._slider.chosen.connect(self._choose)
        self._box.chosen.connect(self._choose)
        self.setFocusProxy(self._box)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._slider, 1)
        row.addWidget(self._box)

    def show_value(self, value: float) -> None:
        """Show a number without telling of it."""
        self._slider.show_value(value)
        self._box.show_value(value)

    def commit(self) -> None:
        """Take over a number that is still being typed."""
        self._box.commit()

    def _choose(self, value: float) -> None:
        self.show_value(value)
        self.chosen.emit(round(value) if self._box.decimals() == 0 else value)


class ChoiceField(QWidget):
    """One of several, and a line about the one that is chosen."""

    chosen = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._shown = ""
        self._about: dict[str, str] = {}
        self._box = _ComboBox(self)
        self._box.setAccessibleName(name)
        self._box.activated.connect(self._activated)
        self._note = Note(self)
        self.setFocusProxy(self._box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._box)
        column.addWidget(self._note)

    def set_choices(self, choices: Sequence[tuple[str, str, str]]) -> None:
        """What there is to choose: value, words and a line about it."""
        self._about = {value: about for value, _, about in choices}
        self._box.clear()
        for place, (value, words, about) in enumerate(choices):
            self._box.addItem(words, value)
            self._box.setItemData(place, about, Qt.ItemDataRole.ToolTipRole)
        self.show_value(self._shown)

    def keep_room(self) -> None:
        """Let the line about any of them have its place, as they change along a painting."""
        self._note.keep_room(self._about.values())

    def show_value(self, value: str) -> None:
        """Show a choice without telling of it; one that is not on the list is added to it."""
        self._shown = value
        if value and self._box.findData(value) < 0:
            self._about[value] = self.tr("Not installed here.")
            self._box.addItem(value, value)
        self._box.setCurrentIndex(self._box.findData(value))
        self._note.say(self._about.get(value, ""))

    def _activated(self, place: int) -> None:
        value, before = self._box.itemData(place), self._shown
        if value != before:
            self.show_value(value)
            self.chosen.emit(value)


class SwitchField(QWidget):
    """One of two or three side by side, and a line about it; or about its being none of them."""

    chosen = Signal(object)

    def __init__(self, name: str, choices: Sequence[tuple[str, str, str]], none: str) -> None:
        """`choices`: value, words and a line about it."""
        super().__init__()
        self._about = {value: about for value, _, about in choices}
        self._none = none
        self._switch = Switch(name, choices, self)
        self._switch.chosen.connect(self.chosen)
        self._note = Note(self)
        self._note.keep_room((*self._about.values(), none))
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 2, 4, 10)
        column.setSpacing(4)
        column.addWidget(self._switch)
        column.addWidget(self._note)

    def show_value(self, value: str | None) -> None:
        """Show a choice, or that it is none of them, without telling of it."""
        self._switch.show_value(value)
        self._note.say(self._none if value is None else self._about[value])


class _ComboBox(QComboBox):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling a panel must not change what happens to lie under the mouse."""
        event.ignore()
