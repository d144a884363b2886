"""Draws the loss: a band from the least to the most of each pixel, and the mean as a line."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen, QPolygonF

from studio.ui.canvas.strokes import faded
from studio.ui.timeline.look import Look, take_colour
from studio.ui.timeline.losses import Columns, Row
from studio.ui.timeline.plan_look import draw_planned
from studio.ui.timeline.scene import Scene

AIR = 5.0
"""Pixels above the most and below the least."""
DOT_SCALE = 14.0
"""Pixels for each iteration from which every loss is a dot."""
DENSE = 300


def bounds(columns: Columns) -> tuple[float, float] | None:
    """The least and the most loss in sight."""
    if not np.isfinite(columns.low).any():
        return None
    return float(np.nanmin(columns.low)), float(np.nanmax(columns.high))


def draw_curve(painter: QPainter, area: QRectF, scene: Scene, look: Look) -> None:
    painter.fillRect(area, look.ground)
    draw_planned(painter, area, scene, look)
    for share in (0.25, 0.5, 0.75):
        y = round(area.top() + area.height() * share)
        painter.fillRect(QRectF(0, y, area.width(), 1), faded(look.ink, 0.05))
    columns = scene.losses.columns(scene.axis)
    found = bounds(columns)
    if found is None:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = take_colour(look.accent, _index(scene))
    for run in _runs(columns.mean):
        _draw_run(painter, area, _cut(columns, run), found, colour)
    if scene.axis.scale >= DOT_SCALE:
        _draw_dots(painter, area, columns, found, colour)


def _index(scene: Scene) -> int:
    numbers = [each.take.number for each in scene.tracks]
    return numbers.index(scene.take) if scene.take in numbers else 0


def _runs(values: Row) -> list[slice]:
    """Stretches without a gap."""
    there = np.flatnonzero(np.isfinite(values))
    parts = np.split(there, np.flatnonzero(np.diff(there) > 1) + 1)
    return [slice(int(each[0]), int(each[-1]) + 1) for each in parts if len(each)]


def _cut(columns: Columns, run: slice) -> Columns:
    return Columns(columns.x[run], columns.low[run], columns.high[run], columns.mean[run])


def _height(values: Row, area: QRectF, found: tuple[float, float]) -> Row:
    low, high = found
    if high <= low:
        return np.full(len(values), area.center().y())
    share: Row = (values - low) / (high - low)
    return area.bottom() - AIR - share * (area.height() - 2 * AIR)


def _points(x: Row, y: Row) -> list[QPointF]:
    return [QPointF(*each) for each in zip(x.tolist(), y.tolist(), strict=True)]


def _draw_run(
    painter: QPainter, area: QRectF, run: Columns, found: tuple[float, float], colour: QColor
) -> None:
    line = _points(run.x, _height(run.mean, area, found))
    shade = QLinearGradient(0, area.top(), 0, area.bottom())
    shade.setColorAt(0, faded(colour, 0.30))
    shade.setColorAt(1, faded(colour, 0.04))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade)
    # smooth edges cost five times as much and do not show under the line
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    foot = [QPointF(line[-1].x(), area.bottom()), QPointF(line[0].x(), area.bottom())]
    painter.drawPolygon(QPolygonF(line + foot))
    if (run.high > run.low).any():
        top = _points(run.x, _height(run.high, area, found))
        low = _points(run.x, _height(run.low, area, found))
        painter.setBrush(faded(colour, 0.35))
        painter.drawPolygon(QPolygonF(top + low[::-1]))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw_line(painter, QPolygonF(line), colour)


def _draw_line(painter: QPainter, line: QPolygonF, colour: QColor) -> None:
    """A hairline, which Qt draws a hundred times faster, where there are many points."""
    is_dense = line.size() > DENSE
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 0 if is_dense else 1.4))
    painter.drawPolyline(line)
    if is_dense:
        painter.drawPolyline(line.translated(0, 0.5))


def _draw_dots(
    painter: QPainter, area: QRectF, columns: Columns, found: tuple[float, float], colour: QColor
) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for point in _points(columns.x, _height(columns.mean, area, found)):
        painter.drawEllipse(point, 2.2, 2.2)
