"""What a painting takes grows with its pixels and cutouts, and a size that fits is found."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.core.demand import Demand
from studio.core.settings import Prompt, Settings

DEMAND = Demand(
    base=10**9,
    pixel_bytes=1500,
    view_bytes=10**6,
    views_at_once=8,
    pixel_seconds=1e-5,
    view_seconds=0.01,
)


def asked(width: int, height: int, cutouts: int = 16) -> Settings:
    return Settings(prompts=(Prompt(text="sea"),), size=(width, height), cutouts=cutouts)


@settings(deadline=None)
@given(st.integers(64, 8192), st.integers(64, 8192), st.floats(1.2e9, 1e11))
def test_the_largest_that_fits_fits_and_one_step_more_does_not(
    width: int, height: int, room: float
) -> None:
    wanted = asked(width, height)
    found = DEMAND.largest(wanted, room, 8)
    if found is not None and max(found) <= 8192:
        assert DEMAND.memory(asked(*found)) <= room
        larger = (found[0] + 8, found[1] + 8)
        if max(larger) <= 8192:
            assert DEMAND.memory(asked(*larger)) > room


def test_it_takes_the_pace_that_is_seen() -> None:
    wanted = asked(256, 256)
    seen = DEMAND.paced(wanted, 7.0)
    assert seen.seconds(wanted) == pytest.approx(7)
    assert seen.seconds(asked(512, 256, 32)) == pytest.approx(14)
    assert seen.memory(wanted) == DEMAND.memory(wanted)
    assert DEMAND.largest(wanted, 1e9, 8) is None
