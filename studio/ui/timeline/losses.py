"""The losses of a take, and their curve: the least, most and mean of each column of pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.ui.timeline.axis import Axis

Row = NDArray[np.float64]


@dataclass(frozen=True)
class Columns:
    """The curve in sight; a column without a finite loss is nan."""

    x: Row
    low: Row
    high: Row
    mean: Row


class Losses:
    """One loss for each iteration; grows at the end."""

    def __init__(self, losses: ArrayLike = ()) -> None:
        self._room = _finite_or_nan(losses)
        self._length = len(self._room)
        self._axis: Axis | None = None
        self._columns = _nothing()
        self._counted = 0

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, iteration: int) -> float:
        if not 0 <= iteration < self._length:
            raise IndexError(iteration)
        return float(self._room[iteration])

    def append(self, losses: ArrayLike) -> None:
        new = _finite_or_nan(losses)
        length = self._length + len(new)
        if length > len(self._room):
            room = np.full(max(length, 2 * len(self._room)), np.nan)
            room[: self._length] = self._room[: self._length]
            self._room = room
        self._room[self._length : length] = new
        self._length = length

    def columns(self, axis: Axis) -> Columns:
        """Kept for the axis; after an append only the columns of the new losses are counted."""
        if axis != self._axis:
            self._axis, self._columns, self._counted = axis, _nothing(), 0
        seen = axis.seen(self._length)
        if self._counted < seen.stop:
            self._columns = self._extended(axis, seen)
            self._counted = seen.stop
        return self._columns

    def _extended(self, axis: Axis, seen: range) -> Columns:
        start = max(self._counted, seen.start)
        kept = 0
        if self._counted and axis.scale < 1:
            column = math.floor(_middles(self._counted - 1, 1, axis)[0])
            kept = int(np.searchsorted(self._columns.x, column))
            start = max(_first_of(axis, column), seen.start)
        elif self._counted:
            kept = len(self._columns.x)
        new = _counted(self._room[start : seen.stop], start, axis)
        old = self._columns
        return Columns(
            np.concatenate((old.x[:kept], new.x)),
            np.concatenate((old.low[:kept], new.low)),
            np.concatenate((old.high[:kept], new.high)),
            np.concatenate((old.mean[:kept], new.mean)),
        )


def _finite_or_nan(losses: ArrayLike) -> Row:
    given = np.asarray(losses, dtype=np.float64).reshape(-1)
    return np.where(np.isfinite(given), given, np.nan)


def _nothing() -> Columns:
    empty = np.empty(0)
    return Columns(empty, empty, empty, empty)


def _middles(first: int, count: int, axis: Axis) -> Row:
    """What `axis.x` gives, for many iterations."""
    cells = np.arange(first, first + count, dtype=np.float64) + 0.5
    return np.add(axis.edge(0), cells * axis.scale)


def _first_of(axis: Axis, column: int) -> int:
    """The first iteration whose middle lies in a column."""
    guess = max(axis.iteration(column) - 2, 0)
    near = np.floor(_middles(guess, int(4 + 2 / axis.scale), axis))
    return guess + int(np.searchsorted(near, column))


def _counted(losses: Row, first: int, axis: Axis) -> Columns:
    x = _middles(first, len(losses), axis)
    if axis.scale >= 1 or not len(losses):
        return Columns(x, losses, losses, losses)
    column = np.floor(x)
    starts = np.flatnonzero(np.diff(column, prepend=column[0] - 1))
    there = np.isfinite(losses)
    sums = np.add.reduceat(np.where(there, losses, 0.0), starts)
    counts = np.add.reduceat(there.astype(np.float64), starts)
    mean = np.full(len(starts), np.nan)
    np.divide(sums, counts, out=mean, where=counts > 0)
    low = np.fmin.reduceat(losses, starts)
    high = np.fmax.reduceat(losses, starts)
    return Columns(column[starts], low, high, mean)
