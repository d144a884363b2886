"""What the bridge tells the window, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from studio.core.demand import Demand
from studio.core.film import Order
from studio.core.schedule import Change, Keyframe
from studio.core.settings import Settings
from studio.project.document import Iteration, ModelRef, Take

Activity = Literal["idle", "loading", "painting", "pausing", "stopping", "paused"]
"""What the painter does: nothing yet, getting ready, painting, ending the iteration at work because
a pause or a stop is wanted, or waiting to go on."""
AT_WORK: frozenset[Activity] = frozenset({"loading", "painting", "pausing", "stopping"})
"""Those in which it has not come to rest."""
ENDING: frozenset[Activity] = frozenset({"pausing", "stopping"})
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
    models: tuple[ModelRef, ...]
    """Those it was painted with."""
    fell_back: bool
    """Whether the newest settings were damaged and earlier ones are in their place."""
    other_project: bool
    """Whether this is another project than before, not another view of the same."""
    film: Order | None = None
    """How a film of it is ordered, if one is."""
    picture: bytes | None = None
    """The kept picture of its newest iteration."""


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
    why: NDArray[np.float32] | None = None
    """Where the newest picture answers its prompts: see `Step.why`."""


@dataclass(frozen=True)
class Memory:
    """Of the device that computes, in bytes."""

    used: int
    """By this program; of a graphics card by all programs."""
    total: int
    room: int
    """What this program may come to hold: what it has, and what is free."""


ModelNames = tuple[str, tuple[str, ...]]
"""The VQGAN and the perceptors of a painting, by name."""


@dataclass(frozen=True)
class Measured:
    """What painting with certain models takes on this machine; None where they cannot be loaded."""

    models: ModelNames
    demand: Demand | None


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
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """Those that these settings name, as far as it carries them along."""


@dataclass(frozen=True)
class Draft:
    """A painting that has not begun: its settings, pictures by sha256, and planned keyframes."""

    settings: Settings
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    keyframes: tuple[Keyframe, ...] = ()

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


@dataclass(frozen=True)
class FilmFacts:
    """What a film is going to be, before it is made."""

    order: Order
    frames: int
    fps: float
    size: tuple[int, int]
    """Width and height of a frame."""
    own: tuple[int, int]
    """Width and height of the painted picture."""
    bytes: int
    """About as large as the file will be."""
    iterations: int
    """How many recorded iterations it passes."""
    stop_frames: tuple[int, ...]
    """The frames on which its stops are shown exactly."""
    note: str = ""
    """What a person should know of the preview, such as that a model is missing."""
    problem: str = ""
    """Why the film cannot be made as it is ordered; then the numbers are 0."""

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return self.frames / self.fps


FilmState = Literal["waiting", "working", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class FilmNews:
    """One film that is being written, or was, or is going to be."""

    id: int
    path: Path
    state: FilmState
    done: int = 0
    """Frames written."""
    count: int = 0
    """Frames in all; 0 before that is known."""
    left: float | None = None
    """Seconds that it will still take."""
    bytes: int = 0
    """Size of the file, once it is done."""
    picture: Picture | None = None
    """A small one of the film."""
    note: str = ""
    """What a person should know of it."""
    fault: Fault | None = None
