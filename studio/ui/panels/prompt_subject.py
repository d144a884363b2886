"""What a prompt is about: a text to write in, a picture, or noise of a seed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.ui.panels.labels import Note
from studio.ui.panels.seeds import SeedEdit
from studio.ui.panels.thumbnail import Thumbnail


class PictureSubject(QWidget):
    """An image prompt: its thumbnail and what it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnail = Thumbnail(44, self)
        self._title = QLabel(self.tr("Picture"), self)
        about = Note(self, wraps=False)
        about.say(self.tr("image prompt"))
        self.setToolTip(self.tr("The painting is pulled towards what CLIP sees in this picture"))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(about)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(8)
        row.addWidget(self._thumbnail, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)

    def set_number(self, number: int | None) -> None:
        """Which of several pictures it is; None where it is the only one."""
        only = self.tr("Picture")
        self._title.setText(only if number is None else self.tr("Picture {n}").format(n=number))

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
