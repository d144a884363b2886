"""Where an iteration lies on a line of pixels, and the other way round."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

MARGIN = 12.0
"""Free pixels at both ends, so that the playhead fits at the first and the last iteration."""
FIT_MOST = 72.0
"""Pixels that an iteration gets at most when everything fits."""
MOST = 160.0


@dataclass(frozen=True)
class Axis:
    """A zoomed part of `extent` cells in a row, one for each iteration.

    Positions along the row are counted in cells: iteration 3 fills 3.0 to 4.0.
    """

    width: float = 1.0
    extent: int = 1
    start: float = 0.0
    """The cell at the left margin."""
    scale: float = 1.0
    """Pixels for each cell."""

    @property
    def room(self) -> float:
        return max(self.width - 2 * MARGIN, 1.0)

    @property
    def shown(self) -> float:
        """How many cells fit between the margins."""
        return self.room / self.scale

    @property
    def least(self) -> float:
        """The scale at which everything fits."""
        return min(self.room / max(self.extent, 1), FIT_MOST)

    @property
    def is_whole(self) -> bool:
        """Whether everything is in sight."""
        return self.scale <= self.least * (1 + 1e-9)

    def edge(self, cell: float) -> float:
        """The x of the left edge of a cell."""
        return MARGIN + (cell - self.start) * self.scale

    def x(self, iteration: float) -> float:
        """The x of the middle of an iteration."""
        return self.edge(iteration + 0.5)

    def cell(self, x: float) -> float:
        return self.start + (x - MARGIN) / self.scale

    def iteration(self, x: float) -> int:
        """The iteration under x, which may be one that is not there."""
        return math.floor(self.cell(x))

    def seen(self, length: int) -> range:
        """Those of the first `length` iterations whose cells show, the margins included."""
        first = max(self.iteration(0.0), 0)
        return range(first, max(min(self.iteration(self.width) + 1, length), first))

    def whole(self) -> Axis:
        return replace(self, start=0.0, scale=self.least)

    def scrolled(self, start: float) -> Axis:
        """With another cell at the left margin, as far as there are cells."""
        return replace(self, start=max(0.0, min(start, self.extent - self.shown)))

    def zoomed(self, factor: float, x: float) -> Axis:
        """Nearer (above 1) or farther, with what is under x kept under it."""
        cell = self.cell(x)
        scale = max(self.least, min(self.scale * factor, MOST))
        return replace(self, scale=scale).scrolled(cell - (x - MARGIN) / scale)

    def fitted(self, width: float, extent: int) -> Axis:
        """In another width, for another number of cells; what showed everything still does."""
        other = replace(self, width=max(width, 1.0), extent=max(extent, 1))
        if self.is_whole or other.is_whole:
            return other.whole()
        return other.scrolled(other.start)

    def showing(self, iteration: int, lead: float = 0.1) -> Axis:
        """Scrolled to an iteration that is out of sight; ahead of it lies most of the view."""
        if self.start <= iteration + 0.5 <= self.start + self.shown:
            return self
        behind = lead if iteration >= self.start else 1.0 - lead
        return self.scrolled(iteration + 0.5 - self.shown * behind)
