"""The first page: what a training is for, where the pictures go, and trainings to go on with."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.ui.canvas.strokes import painting
from studio.ui.dialogs.parts import Heading
from studio.ui.icons import icon
from studio.ui.panels.buttons import IconButton
from studio.ui.panels.labels import Note
from studio.ui.panels.tones import outline, raised
from studio.ui.tips import tell
from studio.ui.training.words import TrainingWords
from studio.ui.training.zone import DropZone
from studio.work.training_facts import Unfinished

_SHOWN = 3
"""Unfinished trainings that are listed, the newest ones."""


class FirstPage(QWidget):
    """Shown as long as there are no pictures."""

    folder_wanted = Signal()
    resume_wanted = Signal(str)
    """Name of an unfinished training; so with `discard_wanted`."""
    discard_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.zone = DropZone()
        self.zone.clicked.connect(self.folder_wanted)
        self.problem = Note()
        self.rows: dict[str, UnfinishedRow] = {}
        self._unfinished = QVBoxLayout()
        self._unfinished.setSpacing(6)
        self._unfinished_title = Heading(self.tr("Not finished yet"), 1.1)
        self._unfinished_title.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(self._told())
        column.addWidget(self.problem)
        column.addWidget(self.zone, 1)
        column.addWidget(self._unfinished_title)
        column.addLayout(self._unfinished)

    def set_unfinished(self, unfinished: Sequence[Unfinished]) -> None:
        """Trainings that can be gone on with, the newest first."""
        for row in self.rows.values():
            self._unfinished.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = {one.name: self._row(one) for one in unfinished[:_SHOWN]}
        for row in self.rows.values():
            self._unfinished.addWidget(row)
        self._unfinished_title.setVisible(bool(self.rows))

    def _row(self, one: Unfinished) -> UnfinishedRow:
        row = UnfinishedRow(one)
        row.resume.clicked.connect(partial(self._resume, one.name))
        row.discard.clicked.connect(partial(self._discard, one.name))
        return row

    def _resume(self, name: str) -> None:
        self.resume_wanted.emit(name)

    def _discard(self, name: str) -> None:
        self.discard_wanted.emit(name)

    def _told(self) -> QVBoxLayout:
        what = QLabel(
            self.tr(
                "Give it a few dozen pictures of one kind, such as your own paintings or the woods "
                "behind the house. A VQGAN learns their colours, textures and shapes, and from "
                "then on paints with them."
            )
        )
        what.setWordWrap(True)
        what.setTextFormat(Qt.TextFormat.PlainText)
        where = Note()
        where.say(
            self.tr(
                "50 pictures are good, 200 are better. All of it happens on this computer; your "
                "pictures are read, never changed, and go nowhere."
            )
        )
        texts = QVBoxLayout()
        texts.setSpacing(6)
        for widget in (Heading(self.tr("Train a model on your pictures"), 1.6), what, where):
            texts.addWidget(widget)
        return texts


class UnfinishedRow(QWidget):
    """One training that was paused or cut off."""

    def __init__(self, one: Unfinished, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = QLabel(one.name)
        name.setTextFormat(Qt.TextFormat.PlainText)
        said = Note()
        said.say(TrainingWords(self).unfinished(one))
        self.resume = QPushButton(icon("play"), self.tr("Go on"))
        self.resume.setIconSize(QSize(16, 16))
        self.resume.setAutoDefault(False)
        self.resume.setAccessibleName(self.tr("Go on training {name}").format(name=one.name))
        tell(self.resume, self.tr("Go on exactly where it stopped"))
        self.discard = IconButton(
            "trash",
            self.tr("Discard {name}").format(name=one.name),
            self.tr("Delete what it has learned; your pictures stay"),
        )
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(name)
        texts.addWidget(said)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 10, 8)
        row.setSpacing(8)
        row.addLayout(texts, 1)
        row.addWidget(self.resume)
        row.addWidget(self.discard)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(outline(self.palette()), 1))
            painter.setBrush(raised(self.palette()))
            painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
