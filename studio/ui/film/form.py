"""The form in which a film is ordered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.core.film import Order
from studio.film.formats import FORMATS
from studio.ui.film.fields import LengthField, SizeField
from studio.ui.film.forms import Field, FilmForms
from studio.ui.film.stops import StopsPanel
from studio.ui.film.words import FilmWords
from studio.ui.panels.fields import ChoiceField
from studio.ui.panels.fold import Fold
from studio.ui.panels.switch import Switch

_DRAGGED = ("polish", "fps", "range", "rests")
"""Edits of these merge on the undo list, as one drag or spin is many."""


class FilmForm(QWidget):
    """Shows an `Order` and tells which of its fields a person changes."""

    edited = Signal(dict, str, str)
    """Changed fields of `Order`, words for the undo list, and what may be merged ("" never)."""
    kind_chosen = Signal(str)
    preset_chosen = Signal(str)
    sound_wanted = Signal()
    marks_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._order = Order()
        self._takes: Mapping[int, str] = {}
        self._lengths: Mapping[int, int] = {}
        self.mode = Switch(self.tr("Kind of film"), FilmWords(self).modes())
        self.mode.chosen.connect(self._choose_mode)
        self.stops = StopsPanel()
        self.stops.edited.connect(self._edit_stops)
        self._forms = FilmForms(self)
        self._forms.chosen.connect(self._choose)
        self._forms.sound.wanted.connect(self.sound_wanted)
        self._forms.sound.cleared.connect(self._clear_sound)
        self._forms.marks.clicked.connect(self.marks_wanted)
        self.rows = self._forms.rows
        self.rows["take"].set_shown(False)
        self._timelapse = Fold(self.tr("Iterations"), self._forms.timelapse)
        self._stops = Fold(self.tr("Stops"), self.stops)
        self._morph = Fold(self.tr("Way"), self._forms.morph)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 6, 8)
        column.setSpacing(4)
        column.addWidget(self.mode)
        column.addSpacing(6)
        column.addWidget(self._timelapse)
        column.addWidget(self._stops)
        column.addWidget(self._morph)
        column.addWidget(Fold(self.tr("File"), self._forms.file))
        column.addStretch(1)
        self.set_order(self._order)

    # What is shown

    def set_order(self, order: Order) -> None:
        """Show an order without telling of it."""
        self._order = order
        morph = order.mode == "morph"
        self.mode.show_value(order.mode)
        self._timelapse.setVisible(not morph)
        self._stops.setVisible(morph)
        self._morph.setVisible(morph)
        for name in ("path", "loop", "pace", "requantize", "captions", "fps", "fit", "quality"):
            self._show(name, getattr(order, name))
        self._show("take", str(order.take))
        self._show("range", (order.first, self._last_of(order)))
        self._show("length", (order.speed, order.duration))
        self._show("morph_length", (None, order.duration))
        self._show("morph_loop", order.loop)
        self._show("morph_pace", order.pace)
        self._show("rests", (order.hold_first, order.hold_last))
        self._show("polish", order.polish)
        self._show("size", order.size)
        self._forms.sound.show_value(order.soundtrack)
        self.rows["polish"].set_shown(order.path == "polished")
        self.rows["requantize"].set_shown(order.path != "along")
        self.rows["fit"].set_shown(order.size is not None)
        self.stops.set_stops(order.stops)

    def set_takes(self, takes: Mapping[int, str], lengths: Mapping[int, int]) -> None:
        """The takes there are, with how many iterations they have."""
        self._lengths = lengths
        if takes != self._takes:
            self._takes = dict(takes)
            choices = [(str(take), name, "") for take, name in takes.items()]
            cast(ChoiceField, self.rows["take"].field).set_choices(choices)
            self.rows["take"].set_shown(len(takes) > 1)
            self.stops.set_takes(takes)
        self.set_order(self._order)

    def set_presets(self, presets: list[tuple[str, str, str]]) -> None:
        """Value, words and a line of each preset; "" is none of them."""
        cast(ChoiceField, self.rows["preset"].field).set_choices(presets)

    def set_file(self, kind: str, preset: str) -> None:
        """What the file is going to be."""
        self._show("kind", kind)
        self._show("preset", preset)
        silent = not any(each.kind == kind and each.sound for each in FORMATS)
        self.rows["soundtrack"].set_fixed(
            self.tr("This kind of film has no sound. Choose another, such as MP4.")
            if silent
            else ""
        )

    def set_own(self, size: tuple[int, int]) -> None:
        """The size of the painted picture."""
        cast(SizeField, self.rows["size"].field).set_own(size)
        self._show("size", self._order.size)

    def set_usual(self, speed: float, seconds: float) -> None:
        """What the film has now."""
        for name in ("length", "morph_length"):
            cast(LengthField, self.rows[name].field).set_usual(speed, seconds)

    def set_can_mark(self, can: bool) -> None:
        """Whether the timeline has points in or out."""
        self._forms.marks.setEnabled(can)

    def say_wrong(self, words: str) -> None:
        """Why the film cannot be made as it is ordered."""
        for name in ("range", "path"):
            self.rows[name].error.say("", warns=True)
        self.rows["path" if self._order.mode == "morph" else "range"].error.say(words, warns=True)

    def commit(self) -> None:
        """Take over numbers that are still being typed."""
        self.stops.commit()
        for row in self.rows.values():
            if hasattr(row.field, "commit"):
                row.field.commit()

    def _show(self, name: str, value: Any) -> None:
        cast(Field, self.rows[name].field).show_value(value)

    # From the person

    def _choose(self, name: str, value: Any) -> None:
        if name == "kind":
            self.kind_chosen.emit(value)
        elif name == "preset":
            self.preset_chosen.emit(value)
        else:
            label = self.rows[name].label.text() or self.rows[name].field.accessibleName()
            self._tell(self._fields_of(name, value), label, name if name in _DRAGGED else "")

    def _fields_of(self, name: str, value: Any) -> dict[str, Any]:
        """The fields of an order that a field of the form stands for."""
        if name == "take":
            return {"take": int(value), "first": 0, "last": None}
        if name == "range":
            first, last = round(value[0]), round(value[1])
            end = self._lengths.get(self._order.take, 0) - 1
            return {"first": first, "last": None if last >= end else last}
        if name in ("length", "morph_length"):
            return {"speed": value[0], "duration": value[1]}
        if name == "rests":
            return {"hold_first": value[0], "hold_last": value[1]}
        if name == "polish":
            return {"polish": round(value)}
        return {name.removeprefix("morph_"): value}

    def _choose_mode(self, mode: str) -> None:
        self._tell({"mode": mode}, self.tr("Kind of film"), "")

    def _edit_stops(self, stops: tuple[Any, ...], text: str, merges: str) -> None:
        self._tell({"stops": stops}, text, merges)

    def _clear_sound(self) -> None:
        self._tell({"soundtrack": None}, self.tr("No sound"), "")

    def _tell(self, fields: dict[str, Any], text: str, merges: str) -> None:
        before = {name: getattr(self._order, name) for name in fields}
        if fields != before:
            self.edited.emit(fields, text, merges)

    def _last_of(self, order: Order) -> int:
        end = max(self._lengths.get(order.take, 1) - 1, 0)
        return end if order.last is None else order.last
