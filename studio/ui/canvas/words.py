"""Texts over the canvas: centred, and broken into lines of even length."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPainter

FLOWING = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


def larger(font: QFont, times: float) -> QFont:
    """The font in another size."""
    large = QFont(font)
    # A font that was set in pixels knows no points itself.
    large.setPointSizeF(QFontInfo(font).pointSizeF() * times)
    return large


def text_box(text: str, font: QFont, middle: float, top: float, width: float) -> QRectF:
    """The box for a text of at most that width, with its last line about as long as the others."""
    metrics = QFontMetricsF(font)

    def height(room: float) -> float:
        return metrics.boundingRect(QRectF(0, 0, max(room, 1), 10_000), FLOWING, text).height()

    tall, narrow, wide = height(width), width / 2, width
    while wide - narrow > 4:
        half = (narrow + wide) / 2
        narrow, wide = (narrow, half) if height(half) <= tall else (half, wide)
    wide = min(wide + 2, width)
    return QRectF(middle - wide / 2, top, wide, tall)


def draw_text(painter: QPainter, box: QRectF, text: str, font: QFont, colour: QColor) -> None:
    """A text in the box that was measured for it."""
    painter.save()
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(box, FLOWING, text)
    painter.restore()
