"""The table of knobs: what it says is what settings, flags and keyframes have."""

from __future__ import annotations

import msgspec
import pytest

from studio.cli.options import PaintOptions
from studio.cli.parser import command_parser
from studio.core.knobs import COLOURS, KNOBS, STRENGTH, Colours, Knob
from studio.core.schedule import FIELDS, Change, Keyframe, settings_of
from studio.core.settings import DEFAULTS, Prompt, Settings, knobs_off_default
from studio.errors import RequestError

SETTINGS = Settings(prompts=(Prompt(text="sea"),))


@pytest.mark.parametrize("knob", KNOBS, ids=lambda each: each.field)
def test_a_knob_has_a_flag_a_limit_and_a_default(knob: Knob) -> None:
    value = 2 if knob.whole else 0.5
    said = command_parser().parse_args(["paint", "sea", knob.flag, str(value)])
    assert getattr(said, knob.field) == value
    turned = msgspec.structs.replace(SETTINGS, **{knob.field: value})
    assert knobs_off_default(turned) == {knob.field: value}
    knob.check(DEFAULTS[knob.field])
    with pytest.raises(RequestError, match=knob.called.split(" (")[0]):
        msgspec.structs.replace(SETTINGS, **{knob.field: knob.range.least - 1})


@pytest.mark.parametrize("colours", COLOURS, ids=lambda each: each.field)
def test_colours_have_a_flag_a_limit_and_a_default(colours: Colours) -> None:
    said = command_parser().parse_args(["paint", "sea", colours.flag, "Gold"])
    assert getattr(said, colours.field) == ("#ffd700",)
    options = PaintOptions.said(said)
    assert options.knobs()[colours.strength] == STRENGTH
    strong = msgspec.structs.replace(SETTINGS, **{colours.strength: 9.0})
    assert colours.strength not in options.knobs(strong)
    turned = msgspec.structs.replace(SETTINGS, **{colours.field: ("#ffd700",)})
    assert knobs_off_default(turned) == {colours.field: ("#ffd700",)}
    colours.check(DEFAULTS[colours.field])
    for wrong in ((), ("gold",), ("#000000",) * (colours.most + 1)):
        with pytest.raises(RequestError, match="colour"):
            msgspec.structs.replace(SETTINGS, **{colours.field: wrong})


def test_nothing_is_off_its_default_when_nothing_was_said() -> None:
    assert knobs_off_default(SETTINGS) == {}


def test_keyframes_set_the_knobs_that_travel() -> None:
    assert {each.field for each in KNOBS if each.travel} == set(FIELDS) - {
        *("prompts", "seed", "motion")
    }


@pytest.mark.parametrize("name", [each.field for each in KNOBS if each.travel == "even"])
def test_the_looks_travel_by_equal_steps_from_and_to_nothing(name: str) -> None:
    keyframes = (Keyframe(iteration=10, **{name: 4.0}, ease="linear"),)
    start = Keyframe(iteration=0, ease="linear")
    change = Change(0, SETTINGS, (start, *keyframes))
    found = [getattr(settings_of(change, at), name) for at in (0, 5, 10, 20)]
    assert found == [0, 2, 4, 4]
