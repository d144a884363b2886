"""Ticks of the ruler at any zoom."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studio.ui.timeline.axis import MOST, Axis
from studio.ui.timeline.ticks import LABEL_ROOM, TICK_ROOM, round_step, steps, ticks

scales = st.floats(1e-4, MOST)


@given(st.floats(1e-3, 1e7))
def test_a_round_step_is_the_smallest_that_is_enough(least: float) -> None:
    step = round_step(least)
    assert str(step).rstrip("0") in ("1", "2", "5")
    assert step >= least
    assert step == 1 or step / 2.5 < least


@given(scales)
def test_numbers_and_ticks_keep_their_distance(scale: float) -> None:
    major, minor = steps(scale)
    assert major % minor == 0
    assert major * scale >= LABEL_ROOM * 0.999
    assert minor * scale >= TICK_ROOM


@given(scales, st.integers(0, 40_000))
def test_ticks_cover_the_ruler_and_are_few(scale: float, start: int) -> None:
    axis = Axis(1600, 100_000, float(start), scale)
    found = ticks(axis)
    iterations = [each.iteration for each in found]
    assert iterations == sorted(set(iterations))
    assert len(found) <= (1600 + 2 * LABEL_ROOM) / TICK_ROOM + 2
    assert any(each.is_major for each in found)
    major, minor = steps(scale)
    assert all(each.is_major == (each.iteration % major == 0) for each in found)
    assert iterations[0] >= 0
    assert axis.x(iterations[-1] + minor) > axis.width
    assert iterations[0] == 0 or axis.x(iterations[0]) <= 0


def test_known_zooms() -> None:
    assert steps(72.0) == (2, 1)
    assert steps(1.0) == (100, 10)
    assert steps(0.08) == (1000, 100)
