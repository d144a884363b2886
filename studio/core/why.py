"""Where a picture answers its prompts, gathered over the last iterations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Grid = NDArray[np.float32]
FADING = 0.95
"""How much of what was seen before counts after another iteration."""


class Why:
    """The evidence of `Step.why`, for the prompts that pull now."""

    def __init__(self) -> None:
        self._sums: Grid | None = None

    def add(self, seen: Grid) -> None:
        """What an iteration saw, (prompts, 2, n, n); begins anew when there are other prompts."""
        if self._sums is None or self._sums.shape != seen.shape:
            self._sums = seen.copy()
        else:
            self._sums = FADING * self._sums + seen

    def __len__(self) -> int:
        return 0 if self._sums is None else len(self._sums)

    def map(self, prompt: int) -> Grid:
        """Where a prompt is answered, (n, n): from 0, least, to 1, most; 0.5 where all is alike."""
        assert self._sums is not None
        sums, views = self._sums[prompt]
        found = sums / np.maximum(views, 1e-6)
        low, high = float(found.min()), float(found.max())
        if high - low < 1e-9:
            return np.full_like(found, 0.5)
        scaled: Grid = (found - low) / (high - low)
        return scaled

    def shares(self, row: float, column: float) -> list[float]:
        """How strongly each prompt is answered at a place, 0..1 down and across; adds up to 1."""
        maps = np.stack([self.map(k) for k in range(len(self))])
        size = maps.shape[1]
        values = maps[:, min(int(row * size), size - 1), min(int(column * size), size - 1)] + 1e-6
        return [float(each) for each in values / values.sum()]
