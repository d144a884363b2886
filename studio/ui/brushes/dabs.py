"""A stroke as numbers: round tips, laid close to each other on the smooth way of a hand."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Coverage = NDArray[np.uint8]
"""(H, W): how far each pixel is covered."""
Point = tuple[float, float, float]
"""Across, down, and pressure in 0..1."""

SMALLEST, LARGEST = 1.0, 1000.0
"""Pixels from side to side of a tip."""
LIGHTEST = 0.15
"""The share of its size that a tip has under no pressure at all."""
SPACING = 0.07
"""Of its size; so close, nobody sees that a line is made of dabs."""
FLATTENED = 24
"""Pieces that a bent part of the way is at most measured in."""


@dataclass(frozen=True)
class Box:
    """Pixels from `left`, `top` up to `right`, `bottom`, both excluded."""

    left: int
    top: int
    right: int
    bottom: int

    def within(self, width: int, height: int) -> Box | None:
        """What of it lies in a picture."""
        left, top = max(self.left, 0), max(self.top, 0)
        right, bottom = min(self.right, width), min(self.bottom, height)
        return Box(left, top, right, bottom) if left < right and top < bottom else None

    def joined(self, other: Box | None) -> Box:
        """The smallest that has both in it."""
        if other is None:
            return self
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    @property
    def slices(self) -> tuple[slice, slice]:
        """The box of an array."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


@dataclass(frozen=True)
class Tip:
    """What a brush is set to."""

    size: float
    hardness: float
    """The share of its radius that covers wholly."""
    opacity: float
    """How far it covers at most."""


class Stroke:
    """One stroke in the making: what it covers so far."""

    def __init__(self, width: int, height: int, tip: Tip) -> None:
        self.coverage: Coverage = np.zeros((height, width), np.uint8)
        self.dirty: Box | None = None
        """All that it has touched."""
        self._tip = tip
        self._points: list[Point] = []
        self._ahead = 0.0
        self._end: Point | None = None

    def move(self, points: Iterable[Point]) -> Box | None:
        """Lead the brush on; returns what changed."""
        touched: Box | None = None
        for point in points:
            for dab in self._reached(point):
                touched = _joined(touched, self._stamp(dab))
        self.dirty = _joined(self.dirty, touched)
        return touched

    def finish(self) -> Box | None:
        """The last piece of the way, up to where the hand was lifted."""
        if len(self._points) < 2:
            return None
        touched: Box | None = None
        for dab in self._dabs([self._points[-1]]):
            touched = _joined(touched, self._stamp(dab))
        self.dirty = _joined(self.dirty, touched)
        return touched

    def _reached(self, point: Point) -> list[Point]:
        """Where dabs fall as the hand comes to a point: bent ways lead from middle to middle."""
        points = self._points
        if not points:
            points.append(point)
            self._end = point
            return [point]
        before = points[-1]
        if point[:2] == before[:2]:
            return []
        points[:] = [before, point]
        assert self._end is not None
        return self._dabs(_bent(self._end, before, _middle(before, point)))

    def _dabs(self, way: Sequence[Point]) -> list[Point]:
        """Points on the way as far from each other as the spacing says."""
        found: list[Point] = []
        assert self._end is not None
        here = self._end
        for there in way:
            length = math.dist(here[:2], there[:2])
            done = self._ahead
            while done < length:
                found.append(_between(here, there, done / length))
                done += max(1.0, SPACING * self._size(found[-1][2]))
            self._ahead, here = done - length, there
        self._end = here
        return found

    def _size(self, pressure: float) -> float:
        return self._tip.size * (LIGHTEST + (1 - LIGHTEST) * pressure)

    def _stamp(self, dab: Point) -> Box | None:
        across, down, pressure = dab
        size = _stepped(self._size(pressure))
        fine = 4 if size < 32 else 1  # where a dab of few pixels lies between them can be seen
        left, top = (math.floor(each * fine) for each in (across, down))
        shape = _tip(
            size, self._tip.hardness, self._tip.opacity, left % fine / fine, top % fine / fine
        )
        half = shape.shape[0] // 2
        left, top = left // fine - half, top // fine - half
        whole = Box(left, top, left + shape.shape[1], top + shape.shape[0])
        height, width = self.coverage.shape
        box = whole.within(width, height)
        if box is None:
            return None
        part = Box(box.left - left, box.top - top, box.right - left, box.bottom - top)
        there = self.coverage[box.slices]
        np.maximum(there, shape[part.slices], out=there)
        return box


def painted(before: Coverage, covered: Coverage) -> Coverage:
    """A mask that is also where a stroke covers it."""
    return np.maximum(before, covered)


def erased(before: Coverage, covered: Coverage) -> Coverage:
    """A mask that is no longer where a stroke covers it."""
    return np.minimum(before, 255 - covered)


@lru_cache(maxsize=48)
def _tip(size: float, hardness: float, opacity: float, across: float, down: float) -> Coverage:
    """A round tip in a square of an odd side, its middle as far beyond the middle's corner."""
    half = math.ceil(size / 2) + 1
    places = np.arange(-half, half + 1, dtype=np.float32) + np.float32(0.5)
    away = np.hypot(places - np.float32(across), (places - np.float32(down))[:, None])
    outer = size / 2 + 0.5
    inner = min(hardness * size / 2, outer - 1)
    share = np.clip((outer - away) / (outer - inner), 0, 1)
    return np.asarray(np.rint(share * share * (3 - 2 * share) * (255 * opacity)), np.uint8)


def _stepped(size: float) -> float:
    """A size near it, so that few tips are made under a pressure that changes all the time."""
    step = 0.5 if size < 32 else 1.0 if size < 128 else 4.0
    return max(SMALLEST, round(size / step) * step)


def _joined(one: Box | None, other: Box | None) -> Box | None:
    return other if one is None else one.joined(other)


def _middle(one: Point, other: Point) -> Point:
    return _between(one, other, 0.5)


def _between(one: Point, other: Point, share: float) -> Point:
    across, down, pressure = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return across, down, pressure


def _bent(start: Point, corner: Point, end: Point) -> list[Point]:
    """A bow from start to end, drawn to the corner (a quadratic Bézier), in straight pieces."""
    length = math.dist(start[:2], corner[:2]) + math.dist(corner[:2], end[:2])
    count = max(1, min(FLATTENED, round(length / 4)))
    return [
        _between(_between(start, corner, n / count), _between(corner, end, n / count), n / count)
        for n in range(1, count + 1)
    ]
