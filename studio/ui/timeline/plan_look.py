"""Draws what is planned and not painted yet: hatched, as a place that is kept free."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from studio.ui.canvas.strokes import faded
from studio.ui.timeline.look import Look
from studio.ui.timeline.scene import Scene

HATCH = 9.0
"""Pixels from one line of the hatching to the next."""
LEAST_FOR_WORDS = 90.0


def planned_room(area: QRectF, scene: Scene) -> QRectF:
    """The part of a lane where planned iterations lie; empty when there are none."""
    left = max(scene.axis.edge(len(scene.losses)), area.left())
    right = min(scene.axis.edge(scene.reach()), area.right())
    return QRectF(left, area.top(), max(right - left, 0.0), area.height())


def draw_planned(
    painter: QPainter, area: QRectF, scene: Scene, look: Look, *, words: bool = False
) -> None:
    """Hatch the planned part of a lane; with words, say what it is where there is room."""
    room = planned_room(area, scene)
    if room.width() < 1:
        return
    painter.save()
    painter.setClipRect(room)
    painter.fillRect(room, look.faint(0.03))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(faded(look.ink, 0.07), 1.2))
    _hatch(painter, room, scene)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillRect(QRectF(room.right() - 1, room.top(), 1, room.height()), look.faint(0.22))
    if words and room.width() >= LEAST_FOR_WORDS:
        text = QCoreApplication.translate("Timeline", "Planned")
        painter.setFont(look.small)
        painter.setPen(look.faint(0.5))
        painter.drawText(room.adjusted(8, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, text)
    painter.restore()


def _hatch(painter: QPainter, room: QRectF, scene: Scene) -> None:
    """Slanted lines that stay with the iterations when the view scrolls."""
    high = room.height()
    offset = (scene.axis.edge(0) - room.left()) % HATCH
    x = room.left() + offset - high - HATCH
    while x < room.right():
        painter.drawLine(QPointF(x, room.bottom()), QPointF(x + high, room.top()))
        x += HATCH
