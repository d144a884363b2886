"""What a training measures at its steps, and how a curve of it is smoothed and thinned."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.float64]

SMOOTH = 0.9
"""How much of the smoothed curve's last column stays in the next one, 0..1."""


@dataclass(frozen=True)
class Columns:
    """A curve as it is drawn; all rows have the same length."""

    step: Row
    low: Row
    high: Row
    line: Row
    """The mean of each column, smoothed along the curve."""


class Curves:
    """Figures by name, each with the steps at which it was measured, in order."""

    def __init__(self) -> None:
        self._steps: dict[str, array[float]] = {}
        self._values: dict[str, array[float]] = {}

    def put(self, step: int, figures: Mapping[str, float]) -> None:
        """Add what was measured at a step; what was known from it on is taken again, and goes."""
        for name, value in figures.items():
            if not np.isfinite(value):
                continue
            steps = self._steps.setdefault(name, array("d"))
            values = self._values.setdefault(name, array("d"))
            if steps and step <= steps[-1]:
                cut = bisect_left(steps, step)
                del steps[cut:], values[cut:]
            steps.append(step)
            values.append(value)

    def curve(self, name: str) -> tuple[Row, Row]:
        """Steps and values of a figure, (n,) each; empty when it was never measured."""
        steps, values = (each.get(name, array("d")) for each in (self._steps, self._values))
        return np.array(steps), np.array(values)


def columns(steps: Row, values: Row, most: int, *, smooth: bool) -> Columns:
    """A curve (n,) of n >= 1 in `most` columns or fewer, each of equally many points."""
    count = len(values)
    starts = np.unique(np.linspace(0, count, min(most, count), endpoint=False).astype(int))
    sizes = np.diff(np.append(starts, count))
    means = np.add.reduceat(values, starts) / sizes
    return Columns(
        step=np.add.reduceat(steps, starts) / sizes,
        low=np.minimum.reduceat(values, starts),
        high=np.maximum.reduceat(values, starts),
        line=smoothed(means) if smooth else means,
    )


def smoothed(values: Row) -> Row:
    """The exponential moving average, corrected for its start (Adam's way, arXiv:1412.6980)."""
    made = np.empty_like(values)
    average = 0.0
    for place, value in enumerate(values):
        average = SMOOTH * average + (1 - SMOOTH) * value
        made[place] = average / (1 - SMOOTH ** (place + 1))
    return made
