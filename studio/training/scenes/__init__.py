"""Procedural captioned pictures: what the starter models are trained on.

Every scene is a function of (seed, index) alone, so a training set needs no storage: any
picture can be drawn, at any size, and its captions worded afresh, at random access.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from studio.training.scenes import (
    buildings,
    company,
    creatures,
    landscapes,
    nature,
    objects,
    patterns,
    shapes,
    space,
    weather,
)
from studio.training.scenes.spec import Facts, Family, chance, pick
from studio.training.scenes.styles import STYLES, restyle
from studio.training.scenes.words import COLOURLESS_STYLES, Wordings

__all__ = ["Scene", "Wordings", "describe", "draw", "facts", "families", "styles"]

_FAMILIES: tuple[Family, ...] = (
    *landscapes.FAMILIES,
    *weather.FAMILIES,
    *nature.FAMILIES,
    *buildings.FAMILIES,
    *space.FAMILIES,
    *creatures.FAMILIES,
    *objects.FAMILIES,
    *shapes.FAMILIES,
    *company.FAMILIES,
    *patterns.FAMILIES,
)
_CUMULATIVE = np.cumsum([family.weight for family in _FAMILIES])
_STYLED_SHARE = 0.40
_EXACT_STYLED_SHARE = 0.20
_ALL_STYLES = tuple(STYLES)
_EXACT_STYLES = tuple(style for style in STYLES if style not in COLOURLESS_STYLES)


@dataclass(frozen=True)
class Scene:
    """One picture and all that may be said of it."""

    family: str
    style: str
    picture: npt.NDArray[np.uint8]
    """(size, size, 3) RGB."""
    wordings: Wordings

    def caption(self, rng: np.random.Generator) -> str:
        """A random true wording; each call words it anew."""
        return self.wordings.caption(rng)


def _sample(seed: int, index: int) -> tuple[np.random.Generator, Family, Facts, Wordings]:
    rng = np.random.default_rng((seed, index))
    roll = rng.random() * _CUMULATIVE[-1]
    family = _FAMILIES[int(np.searchsorted(_CUMULATIVE, roll, side="right"))]
    style = ""
    if chance(rng, _EXACT_STYLED_SHARE if family.exact_colours else _STYLED_SHARE):
        style = pick(rng, _EXACT_STYLES if family.exact_colours else _ALL_STYLES)
    told, phrases = family.sample(rng)
    return rng, family, told, Wordings(family.name, style, phrases)


def describe(seed: int, index: int) -> Wordings:
    """The wordings of scene ``index``, without drawing it."""
    return _sample(seed, index)[3]


def facts(seed: int, index: int) -> Facts:
    """What scene ``index`` shows, as its painter is told."""
    return _sample(seed, index)[2]


def draw(seed: int, index: int, size: int) -> Scene:
    """Scene ``index`` of the endless series ``seed``, ``size`` pixels square."""
    rng, family, told, wordings = _sample(seed, index)
    picture = restyle(rng, family.paint(rng, size, told), wordings.style)
    pixels = (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
    return Scene(family.name, wordings.style, pixels, wordings)


def families() -> tuple[str, ...]:
    """The names of all families of scenes."""
    return tuple(family.name for family in _FAMILIES)


def styles() -> tuple[str, ...]:
    """The names of all styles; "" (plain) is not among them."""
    return _ALL_STYLES
