"""The divider of the wipe: the reference lies to its left, the picture to its right."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from studio.ui.canvas.strokes import ROUND

REACH = 8
"""How near to the line a press takes hold of it."""
RADIUS = 11


@dataclass(frozen=True)
class Divider:
    """Where it stands in the widget."""

    x: float
    sight: QRectF
    """The part of the widget that the picture covers."""

    def is_in_sight(self) -> bool:
        return self.sight.left() <= self.x <= self.sight.right()

    def handle(self) -> QPointF:
        """Where to take hold of it; where the line is out of sight, at the edge nearest to it."""
        left, right = self.sight.left() + RADIUS + 3, self.sight.right() - RADIUS - 3
        x = self.x if self.is_in_sight() else max(min(self.x, right), left)
        return QPointF(x, self.sight.center().y())

    def is_at(self, position: QPointF) -> bool:
        """Whether a press there takes hold of it."""
        handle = self.handle()
        beside = abs(position.x() - handle.x()) <= REACH
        on_line = beside and self.sight.top() <= position.y() <= self.sight.bottom()
        return on_line or (position - handle).manhattanLength() <= RADIUS * 1.4

    def sides(self) -> tuple[QRectF, QRectF]:
        """What is in sight to its left and to its right."""
        left, right = QRectF(self.sight), QRectF(self.sight)
        x = min(max(self.x, left.left()), left.right())
        left.setRight(x)
        right.setLeft(x)
        return left, right

    def draw(self, painter: QPainter) -> None:
        """A line, and a handle that says which ways it goes."""
        if self.is_in_sight():
            line = QRectF(round(self.x) - 1, self.sight.top(), 2, self.sight.height())
            painter.fillRect(line.adjusted(-1, 0, 1, 0), QColor(0, 0, 0, 80))
            painter.fillRect(line, QColor("white"))
        painter.save()
        painter.setRenderHint(ROUND)
        painter.setPen(QPen(QColor(0, 0, 0, 90), 1))
        painter.setBrush(QColor("white"))
        painter.drawEllipse(self.handle(), RADIUS, RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(40, 40, 40))
        for side in (-1, 1):
            tip = ((6.5, 0), (2.5, -4), (2.5, 4))
            arrow = [self.handle() + QPointF(side * right, down) for right, down in tip]
            painter.drawPolygon(QPolygonF(arrow))
        painter.restore()
