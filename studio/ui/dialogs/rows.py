"""Rows of preferences: what is chosen, what it means, and the field to choose it in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.ui.panels.labels import Note
from studio.ui.tips import tell


class Row(QWidget):
    """A title and a hint to the left, the field to the right."""

    def __init__(
        self, title: str, hint: str, field: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words = f"{title} {hint}".lower()
        name = QLabel(title)
        name.setBuddy(field)
        field.setAccessibleName(title)
        field.setAccessibleDescription(hint)
        tell(field, hint)
        said = Note()
        said.say(hint)
        texts = QVBoxLayout()
        texts.setSpacing(3)
        texts.addWidget(name)
        texts.addWidget(said)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        row.addLayout(texts, 1)
        row.addWidget(field, 0, Qt.AlignmentFlag.AlignVCenter)

    def filter(self, text: str) -> bool:
        """Show the row only if it speaks of the text; whether it does."""
        holds = text.lower() in self._words
        self.setVisible(holds)
        return holds


class Page(QWidget):
    """Rows below each other."""

    def __init__(self, rows: Sequence[Row], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(22)
        for row in rows:
            column.addWidget(row)
        column.addStretch(1)

    def filter(self, text: str) -> int:
        """Show only rows that speak of the text; how many there are."""
        return sum([row.filter(text) for row in self._rows])
