"""The three groups of the film's form, with what each field does."""

from __future__ import annotations

from functools import partial
from typing import Any, Protocol, cast

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from studio.ui.film.fields import (
    LONGEST,
    CheckField,
    LengthField,
    PairField,
    SizeField,
    SoundField,
)
from studio.ui.film.words import FilmWords
from studio.ui.panels.buttons import IconButton
from studio.ui.panels.fields import ChoiceField, NumberField
from studio.ui.panels.form import Form, FormRow
from studio.ui.panels.numbers import NumberBox, linear


class Field(Protocol):
    """A field of the form."""

    chosen: SignalInstance

    def show_value(self, value: Any) -> None: ...


class FilmForms(QObject):
    """Builds the fields and knows them by name: that of a field of `Order` where there is one.

    Fields that timelapse and morph both have are there twice, the morph's with a 2.
    """

    chosen = Signal(str, object)
    """The name of a field, and what a person chose in it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: dict[str, FormRow] = {}
        self.sound = SoundField()
        self.timelapse, self.morph = self._timelapse_form(), self._morph_form()
        self.file = self._file_form()
        for row in self.rows.values():
            row.set_shown(True)

    def _timelapse_form(self) -> Form:
        form, words = Form(), FilmWords(self)
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
        self.marks = IconButton(
            "mark-in",
            self.tr("Take the points in and out"),
            self.tr("Take the points in and out of the timeline"),
        )
        span.row.addWidget(self.marks)
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
        form, words = Form(), FilmWords(self)
        self._choice(
            form, "path", self.tr("Path"), words.paths(), self.tr("What is seen between two stops")
        )
        self._add(
            form,
            "polish",
            self.tr("Polish"),
            NumberField(self.tr("Polish"), linear(1, 20, 1), NumberBox(1, 100, 1, whole=True)),
            self.tr("Iterations that the way between two stops is painted on"),
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
            "morph_length",
            self.tr("Length"),
            LengthField(words.morph_lengths()),
            self.tr("Rests and travels added up, or stretched to so many seconds"),
        )
        self._choice(
            form,
            "morph_pace",
            self.tr("Pace"),
            words.morph_paces(),
            self.tr("How the time is spread over the ways"),
        )
        self._choice(
            form, "morph_loop", self.tr("Repeat"), words.loops(), self.tr("How the film ends")
        )
        return form

    def _file_form(self) -> Form:
        form, words = Form(), FilmWords(self)
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
        tip = self.tr("A sound file that the film begins with")
        self.rows["soundtrack"] = form.add(self.tr("Sound"), self.sound, tip)
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
        cast(Field, field).chosen.connect(partial(self._choose, name))

    def _choose(self, name: str, value: object) -> None:
        self.chosen.emit(name, value)
