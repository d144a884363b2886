"""The last run ended in a crash: its log, offered at the next start."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from studio.ui.dialogs.parts import (
    GAP,
    MARGIN,
    CopyButton,
    Glyph,
    Heading,
    Plain,
    Reader,
    button_row,
    focus_default,
)
from studio.ui.icons import icon
from studio.ui.tips import tell


class CrashDialog(QDialog):
    """Shows the text of a crash log."""

    folder_wanted = Signal()
    """Show the folder that the log lies in."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("The studio crashed last time"))
        self.resize(760, 500)
        said = self.tr(
            "Every iteration that was painted is in its project. This is what the studio noted "
            "as it ended; please send it to those who make the studio."
        )
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(Heading(self.windowTitle()))
        words.addWidget(Plain(said))
        top = QHBoxLayout()
        top.setSpacing(18)
        top.addWidget(Glyph("warning", 36), 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP + 4)
        column.addLayout(top)
        column.addWidget(Reader(text, self.tr("Crash log")), 1)
        column.addLayout(self._buttons(text))
        focus_default(self)

    def _buttons(self, text: str) -> QHBoxLayout:
        copy = CopyButton(self.tr("Copy"), text)
        tell(copy, self.tr("Copy the whole log"))
        folder = QPushButton(icon("folder"), self.tr("Show folder"))
        tell(folder, self.tr("Open the folder in which the log lies"))
        folder.setAutoDefault(False)
        folder.clicked.connect(self.folder_wanted)
        close = QPushButton(self.tr("Close"))
        tell(close, self.tr("Close; this crash is not shown again"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        return button_row(copy, folder, close, left=2)
