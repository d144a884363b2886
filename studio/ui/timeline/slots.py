"""Which iterations the filmstrip shows where."""

from __future__ import annotations

import math
from dataclasses import dataclass

from studio.ui.timeline.axis import Axis


@dataclass(frozen=True)
class Slot:
    """A place for one preview."""

    x: float
    width: float
    iteration: int


def slots(axis: Axis, preview_width: float, length: int) -> list[Slot]:
    """The places in sight, left to right, each with an iteration from within it.

    Where pictures are wider than iterations they stand side by side, and the iterations are
    multiples of a power of two: scrolling does not change them, and zooming meets most of them
    again.
    """
    if axis.scale >= preview_width:
        return [Slot(axis.edge(each), axis.scale, each) for each in axis.seen(length)]
    span = preview_width / axis.scale
    first = max(math.floor(axis.cell(0.0) / span), 0)
    last = math.ceil(min(axis.cell(axis.width), length) / span)
    return [_slot(axis, number, span, length) for number in range(first, last)]


def _slot(axis: Axis, number: int, span: float, length: int) -> Slot:
    start, end = number * span, min((number + 1) * span, length)
    grid = 1 << max(math.floor(math.log2(span / 2)), 0)
    middle = math.floor((number + 0.5) * span / grid) * grid
    newest = (length - 1) // grid * grid
    return Slot(axis.edge(start), (end - start) * axis.scale, min(middle, newest))
