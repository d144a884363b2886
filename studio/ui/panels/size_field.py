"""Width and height of the picture, in steps that the model can paint."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from studio.core.settings import LARGEST_SIDE
from studio.ui.panels.buttons import IconButton
from studio.ui.panels.labels import Note
from studio.ui.panels.numbers import NumberBox

Size = tuple[int, int]


class SizeField(QWidget):
    """Two boxes, a button that swaps them and a menu of usual sizes."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._factor = 1
        self._width = self._make_side(
            self.tr("Width"), self.tr("Width of the picture in pixels; larger takes longer")
        )
        self._height = self._make_side(
            self.tr("Height"), self.tr("Height of the picture in pixels; larger takes longer")
        )
        self._swap = IconButton(
            "ping-pong", self.tr("Swap width and height"), self.tr("Turn wide into tall and back")
        )
        self._swap.clicked.connect(self._swap_sides)
        self._usual = IconButton(
            "fold", self.tr("Usual sizes"), self.tr("Choose one of the usual sizes")
        )
        self._usual.setStyleSheet(
            "QToolButton { padding: 4px; } QToolButton::menu-indicator { image: none; width: 0; }"
        )
        self._usual.setMenu(self._make_menu())
        self._usual.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._note, self._cost = Note(self), Note(self)
        self.setFocusProxy(self._width)
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(self._width, 1)
        row.addWidget(QLabel("x", self))
        row.addWidget(self._height, 1)
        row.addWidget(self._swap)
        row.addWidget(self._usual)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self._note)
        column.addWidget(self._cost)

    @property
    def size_shown(self) -> Size:
        """Width and height as written."""
        return round(self._width.value()), round(self._height.value())

    def set_factor(self, factor: int) -> None:
        """The model paints in squares of so many pixels."""
        self._factor = factor
        for box in (self._width, self._height):
            box.setSingleStep(factor)
        self._say_what_becomes()

    def show_value(self, size: Size) -> None:
        """Show a size without telling of it."""
        for box, side in zip((self._width, self._height), size, strict=True):
            box.show_value(side)
        self._say_what_becomes()

    def say_cost(self, words: str, *, warns: bool) -> None:
        """What a painting of this size takes."""
        if (words, warns) != (self._cost.text(), self._cost.warns):
            self._cost.say(words, warns=warns)

    def commit(self) -> None:
        """Take over a number that is still being typed."""
        for box in (self._width, self._height):
            box.commit()

    def _make_side(self, name: str, tip: str) -> NumberBox:
        box = NumberBox(1, LARGEST_SIDE, 1, whole=True, parent=self)
        box.setAccessibleName(name)
        box.setToolTip(tip)
        box.setMinimumWidth(44)
        box.hide_arrows()
        box.chosen.connect(self._choose)
        return box

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        for words, size in (
            (self.tr("Small square"), (128, 128)),
            (self.tr("Square"), (256, 256)),
            (self.tr("Wide"), (384, 256)),
            (self.tr("Tall"), (256, 384)),
            (self.tr("Large square"), (512, 512)),
        ):
            label = self.tr("{words}, {width} x {height}")
            action = menu.addAction(label.format(words=words, width=size[0], height=size[1]))
            action.setData(size)
        menu.triggered.connect(self._picked)
        return menu

    def _say_what_becomes(self) -> None:
        size = self.size_shown
        width, height = (max(self._factor, side // self._factor * self._factor) for side in size)
        words = self.tr("Becomes {width} x {height}: the model paints in squares of {n} pixels.")
        same = (width, height) == size
        self._note.say("" if same else words.format(width=width, height=height, n=self._factor))

    def _swap_sides(self) -> None:
        width, height = self.size_shown
        self._take((height, width))

    def _picked(self, action: QAction) -> None:
        self._take(tuple(action.data()))

    def _take(self, size: Size) -> None:
        if size != self.size_shown:
            self.show_value(size)
            self.chosen.emit(size)

    def _choose(self, _side: float) -> None:
        self._say_what_becomes()
        self.chosen.emit(self.size_shown)
