"""The form in which a film is ordered."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Protocol, cast

import msgspec
from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.core.film import Order
from studio.ui.film.fields import (
    LONGEST,
    CheckField,
    LengthField,
    PairField,
    SizeField,
    SoundField,
    Switch,
)
from studio.ui.film.stops import StopsPanel
from studio.ui.film.words import FilmWords
from studio.ui.panels.buttons import IconButton
from studio.ui.panels.fields import ChoiceField, NumberField
from studio.ui.panels.fold import Fold
from studio.ui.panels.form import Form, FormRow
from studio.ui.panels.numbers import NumberBox, linear

_DRAGGED = ("polish", "fps", "range", "rests")
"""Edits of these merge on the undo list, as one drag or spin is many."""


class _Field(Protocol):
    chosen: SignalInstance

    def show_value(self, value: Any) -> None: ...


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
        self._lengths: Mapping[int, int] = {}
        self._words = FilmWords(self)
        self.rows: dict[str, FormRow] = {}
        self.mode = Switch(self.tr("Kind of film"), self._words.modes())
        self.mode.chosen.connect(self._choose_mode)
        self.stops = StopsPanel()
        self.stops.edited.connect(self._edit_stops)
        self._timelapse = Fold(self.tr("Iterations"), self._timelapse_form())
        self._stops = Fold(self.tr("Stops"), self.stops)
        self._morph = Fold(self.tr("Way"), self._morph_form())
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 6, 8)
        column.setSpacing(4)
        column.addWidget(self.mode)
        column.addSpacing(6)
        column.addWidget(self._timelapse)
        column.addWidget(self._stops)
        column.addWidget(self._morph)
        column.addWidget(Fold(self.tr("File"), self._file_form()))
        column.addStretch(1)
        for row in self.rows.values():
            row.set_shown(True)
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
        self._show("length2", (None, order.duration))
        self._show("loop2", order.loop)
        self._show("rests", (order.hold_first, order.hold_last))
        self._show("polish", order.polish)
        self._show("size", order.size)
        cast(SoundField, self.rows["soundtrack"].field).show_value(order.soundtrack)
        self.rows["polish"].set_shown(order.path == "polished")
        self.rows["requantize"].set_shown(order.path != "along")
        self.rows["fit"].set_shown(order.size is not None)
        self.stops.set_stops(order.stops)

    def set_takes(self, takes: Mapping[int, str], lengths: Mapping[int, int]) -> None:
        """The takes there are, with how many iterations they have."""
        self._lengths = lengths
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
        silent = kind not in ("mp4", "webm")
        self.rows["soundtrack"].set_fixed(
            self.tr("Only MP4 and WebM can have sound.") if silent else ""
        )

    def set_own(self, size: tuple[int, int]) -> None:
        """The size of the painted picture."""
        cast(SizeField, self.rows["size"].field).set_own(size)

    def set_usual(self, speed: float, seconds: float) -> None:
        """What the film has now."""
        for name in ("length", "length2"):
            cast(LengthField, self.rows[name].field).set_usual(speed, seconds)

    def set_can_mark(self, can: bool) -> None:
        """Whether the timeline has points in or out."""
        self._marks.setEnabled(can)

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

    # The forms

    def _timelapse_form(self) -> Form:
        form, words = Form(), self._words
        self._add(
            form,
            "take",
            self.tr("Take"),
            ChoiceField(self.tr("Take")),
            self.tr("Which line of iterations is shown"),
        )
        span = PairField(
            ("", self.tr("to")),
            (self.tr("First iteration"), self.tr("Last iteration")),
            (NumberBox(0, 1e9, 1, whole=True), NumberBox(0, 1e9, 1, whole=True)),
        )
        self._marks = IconButton(
            "mark-in",
            self.tr("Take the points in and out"),
            self.tr("Take the points in and out of the timeline"),
        )
        self._marks.clicked.connect(self.marks_wanted)
        span.row.addWidget(self._marks)
        self._add(form, "range", self.tr("From"), span, self.tr("Both are shown"))
        self._add(
            form,
            "length",
            self.tr("Length"),
            LengthField(words.lengths()),
            self.tr("By how many iterations pass in a second, or how long it takes"),
        )
        rests = PairField(
            (self.tr("first"), self.tr("last")),
            (self.tr("Rest on the first"), self.tr("Rest on the last")),
            (NumberBox(0, LONGEST, 0.5), NumberBox(0, LONGEST, 0.5)),
        )
        for box in rests.boxes:
            box.setSuffix(self.tr(" s"))
        self._add(
            form,
            "rests",
            self.tr("Rest"),
            rests,
            self.tr("Seconds that the film rests on its first and its last picture"),
        )
        self._choice(
            form,
            "pace",
            self.tr("Pace"),
            words.paces(),
            self.tr("How iterations are spread over the film"),
        )
        self._choice(form, "loop", self.tr("Repeat"), words.loops(), self.tr("How the film ends"))
        return form

    def _morph_form(self) -> Form:
        form, words = Form(), self._words
        self._choice(
            form, "path", self.tr("Path"), words.paths(), self.tr("What is seen between two stops")
        )
        self._add(
            form,
            "polish",
            self.tr("Polish"),
            NumberField(self.tr("Polish"), linear(1, 20, 1), NumberBox(1, 100, 1, whole=True)),
            self.tr("Iterations that are painted on every frame"),
        )
        self._add(
            form,
            "requantize",
            "",
            CheckField(self.tr("Only what the model knows")),
            self.tr("Put what lies between two stops onto the codebook: crisper, less smooth"),
        )
        self._add(
            form,
            "length2",
            self.tr("Length"),
            LengthField(words.morph_lengths()),
            self.tr("Rests and travels added up, or stretched to so many seconds"),
        )
        self._choice(form, "loop2", self.tr("Repeat"), words.loops(), self.tr("How the film ends"))
        return form

    def _file_form(self) -> Form:
        form, words = Form(), self._words
        self._choice(form, "kind", self.tr("Format"), words.formats(), self.tr("Kind of file"))
        self._choice(
            form,
            "preset",
            self.tr("Preset"),
            [("", self.tr("As set below"), "")],
            self.tr("Size, rate and quality for a purpose"),
        )
        self._add(form, "size", self.tr("Size"), SizeField(), self.tr("Pixels of a frame"))
        self._choice(
            form,
            "fit",
            self.tr("Fill"),
            words.fits(),
            self.tr("What happens where a frame has another shape than the picture"),
        )
        fps = NumberBox(1, 120, 1)
        fps.setSuffix(self.tr(" frames a second"))
        fps.setAccessibleName(self.tr("Frames a second"))
        self._add(form, "fps", self.tr("Rate"), fps, self.tr("More is smoother, and a larger file"))
        self._choice(
            form, "quality", self.tr("Quality"), words.qualities(), self.tr("Better is larger")
        )
        self._add(
            form,
            "captions",
            "",
            CheckField(self.tr("Write the prompts into the picture")),
            self.tr("The prompts in force, at the lower edge"),
        )
        sound = SoundField()
        sound.wanted.connect(self.sound_wanted)
        sound.cleared.connect(self._clear_sound)
        row = form.add(self.tr("Sound"), sound, self.tr("A sound file that the film begins with"))
        self.rows["soundtrack"] = row
        return form

    def _choice(self, form: Form, name: str, label: str, choices: Any, tip: str) -> None:
        field = ChoiceField(label)
        field.set_choices(choices)
        self._add(form, name, label, field, tip)

    def _add(self, form: Form, name: str, label: str, field: QWidget, tip: str) -> None:
        row = form.add(label, field, tip)
        if label == "":
            row.label.hide()
        self.rows[name] = row
        cast(_Field, field).chosen.connect(partial(self._choose, name))

    def _show(self, name: str, value: Any) -> None:
        cast(_Field, self.rows[name].field).show_value(value)

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
        if name in ("length", "length2"):
            return {"speed": value[0], "duration": value[1]}
        if name == "rests":
            return {"hold_first": value[0], "hold_last": value[1]}
        if name == "polish":
            return {"polish": round(value)}
        return {name.removesuffix("2"): value}

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


def replaced(order: Order, fields: Mapping[str, Any]) -> Order:
    """The order with other values."""
    return msgspec.structs.replace(order, **fields)
