"""Cosines from losses."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.likeness import likeness, likeness_in, likenesses
from studio.core.schedule import Change
from studio.core.settings import Crossing, Prompt, Settings


@given(st.floats(0.01, math.pi), st.floats(0.1, 5))
def test_it_is_the_cosine_of_the_angle(angle: float, weight: float) -> None:
    for signed in (weight, -weight):
        loss = signed * angle**2 / 2
        found = likeness(loss, Prompt(text="sea", weight=signed))
        assert found == pytest.approx(math.cos(angle), abs=1e-9)


def test_what_does_not_pull_has_none() -> None:
    assert likeness(0.0, Prompt(text="sea", weight=0)) is None
    assert likeness(0.0, Prompt(text="sea", on=False)) is None


def test_a_prompt_is_followed_through_changes() -> None:
    sea, sky = Prompt(text="sea"), Prompt(text="sky")
    changes = [
        Change(0, Settings(prompts=(sky, sea))),
        Change(1, Settings(prompts=(Prompt(text="sea", weight=2),))),
        Change(2, Settings(prompts=(sky,))),
    ]
    found = likenesses([(0.0, 0.5), (1.0,), (0.3,)], 0, changes, sea)
    assert found[:2] == pytest.approx([math.cos(1)] * 2)
    assert np.isnan(found[2])


def test_while_prompts_cross_it_is_that_of_what_pulls() -> None:
    sea, sky, sand = Prompt(text="sea"), Prompt(text="sky"), Prompt(text="sand")
    away, more = Prompt(text="blur", weight=-1), Prompt(text="sea", weight=3)
    crossing = Crossing(prompts=(more, sand), share=0.25)
    settings = Settings(prompts=(sky, sea, away), crossing=crossing)
    losses = (0.5, 1.5 * 0.5, -0.75 * 0.5)  # sky to sand, sea with 1.5, less and less blur
    assert likeness_in(losses, settings, sea) == pytest.approx(math.cos(1))
    assert likeness_in(losses, settings, away) == pytest.approx(math.cos(1))
    for crossed in (sky, sand):
        assert likeness_in(losses, settings, crossed) == pytest.approx(math.cos(1))
    assert likeness_in(losses, settings, Prompt(text="moon")) is None
