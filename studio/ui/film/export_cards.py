"""The films that are written as a list model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from studio.ui.images import image_of
from studio.ui.panels.cards import CARD, Card
from studio.ui.status import duration
from studio.work.facts import FilmNews

_Index = QModelIndex | QPersistentModelIndex


class ExportCards(QAbstractListModel):
    """Films in the order in which they are written."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.films: tuple[FilmNews, ...] = ()

    def set_films(self, films: Sequence[FilmNews]) -> None:
        """Show other films, or the same ones further on."""
        same = [film.id for film in films] == [film.id for film in self.films]
        if not same:
            self.beginResetModel()
        self.films = tuple(films)
        if not same:
            self.endResetModel()
        elif films:
            self.dataChanged.emit(self.index(0, 0), self.index(len(films) - 1, 0))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.films)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        film = self.films[index.row()]
        if role == CARD:
            return Card(
                title=film.path.name,
                details=self.line(film),
                thumbnail=None if film.picture is None else image_of(film.picture),
                warns=film.state == "failed",
                progress=film.done / max(film.count, 1) if film.state == "working" else None,
                lit=film.state == "working",
                faint=film.state == "cancelled",
            )
        if role == Qt.ItemDataRole.DisplayRole:
            return film.path.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{film.path}\n{self.line(film)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{film.path.name}, {self.line(film)}"
        return None

    def line(self, film: FilmNews) -> str:
        """How far a film is."""
        if film.state == "failed" and film.fault is not None:
            return film.fault.sentence
        if film.state == "working" and not film.count:
            return self.tr("Getting ready…")
        if film.state == "working":
            words = self.tr("{done} of {count} frames").format(done=film.done, count=film.count)
            if film.left is None:
                return words
            left = self.tr("{time} left").format(time=duration(film.left))
            return f"{words} · {left}"
        done = self.tr("Done, {size}").format(size=file_size(film.bytes, self))
        return {
            "waiting": self.tr("Waiting"),
            "done": f"{done} · {film.note}" if film.note else done,
            "cancelled": self.tr("Cancelled; nothing is left of it"),
        }.get(film.state, "")


def file_size(count: int, widget: QObject) -> str:
    """Bytes as people read them."""
    for power, unit in ((1e9, widget.tr("{n} GB")), (1e6, widget.tr("{n} MB"))):
        if count >= power:
            return unit.format(n=f"{count / power:.1f}")
    return widget.tr("{n} kB").format(n=max(1, round(count / 1e3)))
