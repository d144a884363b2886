"""The log in the window: the last lines, by level and by word, to read and to copy."""

from __future__ import annotations

import logging
from collections import deque

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QPalette,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.ui.dialogs.parts import Reader
from studio.ui.icons import icon
from studio.ui.panels.tones import quiet, warning
from studio.ui.tips import tell

MOST_LINES = 2000


class LogView(QWidget):
    """Shows lines of the log as they come; older ones make room."""

    folder_wanted = Signal()
    """Show the folder that the log file lies in."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: deque[tuple[int, str]] = deque(maxlen=MOST_LINES)
        self._level = self._level_field()
        self._search = self._search_field()
        self._text = Reader("", self.tr("Log"))
        self._text.setToolTip(self.tr("What the studio did; the newest line is the last"))
        self._text.setMaximumBlockCount(MOST_LINES)
        self._text.setUndoRedoEnabled(False)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        copy = self._tool("copy", self.tr("Copy"), self.tr("Copy the lines that are shown"))
        folder = self._tool("folder", self.tr("Show folder"), self.tr("Open the log's folder"))
        top = QHBoxLayout()
        top.setSpacing(8)
        for field, stretch in ((self._level, 0), (self._search, 1), (copy, 0), (folder, 0)):
            top.addWidget(field, stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self._text, 1)
        self._level.currentIndexChanged.connect(self._show_all)
        self._search.textChanged.connect(self._show_all)
        copy.clicked.connect(self._copy)
        folder.clicked.connect(self.folder_wanted)

    def append(self, level: int, text: str) -> None:
        """Show one more entry; `level` is one of the module logging."""
        self._lines.append((level, text))
        if self._is_wanted(level, text):
            bar = self._text.verticalScrollBar()
            at_end = bar.value() == bar.maximum()
            self._write(level, text)
            if at_end:
                bar.setValue(bar.maximum())

    def shown(self) -> str:
        """The lines that pass the filters."""
        return self._text.toPlainText()

    def clear(self) -> None:
        """Let go of all lines."""
        self._lines.clear()
        self._text.clear()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_text"):
            self._show_all()

    def _level_field(self) -> QComboBox:
        field = QComboBox()
        field.addItem(self.tr("Everything"), logging.NOTSET)
        field.addItem(self.tr("News and worse"), logging.INFO)
        field.addItem(self.tr("Warnings and worse"), logging.WARNING)
        field.addItem(self.tr("Errors"), logging.ERROR)
        field.setAccessibleName(self.tr("Level"))
        field.setToolTip(self.tr("How grave a line must be to be shown"))
        return field

    def _search_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(self.tr("Search"))
        field.setAccessibleName(self.tr("Search the log"))
        field.setToolTip(self.tr("Show only lines with this text"))
        field.setClearButtonEnabled(True)
        field.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        return field

    def _tool(self, picture: str, name: str, hint: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(picture))
        button.setIconSize(QSize(18, 18))
        button.setAccessibleName(name)
        tell(button, hint)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _is_wanted(self, level: int, text: str) -> bool:
        word = self._search.text().strip().lower()
        return level >= int(self._level.currentData()) and word in text.lower()

    def _show_all(self) -> None:
        self._text.clear()
        for level, text in self._lines:
            if self._is_wanted(level, text):
                self._write(level, text)
        bar = self._text.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _write(self, level: int, text: str) -> None:
        letters = QTextCharFormat()
        letters.setForeground(self._colour(level))
        cursor = QTextCursor(self._text.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if not self._text.document().isEmpty():
            cursor.insertBlock()
        cursor.insertText(text, letters)

    def _colour(self, level: int) -> QColor:
        if level >= logging.ERROR:
            return warning(self.palette())
        if level >= logging.WARNING:
            return self.palette().color(QPalette.ColorRole.Link)
        if level >= logging.INFO:
            return self.palette().color(QPalette.ColorRole.Text)
        return quiet(self.palette())

    def _copy(self) -> None:
        marked = self._text.textCursor().selectedText().replace("\u2029", "\n")
        QGuiApplication.clipboard().setText(marked or self.shown())
