"""The films that are written, one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.ui.film.export_cards import ExportCards
from studio.ui.panels.buttons import IconButton
from studio.ui.panels.card_list import CardList
from studio.ui.panels.labels import Note
from studio.work.facts import FilmNews


class ExportsPanel(QWidget):
    """Shows films on their way to a file and tells what a person wants done with them."""

    cancelled = Signal(int)
    removed = Signal(int)
    opened = Signal(int)
    folder_opened = Signal(int)
    details_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = ExportCards(self)
        self.list = CardList(self)
        self.list.setModel(self._cards)
        self.list.setAccessibleName(self.tr("Films being written"))
        self.list.setToolTip(self.tr("Films are written one after the other; painting goes on"))
        self.list.picked.connect(self._pick)
        self.list.set_keys({"Del": self._drop, "Backspace": self._drop})
        self.list.selectionModel().selectionChanged.connect(self._show_state)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 8)
        column.setSpacing(4)
        column.addLayout(self._tools())
        column.addWidget(self.list, 1)
        self.list.setMinimumHeight(74)
        self._show_state()

    @property
    def current(self) -> FilmNews | None:
        """The film that is selected, or the only one."""
        films, row = self._cards.films, self.list.selected_row
        if 0 <= row < len(films):
            return films[row]
        return films[0] if len(films) == 1 else None

    def set_films(self, films: Sequence[FilmNews]) -> None:
        """Show other films; a new one is selected, else the selection stays with its film."""
        before = self.current
        known = {film.id for film in self._cards.films}
        new = [film.id for film in films if film.id not in known]
        self._cards.set_films(films)
        self.setVisible(bool(films))
        wanted = new[-1] if new else None if before is None else before.id
        rows = [row for row, film in enumerate(films) if film.id == wanted]
        if rows and rows[0] != self.list.selected_row:
            self.list.setCurrentIndex(self._cards.index(rows[0], 0))
        self._show_state()

    def _tools(self) -> QHBoxLayout:
        title = Note(self, wraps=False)
        title.say(self.tr("Exports"))
        self.open = IconButton(
            "open", self.tr("Open"), self.tr("Show the film in a player"), text=True, key="Return"
        )
        self.folder = IconButton(
            "folder",
            self.tr("Open in folder"),
            self.tr("Show where the film is"),
            text=True,
        )
        self.details = IconButton(
            "info", self.tr("Details"), self.tr("What went wrong, to read and to copy"), text=True
        )
        self.cancel = IconButton("stop", self.tr("Cancel"), "", text=True)
        for button, act in (
            (self.open, self._open),
            (self.folder, self._open_folder),
            (self.details, self._want_details),
            (self.cancel, self._drop),
        ):
            button.clicked.connect(act)
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(title)
        row.addStretch(1)
        for button in (self.details, self.open, self.folder, self.cancel):
            row.addWidget(button)
        return row

    def _show_state(self) -> None:
        state = None if self.current is None else self.current.state
        for button in (self.open, self.folder):
            button.setVisible(state == "done")
        self.details.setVisible(state == "failed")
        self.cancel.setVisible(state is not None)
        if state in ("waiting", "working"):
            self.cancel.show_icon("stop")
            self.cancel.name(self.tr("Cancel"), self.tr("Stop; nothing is left of it (Delete)"))
        else:
            self.cancel.show_icon("close")
            self.cancel.name(
                self.tr("Clear"), self.tr("Take it off the list; the file stays (Delete)")
            )

    def _pick(self, index: QModelIndex) -> None:
        film = self._cards.films[index.row()]
        if film.state == "done":
            self.opened.emit(film.id)
        elif film.state == "failed":
            self.details_wanted.emit(film.id)

    def _open(self) -> None:
        if self.current is not None:
            self.opened.emit(self.current.id)

    def _open_folder(self) -> None:
        if self.current is not None:
            self.folder_opened.emit(self.current.id)

    def _want_details(self) -> None:
        if self.current is not None:
            self.details_wanted.emit(self.current.id)

    def _drop(self) -> None:
        film = self.current
        if film is None:
            return
        if film.state in ("waiting", "working"):
            self.cancelled.emit(film.id)
        else:
            self.removed.emit(film.id)
