"""The ticks of the ruler."""

from __future__ import annotations

from dataclasses import dataclass

from studio.ui.timeline.axis import Axis

LABEL_ROOM = 76.0
"""Pixels from one number to the next, at least."""
TICK_ROOM = 7.0


@dataclass(frozen=True)
class Tick:
    iteration: int
    is_major: bool
    """Whether its number is written beside it."""


def round_step(least: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 ... that is not below `least`."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power >= least:
                return digit * power
        power *= 10


def steps(scale: float) -> tuple[int, int]:
    """Iterations between numbers and between ticks."""
    major = round_step(LABEL_ROOM / scale)
    parts = (10, 5, 2) if str(major)[0] == "1" else (4, 2) if str(major)[0] == "2" else (5,)
    for each in parts:
        if major % each == 0 and major / each * scale >= TICK_ROOM:
            return major, major // each
    return major, major


def ticks(axis: Axis) -> list[Tick]:
    """Every tick in sight, also beyond the last iteration."""
    major, minor = steps(axis.scale)
    first = max(axis.iteration(-LABEL_ROOM) // minor * minor, 0)
    last = axis.iteration(axis.width + LABEL_ROOM)
    return [Tick(at, at % major == 0) for at in range(first, last + 1, minor)]
