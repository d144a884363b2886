"""Draws keyframes as diamonds, the ways between them, and changes of settings as flags."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

from studio.core.easing import eased
from studio.ui.canvas.strokes import faded
from studio.ui.timeline.facts import Way
from studio.ui.timeline.look import Look
from studio.ui.timeline.scene import Scene

HALF = 5.5
"""Half a diamond."""
DAB = 4.2
"""Half of what stands for a brush."""
AIR = 4.0
"""Pixels above and below the curve of a way."""
STEP = 3.0
"""Pixels from one point of such a curve to the next."""


def draw_markers(painter: QPainter, area: QRectF, scene: Scene, look: Look) -> None:
    painter.fillRect(area, look.faint(0.02))
    middle = area.center().y()
    line = QRectF(0, round(middle), area.width(), 1)
    painter.fillRect(line, look.faint(0.09))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for way in scene.ways:
        _draw_way(painter, area, scene, look, way)
    for marker in scene.markers:
        draw = draw_dab if marker.is_brush else draw_flag
        draw(painter, scene.axis.x(marker.iteration), area, look)
    for keyframe in scene.keyframes:
        place = QPointF(scene.axis.x(keyframe.iteration), middle)
        draw_diamond(painter, place, look, is_ahead=keyframe.iteration >= len(scene.losses))


def draw_diamond(
    painter: QPainter,
    middle: QPointF,
    look: Look,
    opacity: float = 1.0,
    *,
    is_ahead: bool = False,
    is_chosen: bool = False,
) -> None:
    """Hollow while it lies ahead; with a ring while the playhead is on it."""
    painter.setOpacity(opacity)
    if is_chosen:
        painter.setPen(QPen(look.ink, 1.2))
        painter.setBrush(look.panel)
        painter.drawPolygon(_corners(middle, HALF + 3.5))
    painter.setPen(QPen(look.ground, 1.5))
    painter.setBrush(look.bright)
    painter.drawPolygon(_corners(middle, HALF))
    if is_ahead:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.panel)
        painter.drawPolygon(_corners(middle, HALF - 2.4))
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


def draw_dab(painter: QPainter, x: float, area: QRectF, look: Look) -> None:
    """A small round, as a brush leaves it, with a hair down to the film."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.faint(0.72))
    painter.drawRect(QRectF(x - 0.75, area.center().y(), 1.5, area.bottom() - area.center().y()))
    painter.setPen(QPen(look.ground, 1.5))
    painter.setBrush(look.bright)
    painter.drawEllipse(QPointF(x, area.center().y()), DAB, DAB)


def _corners(middle: QPointF, half: float) -> QPolygonF:
    corners = ((0, -half), (half, 0), (0, half), (-half, 0))
    return QPolygonF([middle + QPointF(*each) for each in corners])


def _draw_way(painter: QPainter, area: QRectF, scene: Scene, look: Look, way: Way) -> None:
    """From low at its start to high at its end, as the value travels."""
    left, right = scene.axis.x(way.start), scene.axis.x(way.end)
    if right - left < 2 * HALF + STEP or right < 0 or left > area.width():
        return
    low, high = area.bottom() - AIR, area.top() + AIR
    path = QPainterPath(QPointF(left, low))
    first, last = max(left, -STEP), min(right, area.width() + STEP)
    for number in range(int((last - first) / STEP) + 2):
        x = min(first + number * STEP, last)
        share = eased((x - left) / (right - left), way.ease)
        path.lineTo(x, low + (high - low) * share)
    if way.ease == "step":
        path = QPainterPath(QPointF(left, low))
        path.lineTo(right, low)
        path.lineTo(right, high)
    is_passed = way.end < len(scene.losses)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(faded(look.bright, 0.45 if is_passed else 0.8), 1.3))
    painter.drawPath(path)
