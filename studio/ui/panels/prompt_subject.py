"""What a prompt is about: a text to write in, a picture, or noise of a seed."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.ui.canvas.strokes import painting
from studio.ui.panels.labels import Note
from studio.ui.panels.seeds import SeedEdit
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
            draw_thumbnail(painter, QRectF(self.rect()), self._picture, self)


def draw_thumbnail(
    painter: QPainter, frame: QRectF, picture: QImage | None, widget: QWidget
) -> None:
    """A picture that fills a frame with round corners; the frame alone without one."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    path = QPainterPath()
    path.addRoundedRect(frame, 4, 4)
    painter.fillPath(path, outline(widget.palette()))
    if picture is not None and not picture.isNull():
        painter.setClipPath(path)
        side = min(picture.width(), picture.height())
        left, top = (picture.width() - side) / 2, (picture.height() - side) / 2
        painter.drawImage(frame, picture, QRectF(left, top, side, side))
    painter.restore()


class PictureSubject(QWidget):
    """An image prompt: its thumbnail and what it is."""

    def __init__(self, sha256: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnail = Thumbnail(44, self)
        title = QLabel(self.tr("Picture"), self)
        name = Note(self, wraps=False)
        name.say(self.tr("image prompt {name}").format(name=sha256[:8]))
        self.setToolTip(self.tr("The painting is pulled towards what CLIP sees in this picture"))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(title)
        words.addWidget(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(8)
        row.addWidget(self._thumbnail, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)

    def set_picture(self, picture: QImage | None) -> None:
        """The picture itself."""
        self._thumbnail.set_picture(picture)


class NoiseSubject(QWidget):
    """A noise prompt: the seed of its random direction."""

    chosen = Signal(object)

    def __init__(self, seed: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.seed = SeedEdit(self)
        self.seed.setAccessibleName(self.tr("Seed of the noise"))
        self.seed.setToolTip(
            self.tr("Which random direction the picture is pulled in; every seed is another one")
        )
        self.seed.show_value(seed)
        self.seed.chosen.connect(self.chosen)
        hint = Note(self, wraps=False)
        hint.say(self.tr("seed"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(6)
        row.addWidget(QLabel(self.tr("Noise"), self), 1)
        row.addWidget(hint)
        row.addWidget(self.seed, 2)
