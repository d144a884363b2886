"""The ways that a film takes from place to place, by their length or by what changes on them."""

from __future__ import annotations

import math
from bisect import bisect_left
from itertools import accumulate
from typing import NamedTuple

from studio.core.film import Moment, Place


class Leg(NamedTuple):
    """The way from one stop to the next: the places it comes through, both ends counted."""

    places: tuple[Place, ...]
    changes: tuple[float, ...] = ()
    """How much the picture changes (RMS) over each part of the way, measured for an even pace;
    empty, it changes everywhere the same."""
    marks: tuple[float, ...] = ()
    """The share of the way, 0..1, at which each part ends; empty, all parts are equally long."""


class Way:
    """A leg by the share of it, or of the change along it, that is behind the film."""

    def __init__(self, leg: Leg, *, even: bool) -> None:
        self.places, self.sums = leg.places, [0.0, *accumulate(leg.changes)]
        parts = len(leg.changes)
        self.marks = [0.0, *(leg.marks or (part / parts for part in range(1, parts + 1)))]
        self.even = even and 0 < self.sums[-1] < math.inf

    def moment(self, share: float) -> Moment:
        """What is shown there."""
        steps = len(self.places) - 1
        place = (self._evened(share) if self.even else share) * steps
        step = min(int(place), max(0, steps - 1))
        return moment_between(self.places[step], self.places[min(step + 1, steps)], place - step)

    def _evened(self, share: float) -> float:
        """The share of the way at which this share of the change has happened."""
        wanted = share * self.sums[-1]
        part = min(max(1, bisect_left(self.sums, wanted)), len(self.sums) - 1)
        before, reached = self.sums[part - 1], self.sums[part]
        inside = (wanted - before) / (reached - before) if reached > before else 0.0
        start, end = self.marks[part - 1], self.marks[part]
        return start + min(1.0, inside) * (end - start)


def moment_between(start: Place, end: Place, share: float) -> Moment:
    """What is shown after this share of the way between two places."""
    if share < 1e-9:
        return still(start)
    return still(end) if share > 1 - 1e-9 else Moment(start, end, share)


def still(place: Place) -> Moment:
    """A place as it is."""
    return Moment(place, place, 0.0)
