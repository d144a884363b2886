"""Almost right: captions with one word changed, and pictures with one thing wrong.

Captions of other scenes differ in everything, so they teach no word on its own (Yuksekgonul et al.
2023, arXiv:2210.01936).
"""

from __future__ import annotations

import re

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from studio.training.scenes.palette import COLOUR_NAMES, other_colour
from studio.training.scenes.spec import chance, pick
from studio.training.scenes.words import SYNONYMS, with_articles

_COLOUR_OF = {name: colour for colour, names in COLOUR_NAMES.items() for name in names}
_COLOUR = re.compile(rf"\b({'|'.join(sorted(_COLOUR_OF, key=len, reverse=True))})\b")
_OPPOSITES = (
    ("left", "right"),
    ("above", "below"),
    ("over", "under"),
    ("on top of", "beneath"),
    ("big", "small"),
    ("white clouds", "dark clouds"),
    ("sunny", "rainy"),
    ("full moon", "crescent moon"),
)
_OPPOSITE = {a: b for one, other in _OPPOSITES for a, b in ((one, other), (other, one))}
_NUMBERS = ("one", "two", "three", "four", "five", "six")
_OTHER_TIMES = {
    "day": ("night", "sunset"),
    "sunset": ("day", "night"),
    "sunrise": ("night", "day"),
    "dusk": ("day",),
    "night": ("day", "sunset"),
    "storm": ("day",),
    "fog": ("night",),
}
_TIME_OF = {
    said: (form, time)
    for time in _OTHER_TIMES
    for form in ("at", "adj")
    for said in SYNONYMS[f"{form} {time}"]
    if said not in ("glowing", "bright", "clear", "evening", "dark", "dim", "dark clouds")
}
_NAMED = "|".join(sorted((*_OPPOSITE, *_NUMBERS, *_TIME_OF), key=len, reverse=True))
_OTHER_WORD = re.compile(rf"\b({_NAMED})\b")


def missed(caption: str, rng: np.random.Generator) -> str | None:
    """A caption with a colour, side, number or time changed; None when it tells of none of these.

    Where two colours are told, they may change places instead.
    """
    colours, words = list(_COLOUR.finditer(caption)), list(_OTHER_WORD.finditer(caption))
    if not colours and not words:
        return None
    if colours and (not words or chance(rng, 0.5)):
        return _recoloured(caption, colours, rng)
    match = pick(rng, words)
    return _put(caption, match, _changed(match.group(), rng))


def _recoloured(caption: str, colours: list[re.Match[str]], rng: np.random.Generator) -> str:
    if len(colours) > 1 and chance(rng, 0.5):
        first, last = colours[0], colours[-1]
        between = caption[first.end() : last.start()]
        # "red and blue stripes" are blue and red ones as well
        apart = len(between.split()) > 2 and "," not in between
        if apart and _COLOUR_OF[first.group()] != _COLOUR_OF[last.group()]:
            return _put(_put(caption, last, first.group()), first, last.group())
    match = pick(rng, colours)
    told = {_COLOUR_OF[each.group()] for each in colours}
    return _put(caption, match, pick(rng, COLOUR_NAMES[other_colour(rng, *told)]))


def _changed(word: str, rng: np.random.Generator) -> str:
    if word in _OPPOSITE:
        return _OPPOSITE[word]
    if word in _NUMBERS:
        return pick(rng, [number for number in _NUMBERS if number != word])
    form, time = _TIME_OF[word]
    return pick(rng, SYNONYMS[f"{form} {pick(rng, _OTHER_TIMES[time])}"])


def _put(text: str, match: re.Match[str], word: str) -> str:
    return with_articles(text[: match.start()] + word + text[match.end() :])


def spoilt(pictures: Tensor, sided: Tensor, rng: np.random.Generator) -> Tensor:
    """Each picture with other colours, upside down, many times over, moved, or mirrored.

    (B, 3, S, S) both; those that `sided` (B,) marks may be mirrored, as their captions tell sides.
    """
    made = []
    for picture, tells in zip(pictures, sided.tolist(), strict=True):
        way = "mirrored" if tells and chance(rng, 0.6) else pick(rng, _WAYS)
        made.append(_spoilt(picture, way, rng))
    return torch.stack(made)


_WAYS = ("colours", "colours", "many", "many", "moved", "down")


def _spoilt(picture: Tensor, way: str, rng: np.random.Generator) -> Tensor:
    if way == "mirrored":
        return picture.flip(2)
    if way == "down":
        return picture.flip(1)
    if way == "colours":
        order = pick(rng, ((1, 0, 2), (0, 2, 1), (2, 1, 0), (1, 2, 0), (2, 0, 1)))
        return picture[list(order)]
    side = picture.shape[-1]
    if way == "moved":
        moves = rng.integers(side // 6, side // 2, 2) * rng.choice((-1, 1), 2)
        return picture.roll([int(move) for move in moves], (1, 2))
    rows, columns = pick(rng, ((1, 2), (2, 1), (2, 2), (3, 3)))
    tiled = picture.repeat(1, rows, columns)[None]
    return F.interpolate(tiled, (side, side), mode="area")[0]


def tells_sides(caption: str) -> bool:
    """Whether a mirrored picture would make a caption wrong."""
    return bool(re.search(r"\b(left|right)\b", caption))
