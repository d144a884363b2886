"""Curves of a training: what is taken again replaces what was, and thinning loses no level."""

from __future__ import annotations

import numpy as np

from studio.ui.training.curves import SMOOTH, Curves, columns, smoothed


def test_steps_that_are_taken_again_replace_the_former_ones() -> None:
    curves = Curves()
    for step in range(1, 11):
        curves.put(step, {"l1": step, "clip": float("nan")})
    for step in range(6, 9):
        curves.put(step, {"l1": 100 + step})
    steps, values = curves.curve("l1")
    assert steps.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert values.tolist() == [1, 2, 3, 4, 5, 106, 107, 108]
    assert not len(curves.curve("clip")[0])


def test_columns_keep_least_most_and_mean() -> None:
    steps = np.arange(1.0, 10_001)
    values = np.sin(steps / 700)
    values[5000] = 9.0
    made = columns(steps, values, 97, smooth=False)
    assert len(made.line) == 97
    assert made.high.max() == 9.0
    assert made.low.min() == values.min()
    assert np.isclose(made.line.mean(), values.mean(), atol=0.01)


def test_few_points_are_columns_of_their_own() -> None:
    made = columns(np.array([3.0, 9.0]), np.array([1.0, 4.0]), 50, smooth=False)
    assert made.step.tolist() == [3, 9]
    assert made.line.tolist() == [1, 4]


def test_smoothing_starts_at_the_first_value_and_follows() -> None:
    flat = smoothed(np.full(40, 3.0))
    assert np.allclose(flat, 3.0)
    two = smoothed(np.array([1.0, 0.0]))
    assert np.isclose(two[1], SMOOTH / (1 + SMOOTH))
