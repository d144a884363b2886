"""Bars over the picture that tell what a person may want to act on, and go when they have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.ui.canvas.strokes import mixed, painting
from studio.ui.dialogs.parts import Glyph
from studio.ui.panels.buttons import IconButton
from studio.ui.panels.tones import outline, raised
from studio.ui.tips import tell

_WIDE = 860


@dataclass(frozen=True)
class Answer:
    """A button of a notice."""

    id: str
    text: str
    tip: str


@dataclass(frozen=True)
class Notice:
    """What is told, and what can be done about it."""

    id: str
    icon: str
    text: str
    answers: tuple[Answer, ...] = ()


class Notices(QWidget):
    """A widget with notices above it; a later one of the same id takes the place of the first."""

    answered = Signal(str, str)
    """Id of the notice and of the answer; the notice stays until it is taken back."""

    def __init__(self, under: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars: dict[str, Bar] = {}
        self._stack = QVBoxLayout()
        self._stack.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._stack)
        column.addWidget(under, 1)

    def tell(self, notice: Notice) -> None:
        """Show a notice."""
        before = self.bars.get(notice.id)
        if before is not None and before.notice == notice:
            return
        bar = Bar(notice)
        bar.answered.connect(self.answered)
        bar.closed.connect(self.take_back)
        place = self._stack.count() if before is None else self._stack.indexOf(before)
        self.take_back(notice.id)
        self.bars[notice.id] = bar
        self._stack.insertWidget(place, bar)

    def take_back(self, id: str) -> None:
        """Show a notice no more."""
        bar = self.bars.pop(id, None)
        if bar is not None:
            self._stack.removeWidget(bar)
            bar.hide()
            bar.deleteLater()


class Bar(QWidget):
    """One notice."""

    answered = Signal(str, str)
    closed = Signal(str)

    def __init__(self, notice: Notice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = notice
        self.buttons = {answer.id: self._button(answer) for answer in notice.answers}
        text = QLabel(notice.text)
        text.setWordWrap(True)
        self.setAccessibleName(notice.text)
        self.close_button = IconButton("close", self.tr("Close"), self.tr("Close this notice"))
        self.close_button.clicked.connect(self._close)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setSpacing(8)
        self._body.addWidget(text, 1)
        self._body.addLayout(_side_by_side(list(self.buttons.values())))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 7, 8, 7)
        row.setSpacing(12)
        row.addWidget(Glyph(notice.icon, 18))
        row.addLayout(self._body, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Several buttons stand below the words where there is little room beside them."""
        directions = QBoxLayout.Direction
        wide = event.size().width() >= _WIDE or len(self.buttons) < 2
        self._body.setDirection(directions.LeftToRight if wide else directions.TopToBottom)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        palette = self.palette()
        accent = palette.color(QPalette.ColorRole.Accent)
        painter.fillRect(self.rect(), mixed(raised(palette), accent, 0.12))
        painter.setPen(QPen(mixed(outline(palette), accent, 0.35), 1))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)

    def _button(self, answer: Answer) -> QPushButton:
        button = QPushButton(answer.text)
        tell(button, answer.tip)
        button.setAccessibleName(answer.text)
        button.clicked.connect(partial(self._answer, answer.id))
        return button

    def _answer(self, id: str) -> None:
        self.answered.emit(self.notice.id, id)

    def _close(self) -> None:
        self.closed.emit(self.notice.id)


def _side_by_side(buttons: Sequence[QPushButton]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(6)
    row.addStretch(1)
    for button in buttons:
        row.addWidget(button)
    return row
