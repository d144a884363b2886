"""The stops of a morph as a list model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

from studio.core.film import Place, Stop
from studio.ui.panels.cards import CARD, Card

_Index = QModelIndex | QPersistentModelIndex


class StopCards(QAbstractListModel):
    """Stops from first to last, each with its picture."""

    def __init__(self, eases: Mapping[str, str], parent: QObject) -> None:
        """`eases`: what each is called."""
        super().__init__(parent)
        self.stops: tuple[Stop, ...] = ()
        self._eases = eases
        self._takes: Mapping[int, str] = {}
        self._pictures: dict[Place, QImage] = {}

    def set_stops(self, stops: Sequence[Stop]) -> None:
        """Show other stops, or the same ones otherwise."""
        same = len(stops) == len(self.stops)
        if not same:
            self.beginResetModel()
        self.stops = tuple(stops)
        if not same:
            self.endResetModel()
        self._redraw()

    def set_takes(self, takes: Mapping[int, str]) -> None:
        """Names of the takes; with more than one, stops say theirs."""
        self._takes = takes
        self._redraw()

    def set_picture(self, place: Place, picture: QImage) -> None:
        """The small picture of an iteration."""
        self._pictures[place] = picture
        self._redraw()

    def missing(self) -> list[Place]:
        """Stops that have no picture yet."""
        places = dict.fromkeys(Place(each.take, each.iteration) for each in self.stops)
        return [place for place in places if place not in self._pictures]

    def forget(self) -> None:
        """Another project has other pictures."""
        self._pictures.clear()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.stops)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        stop = self.stops[index.row()]
        if role == CARD:
            place = Place(stop.take, stop.iteration)
            return Card(self._title(stop), self._line(index.row()), self._pictures.get(place))
        if role == Qt.ItemDataRole.DisplayRole:
            return self._title(stop)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{self._title(stop)}, {self._line(index.row())}"
        return None

    def _redraw(self) -> None:
        if self.stops:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.stops) - 1, 0))

    def _title(self, stop: Stop) -> str:
        title = self.tr("Iteration {n}").format(n=stop.iteration)
        take = self._takes.get(stop.take)
        return f"{title} · {take}" if take is not None and len(self._takes) > 1 else title

    def _line(self, row: int) -> str:
        stop = self.stops[row]
        rests = self.tr("rests {hold} s").format(hold=f"{stop.hold:g}")
        if row == len(self.stops) - 1:
            return rests
        goes = self.tr("{travel} s to the next, {ease}").format(
            travel=f"{stop.travel:g}", ease=self._eases[stop.ease].lower()
        )
        return f"{rests} · {goes}"
