"""Small pictures with round corners."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from studio.ui.canvas.strokes import painting
from studio.ui.panels.tones import outline


class Thumbnail(QWidget):
    """A small picture with round corners, cut to a square."""

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: QImage | None = None
        self._side = side
        self.setFixedSize(side, side)

    @property
    def picture(self) -> QImage | None:
        """What is shown."""
        return self._picture

    def set_picture(self, picture: QImage | None) -> None:
        """Show a picture, or an empty frame."""
        self._picture = picture
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            draw_thumbnail(painter, QRectF(self.rect()), self._picture, self.palette())


def draw_thumbnail(
    painter: QPainter, frame: QRectF, picture: QImage | None, palette: QPalette
) -> None:
    """A picture that fills a frame with round corners; the frame alone without one."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    path = QPainterPath()
    path.addRoundedRect(frame, 4, 4)
    painter.fillPath(path, outline(palette))
    if picture is not None and not picture.isNull():
        painter.setClipPath(path)
        side = min(picture.width(), picture.height())
        left, top = (picture.width() - side) / 2, (picture.height() - side) / 2
        painter.drawImage(frame, picture, QRectF(left, top, side, side))
    painter.restore()
