"""Draws the ruler: ticks, numbers, and the part between the points in and out."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from studio.ui.canvas.strokes import faded
from studio.ui.timeline.look import Look
from studio.ui.timeline.scene import Scene
from studio.ui.timeline.ticks import LABEL_ROOM, ticks


def draw_ruler(painter: QPainter, area: QRectF, scene: Scene, look: Look) -> None:
    painter.fillRect(area, look.faint(0.04))
    _draw_range(painter, area, scene, look)
    painter.setFont(look.small)
    for tick in ticks(scene.axis):
        x = round(scene.axis.x(tick.iteration))
        there = tick.iteration < len(scene.losses)
        height = 7 if tick.is_major else 4
        painter.fillRect(QRectF(x, area.bottom() - height, 1, height), look.faint(0.45))
        if tick.is_major:
            painter.setPen(look.faint(0.72 if there else 0.4))
            _write(painter, area, x, look.number(tick.iteration))
    painter.fillRect(QRectF(0, area.bottom() - 1, area.width(), 1), look.faint(0.18))


def _write(painter: QPainter, area: QRectF, x: float, text: str) -> None:
    half = painter.fontMetrics().horizontalAdvance(text) / 2
    if half <= x <= area.width() - half:
        room = QRectF(x - LABEL_ROOM / 2, area.top(), LABEL_ROOM, area.height() - 8)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)


def _draw_range(painter: QPainter, area: QRectF, scene: Scene, look: Look) -> None:
    if scene.first is None and scene.last is None:
        return
    first, last = scene.playable()
    left, right = scene.axis.edge(first), scene.axis.edge(last + 1)
    painter.fillRect(
        QRectF(left, area.top(), right - left, area.height()), faded(look.accent, 0.22)
    )
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.bright)
    if scene.first is not None:
        painter.drawPolygon(_bracket(left, area, 1))
    if scene.last is not None:
        painter.drawPolygon(_bracket(right, area, -1))


def _bracket(x: float, area: QRectF, way: int) -> QPolygonF:
    """A flag that points into the range, below the numbers."""
    low = area.bottom()
    return QPolygonF([QPointF(x, low - 9), QPointF(x + 9 * way, low), QPointF(x, low)])
