"""The field that a prompt is written in: it grows with the text and has no line breaks."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QTextOption,
)
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QStyle, QStyleOptionFrame, QWidget

from studio.ui.panels.numbers import leaves_undo

PAUSE = 250
"""Milliseconds without a key after which a text is told of."""
_MOST_LINES = 9


class PromptEdit(QPlainTextEdit):
    """Plain text of one paragraph."""

    written = Signal(str)
    """The text changed; told when the writer pauses, leaves or presses Enter."""
    entered = Signal()
    """Enter was pressed; the text has been told of."""
    focused = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told = ""
        self._fewest_lines = 1
        self._faint = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.tell)
        self.setTabChangesFocus(True)
        # Undo is the window's, so that the text goes back together with everything else.
        self.setUndoRedoEnabled(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(2)
        self.textChanged.connect(self._changed)
        self._grow()

    @property
    def text(self) -> str:
        """What is written."""
        return self.toPlainText()

    def show_text(self, text: str) -> None:
        """Show another text without telling of it; the cursor stays where it can."""
        self._pause.stop()
        self._told = text
        if text == self.text:
            return
        place = self.textCursor().position()
        was_at_end = place == len(self.text)
        self.blockSignals(True)
        self.setPlainText(text)
        self.blockSignals(False)
        cursor = self.textCursor()
        cursor.setPosition(len(text) if was_at_end else min(place, len(text)))
        self.setTextCursor(cursor)
        self._grow()

    def set_words(self, placeholder: str, fewest_lines: int) -> None:
        """What an empty field says, and how tall it is at least."""
        self.setPlaceholderText(placeholder)
        self._fewest_lines = fewest_lines
        self._grow()

    def set_faint(self, faint: bool) -> None:
        """Draw the text of a prompt that is off fainter."""
        if faint != self._faint:
            self._faint = faint
            # By name of the role, so that it follows the theme.
            self.setStyleSheet("QPlainTextEdit { color: palette(placeholder-text); }" * faint)

    def tell(self) -> None:
        """Tell of a change at once instead of at the next pause."""
        self._pause.stop()
        if self.text != self._told:
            self._told = self.text
            self.written.emit(self._told)

    def sizeHint(self) -> QSize:
        return QSize(120, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.height())

    def event(self, event: QEvent) -> bool:
        if leaves_undo(event):
            self.tell()
            event.ignore()
            return True
        if self.text and _deletes_word(event):
            event.accept()
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._grow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.tell()
            self.entered.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.tell()

    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasText():
            self.textCursor().insertText(" ".join(source.text().split()))
            self.ensureCursorVisible()

    def _changed(self) -> None:
        self._pause.start()
        self._grow()

    def _grow(self) -> None:
        line = self.fontMetrics().lineSpacing()
        text = self.blockBoundingRect(self.document().firstBlock()).height()
        lines = max(self._fewest_lines, round((text - self.document().documentMargin()) / line))
        scrolls = lines > _MOST_LINES
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded
            if scrolls
            else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        inside = min(lines, _MOST_LINES) * line
        height = inside + 2 * int(self.document().documentMargin()) + self._frame()
        if height != self.height():
            self.setFixedHeight(height)

    def _frame(self) -> int:
        """What the theme needs above and below the text."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        inside = self.style().subElementRect(QStyle.SubElement.SE_ShapedFrameContents, option, self)
        return option.rect.height() - inside.height()


def _deletes_word(event: QEvent) -> bool:
    """Whether the event asks if Ctrl+Delete is for the text, as it is where there is one."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    return event.matches(QKeySequence.StandardKey.DeleteEndOfWord)
