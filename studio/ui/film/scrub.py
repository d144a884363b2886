"""The bar under the film: where it plays, where the stops are, and which frames are at hand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.ui.canvas.strokes import faded, mixed, painting
from studio.ui.panels.tones import knob, outline

_SIDE = 9.0
"""Pixels free at either end, so that the knob fits."""
_BAR = 5.0


class ScrubBar(QWidget):
    """A film from its first frame to its last; a person drags along it or uses the arrow keys."""

    scrubbed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count, self._frame = 0, 0
        self._marks: tuple[int, ...] = ()
        self._ready: tuple[tuple[int, int], ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Place in the film"))
        self.setToolTip(
            self.tr("Drag to go through the film; arrow keys, Home and End go by frames")
        )

    @property
    def frame(self) -> int:
        """The frame that is on."""
        return self._frame

    def set_film(self, count: int, marks: Sequence[int]) -> None:
        """So many frames, with stops at these."""
        self._count, self._marks = count, tuple(marks)
        self._frame = min(self._frame, max(count - 1, 0))
        self.setEnabled(count > 1)
        self.update()

    def set_frame(self, frame: int) -> None:
        """Go to a frame without telling of it."""
        if frame != self._frame:
            self._frame = frame
            self.update()

    def set_ready(self, spans: Sequence[tuple[int, int]]) -> None:
        """Which frames are at hand: first and last of each span."""
        if tuple(spans) != self._ready:
            self._ready = tuple(spans)
            self.update()

    def x_of(self, frame: float) -> float:
        """Where a frame lies, in pixels."""
        return _SIDE + frame / max(self._count - 1, 1) * (self.width() - 2 * _SIDE)

    def sizeHint(self) -> QSize:
        return QSize(200, 28)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {
            Qt.Key.Key_Left: self._frame - 1,
            Qt.Key.Key_Right: self._frame + 1,
            Qt.Key.Key_PageUp: self._frame - 10,
            Qt.Key.Key_PageDown: self._frame + 10,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self._count - 1,
        }
        place = ways.get(Qt.Key(event.key()))
        if place is None:
            super().keyPressEvent(event)
        else:
            self._go(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(event.position().x())

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw(painter)

    def _go_to(self, x: float) -> None:
        share = (x - _SIDE) / max(self.width() - 2 * _SIDE, 1)
        self._go(round(share * (self._count - 1)))

    def _go(self, frame: int) -> None:
        frame = max(0, min(frame, self._count - 1))
        if self._count and frame != self._frame:
            self.set_frame(frame)
            self.scrubbed.emit(frame)

    def _draw(self, painter: QPainter) -> None:
        palette, middle = self.palette(), self.height() / 2
        accent = palette.color(QPalette.ColorRole.Accent)
        painter.setPen(Qt.PenStyle.NoPen)
        self._draw_span(painter, 0, max(self._count - 1, 1), outline(palette))
        for first, last in self._ready:
            self._draw_span(painter, first, last, mixed(outline(palette), accent, 0.35))
        if self.isEnabled():
            self._draw_span(painter, 0, self._frame, palette.color(QPalette.ColorRole.Highlight))
        ink = palette.color(QPalette.ColorRole.WindowText)
        for mark in self._marks:
            x = self.x_of(mark)
            painter.setBrush(mixed(palette.color(QPalette.ColorRole.Window), ink, 0.75))
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(x, middle - 11),
                        QPointF(x + 3.5, middle - 7.5),
                        QPointF(x, middle - 4),
                        QPointF(x - 3.5, middle - 7.5),
                    ]
                )
            )
        edge = accent if self.hasFocus() else faded(ink, 0.45)
        painter.setPen(QPen(edge, 2 if self.hasFocus() else 1))
        painter.setBrush(knob(palette, lit=self.isEnabled()))
        if self.isEnabled():
            painter.drawEllipse(QPointF(self.x_of(self._frame), middle), 6, 6)

    def _draw_span(self, painter: QPainter, first: int, last: int, colour: QColor) -> None:
        left, right = self.x_of(first), self.x_of(last)
        painter.setBrush(colour)
        bar = QRectF(left, self.height() / 2 - _BAR / 2, max(right - left, 1), _BAR)
        painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
