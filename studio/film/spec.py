"""What is to be made: all that a film is, but for its frames."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal, NamedTuple

from studio.core.film import Quality
from studio.film.formats import Format

Pixels = Literal["rgb", "jpeg"]
"""How frames come: as bytes of RGB, row by row, or as JPEG files of the film's size."""


class About(NamedTuple):
    """What the file says about the painting."""

    prompt: str
    seed: int
    model: str
    program: str

    def words(self) -> dict[str, str]:
        """Each by its name, as text."""
        return {name: str(value) for name, value in self._asdict().items()}

    def line(self) -> str:
        """All in one line, for kinds of file with room for a comment only."""
        return "; ".join(f"{name}: {value}" for name, value in self.words().items())


@dataclass(frozen=True, kw_only=True)
class Spec:
    """A film to be made of `frames` frames."""

    format: Format
    size: tuple[int, int]
    frames: int
    fps: float
    quality: Quality
    about: About
    pixels: Pixels = "rgb"
    repeats: bool = False
    """Whether players begin again at its end, where the kind of film can say so."""
    soundtrack: Path | None = None
    room: int = field(default=0)
    """Bytes that must be free on the disk before it is begun."""

    @property
    def rate(self) -> Fraction:
        """Frames a second as the exact decimal that was written."""
        return Fraction(str(self.fps))

    @property
    def seconds(self) -> Fraction:
        """How long it is."""
        return self.frames / self.rate


class Made(NamedTuple):
    """A film that is there."""

    out: Path
    frames: int
    seconds: float
    fps: float
    size: tuple[int, int]
    bytes: int
