"""What the timeline is told."""

from __future__ import annotations

import enum
from dataclasses import dataclass


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
    """A diamond on the timeline."""

    iteration: int
    name: str = ""


@dataclass(frozen=True)
class Marker:
    """A place where something changed; `text` is its tooltip."""

    iteration: int
    text: str
