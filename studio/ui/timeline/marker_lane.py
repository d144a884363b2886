"""Draws keyframes as diamonds and changes of settings as flags."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from studio.ui.timeline.look import Look
from studio.ui.timeline.scene import Scene

HALF = 5.5
"""Half a diamond."""


def draw_markers(painter: QPainter, area: QRectF, scene: Scene, look: Look) -> None:
    painter.fillRect(area, look.faint(0.02))
    middle = area.center().y()
    line = QRectF(0, round(middle), area.width(), 1)
    painter.fillRect(line, look.faint(0.09))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for marker in scene.markers:
        draw_flag(painter, scene.axis.x(marker.iteration), area, look)
    for keyframe in scene.keyframes:
        draw_diamond(painter, QPointF(scene.axis.x(keyframe.iteration), middle), look)


def draw_diamond(painter: QPainter, middle: QPointF, look: Look, opacity: float = 1.0) -> None:
    painter.setOpacity(opacity)
    painter.setPen(QPen(look.ground, 1.5))
    painter.setBrush(look.bright)
    corners = ((0, -HALF), (HALF, 0), (0, HALF), (-HALF, 0))
    painter.drawPolygon(QPolygonF([middle + QPointF(*each) for each in corners]))
    painter.setOpacity(1.0)


def draw_flag(painter: QPainter, x: float, area: QRectF, look: Look) -> None:
    """A small pennant that stands on the film."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.faint(0.72))
    low, top = area.bottom(), area.top() + 4
    painter.drawRect(QRectF(x - 0.75, top, 1.5, low - top))
    painter.drawPolygon(
        QPolygonF([QPointF(x, top), QPointF(x + 7, top + 3.5), QPointF(x, top + 7)])
    )
