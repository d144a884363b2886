"""What the timeline is told."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from studio.core.easing import Ease


class PlayMode(enum.Enum):
    """What playing does at the end."""

    ONCE = enum.auto()
    LOOP = enum.auto()
    PING_PONG = enum.auto()


@dataclass(frozen=True)
class Take:
    """One take of the tree; `length` counts inherited iterations too."""

    number: int
    name: str
    length: int
    parent: int | None = None
    branched_at: int = 0


@dataclass(frozen=True)
class Keyframe:
    """A diamond on the timeline: hollow while it lies ahead, filled once it is passed."""

    iteration: int
    name: str = ""
    about: tuple[str, ...] = ()
    """Lines of its tooltip: what it sets, and how that travels on."""


@dataclass(frozen=True)
class Way:
    """From one keyframe to the next that sets the same; drawn as the curve of its ease."""

    start: int
    end: int
    ease: Ease


@dataclass(frozen=True)
class Marker:
    """A place where something changed; `text` is its tooltip."""

    iteration: int
    text: str
    is_brush: bool = False
    """Whether it was changed with a brush on the picture."""
