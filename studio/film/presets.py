"""Ready-made choices of kind, size and quality, by the name of what they are for."""

from __future__ import annotations

from pathlib import Path

import msgspec

from studio import places
from studio.core.film import Fit, Order, Quality
from studio.errors import RequestError, StudioError
from studio.film.formats import Kind


class FilmPreset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a preset chooses."""

    name: str
    """On the command line."""
    title: str
    """In the window."""
    about: str
    kind: Kind
    fps: float
    quality: Quality
    size: tuple[int, int] | None = None
    fit: Fit = "whole"

    def applied(self, order: Order) -> Order:
        """The order with what the preset chooses."""
        return msgspec.structs.replace(
            order, fps=self.fps, size=self.size, fit=self.fit, quality=self.quality
        )


def presets() -> tuple[FilmPreset, ...]:
    """All presets. Raises StudioError when their file is damaged."""
    path = _path()
    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[FilmPreset, ...])
    except (OSError, msgspec.MsgspecError) as error:
        raise StudioError(f"{path} cannot be read ({error}); install the program again.") from error


def preset(name: str) -> FilmPreset:
    """The preset of a name. Raises RequestError, listing those there are, when there is none."""
    known = {each.name: each for each in presets()}
    if name not in known:
        raise RequestError(f"There is no preset {name!r}; there are {', '.join(known)}.")
    return known[name]


def _path() -> Path:
    return places.resources() / "films" / "presets.json"
