"""Draws the filmstrip, and knows which of its previews are missing."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from studio.ui.canvas.strokes import mixed
from studio.ui.timeline.look import Look
from studio.ui.timeline.plan_look import draw_planned
from studio.ui.timeline.scene import Scene
from studio.ui.timeline.slots import Slot, slots

EDGE = 3.0
"""Free pixels above and below the pictures."""


def film_slots(scene: Scene, height: float) -> list[Slot]:
    picture_width = max((height - 2 * EDGE) * scene.previews.aspect(), 8.0)
    return slots(scene.axis, picture_width, len(scene.losses))


def missing(scene: Scene, height: float) -> list[int]:
    """Iterations of slots without their preview, nearest to the playhead first."""
    wanted = {each.iteration for each in film_slots(scene, height)}
    absent = [each for each in wanted if each not in scene.previews]
    return sorted(absent, key=lambda each: (abs(each - scene.position), each))


def draw_film(painter: QPainter, area: QRectF, scene: Scene, look: Look) -> None:
    painter.fillRect(area, mixed(look.ground, look.panel, 0.15))
    draw_planned(painter, area, scene, look, words=bool(len(scene.losses)))
    if not len(scene.losses):
        _say_empty(painter, area, look)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for slot in film_slots(scene, area.height()):
        _draw_slot(painter, area, slot, scene, look)


def _say_empty(painter: QPainter, area: QRectF, look: Look) -> None:
    text = QCoreApplication.translate("Timeline", "Every iteration that is painted comes here")
    painter.setFont(look.font)
    painter.setPen(look.faint(0.5))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)


def _draw_slot(painter: QPainter, area: QRectF, slot: Slot, scene: Scene, look: Look) -> None:
    high = area.height() - 2 * EDGE
    room = QRectF(slot.x, area.top() + EDGE, max(slot.width - 1, 1.0), high)
    picture = scene.previews.get(slot.iteration)
    stand_in = picture or scene.previews.nearest(slot.iteration)
    if stand_in is None:
        painter.fillRect(room, look.faint(0.07))
        return
    painter.setOpacity(1.0 if picture else 0.35)
    _draw_picture(painter, room, stand_in)
    painter.setOpacity(1.0)


def _draw_picture(painter: QPainter, room: QRectF, picture: QImage) -> None:
    """As high as the room: in its middle where that is wider, cut on the right where narrower."""
    shown = room.height() * picture.width() / picture.height()
    if shown <= room.width() + 1:
        left = room.left() + max((room.width() - shown) / 2, 0.0)
        painter.drawImage(
            QRectF(left, room.top(), min(shown, room.width()), room.height()), picture
        )
        return
    part = QRectF(0, 0, picture.width() * room.width() / shown, picture.height())
    painter.drawImage(room, picture, part)
