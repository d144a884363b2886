"""The curve of the losses against a plain count of every column."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.ui.timeline.axis import Axis
from studio.ui.timeline.losses import Columns, Losses

values = st.lists(
    st.one_of(st.floats(-10, 10), st.sampled_from([math.nan, math.inf])), min_size=1, max_size=900
)
zooms = st.tuples(st.floats(1, 400), st.floats(0, 900))


def axis_of(extent: int, zoom: tuple[float, float]) -> Axis:
    return Axis().fitted(200, extent).zoomed(zoom[0], 0).scrolled(zoom[1])


def same(one: Columns, other: Columns) -> None:
    for name in ("x", "low", "high", "mean"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), err_msg=name)


@given(values, zooms)
def test_columns_are_what_counting_gives(losses: list[float], zoom: tuple[float, float]) -> None:
    axis = axis_of(len(losses), zoom)
    found = Losses(losses).columns(axis)
    seen = axis.seen(len(losses))
    if axis.scale >= 1:
        np.testing.assert_allclose(found.x, [axis.x(each) for each in seen])
        return
    columns: dict[int, list[float]] = {}
    for each in seen:
        finite = [losses[each]] if math.isfinite(losses[each]) else []
        columns.setdefault(math.floor(axis.edge(0) + (each + 0.5) * axis.scale), []).extend(finite)
    assert found.x.tolist() == list(columns)
    for index, inside in enumerate(columns.values()):
        assert found.low[index] == min(inside, default=math.nan) or not inside
        assert found.high[index] == max(inside, default=math.nan) or not inside
        assert math.isnan(found.mean[index]) == (not inside)
        if inside:
            assert found.mean[index] == pytest.approx(sum(inside) / len(inside), abs=1e-9)


@given(values, st.lists(st.integers(0, 60), max_size=8), zooms)
def test_growing_is_the_same_as_starting_long(
    losses: list[float], parts: list[int], zoom: tuple[float, float]
) -> None:
    axis = axis_of(len(losses) + sum(parts), zoom)
    growing = Losses(losses)
    everything = list(losses)
    for part in parts:
        growing.columns(axis)
        new = [float(each) for each in range(part)]
        growing.append(new)
        everything += new
    assert len(growing) == len(everything)
    same(growing.columns(axis), Losses(everything).columns(axis))


def test_another_axis_is_counted_anew() -> None:
    losses = Losses(np.arange(1000.0))
    whole = axis_of(1000, (1, 0))
    losses.columns(whole)
    near = axis_of(1000, (400, 500))
    same(losses.columns(near), Losses(np.arange(1000.0)).columns(near))


def test_the_same_axis_is_not_counted_again() -> None:
    losses = Losses(np.arange(1000.0))
    axis = axis_of(1000, (1, 0))
    assert losses.columns(axis) is losses.columns(axis)


def test_single_losses() -> None:
    losses = Losses([1.0, math.nan])
    losses.append([3.0])
    assert losses[0] == 1.0
    assert math.isnan(losses[1])
    assert losses[2] == 3.0
    with pytest.raises(IndexError):
        losses[3]
    with pytest.raises(IndexError):
        losses[-1]


def test_none_at_all() -> None:
    assert len(Losses().columns(axis_of(1, (1, 0))).x) == 0
