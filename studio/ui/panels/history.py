"""The prompts of earlier paintings, to search and to go back to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from studio.core.settings import Settings
from studio.ui.icons import icon
from studio.ui.panels.card_list import CardList, Hint
from studio.ui.panels.cards import CARD, Card

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Entry:
    """One earlier painting: what was asked for, when, and how it looked."""

    prompts_text: str
    settings: Settings
    when: str
    thumbnail: QImage | None


class PromptHistoryPanel(QWidget):
    """Earlier prompts with all their settings, the newest first."""

    restored = Signal(object)
    """A person wants this `Entry` again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Entries(self)
        self._found = _Found(self)
        self._found.setSourceModel(self._model)
        self._search = QLineEdit(self)
        self._search.setPlaceholderText(self.tr("Search earlier prompts"))
        self._search.setAccessibleName(self.tr("Search earlier prompts"))
        self._search.setToolTip(self.tr("Show only paintings whose prompts have these words"))
        self._search.setClearButtonEnabled(True)
        self._search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._search.textChanged.connect(self._searched)
        self._search.installEventFilter(self)
        self._list = CardList(self)
        self._list.setModel(self._found)
        self._list.setAccessibleName(self.tr("Earlier prompts"))
        self._list.setToolTip(self.tr("Click to paint with these prompts and settings again"))
        self._list.picked.connect(self._picked)
        self._list.clicked.connect(self._picked)
        self._hint = Hint(self)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._list)
        self._pages.addWidget(self._hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self._search)
        column.addWidget(self._pages, 1)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._go_to_search)
        self._show_state()

    @property
    def shown(self) -> tuple[Entry, ...]:
        """The entries that the search has left, from top to bottom."""
        rows = range(self._found.rowCount())
        return tuple(self._entry(self._found.index(row, 0)) for row in rows)

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Show other entries, the newest first."""
        self._model.set_entries(entries)
        self._show_state()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search the arrow goes down into the list, and Enter takes the first."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Down and self._found.rowCount():
                self._list.setFocus(Qt.FocusReason.TabFocusReason)
                self._list.setCurrentIndex(self._found.index(0, 0))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._found.rowCount():
                self._picked(self._found.index(0, 0))
                return True
        return super().eventFilter(watched, event)

    def _searched(self, words: str) -> None:
        self._found.set_words(words)
        self._show_state()

    def _picked(self, index: QModelIndex) -> None:
        self.restored.emit(self._entry(index))

    def _entry(self, index: QModelIndex) -> Entry:
        return self._model.entries[self._found.mapToSource(index).row()]

    def _go_to_search(self) -> None:
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def _show_state(self) -> None:
        if not self._model.entries:
            self._hint.say(
                "history",
                self.tr("Prompts you have painted with are kept here, with their settings."),
            )
        else:
            self._hint.say("search", self.tr("No earlier prompt has these words."))
        self._pages.setCurrentWidget(self._list if self._found.rowCount() else self._hint)
        self._search.setEnabled(bool(self._model.entries))


class _Entries(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: tuple[Entry, ...] = ()

    def set_entries(self, entries: Sequence[Entry]) -> None:
        self.beginResetModel()
        self.entries = tuple(entries)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entries[index.row()]
        if role == CARD:
            width, height = entry.settings.size
            details = self.tr("{when} · {width} x {height} · seed {seed}")
            return Card(
                title=entry.prompts_text,
                details=details.format(
                    when=entry.when, width=width, height=height, seed=entry.settings.seed
                ),
                thumbnail=entry.thumbnail,
            )
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return entry.prompts_text
        return None


class _Found(QSortFilterProxyModel):
    """The entries that have all the words."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._words: list[str] = []

    def set_words(self, text: str) -> None:
        self._words = text.casefold().split()
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: _Index) -> bool:
        text = self.sourceModel().index(row, 0, parent).data().casefold()
        return all(word in text for word in self._words)
