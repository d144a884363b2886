"""Efforts: what they come to, and how settings tell which one they are."""

from __future__ import annotations

import msgspec
import pytest

from studio.core.efforts import EFFORTS, Effort, effort_of
from studio.core.settings import Prompt, Settings

SEA = Settings(prompts=(Prompt(text="sea"),))


def test_balanced_is_what_holds_when_nothing_is_said() -> None:
    assert effort_of(SEA) == "balanced"


@pytest.mark.parametrize("effort", EFFORTS)
def test_settings_tell_the_effort_they_were_given(effort: Effort) -> None:
    given = msgspec.structs.replace(SEA, **EFFORTS[effort].fields)
    assert effort_of(given) == effort
    assert effort_of(msgspec.structs.replace(given, cutouts=given.cutouts + 1)) is None
    assert effort_of(msgspec.structs.replace(given, optimizer="radam")) == effort


def test_each_looks_at_more_in_smaller_steps_than_the_one_before() -> None:
    draft, balanced, finest = EFFORTS.values()
    for less, more in ((draft, balanced), (balanced, finest)):
        assert less.cutouts * less.iterations < more.cutouts * more.iterations
        assert less.learning_rate > more.learning_rate
