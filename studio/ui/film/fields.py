"""Fields that only films have. Each shows a value and tells what a person chose."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from studio.ui.panels.buttons import IconButton
from studio.ui.panels.numbers import NumberBox

LONGEST = 3600.0
"""Seconds of a hold, a travel or a film."""
FASTEST = 10_000.0
"""Iterations a second."""


class CheckField(QCheckBox):
    """Something that is so or not."""

    chosen = Signal(object)

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.setAccessibleName(words)
        self.clicked.connect(self._click)

    def show_value(self, value: bool) -> None:
        """Show it without telling of it."""
        self.setChecked(value)

    def _click(self, checked: bool) -> None:
        self.chosen.emit(checked)


class PairField(QWidget):
    """Two numbers with a word before each, such as from and to."""

    chosen = Signal(object)
    """Both numbers."""

    def __init__(
        self, words: tuple[str, str], names: tuple[str, str], boxes: tuple[NumberBox, NumberBox]
    ) -> None:
        super().__init__()
        self.boxes = boxes
        self.setFocusProxy(boxes[0])
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(6)
        for word, name, box in zip(words, names, boxes, strict=True):
            if word:
                self.row.addWidget(QLabel(word, self))
            box.setParent(self)
            box.setAccessibleName(name)
            box.hide_arrows()
            box.setMinimumWidth(52)
            box.chosen.connect(self._choose)
            self.row.addWidget(box, 1)

    def show_value(self, value: tuple[float, float]) -> None:
        """Show both without telling of it."""
        for box, number in zip(self.boxes, value, strict=True):
            box.show_value(number)

    def commit(self) -> None:
        """Take over a number that is still being typed."""
        for box in self.boxes:
            box.commit()

    def _choose(self, _number: float) -> None:
        first, second = (box.value() for box in self.boxes)
        self.chosen.emit((first, second))


class LengthField(QWidget):
    """How long a film is: as it comes, by a speed, or by seconds."""

    chosen = Signal(object)
    """Speed and duration, at least one of them None."""

    def __init__(self, choices: Sequence[tuple[str, str]]) -> None:
        """`choices`: of "auto", "speed" and "seconds", with words."""
        super().__init__()
        self._kind = Combo(self)
        self._kind.setAccessibleName(self.tr("Length by"))
        for value, words in choices:
            self._kind.addItem(words, value)
        self._kind.activated.connect(self._change_kind)
        self._box = NumberBox(0.01, FASTEST, 1, parent=self)
        self._box.setAccessibleName(self.tr("Length"))
        self._box.setFixedWidth(84)
        self._box.chosen.connect(self._choose)
        self._usual = {"speed": 30.0, "seconds": 10.0}
        self.setFocusProxy(self._kind)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._kind, 1)
        row.addWidget(self._box)

    def set_usual(self, speed: float, seconds: float) -> None:
        """What the film has now: where the numbers begin when one of them is chosen."""
        self._usual = {"speed": round(speed, 2), "seconds": round(seconds, 2)}

    def show_value(self, value: tuple[float | None, float | None]) -> None:
        """Show speed and duration without telling of it."""
        speed, duration = value
        kind = "seconds" if duration is not None else "speed" if speed is not None else "auto"
        self._kind.setCurrentIndex(max(self._kind.findData(kind), 0))
        number = duration if duration is not None else speed
        self._box.setVisible(kind != "auto")
        if number is not None:
            self._box.show_value(number)

    def commit(self) -> None:
        """Take over a number that is still being typed."""
        self._box.commit()

    def _change_kind(self, _place: int) -> None:
        kind = self._kind.currentData()
        self._tell(kind, max(self._usual.get(kind, 0.0), 0.01))

    def _choose(self, number: float) -> None:
        self._tell(self._kind.currentData(), number)

    def _tell(self, kind: str, number: float) -> None:
        self.chosen.emit(
            (number if kind == "speed" else None, number if kind == "seconds" else None)
        )


class SoundField(QWidget):
    """A sound file that is asked for elsewhere, and a way to go without."""

    wanted = Signal()
    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._choose = QPushButton(self.tr("Choose…"), self)
        self._choose.setAccessibleName(self.tr("Choose a sound file"))
        self._choose.setAutoDefault(False)
        self._choose.clicked.connect(self.wanted)
        self._clear = IconButton(
            "close", self.tr("No sound"), self.tr("Make the film without sound"), parent=self
        )
        self._clear.clicked.connect(self.cleared)
        self.setFocusProxy(self._choose)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._choose, 1)
        row.addWidget(self._clear)

    def show_value(self, value: str | None) -> None:
        """Show which file it is."""
        name = self.tr("Choose…") if value is None else Path(value).name
        room = max(self._choose.width() - 32, 120)
        elided = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, room)
        self._choose.setText(elided.replace("&", "&&"))
        self._clear.setVisible(value is not None)


class SizeField(QWidget):
    """The size of a frame: the picture's own or another one."""

    chosen = Signal(object)
    """Width and height, or None."""

    def __init__(self) -> None:
        super().__init__()
        self._own = (1, 1)
        self._kind = Combo(self)
        self._kind.setAccessibleName(self.tr("Size of a frame"))
        for words, size in (
            (self.tr("As painted"), None),
            (self.tr("Twice as large"), 2),
            (self.tr("Four times as large"), 4),
            (self.tr("Other"), "other"),
        ):
            self._kind.addItem(words, size)
        self._kind.activated.connect(self._change_kind)
        self.sides = PairField(
            ("", "x"),
            (self.tr("Width of a frame"), self.tr("Height of a frame")),
            (NumberBox(16, 8192, 2, whole=True), NumberBox(16, 8192, 2, whole=True)),
        )
        self.sides.chosen.connect(self._choose)
        self.setFocusProxy(self._kind)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._kind, 1)
        row.addWidget(self.sides, 1)

    def set_own(self, size: tuple[int, int]) -> None:
        """The size of the painted picture."""
        self._own = size

    def show_value(self, value: tuple[int, int] | None) -> None:
        """Show a size without telling of it."""
        factors = {(self._own[0] * n, self._own[1] * n): n for n in (2, 4)}
        kind: object = None if value is None else factors.get(value, "other")
        kinds = [self._kind.itemData(place) for place in range(self._kind.count())]
        self._kind.setCurrentIndex(kinds.index(kind))
        self.sides.setVisible(kind == "other")
        self.sides.show_value(value or self._own)

    def commit(self) -> None:
        """Take over a number that is still being typed."""
        self.sides.commit()

    def _change_kind(self, _place: int) -> None:
        kind = self._kind.currentData()
        if kind == "other":
            # a shape of its own, so that it is not taken for the picture's
            self.chosen.emit((self._own[0] * 3, self._own[1] * 3))
        else:
            self.chosen.emit(kind and (self._own[0] * kind, self._own[1] * kind))

    def _choose(self, size: tuple[float, float]) -> None:
        self.chosen.emit((round(size[0]), round(size[1])))


class Combo(QComboBox):
    """A box of choices that leaves the wheel to the panel that scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(90)

    def wheelEvent(self, event: object) -> None:
        """Scrolling a panel must not change what happens to lie under the mouse."""
        event.ignore()  # type: ignore[attr-defined]
