"""Labels of the second rank, in quiet or warning colours."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

from studio.ui.panels.tones import quiet, warning


class Note(QLabel):
    """Small print that wraps; gone while it has nothing to say."""

    def __init__(self, parent: QWidget | None = None, *, wraps: bool = True) -> None:
        super().__init__(parent)
        self._warns = False
        self._tinting = False
        self.setWordWrap(wraps)
        self.setTextFormat(Qt.TextFormat.PlainText)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        self.setFont(font)
        self._tint()
        self.hide()

    @property
    def warns(self) -> bool:
        """Whether the note is a warning."""
        return self._warns

    def say(self, text: str, *, warns: bool = False) -> None:
        """Show a text, or nothing."""
        if warns != self._warns:
            self._warns = warns
            self._tint()
        self.setText(text)
        self.setVisible(bool(text))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and not self._tinting:
            self._tint()

    def _tint(self) -> None:
        self._tinting = True
        parent = self.parentWidget()
        ground = QPalette() if parent is None else parent.palette()
        palette = QPalette(ground)
        colour = warning(ground) if self._warns else quiet(ground)
        palette.setColor(QPalette.ColorRole.WindowText, colour)
        self.setPalette(palette)
        self._tinting = False
