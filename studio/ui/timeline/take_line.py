"""Draws one take of the list: its place in the tree, colour, name and length."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from studio.ui.canvas.strokes import faded
from studio.ui.timeline.look import Look, take_colour
from studio.ui.timeline.rows import TRACK
from studio.ui.timeline.tree import Track

TRACK_ROLE = int(Qt.ItemDataRole.UserRole)
LEFT = 12
INDENT = 14
DEEPEST = 5
"""Levels that are drawn as such; deeper ones stand under one another."""
Index = QModelIndex | QPersistentModelIndex


class TakeLine(QStyledItemDelegate):
    """A delegate; the name is edited where it stands."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, TRACK)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        track = index.data(TRACK_ROLE)
        if not isinstance(track, Track):
            return
        painter.save()
        look = Look.of(option.widget)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self._draw_ground(painter, option, look, selected)
        self._draw_place(painter, option.rect, track, look, index.row())
        self._draw_words(painter, option.rect, track, look, selected)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setFrame(False)
        editor.setStyleSheet("min-height: 0; padding: 0 3px; border-radius: 3px;")
        editor.setMaxLength(80)
        editor.setAccessibleName(self.tr("Name of the take"))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Called again whenever a take grows, which must not disturb who is typing."""
        if isinstance(editor, QLineEdit):
            name = index.data(Qt.ItemDataRole.EditRole)
            if not editor.isModified() and editor.text() != name:
                editor.setText(name)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        track = index.data(TRACK_ROLE)
        editor.setGeometry(option.rect.adjusted(_left(track.depth) + 12, 1, -4, -2))

    def _draw_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, look: Look, selected: bool
    ) -> None:
        rect = QRect(option.rect)
        painter.fillRect(rect, look.faint(0.02))
        if selected:
            painter.fillRect(rect, faded(look.accent, 0.30))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, look.faint(0.08))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), look.faint(0.07))

    def _draw_place(
        self, painter: QPainter, rect: QRect, track: Track, look: Look, row: int
    ) -> None:
        left, middle = rect.left() + _left(track.depth), rect.center().y()
        if track.depth:
            x = left - INDENT + 4
            painter.fillRect(QRect(x, rect.top(), 1, middle - rect.top()), look.faint(0.4))
            painter.fillRect(QRect(x, middle, INDENT - 7, 1), look.faint(0.4))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(take_colour(look.accent, row))
        painter.drawRoundedRect(QRectF(left, middle - 4, 8, 8), 2, 2)

    def _draw_words(
        self, painter: QPainter, rect: QRect, track: Track, look: Look, selected: bool
    ) -> None:
        room = rect.adjusted(_left(track.depth) + 14, 0, -10, -1)
        vertical = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(look.small)
        painter.setPen(look.faint(0.85 if selected else 0.6))
        length = look.number(track.take.length)
        painter.drawText(room, vertical | Qt.AlignmentFlag.AlignRight, length)
        room.setRight(room.right() - painter.fontMetrics().horizontalAdvance(length) - 8)
        painter.setFont(look.font)
        painter.setPen(look.ink if selected else look.faint(0.85))
        metrics = painter.fontMetrics()
        name = metrics.elidedText(track.take.name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, vertical | Qt.AlignmentFlag.AlignLeft, name)


def _left(depth: int) -> int:
    return LEFT + min(depth, DEEPEST) * INDENT
