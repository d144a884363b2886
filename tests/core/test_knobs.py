"""The table of knobs: what it says is what settings, flags and keyframes have."""

from __future__ import annotations

import msgspec
import pytest

from studio.cli.parser import command_parser
from studio.core.knobs import KNOBS, Knob
from studio.core.schedule import FIELDS
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


def test_nothing_is_off_its_default_when_nothing_was_said() -> None:
    assert knobs_off_default(SETTINGS) == {}


def test_keyframes_set_the_knobs_that_travel() -> None:
    assert {each.field for each in KNOBS if each.travel} == set(FIELDS) - {
        *("prompts", "seed", "motion")
    }
