"""The zones that a drop can be aimed at: a card for each, with an icon and two lines."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPalette, QPen

from studio.ui.canvas.strokes import ROUND, faded, mixed
from studio.ui.canvas.words import draw_text, larger, text_box

ICON = 36


@dataclass(frozen=True)
class Card:
    """What a zone shows."""

    icon: QIcon
    title: str
    hint: str


def draw_card(painter: QPainter, zone: QRectF, card: Card, palette: QPalette, lit: bool) -> None:
    """A zone to drop on; lit while the cursor is over it."""
    highlight = palette.color(QPalette.ColorRole.Highlight)
    ink = palette.color(QPalette.ColorRole.WindowText)
    ground = palette.color(QPalette.ColorRole.Window)
    fill = mixed(ground, highlight, 0.3) if lit else ground
    line = Qt.PenStyle.SolidLine if lit else Qt.PenStyle.DashLine
    painter.save()
    painter.setRenderHint(ROUND)
    painter.setPen(QPen(highlight if lit else mixed(ground, ink, 0.3), 2 if lit else 1, line))
    painter.setBrush(faded(fill, 0.9))
    painter.drawRoundedRect(zone.adjusted(1, 1, -1, -1), 10, 10)
    painter.setClipRect(zone)
    _draw_content(painter, zone, card, palette)
    painter.restore()


def _draw_content(painter: QPainter, zone: QRectF, card: Card, palette: QPalette) -> None:
    """Begins at one height in all cards, however many lines follow."""
    ink = palette.color(QPalette.ColorRole.WindowText)
    ground = palette.color(QPalette.ColorRole.Window)
    plain, large = painter.font(), larger(painter.font(), 1.3)
    middle, width = zone.center().x(), max(zone.width() - 32, 1)
    spot = QRectF(middle - ICON / 2, zone.center().y() - ICON - 16, ICON, ICON)
    title = text_box(card.title, large, middle, spot.bottom() + 14, width)
    hint = text_box(card.hint, plain, middle, title.bottom() + 6, width)
    card.icon.paint(painter, spot.toRect())
    draw_text(painter, title, card.title, large, ink)
    draw_text(painter, hint, card.hint, plain, mixed(ground, ink, 0.72))
