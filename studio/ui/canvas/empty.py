"""What the canvas shows before there is a picture."""

from __future__ import annotations

import math
import random

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QRadialGradient

from studio.ui.canvas.drawing import surround
from studio.ui.canvas.strokes import ROUND, mixed
from studio.ui.canvas.words import draw_text, larger, text_box

TILES = 15
"""The mosaic stands for the grid of codes from which every picture grows."""


def draw_empty(painter: QPainter, box: QRectF, palette: QPalette, title: str, hint: str) -> None:
    """A mosaic that has just begun, and a friendly word under it."""
    ink, ground = palette.color(QPalette.ColorRole.WindowText), surround(palette)
    plain, large = painter.font(), larger(painter.font(), 1.8)
    middle, width = box.center().x(), max(min(box.width() - 48, 460), 1)
    heading = text_box(title, large, middle, 0, width)
    advice = text_box(hint, plain, middle, 0, width)
    words = heading.height() + 8 + advice.height()
    side = min(box.width() * 0.6, box.height() - words - 96, 320)
    shown = side > 80
    top = box.center().y() - (words + (side + 24 if shown else 0)) / 2
    if shown:
        _draw_mosaic(painter, QRectF(middle - side / 2, top, side, side), palette)
        top += side + 24
    heading.moveTop(top)
    advice.moveTop(heading.bottom() + 8)
    draw_text(painter, advice, hint, plain, mixed(ground, ink, 0.72))
    draw_text(painter, heading, title, large, mixed(ground, ink, 0.95))


def _draw_mosaic(painter: QPainter, box: QRectF, palette: QPalette) -> None:
    """Tiles that gather in the middle and thin out towards the edge."""
    ground = surround(palette)
    dice = random.Random(16)
    glow = QRadialGradient(box.center(), box.width() / 2)
    accent = palette.color(QPalette.ColorRole.Highlight)
    glow.setColorAt(0, mixed(ground, accent, 0.22))
    glow.setColorAt(1, ground)
    painter.fillRect(box, glow)
    step = box.width() / TILES
    painter.save()
    painter.setRenderHint(ROUND)
    painter.setPen(Qt.PenStyle.NoPen)
    for row in range(TILES):
        for column in range(TILES):
            middle = QPointF(column + 0.5, row + 0.5) * step + box.topLeft()
            far = math.dist((column + 0.5, row + 0.5), (TILES / 2, TILES / 2)) / (TILES / 2)
            there = dice.random() ** 0.5 * max(1.06 - far, 0) ** 0.7
            size = step * min(0.32 + there, 0.88)
            painter.setBrush(_tile(palette, there, dice.random()))
            tile = QRectF(0, 0, size, size)
            tile.moveCenter(middle)
            painter.drawRoundedRect(tile, size * 0.2, size * 0.2)
    painter.restore()


def _tile(palette: QPalette, there: float, turn: float) -> QColor:
    """The accent, turned a little to either side on the wheel of hues, from faint to full."""
    accent = palette.color(QPalette.ColorRole.Highlight)
    hue = (accent.hslHueF() + (turn - 0.5) * 0.36) % 1.0
    full = QColor.fromHslF(hue, min(accent.hslSaturationF(), 0.6), accent.lightnessF())
    return mixed(surround(palette), full, min(there * 1.1, 1.0))
