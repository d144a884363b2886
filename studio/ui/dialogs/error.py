"""Something failed: a plain sentence with the remedy, and details for those who help."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from studio.ui.dialogs.parts import (
    GAP,
    MARGIN,
    CopyButton,
    Details,
    Glyph,
    Heading,
    button_row,
    focus_default,
)
from studio.ui.icons import icon
from studio.ui.panels.labels import Note
from studio.ui.tips import tell
from studio.work.facts import Fault


class ErrorDialog(QDialog):
    """Tells about a fault and lets its details be copied."""

    log_wanted = Signal()

    def __init__(self, fault: Fault, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("This did not work"))
        self.setMinimumWidth(520)
        sentence = Heading(fault.sentence, 1.15)
        sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        paused = Note()
        paused.say(self.tr("Painting is paused.") if fault.painting else "")
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(sentence)
        words.addWidget(paused)
        top = QHBoxLayout()
        top.setSpacing(18)
        top.addWidget(Glyph("warning", 36), 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP + 6)
        column.addLayout(top)
        if fault.details.strip():
            column.addWidget(Details(fault.details.strip()), 1)
        column.addLayout(self._buttons(fault))
        self.setAccessibleDescription(fault.sentence)
        focus_default(self)

    def _buttons(self, fault: Fault) -> QHBoxLayout:
        whole = f"{fault.sentence}\n\n{fault.details}".strip()
        copy = CopyButton(self.tr("Copy details"), whole)
        tell(copy, self.tr("Copy the sentence and the details, to send them to somebody"))
        log = QPushButton(icon("log"), self.tr("Show log"))
        tell(log, self.tr("Show what the studio did before this happened"))
        log.setAutoDefault(False)
        log.clicked.connect(self.log_wanted)
        close = QPushButton(self.tr("Close"))
        tell(close, self.tr("Close this message"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        return button_row(copy, log, close, left=2)
