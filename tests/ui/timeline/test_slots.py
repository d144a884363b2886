"""The places of the filmstrip at any zoom."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studio.ui.timeline.axis import Axis
from studio.ui.timeline.slots import slots

widths = st.floats(20, 200)
lengths = st.integers(1, 30_000)


def axis_of(extent: int, zoom: float, start: float) -> Axis:
    return Axis().fitted(1600, extent).zoomed(zoom, 0).scrolled(start)


@given(lengths, widths, st.floats(1, 5000), st.floats(0, 30_000))
@example(560, 20.0, 5.5, 459.0)  # its first slot begins 2e-13 of a pixel within the strip
def test_slots_stand_side_by_side_over_all_that_is_seen(
    length: int, width: float, zoom: float, start: float
) -> None:
    axis = axis_of(length, zoom, start)
    found = slots(axis, width, length)
    seen = axis.seen(length)
    assert len(found) <= 1600 / width + 2
    assert found[0].x <= max(axis.edge(seen.start), 0) + 1e-3
    for one, other in pairwise(found):
        assert other.x == pytest.approx(one.x + one.width, abs=1e-3)
    end = found[-1].x + found[-1].width
    assert end >= min(axis.edge(length), axis.width) - 1e-3
    assert end <= axis.edge(length) + 1e-3


@given(lengths, widths, st.floats(1, 5000), st.floats(0, 30_000))
def test_a_slot_shows_an_iteration_from_near_it(
    length: int, width: float, zoom: float, start: float
) -> None:
    axis = axis_of(length, zoom, start)
    for slot in slots(axis, width, length):
        assert 0 <= slot.iteration < length
        assert slot.x - width / 2 <= axis.x(slot.iteration) <= slot.x + max(width, slot.width)


@given(lengths, widths, st.floats(1, 5000), st.floats(0, 30_000), st.floats(0, 30_000))
def test_scrolling_asks_for_the_same_iterations(
    length: int, width: float, zoom: float, start: float, other: float
) -> None:
    """Otherwise every pixel of a scroll would mean a strip full of new pictures."""
    axis = axis_of(length, zoom, start)
    moved = axis.scrolled(other)
    here = {round(axis.cell(each.x), 3): each.iteration for each in slots(axis, width, length)}
    there = {round(moved.cell(each.x), 3): each.iteration for each in slots(moved, width, length)}
    assert all(there[cell] == iteration for cell, iteration in here.items() if cell in there)


def test_neighbouring_zooms_share_their_iterations() -> None:
    axis = Axis().fitted(1600, 20_000)
    asked: set[int] = set()
    for step in range(12):
        asked |= {each.iteration for each in slots(axis.zoomed(1.05**step, 0), 60, 20_000)}
    assert len(asked) < 4 * 1600 / 60


def test_wide_cells_hold_one_iteration_each() -> None:
    axis = Axis().fitted(1600, 10)
    assert [each.iteration for each in slots(axis, 50, 10)] == list(range(10))


def test_without_iterations_there_are_no_slots() -> None:
    assert slots(Axis().fitted(1600, 1), 90, 0) == []
    assert slots(Axis().fitted(1600, 1), 50, 0) == []
