"""Where the film is seen: one picture as large as fits, and a sentence when there is none."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.ui.canvas.strokes import painting
from studio.ui.panels.tones import outline, quiet

_MARGIN = 14


class Screen(QWidget):
    """Shows a frame; a click on it plays or pauses."""

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: QImage | None = None
        self._shape = QSizeF(1, 1)
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("The film"))
        self.setToolTip(self.tr("Click to play or pause"))

    @property
    def picture(self) -> QImage | None:
        """The frame shown."""
        return self._picture

    def set_picture(self, picture: QImage | None) -> None:
        """Show a frame, or none."""
        self._picture = picture
        self.update()

    def set_shape(self, width: int, height: int) -> None:
        """The shape of the film's frames."""
        if QSizeF(width, height) != self._shape:
            self._shape = QSizeF(max(width, 1), max(height, 1))
            self.update()

    def set_words(self, words: str) -> None:
        """Say something below the middle, such as why there is no film."""
        if words != self._words:
            self._words = words
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 160)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
            if self._picture is not None and not self._words:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                self._draw(painter, self._picture)
            elif self._words:
                painter.setPen(quiet(self.palette()))
                room = QRectF(self.rect()).adjusted(48, 24, -48, -24)
                painter.drawText(
                    room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._words
                )

    def _draw(self, painter: QPainter, picture: QImage) -> None:
        """The frame's own shape, with what the picture leaves free in the colour of an edge."""
        room = QSizeF(self.size()) - QSizeF(2 * _MARGIN, 2 * _MARGIN)
        frame = _centred(self._shape.scaled(room, Qt.AspectRatioMode.KeepAspectRatio), self)
        painter.fillRect(frame, outline(self.palette()))
        painter.setClipRect(frame)
        painter.drawImage(frame, picture, QRectF(picture.rect()))


def _centred(size: QSizeF, widget: QWidget) -> QRectF:
    place = QRectF(QPointF(0, 0), size)
    place.moveCenter(QRectF(widget.rect()).center())
    return place
