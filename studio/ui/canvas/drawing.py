"""How the canvas draws: the picture, its grid, the divider and the words on top."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
    QPixmap,
)

from studio.ui.canvas.compare import Layer
from studio.ui.canvas.strokes import ROUND
from studio.ui.canvas.view import Size, View

NEAREST_FROM = 4.0
"""From here on pixels are shown as what they are; below, a picture should look like one."""
SHRUNK_BELOW = 2 / 3
"""Here drawing smoothly would begin to leave pixels out."""
GRID_FROM = 8.0
LINE = QColor(128, 128, 128, 96)
PILL = 22
SMOOTH = QPainter.RenderHint.SmoothPixmapTransform


def surround(palette: QPalette) -> QColor:
    """Neutral whatever the theme's tint, so that colours can be judged."""
    lightness = palette.color(QPalette.ColorRole.Window).lightness()
    return QColor.fromHsl(0, 0, round(lightness * 0.84))


@contextmanager
def screen_pixels(painter: QPainter, ratio: float) -> Iterator[None]:
    """Draw in pixels of the screen for a while, whatever the scaling of the desktop."""
    painter.save()
    painter.scale(1 / ratio, 1 / ratio)
    corner = painter.deviceTransform()
    # With a scaling of 150 % a widget may begin in the middle of a pixel.
    painter.translate(round(corner.dx()) - corner.dx(), round(corner.dy()) - corner.dy())
    try:
        yield
    finally:
        painter.restore()


def place(view: View, picture: QSize) -> QRectF:
    """Where the picture lies, in pixels of the screen."""
    placed = view.placed()
    return QRectF(placed.x, placed.y, picture.width() * view.scale, picture.height() * view.scale)


class Shrinker:
    """Keeps the last pictures that were shrunk, as smooth shrinking is slow."""

    def __init__(self) -> None:
        self._shrunk: dict[tuple[int, int, int], QImage] = {}

    def shrink(self, picture: QImage, size: QSize) -> QImage:
        """The picture in a smaller size."""
        key = (picture.cacheKey(), size.width(), size.height())
        if key not in self._shrunk:
            # Two are on the screen at a time: the picture and its reference.
            while len(self._shrunk) > 1:
                del self._shrunk[next(iter(self._shrunk))]
            self._shrunk[key] = picture.scaled(
                size,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        return self._shrunk[key]


def draw_layers(
    painter: QPainter, layers: Sequence[Layer], view: View, room: Size, shrinker: Shrinker
) -> None:
    """Each picture in its part of the width."""
    for layer in layers:
        whole = place(view, layer.picture.size())
        left = round(whole.x() + layer.left * whole.width())
        right = round(whole.x() + layer.right * whole.width())
        painter.save()
        if (layer.left, layer.right) != (0, 1):
            painter.setClipRect(QRect(left, 0, right - left, room[1]))
        _draw_picture(painter, layer.picture, view, room, shrinker)
        painter.restore()


def _draw_picture(
    painter: QPainter, picture: QImage, view: View, room: Size, shrinker: Shrinker
) -> None:
    """The part of the picture that is in sight."""
    whole = place(view, picture.size())
    if view.scale < SHRUNK_BELOW:
        small = shrinker.shrink(picture, whole.size().toSize().expandedTo(QSize(1, 1)))
        painter.drawImage(whole.topLeft(), small)
        return
    source = _in_sight(whole, view.scale, room, picture.size())
    corner = whole.topLeft() + QPointF(source.topLeft()) * view.scale
    target = QRectF(corner, QRectF(source).size() * view.scale)
    painter.setRenderHint(SMOOTH, view.scale != 1 and view.scale < NEAREST_FROM)
    painter.drawImage(target, picture, QRectF(source))


def draw_grid(painter: QPainter, picture: QSize, view: View, room: Size) -> None:
    """A line between any two pixels."""
    if view.scale < GRID_FROM:
        return
    whole = place(view, picture)
    source = _in_sight(whole, view.scale, room, picture)
    corner = whole.topLeft() + QPointF(source.topLeft()) * view.scale
    left, top = math.floor(corner.x()), math.floor(corner.y())
    across, down = source.width() * view.scale, source.height() * view.scale
    # The outer edge of the picture has no line, but the edge of the widget may be one between two.
    columns = range(0 if source.left() else 1, source.width())
    rows = range(0 if source.top() else 1, source.height())
    edges = [math.floor(corner.x() + column * view.scale) - left for column in columns]
    # Many short spans are slow to fill, so all the upright lines are laid down as a texture.
    area = QRect(left, top, math.ceil(across), math.ceil(down))
    painter.drawTiledPixmap(area, _comb(edges, area.width()))
    for row in rows:
        painter.fillRect(left, math.floor(corner.y() + row * view.scale), area.width(), 1, LINE)


def _comb(edges: Sequence[int], width: int) -> QPixmap:
    """A strip with a tooth at each of the edges."""
    comb = QPixmap(width, 8)
    comb.fill(Qt.GlobalColor.transparent)
    painter = QPainter(comb)
    for x in edges:
        painter.fillRect(x, 0, 1, 8, LINE)
    painter.end()
    return comb


def draw_label(
    painter: QPainter, text: str, box: QRectF, *, right: bool = False, low: bool = False
) -> None:
    """A word in a corner of a box, readable on any picture, if there is room."""
    width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 16
    if box.width() < width + 16 or box.height() < PILL + 16:
        return
    left = box.right() - width - 8 if right else box.left() + 8
    top = box.bottom() - PILL - 8 if low else box.top() + 8
    pill = QRectF(left, top, width, PILL)
    painter.setRenderHint(ROUND)
    shape = QPainterPath()
    shape.addRoundedRect(pill, 5, 5)
    painter.fillPath(shape, QColor(0, 0, 0, 165))
    painter.setRenderHint(ROUND, False)
    painter.setPen(QColor(242, 242, 242))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)


def draw_focus(painter: QPainter, box: QRect, palette: QPalette) -> None:
    """A line around the canvas, for those who came by keyboard."""
    pen = QPen(palette.color(QPalette.ColorRole.Highlight), 2)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(box).adjusted(1, 1, -1, -1))


def _in_sight(whole: QRectF, scale: float, room: Size, picture: QSize) -> QRect:
    """The pixels of the picture that show, those cut by the edge included."""
    left, top = math.floor(-whole.x() / scale), math.floor(-whole.y() / scale)
    right = math.ceil((room[0] - whole.x()) / scale)
    bottom = math.ceil((room[1] - whole.y()) / scale)
    sight = QRect(left, top, right - left, bottom - top)
    return sight.intersected(QRect(0, 0, picture.width(), picture.height()))
