"""A tiny line of how a number went."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.ui.canvas.strokes import faded, painting

LONGEST = 400
"""Points that are kept."""


class Sparkline(QWidget):
    """The last points, the newest at the right; nan leaves a gap."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: deque[float] = deque(maxlen=LONGEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def points(self) -> tuple[float, ...]:
        """What is drawn, oldest first."""
        return tuple(self._points)

    def append(self, point: float) -> None:
        """Add the newest point."""
        self._points.append(point)
        self.update()

    def set_points(self, points: Iterable[float]) -> None:
        """Draw other points."""
        self._points = deque(map(float, points), maxlen=LONGEST)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(72, 18)

    def minimumSizeHint(self) -> QSize:
        return QSize(30, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        known = [point for point in self._points if math.isfinite(point)]
        if len(known) < 2:
            return
        low, high = min(known), max(known)
        # A line that hardly moves is drawn flat instead of as a blown-up tremble.
        span = max(high - low, 0.05)
        middle = (low + high) / 2
        step = (self.width() - 4) / (len(self._points) - 1)
        places: list[QPointF | None] = [
            QPointF(2 + index * step, self.height() * (0.5 - (point - middle) / span * 0.8))
            if math.isfinite(point)
            else None
            for index, point in enumerate(self._points)
        ]
        colour = self.palette().color(QPalette.ColorRole.Accent)
        painter.setPen(QPen(faded(colour, 0.9), 1.25))
        painter.drawPath(_path(places))
        if places[-1] is not None:
            painter.setBrush(colour)
            painter.drawEllipse(places[-1], 1.5, 1.5)


def _path(places: Iterable[QPointF | None]) -> QPainterPath:
    path, drawing = QPainterPath(), False
    for place in places:
        if place is None:
            drawing = False
        elif drawing:
            path.lineTo(place)
        else:
            path.moveTo(place)
            drawing = True
    return path
