"""Where the picture lies: arithmetic."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.ui.canvas.view import (
    KEPT,
    LARGEST,
    MARGIN,
    SMALLEST,
    STEPS,
    View,
    centred,
    fitted,
    next_step,
)

PLACES = st.floats(-5000, 5000)
SCALES = st.floats(SMALLEST, LARGEST)
VIEWS = st.builds(View, SCALES, PLACES, PLACES)
ROOMS = st.tuples(st.integers(100, 4000), st.integers(100, 4000))
SIZES = st.tuples(st.integers(1, 2000), st.integers(1, 2000))


@given(VIEWS, st.floats(0.001, 1000), PLACES, PLACES)
def test_zooming_keeps_the_point_under_the_cursor(
    view: View, scale: float, x: float, y: float
) -> None:
    after = view.zoomed(scale, x, y)
    assert SMALLEST <= after.scale <= LARGEST
    assert after.in_picture(x, y) == pytest.approx(view.in_picture(x, y), rel=1e-6, abs=1e-6)


@given(ROOMS, SIZES)
def test_a_fitted_picture_touches_the_margin_and_is_in_the_middle(
    room: tuple[int, int], picture: tuple[int, int]
) -> None:
    view = fitted(room, picture)
    width, height = picture[0] * view.scale, picture[1] * view.scale
    assert view.x + width / 2 == pytest.approx(room[0] / 2)
    assert view.y + height / 2 == pytest.approx(room[1] / 2)
    if SMALLEST < view.scale < LARGEST:
        spare = min(room[0] - width, room[1] - height)
        assert spare == pytest.approx(2 * MARGIN)


@given(VIEWS, ROOMS, SIZES)
def test_a_piece_of_the_picture_always_stays_in_sight(
    view: View, room: tuple[int, int], picture: tuple[int, int]
) -> None:
    kept = view.kept_in(room, picture)
    for corner, side, length in zip((kept.x, kept.y), room, picture, strict=True):
        length_shown = min(corner + length * view.scale, side) - max(corner, 0)
        assert length_shown >= min(KEPT, length * view.scale) - 1e-6
    assert kept.kept_in(room, picture) == kept


def test_a_view_that_shows_enough_is_left_alone() -> None:
    view = View(2.0, 30, 40)
    assert view.kept_in((400, 300), (64, 64)) == view


@given(st.sampled_from(STEPS[1:-1]))
def test_one_step_in_and_out_comes_back(step: float) -> None:
    assert next_step(next_step(step, 1), -1) == step


def test_steps_end_at_the_ends() -> None:
    assert next_step(LARGEST, 1) == LARGEST
    assert next_step(SMALLEST, -1) == SMALLEST


@pytest.mark.parametrize(("scale", "larger", "smaller"), [(1.1, 1.5, 1.0), (0.9, 1.0, 2 / 3)])
def test_a_step_from_between_two_goes_to_the_nearest_of_its_direction(
    scale: float, larger: float, smaller: float
) -> None:
    assert next_step(scale, 1) == larger
    assert next_step(scale, -1) == smaller


def test_a_picture_of_another_size_keeps_its_spot_in_the_middle() -> None:
    room = (400, 300)
    before = centred(2.0, room, (64, 64)).moved(-20, 10)
    after = before.resized(room, (64, 64), (128, 128))
    middle = before.in_picture(200, 150)
    assert after.in_picture(200, 150) == (middle[0] * 2, middle[1] * 2)
    assert after.scale == 2.0
