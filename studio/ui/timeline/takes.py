"""The list of takes beside their tracks: a tree, one line for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QMenu, QWidget

from studio.ui.icons import icon
from studio.ui.timeline.rows import TRACK
from studio.ui.timeline.take_line import TRACK_ROLE, TakeLine
from studio.ui.timeline.tree import Track

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
OWN_KEYS = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_F2,
)
"""Others belong to the timeline."""


class Takes(QAbstractListModel):
    """The tracks as a model; a name that is edited is told, not kept."""

    renamed = Signal(int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tracks: tuple[Track, ...] = ()

    def show(self, tracks: Sequence[Track]) -> None:
        """The same takes in the same places keep their lines, and an editor that is open."""
        before, self._tracks = self._tracks, tuple(tracks)
        if [each.take.number for each in before] != [each.take.number for each in tracks]:
            self.beginResetModel()
            self.endResetModel()
        elif before != self._tracks:
            self.dataChanged.emit(self.index(0), self.index(len(tracks) - 1))

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._tracks)

    def row_of(self, number: int | None) -> int | None:
        numbers = [each.take.number for each in self._tracks]
        return numbers.index(number) if number in numbers else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._tracks):
            return None
        track = self._tracks[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return track.take.name
        if role == TRACK_ROLE:
            return track
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._described(track)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        take = self._tracks[index.row()].take
        name = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or not name or name == take.name:
            return False
        self.renamed.emit(take.number, name)
        return True

    def _described(self, track: Track) -> str:
        names = {each.take.number: each.take.name for each in self._tracks}
        take = track.take
        if take.parent in names:
            return self.tr("{name}, {count} iterations, from {parent} at {at}").format(
                name=take.name, count=take.length, parent=names[take.parent], at=take.branched_at
            )
        return self.tr("{name}, {count} iterations").format(name=take.name, count=take.length)


class TakeList(QListView):
    """Shows the takes; tells which one is wanted and what is to be done to it."""

    take_chosen = Signal(int)
    take_renamed = Signal(int, str)
    deletion_wanted = Signal(int)
    branch_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._takes = Takes(self)
        self._shown: int | None = None
        """The take that is current as far as everybody knows."""
        self._takes.renamed.connect(self.take_renamed)
        self.setModel(self._takes)
        self.setItemDelegate(TakeLine(self))
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet(
            "QListView { border: none; border-radius: 0; background: palette(window); }"
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(TRACK)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.setAccessibleName(self.tr("Takes"))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, TRACK)

    def show_tracks(self, tracks: Sequence[Track], current: int | None) -> None:
        self._takes.show(tracks)
        row = self._takes.row_of(current)
        index = QModelIndex() if row is None else self._takes.index(row)
        if index != self.currentIndex():
            self._shown = current
            self.setCurrentIndex(index)
        self._shown = current

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex())

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Also called for what `show_tracks` does, when it is no news."""
        super().currentChanged(current, previous)
        track = current.data(TRACK_ROLE)
        if isinstance(track, Track) and track.take.number != self._shown:
            self._shown = track.take.number
            self.take_chosen.emit(track.take.number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in OWN_KEYS:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Delete and self._shown is not None:
            self.deletion_wanted.emit(self._shown)
        else:
            event.ignore()

    def _open_menu(self, at: QPoint) -> None:
        track = self.indexAt(at).data(TRACK_ROLE)
        if isinstance(track, Track):
            menu = self.menu_for(track)
            menu.popup(self.viewport().mapToGlobal(at))

    def menu_for(self, track: Track) -> QMenu:
        number = track.take.number
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rename = menu.addAction(icon("text"), self.tr("Rename"))
        rename.triggered.connect(lambda: self.rename(number))
        branch = menu.addAction(icon("branch"), self.tr("Branch from here"))
        branch.triggered.connect(lambda: self.branch_wanted.emit(number))
        menu.addSeparator()
        delete = menu.addAction(icon("trash"), self.tr("Delete take"))
        delete.triggered.connect(lambda: self.deletion_wanted.emit(number))
        return menu

    def rename(self, number: int) -> None:
        """Open the name of a take to be edited in place."""
        row = self._takes.row_of(number)
        if row is not None:
            self.edit(self._takes.index(row))
