"""What the bridge tells the window, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from studio.core.schedule import Change
from studio.core.settings import Settings
from studio.project.document import Iteration, Take

Activity = Literal["idle", "loading", "painting", "paused"]
"""What the painter does: nothing yet, getting ready, painting, or waiting to go on."""
Picture = NDArray[np.uint8]
"""(H, W, 3) RGB."""


@dataclass(frozen=True)
class Contents:
    """A project as the window shows it, one take at a time."""

    path: Path
    untitled: bool
    """Whether the person has not yet said where to keep it."""
    takes: tuple[Take, ...]
    """Those that are not deleted, parents before children."""
    lengths: Mapping[int, int]
    take: int
    changes: tuple[Change, ...]
    iterations: tuple[Iteration, ...]
    pictures: Mapping[str, bytes]
    """Encoded pictures that the settings name, by their sha256."""
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
class Changes:
    """The changes of settings of a take, after one was made."""

    take: int
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Frame:
    """The picture of one iteration, as it was kept (a proxy) or decoded from its codes."""

    take: int
    iteration: int
    picture: Picture
    exact: bool = False


@dataclass(frozen=True)
class Finished:
    """Painting ended because all that was asked for is painted."""

    take: int
    painted: int
    seconds: float


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


@dataclass(frozen=True)
class Read:
    """A picture file that a person named, made ready to be kept in a project."""

    sha256: str
    data: bytes
    use: str
    """What the window wanted it for, in its own words."""
    settings: Settings | None = None
    """Those it was painted with, when it says so."""


@dataclass(frozen=True)
class Draft:
    """A painting that has not begun: its settings and the pictures they name, by sha256."""

    settings: Settings
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    def with_seed(self, seed: int) -> Draft:
        """The same with another seed."""
        return replace(self, settings=msgspec.structs.replace(self.settings, seed=seed))


@dataclass(frozen=True)
class Listed:
    """A project that can be opened, as a list shows it."""

    path: Path
    name: str
    when: float
    """Seconds since 1970."""
    thumbnail: bytes | None = None
    missing: bool = False


@dataclass(frozen=True)
class Welcome:
    """What can be opened: projects of late, examples, and work left without a name."""

    recent: tuple[Listed, ...]
    examples: tuple[Listed, ...]
    unsaved: tuple[Listed, ...]


JobState = Literal["waiting", "painting", "done", "failed", "stopped"]


@dataclass(frozen=True)
class JobNews:
    """One painting of the queue."""

    id: int
    path: Path
    title: str
    settings: Settings
    state: JobState
    done: int
    count: int
    picture: Picture | None = None
    """The newest, small; None before the first."""
    problem: str = ""
