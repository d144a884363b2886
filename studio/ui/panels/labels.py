"""Labels of the second rank, in quiet or warning colours."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from studio.ui.canvas.strokes import painting
from studio.ui.panels.tones import quiet, warning


class Note(QLabel):
    """Small print that wraps; gone while it has nothing to say."""

    def __init__(self, parent: QWidget | None = None, *, wraps: bool = True) -> None:
        super().__init__(parent)
        self._warns = False
        self._room: tuple[str, ...] = ()
        self.setWordWrap(wraps)
        self.setTextFormat(Qt.TextFormat.PlainText)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        self.setFont(font)
        self.hide()

    @property
    def warns(self) -> bool:
        """Whether the note is a warning."""
        return self._warns

    def say(self, text: str, *, warns: bool = False) -> None:
        """Show a text, or nothing."""
        self._warns = warns
        self.setText(text)
        self.setVisible(bool(text or self._room))
        self.update()

    def keep_room(self, texts: Iterable[str]) -> None:
        """Stay as tall as the longest of these, so that nothing below moves when the text does."""
        self._room = tuple(texts)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.updateGeometry()

    def heightForWidth(self, width: int) -> int:
        wrap, metrics = int(Qt.TextFlag.TextWordWrap), self.fontMetrics()
        rooms = (metrics.boundingRect(0, 0, width, 10_000, wrap, each) for each in self._room)
        return max([super().heightForWidth(width), *(room.height() for room in rooms)])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Drawn here, as a colour that is mixed from the palette would not follow its changes."""
        with painting(self) as painter:
            warns = self._warns and self.isEnabled()
            painter.setPen((warning if warns else quiet)(self.palette()))
            wrap = Qt.TextFlag.TextWordWrap if self.wordWrap() else Qt.TextFlag.TextSingleLine
            painter.drawText(self.contentsRect(), self.alignment() | wrap, self.text())
