"""Draws what lies over the lanes: playhead, pointer, a dragged keyframe, the dimmed outside."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from studio.ui.canvas.strokes import faded
from studio.ui.timeline.look import Look
from studio.ui.timeline.marker_lane import draw_diamond
from studio.ui.timeline.rows import Rows
from studio.ui.timeline.scene import Scene

HEAD = 5.5
"""Half the width of the playhead's head."""


def draw_outside(painter: QPainter, rows: Rows, scene: Scene, look: Look) -> None:
    """What is before the point in or after the point out steps back."""
    if scene.first is None and scene.last is None:
        return
    first, last = scene.playable()
    left, right = scene.axis.edge(first), scene.axis.edge(last + 1)
    top, high = rows.film.top, rows.curve.bottom - rows.film.top
    veil = faded(look.panel, 0.62)
    painter.fillRect(QRectF(0, top, max(left, 0.0), high), veil)
    painter.fillRect(QRectF(right, top, max(scene.axis.width - right, 0.0), high), veil)
    edge = look.bright
    if scene.first is not None:
        painter.fillRect(QRectF(left, top, 1, high), edge)
    if scene.last is not None:
        painter.fillRect(QRectF(right - 1, top, 1, high), edge)


def draw_ghost(painter: QPainter, rows: Rows, scene: Scene, look: Look, iteration: int) -> None:
    x = scene.axis.x(iteration)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    is_ahead = iteration >= len(scene.losses)
    draw_diamond(painter, _on_lane(rows, x), look, 0.75, is_ahead=is_ahead)
    _draw_tag(painter, rows, look, x, look.number(iteration))


def draw_chosen(painter: QPainter, rows: Rows, scene: Scene, look: Look) -> None:
    """The keyframe under the playhead, over it."""
    if scene.keyframe_at(scene.position) is not None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_ahead = scene.position >= len(scene.losses)
        place = _on_lane(rows, scene.axis.x(scene.position))
        draw_diamond(painter, place, look, is_ahead=is_ahead, is_chosen=True)


def _on_lane(rows: Rows, x: float) -> QPointF:
    return QPointF(x, rows.markers.top + rows.markers.height / 2)


def draw_pointer(painter: QPainter, rows: Rows, scene: Scene, look: Look, iteration: int) -> None:
    x = scene.axis.x(iteration)
    high = rows.tracks.bottom - rows.ruler.bottom
    painter.fillRect(QRectF(round(x), rows.ruler.bottom, 1, high), faded(look.ink, 0.25))
    if iteration != scene.position:
        _draw_tag(painter, rows, look, x, look.number(iteration))


def draw_playhead(painter: QPainter, rows: Rows, scene: Scene, look: Look, has_focus: bool) -> None:
    """Its head has the accent while the keys belong to the timeline."""
    x = round(scene.axis.x(scene.position)) + 0.5
    low = rows.ruler.bottom
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(
        QRectF(x - 1.5, low - 4, 3, rows.tracks.bottom - low + 4), faded(look.ground, 0.5)
    )
    painter.fillRect(QRectF(x - 0.5, low - 4, 1, rows.tracks.bottom - low + 4), look.ink)
    painter.setPen(QPen(look.ground, 1))
    painter.setBrush(look.bright if has_focus else look.ink)
    painter.drawPolygon(
        QPolygonF(
            [
                QPointF(x - HEAD, low - 13),
                QPointF(x + HEAD, low - 13),
                QPointF(x + HEAD, low - 6),
                QPointF(x, low),
                QPointF(x - HEAD, low - 6),
            ]
        )
    )


def _draw_tag(painter: QPainter, rows: Rows, look: Look, x: float, text: str) -> None:
    """A number in a small box on the ruler."""
    painter.setFont(look.small)
    width = painter.fontMetrics().horizontalAdvance(text) + 10
    room = QRectF(x - width / 2, rows.ruler.top + 2, width, rows.ruler.height - 8)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.faint(0.22))
    painter.drawRoundedRect(room, 3, 3)
    painter.setPen(look.ink)
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
