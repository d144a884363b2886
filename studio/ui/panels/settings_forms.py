"""The groups of the settings, with what each field does to the picture."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from studio.core.knobs import COLOURS, KNOBS, Group, Knob
from studio.ui.panels.buttons import IconButton
from studio.ui.panels.colours_field import ColoursField
from studio.ui.panels.fields import ChoiceField, NumberField, SwitchField
from studio.ui.panels.form import Form, FormRow
from studio.ui.panels.motion_field import MotionField
from studio.ui.panels.numbers import NumberBox, linear, logarithmic
from studio.ui.panels.perceptors_field import PerceptorsField
from studio.ui.panels.seed_field import SeedField
from studio.ui.panels.settings_words import SettingsWords
from studio.ui.panels.size_field import SizeField
from studio.ui.panels.start_picture import StartPicture


class SettingsForms(QObject):
    """Builds the fields and knows them by the names that `Settings` has for them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: dict[str, FormRow] = {}
        words = SettingsWords(self)
        self.model = ChoiceField(self.tr("Model"))
        self.more_vqgans = IconButton(
            "models",
            self.tr("More models…"),
            self.tr("Get or take in other VQGANs, which draw other things"),
            text=True,
        )
        self.more_clips = IconButton(
            "models",
            self.tr("More CLIPs…"),
            self.tr("Get or take in other CLIPs, which understand more"),
            text=True,
        )
        self.effort = SwitchField(
            self.tr("Effort"),
            words.efforts(),
            self.tr("Set by hand: cutouts and learning rate are those of none of them."),
        )
        self.effort.setToolTip(
            self.tr("Sets cutouts, learning rate and the number of iterations together")
        )
        self.size = SizeField()
        self.seed = SeedField()
        self.start = ChoiceField(self.tr("Start"))
        self._starts = words.starts()
        self._imagined: bool | None = None
        self.offer_imagined(False)
        self.start_picture = StartPicture()
        self.perceptors = PerceptorsField()
        self.preset = ChoiceField(self.tr("Preset of the cutouts"))
        self.preset.set_choices(words.presets())
        self.optimizer = ChoiceField(self.tr("Optimizer"))
        self.optimizer.set_choices(words.optimizers())
        for field in (self.start, self.preset, self.optimizer):
            field.keep_room()
        self.count = NumberField(
            self.tr("Iterations"),
            logarithmic(1, 2000, 200, whole=True),
            NumberBox(1, 1e6, 10, whole=True),
        )
        self.groups = (
            (self.tr("Effort"), self.effort),
            (self.tr("Picture"), self._picture()),
            (self.tr("Guidance"), self._guidance()),
            (self.tr("Pace"), self._pace()),
            (self.tr("Look"), self._look()),
            (self.tr("Motion"), self._motion()),
        )
        for name, value in (
            ("seed", self.tr("the seed")),
            *(
                (each.field, self.tr("the {knob}").format(knob=self.tr(each.called)))
                for each in KNOBS
                if each.travel
            ),
            ("motion", self.tr("the motion")),
        ):
            self.rows[name].add_mark(value)

    def offer_imagined(self, there: bool) -> None:
        """Whether the model can imagine what a painting starts from."""
        if there != self._imagined:
            self._imagined = there
            starts = [each for each in self._starts if there or each[0] != "imagined"]
            self.start.set_choices(starts)

    def _picture(self) -> Form:
        form = Form()
        self._add(
            form,
            "model",
            self.tr("Model"),
            self.model,
            self.tr("The VQGAN that paints. Its training decides what it can draw at all."),
        )
        form.add_aside(self.more_vqgans)
        self._add(
            form,
            "size",
            self.tr("Size"),
            self.size,
            self.tr("Pixels of the picture. Twice the side takes about four times as long."),
        )
        self._add(
            form,
            "seed",
            self.tr("Seed"),
            self.seed,
            self.tr("Where chance begins: another seed paints another picture of the same prompt."),
        )
        self._add(
            form,
            "start",
            self.tr("Start"),
            self.start,
            self.tr("What is on the canvas before the first iteration."),
        )
        self._add(
            form,
            "start_picture",
            self.tr("Init image"),
            self.start_picture,
            self.tr("The picture that the painting starts from."),
        )
        self._add_knobs(form, "picture")
        return form

    def _guidance(self) -> Form:
        form = Form()
        self._add(
            form,
            "perceptors",
            self.tr("Perceptors"),
            self.perceptors,
            self.tr("The CLIPs that judge the picture. Several agree on more, and take longer."),
        )
        form.add_aside(self.more_clips)
        self._add_knobs(form, "guidance")
        self._add(
            form,
            "preset",
            self.tr("Preset"),
            self.preset,
            self.tr("How the cutouts are chosen: it shapes composition and texture."),
        )
        return form

    def _pace(self) -> Form:
        form = Form()
        self._add(
            form,
            "count",
            self.tr("Iterations"),
            self.count,
            self.tr("How many iterations the next painting takes. You can stop or go on any time."),
        )
        self._add_knobs(form, "pace")
        self._add(
            form,
            "optimizer",
            self.tr("Optimizer"),
            self.optimizer,
            self.tr("How the steps follow from what CLIP wants: it changes the rhythm of change."),
        )
        return form

    def _look(self) -> Form:
        form = Form()
        self._add_knobs(form, "look")
        return form

    def _add_knobs(self, form: Form, group: Group) -> None:
        for knob in KNOBS:
            if knob.group == group:
                field = _number_field(knob, self.tr(knob.spoken or knob.label))
                self._add(form, knob.field, self.tr(knob.label), field, self.tr(knob.tip))
                self._add_colours(form, knob)

    def _add_colours(self, form: Form, knob: Knob) -> None:
        for each in COLOURS:
            if each.strength == knob.field:
                field = ColoursField(self.tr(each.label), most=each.most)
                self._add(form, each.field, self.tr(each.label), field, self.tr(each.tip))

    def _motion(self) -> Form:
        form = Form()
        self.motion = MotionField(form)
        self._add(
            form,
            "motion",
            self.tr("Motion"),
            self.motion,
            self.tr("The flight of the picture while it is painted: it moves and grows new edges."),
        )
        self.motion.add_rows()
        return form

    def _add(self, form: Form, name: str, label: str, field: QWidget, tip: str) -> None:
        self.rows[name] = form.add(label, field, tip)


def _number_field(knob: Knob, name: str) -> NumberField:
    slide = knob.slide
    if slide.places is None:
        slider = linear(slide.low, slide.high, slide.step, origin=0.0)
    else:
        slider = logarithmic(slide.low, slide.high, slide.places, whole=knob.whole)
    lowest = knob.range.least
    return NumberField(name, slider, NumberBox(lowest, slide.box_most, slide.box, whole=knob.whole))
