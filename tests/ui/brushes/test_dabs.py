"""A stroke covers what the hand has gone over, whatever its speed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.ui.brushes import masks
from studio.ui.brushes.dabs import Stroke, Tip, erased, painted

HARD = Tip(10.0, 1.0, 1.0)


def drawn(points: list[tuple[float, float, float]], tip: Tip = HARD) -> np.ndarray:
    stroke = Stroke(200, 100, tip)
    for point in points:
        stroke.move([point])
    stroke.finish()
    return stroke.coverage


def test_a_dot_is_a_round_of_the_tips_size() -> None:
    dot = drawn([(100.0, 50.0, 1.0)])
    assert dot.max() == 255
    assert dot.sum() / 255 == pytest.approx(math.pi * 5**2, rel=0.03)


def test_a_fast_line_is_as_whole_as_a_slow_one() -> None:
    fast = drawn([(20.0, 50.0, 1.0), (180.0, 50.0, 1.0)])
    slow = drawn([(20.0 + n, 50.0, 1.0) for n in range(161)])
    assert (fast[50, 20:180] == 255).all()
    assert np.abs(fast.astype(int) - slow).mean() < 1


def test_a_corner_becomes_a_bow_with_no_gap() -> None:
    bow = drawn([(20.0, 20.0, 1.0), (100.0, 20.0, 1.0), (100.0, 90.0, 1.0)])
    assert bow[20, 30] == 255
    assert bow[85, 100] == 255
    columns = bow[:, 20:100].max(0)
    assert (columns == 255).all()


def test_pressure_makes_the_line_thin_and_wide() -> None:
    line = drawn([(20.0 + n, 50.0, n / 160) for n in range(161)], Tip(40.0, 1.0, 1.0))
    wide = (line > 128).sum(0)
    assert wide[30] < 12 < 25 < wide[150]


def test_a_soft_tip_fades_and_opacity_is_the_most_it_covers() -> None:
    soft = drawn([(100.0, 50.0, 1.0)], Tip(40.0, 0.0, 0.5))
    assert soft.max() in (127, 128)
    row = soft[50, 100:121].astype(int)
    assert (np.diff(row) <= 0).all()
    assert 20 < row[10] < 100


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.floats(-900, 900), st.floats(-900, 900), st.floats(0, 1)),
        min_size=1,
        max_size=6,
    ),
    st.floats(1, 700),
    st.floats(0, 1),
)
def test_what_changes_lies_within_the_box_that_is_told(
    points: list[tuple[float, float, float]], size: float, hardness: float
) -> None:
    stroke = Stroke(60, 40, Tip(size, hardness, 1.0))
    for point in points:
        before = stroke.coverage.copy()
        box = stroke.move([point])
        after = stroke.coverage.copy()
        if box is not None:
            after[box.slices] = before[box.slices]
        assert np.array_equal(before, after)


def test_painting_and_erasing_meet_what_is_there() -> None:
    there = np.array([[0, 100, 255]], np.uint8)
    covered = np.array([[128, 128, 128]], np.uint8)
    assert painted(there, covered).tolist() == [[128, 128, 255]]
    assert erased(there, covered).tolist() == [[0, 100, 127]]


def test_masks_grow_shrink_and_fade() -> None:
    mask = masks.blank((40, 40))
    mask[15:25, 15:25] = 255
    grown = masks.grown(mask, 3)
    assert grown[20].sum() == 16 * 255
    assert masks.grown(grown, -3).sum() <= mask.sum() * 1.01
    faded = masks.feathered(mask, 3)
    assert 0 < faded[20, 13] < faded[20, 16] < 255
    assert abs(int(faded.sum()) - int(mask.sum())) < 0.01 * mask.sum()
    assert masks.inverted(masks.inverted(mask)).tolist() == mask.tolist()


def test_a_mask_is_kept_as_a_small_picture_and_read_again() -> None:
    mask = masks.rounded(drawn([(20.0, 50.0, 1.0), (180.0, 60.0, 1.0)], Tip(30.0, 0.5, 1.0)))
    name, data = masks.written(mask)
    again = masks.read(data, (200, 100))
    assert len(name) == 64
    assert np.array_equal(again, mask)
    assert masks.written(again) == (name, data)
    assert masks.read(data, (100, 50)).shape == (50, 100)


def test_masks_of_large_pictures_stay_small() -> None:
    assert masks.size_for((64, 48)) == (64, 48)
    assert max(masks.size_for((8192, 4096))) == masks.LONGEST
    assert masks.size_for((8192, 1)) == (masks.LONGEST, 1)
