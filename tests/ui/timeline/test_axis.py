"""The axis keeps what it promises for any width, length and zoom."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.ui.timeline.axis import FIT_MOST, MARGIN, MOST, Axis


@st.composite
def axes(draw: st.DrawFn) -> Axis:
    axis = Axis().fitted(draw(st.integers(60, 4000)), draw(st.integers(1, 50_000)))
    for _ in range(draw(st.integers(0, 6))):
        axis = axis.zoomed(draw(st.floats(0.2, 5.0)), draw(st.floats(0, 4000)))
    return axis.scrolled(draw(st.floats(-100, 60_000)))


@given(axes(), st.integers(0, 50_000))
def test_the_middle_of_an_iteration_is_in_its_cell(axis: Axis, iteration: int) -> None:
    x = axis.x(iteration)
    assert axis.edge(iteration) < x < axis.edge(iteration + 1)
    assert axis.iteration(x) == iteration


@given(axes(), st.floats(0.1, 10), st.floats(0, 4000))
def test_the_view_never_leaves_what_there_is(axis: Axis, factor: float, x: float) -> None:
    for each in (axis, axis.zoomed(factor, x), axis.scrolled(x * 10), axis.fitted(x, 7)):
        assert each.start >= 0
        assert each.start + each.shown <= max(each.extent, each.shown) + 1e-6
        assert each.least * 0.999 <= each.scale <= MOST


@given(axes(), st.floats(0.5, 2.0))
def test_zooming_keeps_what_is_under_the_mouse(axis: Axis, factor: float) -> None:
    x = MARGIN + axis.room / 2
    zoomed = axis.zoomed(factor, x)
    if 0 < zoomed.start < zoomed.extent - zoomed.shown:
        assert zoomed.cell(x) == pytest.approx(axis.cell(x), abs=1e-6 * axis.extent)


@given(st.integers(60, 4000), st.integers(1, 50_000))
def test_fitted_shows_everything_between_the_margins(width: int, extent: int) -> None:
    axis = Axis().fitted(width, extent)
    assert axis.is_whole
    assert axis.edge(0) == pytest.approx(MARGIN)
    assert axis.edge(extent) <= width - MARGIN + 1e-6
    assert axis.scale == FIT_MOST or axis.edge(extent) == pytest.approx(width - MARGIN)


@given(axes(), st.integers(60, 4000), st.integers(1, 50_000))
def test_only_what_showed_everything_is_fitted_again(axis: Axis, width: int, extent: int) -> None:
    fitted = axis.fitted(width, extent)
    assert fitted.is_whole or fitted.scale == axis.scale
    if axis.is_whole:
        assert fitted.is_whole


@given(axes(), st.integers(0, 49_999), st.floats(0, 1))
def test_showing_brings_an_iteration_into_sight(axis: Axis, iteration: int, lead: float) -> None:
    iteration = iteration % axis.extent
    shown = axis.showing(iteration, lead)
    assert MARGIN - 1e-3 <= shown.x(iteration) <= axis.width - MARGIN + 1e-3
    assert shown.showing(iteration, lead).start == pytest.approx(shown.start)


@given(axes(), st.integers(0, 50_000))
def test_seen_is_what_lies_on_the_pixels(axis: Axis, length: int) -> None:
    seen = axis.seen(length)
    for iteration in (seen.start, seen.stop - 1) if seen else ():
        assert 0 <= iteration < length
        assert axis.edge(iteration + 1) > -1e-6
        assert axis.edge(iteration) < axis.width + 1e-6
    if seen and seen.start > 0:
        assert axis.edge(seen.start) <= 1e-6
    if seen and seen.stop < length:
        assert axis.edge(seen.stop) >= axis.width - 1e-6


def test_a_few_iterations_do_not_fill_the_width() -> None:
    assert Axis().fitted(1600, 3).scale == FIT_MOST


def test_paging_leaves_room_ahead() -> None:
    axis = Axis().fitted(1024, 10_000).zoomed(100, 0)
    after = axis.showing(5_000, lead=0.1)
    assert math.isclose(after.x(5_000), MARGIN + after.room * 0.1)
    before = after.showing(100, lead=0.1)
    assert math.isclose(before.x(100), MARGIN + before.room * 0.9)
