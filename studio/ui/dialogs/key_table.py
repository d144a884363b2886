"""The page of keys: every command with its keys, to change, to clear and to reset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.ui.panels.labels import Note
from studio.ui.tips import tell

Command = tuple[str, str, str]
"""Id, text, default keys; several keys are written "Ctrl+Y; Ctrl+Shift+Z"."""

_PORTABLE = QKeySequence.SequenceFormat.PortableText
_NATIVE = QKeySequence.SequenceFormat.NativeText
_NO_MATCH = QKeySequence.SequenceMatch.NoMatch


class KeyTable(QWidget):
    """Which keys the commands have. Two commands never keep the same key unnoticed."""

    changed = Signal()

    def __init__(
        self,
        commands: Sequence[Command],
        keys: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._texts = {name: text for name, text, _ in commands}
        self._defaults = {name: default for name, _, default in commands}
        self._keys = {name: keys.get(name, default) for name, _, default in commands}
        self._strange = {name: key for name, key in keys.items() if name not in self._texts}
        self._items = {name: QTreeWidgetItem([text]) for name, text, _ in commands}
        self._table = self._filled_table()
        self._name = QLabel()
        self._edit = QKeySequenceEdit()
        self._clear = QPushButton(self.tr("No key"))
        self._reset = QPushButton(self.tr("Reset"))
        self._reset_all = QPushButton(self.tr("Reset all"))
        self._clash = Note()
        self._take = QPushButton()
        self._name_parts()
        self._lay_out()
        self._connect()
        self._tell()
        if commands:
            self._table.setCurrentItem(self._items[commands[0][0]])

    def keys(self) -> dict[str, str]:
        """The keys that are not the default ones, by the ids of their commands."""
        changed = {name: key for name, key in self._keys.items() if self._is_changed(name)}
        return {**self._strange, **changed}

    def clashes(self) -> list[tuple[str, str, str]]:
        """Pairs of commands that would get in each other's way since keys were changed, and how."""
        return [
            (one, other, key.toString(_NATIVE))
            for place, one in enumerate(self._keys)
            for other in list(self._keys)[place + 1 :]
            if self._is_changed(one) or self._is_changed(other)
            for key in self._shared(one, other)
        ]

    def filter(self, text: str) -> int:
        """Show only commands with this text in their name or keys; how many there are."""
        shown = 0
        for item in self._items.values():
            holds = any(text.lower() in item.text(column).lower() for column in (0, 1))
            item.setHidden(not holds)
            shown += holds
        return shown

    def _filled_table(self) -> QTreeWidget:
        table = QTreeWidget()
        table.ensurePolished()  # rows measured before are too low for the style sheet
        table.setHeaderLabels([self.tr("Command"), self.tr("Keys")])
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setAlternatingRowColors(True)
        table.setAccessibleName(self.tr("Commands and their keys"))
        table.setToolTip(self.tr("Choose a command to change its keys below"))
        for name, item in self._items.items():
            item.setData(0, Qt.ItemDataRole.UserRole, name)
            table.addTopLevelItem(item)
        table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        table.header().setStretchLastSection(False)
        table.header().resizeSection(1, 190)
        return table

    def _name_parts(self) -> None:
        self._edit.setMaximumSequenceLength(1)
        self._edit.setAccessibleName(self.tr("Key of the command"))
        self._edit.setToolTip(self.tr("Click here and press the key that should do this"))
        tell(self._clear, self.tr("Leave the command without a key"))
        tell(self._reset, self.tr("Give the command the key that it had at first"))
        tell(self._reset_all, self.tr("Give every command the key that it had at first"))
        self._take.setAccessibleName(self.tr("Take the key from the other command"))
        tell(self._take, self.tr("The other command is left without this key"))
        for button in (self._clear, self._reset, self._reset_all, self._take):
            button.setAutoDefault(False)

    def _lay_out(self) -> None:
        editing = QHBoxLayout()
        editing.setSpacing(8)
        editing.addWidget(self._name, 1)
        editing.addWidget(self._edit)
        editing.addWidget(self._clear)
        editing.addWidget(self._reset)
        editing.addSpacing(10)
        editing.addWidget(self._reset_all)
        self._edit.setMaximumWidth(150)
        words = QHBoxLayout()
        words.addWidget(self._clash, 1)
        words.addWidget(self._take)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._table, 1)
        column.addLayout(editing)
        column.addLayout(words)

    def _connect(self) -> None:
        self._table.currentItemChanged.connect(self._show_current)
        self._edit.keySequenceChanged.connect(self._set_pressed)
        self._clear.clicked.connect(self._set_none)
        self._reset.clicked.connect(self._set_default)
        self._reset_all.clicked.connect(self._set_all_default)
        self._take.clicked.connect(self._take_from_other)

    def _current(self) -> str:
        item = self._table.currentItem()
        return "" if item is None else str(item.data(0, Qt.ItemDataRole.UserRole))

    def _show_current(self) -> None:
        name = self._current()
        self._name.setText(self._texts.get(name, ""))
        ways = _sequences(self._keys.get(name, ""))
        self._edit.blockSignals(True)
        self._edit.setKeySequence(ways[0] if ways else QKeySequence())
        self._edit.blockSignals(False)
        self._tell()

    def _set_pressed(self, pressed: QKeySequence) -> None:
        self._set(self._current(), pressed.toString(_PORTABLE))

    def _set_none(self) -> None:
        self._set(self._current(), "")

    def _set_default(self) -> None:
        self._set(self._current(), self._defaults.get(self._current(), ""))

    def _set_all_default(self) -> None:
        self._keys = dict(self._defaults)
        self._show_current()
        self.changed.emit()

    def _take_from_other(self) -> None:
        name = self._current()
        for other in self._others_that_clash(name):
            taken = self._shared(name, other) + self._shared(other, name)
            left = [way for way in _sequences(self._keys[other]) if way not in taken]
            self._keys[other] = QKeySequence.listToString(left, _PORTABLE)
        self._tell()
        self.changed.emit()

    def _set(self, name: str, keys: str) -> None:
        if name:
            self._keys[name] = keys
            self._show_current()
            self.changed.emit()

    def _tell(self) -> None:
        for name, item in self._items.items():
            ways = _sequences(self._keys[name])
            item.setText(1, QKeySequence.listToString(ways, _NATIVE).replace("; ", "  /  "))
            font = QFont()
            font.setBold(self._is_changed(name))
            item.setFont(1, font)
        name = self._current()
        self._reset.setEnabled(bool(name) and self._is_changed(name))
        self._reset_all.setEnabled(any(map(self._is_changed, self._keys)))
        self._clear.setEnabled(bool(self._keys.get(name)))
        self._tell_clash(name)

    def _tell_clash(self, name: str) -> None:
        others = [self._texts[each] for each in self._others_that_clash(name)]
        self._take.setVisible(bool(others))
        if others:
            told = self.tr("The key also belongs to {others}.").format(others=", ".join(others))
            self._clash.say(told, warns=True)
            self._take.setText(self.tr("Take it from {others}").format(others=", ".join(others)))
        else:
            self._clash.say("")

    def _others_that_clash(self, name: str) -> list[str]:
        pairs = [(one, other) for one, other, _ in self.clashes() if name in (one, other)]
        return list(dict.fromkeys(other if one == name else one for one, other in pairs))

    def _shared(self, one: str, other: str) -> list[QKeySequence]:
        return list(_overlapping(_sequences(self._keys[one]), _sequences(self._keys[other])))

    def _is_changed(self, name: str) -> bool:
        return _sequences(self._keys[name]) != _sequences(self._defaults[name])


def _sequences(keys: str) -> list[QKeySequence]:
    return [way for way in QKeySequence.listFromString(keys, _PORTABLE) if not way.isEmpty()]


def _overlapping(
    ones: Sequence[QKeySequence], others: Sequence[QKeySequence]
) -> Iterator[QKeySequence]:
    """Those of `ones` that are, begin, or begin with one of `others`."""
    for one in ones:
        if any(one.matches(each) != _NO_MATCH or each.matches(one) != _NO_MATCH for each in others):
            yield one
