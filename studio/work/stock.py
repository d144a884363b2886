"""The models as the window tells of them, as plain data: those here and those that can be had."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from studio.models.catalogue import Kind
from studio.models.store import Card

Key = tuple[str, Kind]
"""A model's name and kind: a CLIP may have the name of a VQGAN."""
State = Literal[
    "offered", "waiting", "getting", "paused", "checking", "converting", "failed", "here", "damaged"
]
"""What is up with a model, from being offered by others to lying here."""
AT_WORK: frozenset[State] = frozenset({"waiting", "getting", "checking", "converting"})
"""States that pass by themselves."""


@dataclass(frozen=True)
class Model:
    """One model: what it is, and what is up with it now."""

    name: str
    kind: Kind
    title: str = ""
    draws: str = ""
    """One line: what it can and cannot draw, or for a CLIP read."""
    architecture: str = ""
    licence: str = ""
    bytes: int | None = None
    """Size of the download; None where nobody has written it down."""
    memory: tuple[int, int] | None = None
    """Bytes that it takes about at 256x256 and 512x512."""
    factor: int | None = None
    """Pixels along one side of the square that one code of a VQGAN stands for."""
    codes: int | None = None
    """Entries of a VQGAN's codebook."""
    side: int | None = None
    """Pixels along the pictures that a CLIP looks at."""
    sha256: str | None = None
    """Of the download; None where nobody has written it down."""
    urls: tuple[str, ...] = ()
    state: State = "offered"
    disk: int = 0
    """Bytes on this machine."""
    folder: Path | None = None
    """Where it lies on this machine."""
    is_shipped: bool = False
    """Whether it came with the program, and stays."""
    is_listed: bool = True
    """Whether others offer it, so that it can be had again."""
    needs_trust: bool = False
    """Whether nobody can tell if what comes is what was published, so that a person is asked."""
    is_recommended: bool = False
    """Whether it is of the pair to begin with."""
    done: int = 0
    """Bytes of the download that are here."""
    speed: float = 0.0
    """Bytes a second."""
    left: float | None = None
    """Seconds; None while nobody knows."""
    problem: str = ""
    """Why it failed or what is damaged, and the remedy."""
    card: Card | None = None
    """What a training on this machine said of it."""
    sheet: Path | None = None
    """Held-out pictures as it gave them back before that training and after, a PNG."""

    @property
    def key(self) -> Key:
        """What it is known by."""
        return self.name, self.kind

    @property
    def is_here(self) -> bool:
        """Whether it can be painted with."""
        return self.state == "here"

    @property
    def share(self) -> float | None:
        """0..1 of the download that is here; None while nobody knows its size."""
        return min(self.done / self.bytes, 1.0) if self.bytes else None


@dataclass(frozen=True)
class Stock:
    """All models, those here first, and the room for more."""

    models: tuple[Model, ...]
    used: int
    """Bytes that those added by the person take, unfinished downloads among them."""
    free: int
    """Bytes free on that disk."""
    folder: Path
    """Where models go."""


@dataclass(frozen=True)
class Lack:
    """A model that a project was painted with and that is not here."""

    name: str
    kind: Kind
    sha256: str
    is_other: bool = False
    """Whether another model of this name is here."""
    is_listed: bool = False
    """Whether it can be had."""
