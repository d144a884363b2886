"""What a project says beside its pictures, as plain data: takes, models, settings, keyframes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, NamedTuple

import msgspec

from studio.core.film import Order
from studio.core.schedule import Change

LONGEST_NAME = 1000
Name = Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)]
Date = Annotated[str, msgspec.Meta(max_length=40, pattern="^[0-9T:.+Z-]*$")]
"""ISO 8601, UTC."""


class Iteration(msgspec.Struct, frozen=True, gc=False):
    """What was measured while one iteration was painted."""

    number: int
    """0-based."""
    losses: tuple[float, ...]
    """Of each prompt, weighted."""
    total: float
    seconds: float


class ModelRef(msgspec.Struct, frozen=True):
    """Weights that a project was painted with; the project holds their name, not the weights."""

    name: Name
    sha256: Name
    kind: Literal["vqgan", "clip"]


class Take(msgspec.Struct, frozen=True):
    """One line of iterations. The first take has no parent; every other branches off one."""

    id: int
    parent: int | None
    branched_at: int | None
    """Iterations before this one are the parent's."""
    name: str
    created: str
    """ISO 8601, UTC."""
    deleted: bool


class Branch(msgspec.Struct, frozen=True):
    """The part of a take that never changes once it is made."""

    parent: int | None
    branched_at: int | None
    created: Date


class TakeDocument(msgspec.Struct, frozen=True, omit_defaults=True):
    """The part of a take that a person edits."""

    name: Name
    changes: tuple[Change, ...] = ()
    """By iteration, at most one for each; without those inherited from the parent."""
    deleted: bool = False


class Document(msgspec.Struct, frozen=True):
    """All that a person edits, saved as one version after another."""

    created: Date
    saved: Date
    models: tuple[ModelRef, ...]
    takes: dict[int, TakeDocument]
    film: Order | None = None
    """How a person last ordered a film of it."""

    def with_take(self, take: int, changed: TakeDocument) -> Document:
        """The document with one take put in or changed."""
        return msgspec.structs.replace(self, takes={**self.takes, take: changed})


class Stretch(NamedTuple):
    """Iterations `first` to `stop` (exclusive) of a take's line, painted in the take `take`."""

    take: int
    first: int
    stop: int


def stretches(branches: Mapping[int, Branch], take: int, stop: int) -> list[Stretch]:
    """Where the iterations of a take before `stop` lie, from the root of the tree downwards."""
    found: list[Stretch] = []
    next_take: int | None = take
    while next_take is not None:
        branch = branches[next_take]
        first = branch.branched_at or 0
        if first < stop:
            found.append(Stretch(next_take, first, stop))
        stop = min(stop, first)
        next_take = branch.parent
    return found[::-1]


def with_change(changes: Sequence[Change], change: Change) -> tuple[Change, ...]:
    """The changes by iteration, with `change` in place of all from its iteration on."""
    earlier = [other for other in changes if other.iteration < change.iteration]
    return (*sorted(earlier, key=lambda each: each.iteration), change)
