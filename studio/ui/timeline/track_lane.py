"""Draws the takes as bars that grow out of one another."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from studio.ui.canvas.strokes import faded, mixed
from studio.ui.timeline.look import Look, take_colour
from studio.ui.timeline.rows import TRACK
from studio.ui.timeline.scene import Scene
from studio.ui.timeline.tree import Track

BAR = 10.0
LINE = 2.0


def draw_tracks(painter: QPainter, area: QRectF, scene: Scene, look: Look) -> None:
    painter.fillRect(area, look.faint(0.02))
    rows = {each.take.number: row for row, each in enumerate(scene.tracks)}
    for row, track in enumerate(scene.tracks):
        top = area.top() + row * TRACK - scene.track_scroll
        if track.take.number == scene.take:
            painter.fillRect(QRectF(0, top, area.width(), TRACK), faded(look.accent, 0.13))
        painter.fillRect(QRectF(0, top + TRACK - 1, area.width(), 1), look.faint(0.07))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    middles = [
        area.top() + (row + 0.5) * TRACK - scene.track_scroll for row in range(len(scene.tracks))
    ]
    for track, middle in zip(scene.tracks, middles, strict=True):
        parent = rows.get(track.take.parent) if track.take.parent is not None else None
        if parent is not None:
            _draw_branch(painter, scene, track, middles[parent], middle, look)
    for row, track in enumerate(scene.tracks):
        _draw_bar(painter, scene, track, middles[row], take_colour(look.accent, row), look)


def _draw_branch(
    painter: QPainter, scene: Scene, track: Track, above: float, middle: float, look: Look
) -> None:
    """Down from the parent, where the take left it."""
    x = scene.axis.edge(track.take.branched_at)
    painter.setBrush(look.faint(0.75 if track.take.number in scene.lineage else 0.4))
    painter.drawRect(QRectF(x - LINE / 2, above + BAR / 2, LINE, middle - above - BAR / 2))
    painter.drawEllipse(QRectF(x - 3, above - 3, 6, 6))


def _draw_bar(
    painter: QPainter, scene: Scene, track: Track, middle: float, colour: QColor, look: Look
) -> None:
    """Its own iterations; those that the take shown is made of are bright."""
    start = track.take.branched_at if track.depth else 0
    end = max(track.take.length, start)
    lit = min(scene.lineage.get(track.take.number, 0), end)
    dim = mixed(look.panel, colour, 0.45)
    _draw_piece(painter, scene, start, end, middle, dim)
    if lit > start:
        _draw_piece(painter, scene, start, lit, middle, colour)
    if track.take.number == scene.take and scene.planned > end:
        _draw_kept_free(painter, scene, end, middle, mixed(look.panel, colour, 0.7))


def _draw_kept_free(
    painter: QPainter, scene: Scene, start: int, middle: float, colour: QColor
) -> None:
    """The iterations planned for the take shown, as an empty bar."""
    left = max(scene.axis.edge(start), -10.0) + 1.5
    right = min(scene.axis.edge(scene.planned), scene.axis.width + 10.0) - 0.5
    if right > left:
        painter.save()
        painter.setPen(QPen(colour, 1, Qt.PenStyle.DotLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        room = QRectF(left, middle - BAR / 2 + 0.5, right - left, BAR - 1)
        painter.drawRoundedRect(room, 3, 3)
        painter.restore()


def _draw_piece(
    painter: QPainter, scene: Scene, start: int, end: int, middle: float, colour: QColor
) -> None:
    left = max(scene.axis.edge(start), -10.0)
    right = min(scene.axis.edge(end), scene.axis.width + 10.0)
    if right > left:
        painter.setBrush(colour)
        room = QRectF(left, middle - BAR / 2, max(right - left, 2.0), BAR)
        painter.drawRoundedRect(room, 3, 3)
