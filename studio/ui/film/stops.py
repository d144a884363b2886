"""The stops that a morph comes through: put in order by dragging, and set one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from studio.core.film import Place, Stop
from studio.ui.film.fields import LONGEST
from studio.ui.film.stop_cards import StopCards
from studio.ui.film.words import FilmWords
from studio.ui.panels.buttons import IconButton
from studio.ui.panels.card_list import CardList, Hint
from studio.ui.panels.fields import ChoiceField
from studio.ui.panels.form import Form
from studio.ui.panels.numbers import NumberBox

_HEIGHT = 236
"""Of the list: three stops and the edge of a fourth, which says that there are more."""


class StopsPanel(QWidget):
    """Shows stops and tells how a person wants them."""

    edited = Signal(tuple, str, str)
    """The stops, words for the undo list, and what may be merged ("" never)."""
    addition_wanted = Signal()
    picked = Signal(int)
    """A person wants to see the stop of this row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        eases = FilmWords(self).eases()
        self._cards = StopCards({value: words for value, words, _ in eases}, self)
        self._goes_to: int | None = None
        self.list = CardList(self, drags=True)
        self.list.setModel(self._cards)
        self.list.setAccessibleName(self.tr("Stops"))
        self.list.setToolTip(self.tr("Drag stops to put them in order, or press Alt+Up, Alt+Down"))
        self.list.moved.connect(self._move_to)
        self.list.picked.connect(self._pick)
        self.list.set_keys(
            {
                "Alt+Up": partial(self._move, -1),
                "Alt+Down": partial(self._move, 1),
                "Del": self._remove,
                "Backspace": self._remove,
                "Ctrl+D": self._duplicate,
            }
        )
        self.list.selectionModel().selectionChanged.connect(self._show_current)
        hint = Hint(self)
        hint.say(
            "keyframe",
            self.tr(
                "Go to pictures that you like on the timeline and add them here. Until then the "
                "film goes from the first iteration to the last, by the keyframes."
            ),
        )
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.list)
        self._pages.addWidget(hint)
        self._pages.setFixedHeight(_HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._tools())
        column.addWidget(self._pages)
        column.addWidget(self._fields(eases))
        self._show_current()

    @property
    def stops(self) -> tuple[Stop, ...]:
        """The stops shown."""
        return self._cards.stops

    def set_stops(self, stops: Sequence[Stop]) -> None:
        """Show stops without telling of it; the selection stays where it is."""
        if tuple(stops) == self.stops:
            return
        row = self.list.selected_row if self._goes_to is None else self._goes_to
        grown = len(stops) == len(self.stops) + 1 and self._goes_to is None
        self._goes_to = None
        self._cards.set_stops(stops)
        row = len(stops) - 1 if grown else min(row, len(stops) - 1)
        if row >= 0:
            self.list.setCurrentIndex(self._cards.index(row, 0))
        self._show_current()

    def set_takes(self, takes: Mapping[int, str]) -> None:
        """What the takes are called."""
        self._cards.set_takes(takes)

    def set_picture(self, place: Place, picture: QImage) -> None:
        """The small picture of an iteration."""
        self._cards.set_picture(place, picture)

    def missing(self) -> list[Place]:
        """Stops that have no picture yet."""
        return self._cards.missing()

    def forget(self) -> None:
        """Another project has other pictures."""
        self._cards.forget()

    def set_can_add(self, can: bool) -> None:
        """Whether there is a frame under the playhead."""
        self.add.setEnabled(can)

    def commit(self) -> None:
        """Take over a number that is still being typed."""
        for box in (self.hold, self.travel):
            box.commit()

    def _tools(self) -> QHBoxLayout:
        self.add = IconButton(
            "add",
            self.tr("Add the frame shown"),
            self.tr("Add the iteration under the playhead as a stop (also in the timeline's menu)"),
            text=True,
        )
        self.add.clicked.connect(self.addition_wanted)
        self._row_tools = [
            IconButton("copy", self.tr("Once more"), self.tr("Come here twice"), key="Ctrl+D"),
            IconButton("up", self.tr("Earlier"), self.tr("Move this stop up"), key="Alt+Up"),
            IconButton("down", self.tr("Later"), self.tr("Move this stop down"), key="Alt+Down"),
            IconButton("trash", self.tr("Remove"), self.tr("Leave this stop out (Delete)")),
        ]
        acts = (self._duplicate, partial(self._move, -1), partial(self._move, 1), self._remove)
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(self.add)
        row.addStretch(1)
        for button, act in zip(self._row_tools, acts, strict=True):
            button.clicked.connect(act)
            row.addWidget(button)
        return row

    def _fields(self, eases: Sequence[tuple[str, str, str]]) -> QWidget:
        self.hold, self.travel = NumberBox(0, LONGEST, 0.5), NumberBox(0, LONGEST, 0.5)
        self.ease = ChoiceField(self.tr("Way to the next stop"))
        self.ease.set_choices(eases)
        for box, name in ((self.hold, self.tr("Rest")), (self.travel, self.tr("Travel"))):
            box.setAccessibleName(self.tr("{name} in seconds").format(name=name))
            box.setSuffix(self.tr(" s"))
        form = Form(self)
        self._rows = [
            form.add(self.tr("Rest"), self.hold, self.tr("Seconds that the film rests here")),
            form.add(self.tr("Travel"), self.travel, self.tr("Seconds to the next stop")),
            form.add(self.tr("Way"), self.ease, self.tr("How the film goes to the next stop")),
        ]
        for row in self._rows:
            row.set_shown(True)
        self.hold.chosen.connect(partial(self._set, "hold", self.tr("Rest at a stop")))
        self.travel.chosen.connect(partial(self._set, "travel", self.tr("Travel to a stop")))
        self.ease.chosen.connect(partial(self._set, "ease", self.tr("Way to a stop")))
        return form

    def _show_current(self) -> None:
        row, count = self.list.selected_row, len(self.stops)
        self._pages.setCurrentIndex(0 if count else 1)
        _, up, down, _ = self._row_tools
        for button in self._row_tools:
            button.setEnabled(row >= 0)
        up.setEnabled(row > 0)
        down.setEnabled(0 <= row < count - 1)
        nothing = self.tr("Select a stop first.")
        last = self.tr("There is no stop after this one.")
        self._rows[0].set_fixed("" if row >= 0 else nothing)
        for each in self._rows[1:]:
            each.set_fixed(nothing if row < 0 else last if row == count - 1 else "")
        if 0 <= row < count:
            stop = self.stops[row]
            self.hold.show_value(stop.hold)
            self.travel.show_value(stop.travel)
            self.ease.show_value(stop.ease)

    def _set(self, name: str, text: str, value: Any) -> None:
        row = self.list.selected_row
        if row >= 0:
            stops = list(self.stops)
            stops[row] = msgspec.structs.replace(stops[row], **{name: value})
            self._goes_to = row
            self.edited.emit(tuple(stops), text, f"{name} {row}")

    def _move(self, way: int) -> None:
        row = self.list.selected_row
        if row >= 0 and 0 <= row + way < len(self.stops):
            self._move_to(row, row + way)

    def _move_to(self, row: int, place: int) -> None:
        stops = list(self.stops)
        stops.insert(place, stops.pop(row))
        self._goes_to = place
        self.edited.emit(tuple(stops), self.tr("Order of the stops"), "")

    def _duplicate(self) -> None:
        row = self.list.selected_row
        if row >= 0:
            stops = list(self.stops)
            stops.insert(row + 1, stops[row])
            self._goes_to = row + 1
            self.edited.emit(tuple(stops), self.tr("A stop once more"), "")

    def _remove(self) -> None:
        row = self.list.selected_row
        if row >= 0:
            stops = list(self.stops)
            del stops[row]
            self._goes_to = max(min(row, len(stops) - 1), 0)
            self.edited.emit(tuple(stops), self.tr("Remove a stop"), "")

    def _pick(self, index: Any) -> None:
        self.picked.emit(index.row())
