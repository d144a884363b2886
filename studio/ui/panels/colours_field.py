"""A field of colours: written, chosen one by one, or taken from a picture."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QColorDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from studio.errors import RequestError
from studio.pictures import palette
from studio.pictures.decoder import ENDINGS
from studio.ui.panels.buttons import IconButton
from studio.ui.panels.labels import Note

_SWATCH = 32
"""Pixels along the side of the icon that shows the colours."""


class ColoursField(QWidget):
    """One colour, or several with commas between them, as "#rrggbb" or by name."""

    chosen = Signal(object)

    def __init__(self, name: str, *, most: int) -> None:
        super().__init__()
        self._most = most
        self._shown: tuple[str, ...] = ()
        self._line = QLineEdit(self)
        self._line.setAccessibleName(name)
        self._line.editingFinished.connect(self.commit)
        self._swatch = self._line.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        self._swatch.setText(self.tr("Choose a colour…"))
        self._swatch.triggered.connect(self._pick)
        self.setFocusProxy(self._line)
        self._note = Note(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self._note)
        row.addWidget(self._line, 1)
        if most > 1:
            words = self.tr("Take the colours from a picture…")
            take = IconButton("picture", words, words, parent=self)
            take.clicked.connect(self._ask_for_picture)
            row.addWidget(take)

    def show_value(self, value: tuple[str, ...]) -> None:
        """Show colours without telling of them."""
        self._shown = value
        self._line.setText(", ".join(value))
        self._line.setCursorPosition(0)
        self._swatch.setIcon(_striped(value))

    def commit(self) -> None:
        """Take over colours that are still being typed, or tell of what is none."""
        if not self._line.isModified():
            return
        self._line.setModified(False)
        try:
            self._choose(palette.read(self._line.text()))
        except RequestError:
            self.chosen.emit(tuple(part.strip() for part in self._line.text().split(",")))

    def take_from(self, path: Path) -> None:
        """Take the colours of a picture, or say why they cannot be taken."""
        try:
            self._choose(palette.of_picture(path))
        except RequestError as error:
            self._note.say(str(error), warns=True)

    def _choose(self, value: tuple[str, ...]) -> None:
        self._note.say("")
        if value == self._shown:
            self.show_value(value)
        else:
            self.chosen.emit(value)

    def _pick(self) -> None:
        """One more colour, or another where there is one only."""
        found = QColorDialog.getColor(QColor(self._shown[-1]), self, self._line.accessibleName())
        if found.isValid():
            before = self._shown if self._most > 1 else ()
            self._choose(tuple(dict.fromkeys((*before, found.name()))))

    def _ask_for_picture(self) -> None:
        known = self.tr("Pictures") + f" ({' '.join(f'*{ending}' for ending in ENDINGS)})"
        words = self.tr("Take the colours from a picture")
        path, _ = QFileDialog.getOpenFileName(self, words, "", known)
        if path:
            self.take_from(Path(path))


def _striped(colours: tuple[str, ...]) -> QIcon:
    """The colours side by side."""
    pixmap = QPixmap(_SWATCH, _SWATCH)
    painter = QPainter(pixmap)
    width = _SWATCH / len(colours)
    for place, colour in enumerate(colours):
        painter.fillRect(QRectF(place * width, 0, width + 1, _SWATCH), QColor(colour))
    painter.end()
    return QIcon(pixmap)
