"""A list of cards with a thumbnail, a title and a line below, drawn and not built of widgets."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QImage,
    QPainter,
    QPalette,
    QPen,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.ui.canvas.strokes import mixed
from studio.ui.panels.thumbnail import draw_thumbnail
from studio.ui.panels.tones import outline, quiet, raised, warning

CARD = Qt.ItemDataRole.UserRole + 1
"""The role under which a model gives the `Card` of a row."""
_THUMBNAIL = 48
_MARGIN = 8
_GAP = 6
_BAR = 4


@dataclass(frozen=True)
class Card:
    """What is drawn for one row."""

    title: str
    details: str
    thumbnail: QImage | None
    warns: bool = False
    """Whether the details tell of a failure."""
    progress: float | None = None
    """0..1, or None for no bar."""
    lit: bool = False
    """Whether the card is of what happens now."""
    faint: bool = False
    """Whether it is over and done with."""


class CardDelegate(QStyledItemDelegate):
    """Draws cards of one height: two lines of title, one of details."""

    def __init__(self, ground: QWidget, view: QWidget) -> None:
        super().__init__(view)
        # Of the widget below the view, as a style sheet makes the view's own palette transparent.
        self._ground = ground

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(160, _THUMBNAIL + 2 * _MARGIN + _GAP)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        card = index.data(CARD)
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw(painter, option, card)
        except Exception:
            # Thrown through Qt it would end the program.
            sys.excepthook(*sys.exc_info())
        finally:
            painter.restore()

    def _draw(self, painter: QPainter, option: QStyleOptionViewItem, card: Card) -> None:
        palette = self._ground.palette()
        rect = QRect(option.rect).adjusted(0, 0, 0, -_GAP)
        self._draw_ground(painter, rect, option.state, palette)
        frame = QRectF(rect.left() + _MARGIN, rect.top() + _MARGIN, _THUMBNAIL, _THUMBNAIL)
        painter.setOpacity(0.7 if card.faint else 1)
        draw_thumbnail(painter, frame, card.thumbnail, palette)
        words = rect.adjusted(_MARGIN * 2 + _THUMBNAIL, _MARGIN - 1, -_MARGIN, -_MARGIN + 1)
        bar = 0 if card.progress is None else _BAR + 4
        self._draw_words(painter, words.adjusted(0, 0, 0, -bar), option, card)
        painter.setOpacity(1)
        if card.progress is not None:
            place = QRectF(words.left(), words.bottom() - _BAR, words.width(), _BAR)
            _draw_bar(painter, place, card, palette)

    def _draw_ground(
        self, painter: QPainter, rect: QRect, state: QStyle.StateFlag, palette: QPalette
    ) -> None:
        ground, edge = raised(palette), outline(palette)
        if state & QStyle.StateFlag.State_Selected:
            ground = mixed(ground, palette.color(QPalette.ColorRole.Highlight), 0.28)
            edge = palette.color(QPalette.ColorRole.Accent)
        elif state & QStyle.StateFlag.State_MouseOver:
            edge = mixed(edge, palette.color(QPalette.ColorRole.WindowText), 0.3)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _draw_words(
        self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, card: Card
    ) -> None:
        palette = self._ground.palette()
        font = QFont(option.font)
        small = QFont(font)
        small.setPointSizeF(font.pointSizeF() * 0.88)
        painter.setFont(small)
        line = painter.fontMetrics().height()
        painter.setPen(warning(palette) if card.warns else quiet(palette))
        foot = QRect(rect.left(), rect.bottom() - line, rect.width(), line)
        details = painter.fontMetrics().elidedText(
            card.details, Qt.TextElideMode.ElideRight, foot.width()
        )
        painter.drawText(foot, Qt.AlignmentFlag.AlignVCenter, details)
        if card.lit:
            font.setBold(True)
        painter.setFont(font)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        room = rect.adjusted(0, 0, 0, -line - 1)
        text = elided_lines(card.title, font, room.width(), room.height())
        painter.drawText(room, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter, text)


def elided_lines(text: str, font: QFont, width: int, height: int) -> str:
    """The text in as many lines as fit, the last one with dots if there was more."""
    metrics = QFontMetrics(font)
    most = max(1, (height + metrics.leading() + 2) // metrics.lineSpacing())
    layout = QTextLayout(text, font)
    layout.setTextOption(_WRAPS)
    lines: list[str] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        start = line.textStart()
        if len(lines) + 1 == most:
            lines.append(metrics.elidedText(text[start:], Qt.TextElideMode.ElideRight, width))
            break
        lines.append(text[start : start + line.textLength()].rstrip())
    layout.endLayout()
    return "\n".join(lines)


_WRAPS = QTextOption()
_WRAPS.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)


def _draw_bar(painter: QPainter, place: QRectF, card: Card, palette: QPalette) -> None:
    share = min(max(card.progress or 0.0, 0), 1)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(outline(palette))
    painter.drawRoundedRect(place, 2, 2)
    filled = QRectF(place)
    filled.setWidth(place.width() * share)
    role = QPalette.ColorRole.Accent if card.lit else QPalette.ColorRole.Highlight
    painter.setBrush(warning(palette) if card.warns else palette.color(role))
    painter.drawRoundedRect(filled, 2, 2)
