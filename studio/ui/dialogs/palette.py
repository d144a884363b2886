"""The command palette: type a few letters of a command, choose it, and it is done."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.ui.tips import tell

SIZE = QSize(560, 420)
STEERS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class Palette(QDialog):
    """Every command with its key; those that cannot be done now are grey."""

    def __init__(self, actions: Iterable[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Commands"))
        self.resize(SIZE)
        self._wanted = QLineEdit()
        self._wanted.setPlaceholderText(self.tr("What shall be done?"))
        self._wanted.setAccessibleName(self.tr("Command"))
        self._wanted.setClearButtonEnabled(True)
        tell(self._wanted, self.tr("Type the beginnings of its words, in any order"))
        self._list = self._filled(actions)
        column = QVBoxLayout(self)
        column.addWidget(self._wanted)
        column.addWidget(self._list)
        self._wanted.installEventFilter(self)
        self._wanted.textChanged.connect(self.seek)
        self._wanted.returnPressed.connect(self._do_current)
        self._list.itemClicked.connect(self._do)
        self.seek("")
        self._wanted.setFocus()

    def shown(self) -> list[str]:
        """The names of the commands found, from top to bottom."""
        return [each.text(0) for each in self._items() if not each.isHidden()]

    @Slot(str)
    def seek(self, text: str) -> None:
        """Show the commands in which words begin with what is typed, in any order."""
        wanted = text.casefold().split()
        for item in self._items():
            item.setHidden(not begins(item.text(0), wanted))
        ready = [each for each in self._items() if not each.isHidden() and not each.isDisabled()]
        if ready:
            self._list.setCurrentItem(ready[0])
        else:
            self._list.setCurrentIndex(QModelIndex())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        steers = isinstance(event, QKeyEvent) and event.key() in STEERS
        if steers and event.type() == QEvent.Type.KeyPress:
            self._list.event(event)
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def _do_current(self) -> None:
        item = self._list.currentItem()
        if item is not None:
            self._do(item)

    @Slot(QTreeWidgetItem)
    def _do(self, item: QTreeWidgetItem) -> None:
        """Close first, so that the command finds the window as it was."""
        action = item.data(0, Qt.ItemDataRole.UserRole)
        if isinstance(action, QAction) and action.isEnabled():
            self.accept()
            action.trigger()

    def _items(self) -> list[QTreeWidgetItem]:
        tree = self._list
        found = (tree.topLevelItem(row) for row in range(tree.topLevelItemCount()))
        return [each for each in found if each is not None]

    def _filled(self, actions: Iterable[QAction]) -> QTreeWidget:
        tree = QTreeWidget()
        tree.ensurePolished()  # rows measured before are too low for the style sheet
        tree.setColumnCount(2)
        tree.setHeaderHidden(True)
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        tree.setAccessibleName(self.tr("Commands"))
        tell(tree, self.tr("Click a command to do it"))
        tree.header().setStretchLastSection(False)
        for action in actions:
            item = QTreeWidgetItem(tree, [plain(action.text()), _keys(action)])
            item.setIcon(0, action.icon())
            item.setData(0, Qt.ItemDataRole.UserRole, action)
            item.setToolTip(0, action.statusTip())
            item.setDisabled(not action.isEnabled())
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        return tree


def plain(text: str) -> str:
    """The words of a command without the mark of a menu."""
    return text.replace("&", "").rstrip("…")


def begins(text: str, wanted: Iterable[str]) -> bool:
    """Whether some word of a text begins with each of what is wanted."""
    words = text.casefold().replace("“", "").split()
    return all(any(word.startswith(each) for word in words) for each in wanted)


def _keys(action: QAction) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return "  /  ".join(each.toString(native) for each in action.shortcuts())
