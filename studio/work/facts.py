"""What the bridge tells the window, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from studio.core.settings import Change
from studio.project.document import Iteration, Take

Activity = Literal["idle", "loading", "painting", "paused"]
"""What the painter does: nothing yet, getting ready, painting, or waiting to go on."""
Picture = NDArray[np.uint8]
"""(H, W, 3) RGB."""


@dataclass(frozen=True)
class Contents:
    """A project as the window shows it, one take at a time."""

    path: Path
    takes: tuple[Take, ...]
    """Those that are not deleted, parents before children."""
    lengths: Mapping[int, int]
    take: int
    changes: tuple[Change, ...]
    iterations: tuple[Iteration, ...]
    fell_back: bool
    """Whether the newest settings were damaged and earlier ones are in their place."""
    other_project: bool
    """Whether this is another project than before, not another view of the same."""


@dataclass(frozen=True)
class News:
    """What was painted since the last news: every iteration, and the newest picture."""

    take: int
    iterations: tuple[Iteration, ...]
    picture: Picture
    seconds: float
    """Median time of the last iterations, recording included."""
    left: int
    """Iterations still to paint."""
    memory: tuple[int, int] | None
    """Bytes in use and bytes there are, of the device that computes."""


@dataclass(frozen=True)
class Fault:
    """Something failed: one sentence for everybody, details for those who help."""

    sentence: str
    details: str
    painting: bool = False
    """Whether painting was paused by it."""


@dataclass(frozen=True)
class Reading:
    """How CLIP reads a text."""

    tokens: int
    unknown: tuple[str, ...]
    """Words that a perceptor in use was never taught."""
