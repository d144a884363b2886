"""The handle by which a row is dragged to another place."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from studio.ui.canvas.strokes import faded, painting
from studio.ui.panels.tones import quiet


class Grip(QWidget):
    """Six dots; tells where on the screen it is being dragged."""

    pulled = Signal(QPoint)
    dropped = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed_at: QPoint | None = None
        self._pulling = False
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName(self.tr("Drag handle"))
        self.setToolTip(self.tr("Drag to another place in the list (Alt+Up, Alt+Down)"))

    def sizeHint(self) -> QSize:
        return QSize(12, 26)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None:
            return
        place = event.globalPosition().toPoint()
        way = (place - self._pressed_at).manhattanLength()
        self._pulling = self._pulling or way >= QApplication.startDragDistance()
        if self._pulling:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.pulled.emit(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pulling, self._pulling, self._pressed_at = self._pulling, False, None
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        if pulling:
            self.dropped.emit(event.globalPosition().toPoint())

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHint(painter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(faded(quiet(self.palette()), 0.7))
            middle = QPointF(self.width() / 2, min(self.height() / 2, 14))
            for x in (-2.5, 2.5):
                for y in (-5, 0, 5):
                    painter.drawEllipse(middle + QPointF(x, y), 1.2, 1.2)
