"""The preferences: pages of rows, the page of keys, and a search through all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.project.preferences import MOST_ITERATIONS, MOST_RECENT, Preferences
from studio.ui.dialogs.key_table import Command, KeyTable
from studio.ui.dialogs.parts import GAP, MARGIN, button_row, number
from studio.ui.dialogs.rows import Page, Row
from studio.ui.icons import icon
from studio.ui.panels.labels import Note
from studio.ui.tips import tell


class PreferencesDialog(QDialog):
    """Shows preferences and asks for others."""

    accepted_preferences = Signal(object)
    """The `Preferences` as they should be."""

    def __init__(
        self,
        preferences: Preferences,
        devices: Sequence[tuple[str, str]],
        commands: Sequence[Command],
        parent: QWidget | None = None,
    ) -> None:
        """`devices` are those of this computer: (id, text), without "auto"."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Preferences"))
        self.resize(860, 560)
        self._before = preferences
        self._make_fields(preferences, devices)
        self._keys = KeyTable(commands, preferences.keys)
        self._search = self._search_field()
        self._list = QListWidget()
        self._list.ensurePolished()
        self._stack = QStackedWidget()
        self._pages: list[Page | KeyTable] = []
        self._note = Note()
        self._save = QPushButton(self.tr("Save"))
        self._add_page(self.tr("General"), "settings", Page(self._general_rows()))
        self._add_page(self.tr("Painting"), "paint", Page(self._painting_rows()))
        self._add_page(self.tr("Keys"), "keyboard", self._keys)
        self._lay_out()
        self._connect()
        self._list.setCurrentRow(0)
        self._list.setFocus()

    def _make_fields(self, shown: Preferences, devices: Sequence[tuple[str, str]]) -> None:
        self._theme = _choice([("dark", self.tr("Dark")), ("light", self.tr("Light"))], shown.theme)
        moments = [
            ("each", self.tr("After each painting")),
            ("queue", self.tr("When the queue is done")),
            ("never", self.tr("Never")),
        ]
        self._notify = _choice(moments, shown.notify)
        self._recent = number(0, MOST_RECENT, shown.recent_limit)
        here = [("auto", self.tr("The fastest there is")), *devices]
        if shown.device not in dict(here):
            absent = self.tr("{device} (not on this computer)").format(device=shown.device)
            here.append((shown.device, absent))
        self._device = _choice(here, shown.device)
        self._iterations = number(1, MOST_ITERATIONS, shown.iterations)
        self._in_png = QCheckBox()
        self._in_png.setChecked(shown.picture_settings_in_png)

    def _general_rows(self) -> list[Row]:
        return [
            Row(
                self.tr("Look"),
                self.tr("Dark or light; both are grey, so that colours can be judged."),
                self._theme,
            ),
            Row(
                self.tr("Notify"),
                self.tr("When to tell that painting is done, while the window is not in front."),
                self._notify,
            ),
            Row(
                self.tr("Recent projects"),
                self.tr("How many projects the first page and the menu remember."),
                self._recent,
            ),
        ]

    def _painting_rows(self) -> list[Row]:
        return [
            Row(
                self.tr("Device"),
                self.tr("What computes the pictures. A change holds from the next start on."),
                self._device,
            ),
            Row(
                self.tr("Iterations"),
                self.tr("How many iterations a press of Paint paints."),
                self._iterations,
            ),
            Row(
                self.tr("Settings in pictures"),
                self.tr("Exported PNG files say how they were painted: prompts, seed and all."),
                self._in_png,
            ),
        ]

    def _search_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(self.tr("Search"))
        field.setAccessibleName(self.tr("Search the preferences"))
        field.setToolTip(self.tr("Show only what this word is about"))
        field.setClearButtonEnabled(True)
        field.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        find = QAction(self)
        find.setShortcut(QKeySequence(QKeySequence.StandardKey.Find))
        find.triggered.connect(field.setFocus)
        self.addAction(find)
        return field

    def _add_page(self, title: str, picture: str, page: Page | KeyTable) -> None:
        self._pages.append(page)
        self._stack.addWidget(page)
        self._list.addItem(QListWidgetItem(icon(picture), title))

    def _lay_out(self) -> None:
        self._list.setAccessibleName(self.tr("Pages"))
        self._list.setToolTip(self.tr("Choose what to change"))
        self._list.setIconSize(QSize(20, 20))
        self._list.setFixedWidth(170)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self._search)
        left.addWidget(self._list, 1)
        self._search.setFixedWidth(170)
        middle = QHBoxLayout()
        middle.setSpacing(28)
        middle.addLayout(left)
        middle.addWidget(self._stack, 1)
        cancel = QPushButton(self.tr("Cancel"))
        tell(cancel, self.tr("Leave everything as it was"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        tell(self._save, self.tr("Keep these preferences"))
        self._save.setDefault(True)
        buttons = button_row(cancel, self._save)
        buttons.insertWidget(0, self._note, 20)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP + 6)
        column.addLayout(middle, 1)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self._list.currentRowChanged.connect(self._stack.setCurrentIndex)
        self._search.textChanged.connect(self._filter)
        self._keys.changed.connect(self._check_keys)
        self._save.clicked.connect(self._accept)

    def _filter(self, text: str) -> None:
        found = [page.filter(text.strip()) for page in self._pages]
        for row, hits in enumerate(found):
            item = self._list.item(row)
            flags = item.flags()
            able = Qt.ItemFlag.ItemIsEnabled
            item.setFlags(flags | able if hits else flags & ~able)
        if any(found) and not found[self._stack.currentIndex()]:
            self._list.setCurrentRow(next(row for row, hits in enumerate(found) if hits))
        nothing = self.tr("Nothing here is about “{text}”.").format(text=text.strip())
        self._note.say("" if any(found) else nothing)
        self._stack.setVisible(any(found))

    def _check_keys(self) -> None:
        clashes = self._keys.clashes()
        self._save.setEnabled(not clashes)
        keys = ", ".join(dict.fromkeys(key for _, _, key in clashes))
        told = self.tr("Two commands have the key {keys}; change one of them.").format(keys=keys)
        self._note.say(told if clashes else "", warns=True)

    def _accept(self) -> None:
        self.accepted_preferences.emit(
            msgspec.structs.replace(
                self._before,
                theme=self._theme.currentData(),
                notify=self._notify.currentData(),
                recent_limit=self._recent.whole,
                device=self._device.currentData(),
                iterations=self._iterations.whole,
                picture_settings_in_png=self._in_png.isChecked(),
                keys=self._keys.keys(),
            )
        )
        self.accept()


def _choice(options: Sequence[tuple[str, str]], chosen: Any) -> QComboBox:
    field = QComboBox()
    for value, text in options:
        field.addItem(text, value)
    field.setCurrentIndex(field.findData(chosen))
    field.setMinimumWidth(200)
    return field
