"""Named colours, and the colours of skies and of light at each time of day."""

from __future__ import annotations

import numpy as np

Colour = tuple[float, float, float]
"""Red, green and blue, each in [0, 1]."""

COLOURS: dict[str, Colour] = {
    "red": (0.88, 0.10, 0.12),
    "orange": (0.98, 0.52, 0.08),
    "yellow": (0.99, 0.88, 0.16),
    "lime": (0.62, 0.92, 0.18),
    "green": (0.12, 0.60, 0.20),
    "teal": (0.04, 0.50, 0.50),
    "turquoise": (0.20, 0.82, 0.76),
    "cyan": (0.16, 0.86, 0.98),
    "blue": (0.12, 0.32, 0.90),
    "navy": (0.06, 0.10, 0.36),
    "purple": (0.52, 0.16, 0.74),
    "magenta": (0.90, 0.10, 0.74),
    "pink": (0.98, 0.60, 0.76),
    "brown": (0.44, 0.26, 0.13),
    "black": (0.04, 0.04, 0.05),
    "white": (0.97, 0.97, 0.96),
    "grey": (0.52, 0.53, 0.55),
    "gold": (0.84, 0.64, 0.16),
    "beige": (0.90, 0.82, 0.66),
}

# How each colour may be called; the first name is used most.
COLOUR_NAMES: dict[str, tuple[str, ...]] = {
    "red": ("red", "crimson", "scarlet", "ruby red", "bright red", "cherry red"),
    "orange": ("orange", "bright orange", "tangerine", "amber"),
    "yellow": ("yellow", "bright yellow", "lemon yellow"),
    "lime": ("lime", "lime green", "light green", "yellow green"),
    "green": ("green", "emerald", "emerald green", "deep green"),
    "teal": ("teal", "dark turquoise", "dark cyan"),
    "turquoise": ("turquoise", "aqua", "aquamarine"),
    "cyan": ("cyan", "light blue", "sky blue", "bright cyan"),
    "blue": ("blue", "azure", "cobalt", "sapphire", "royal blue"),
    "navy": ("navy", "dark blue", "navy blue", "midnight blue", "deep blue"),
    "purple": ("purple", "violet", "indigo", "deep purple"),
    "magenta": ("magenta", "fuchsia", "hot pink"),
    "pink": ("pink", "rose pink", "light pink", "pale pink"),
    "brown": ("brown", "chestnut", "chocolate brown"),
    "black": ("black", "jet black", "pitch black"),
    "white": ("white", "snow white", "pure white"),
    "grey": ("grey", "gray", "silver"),
    "gold": ("gold", "golden"),
    "beige": ("beige", "cream", "tan"),
}

# Pairs too alike to be told apart once jittered, shaded and compressed.
_ALIKE = {
    frozenset(pair)
    for pair in (
        ("lime", "yellow"),
        ("teal", "turquoise"),
        ("turquoise", "cyan"),
        ("navy", "black"),
        ("magenta", "pink"),
        ("magenta", "purple"),
        ("gold", "orange"),
        ("gold", "yellow"),
        ("gold", "beige"),
        ("beige", "white"),
        ("beige", "pink"),
        ("teal", "green"),
        ("navy", "blue"),
        ("brown", "red"),
        ("grey", "beige"),
    )
}

SKY_COLOURS: dict[str, tuple[str, ...]] = {
    "day": ("blue", "blue", "blue", "cyan", "cyan", "turquoise"),
    "sunset": ("orange", "orange", "red", "pink", "purple", "gold"),
    "sunrise": ("pink", "pink", "orange", "gold", "yellow"),
    "dusk": ("purple", "navy", "magenta", "pink"),
    "night": ("navy", "navy", "black", "purple", "teal"),
    "storm": ("grey",),
    "fog": ("grey", "grey"),
}

_LIGHT: dict[str, Colour] = {
    "day": (1.0, 1.0, 0.98),
    "sunset": (0.80, 0.54, 0.46),
    "sunrise": (0.98, 0.82, 0.78),
    "dusk": (0.48, 0.40, 0.60),
    "night": (0.28, 0.34, 0.52),
    "storm": (0.50, 0.54, 0.58),
    "fog": (0.82, 0.86, 0.88),
}

_NIGHT_BLUE: Colour = (0.10, 0.08, 0.30)
_PALE_YELLOW: Colour = (1.0, 0.90, 0.55)
_WHITE: Colour = (1.0, 1.0, 1.0)
_BLACK: Colour = (0.0, 0.0, 0.0)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """The colour ``share`` of the way from ``first`` to ``second``."""
    a, b, c = (p + (q - p) * share for p, q in zip(first, second, strict=True))
    return (a, b, c)


def scale(colour: Colour, factor: float) -> Colour:
    """``colour`` made ``factor`` times as bright, held within [0, 1]."""
    a, b, c = (min(1.0, max(0.0, p * factor)) for p in colour)
    return (a, b, c)


def jitter(rng: np.random.Generator, name: str, amount: float = 0.035) -> Colour:
    """The named colour, each channel moved by at most ``amount``."""
    shift = rng.uniform(-amount, amount, 3)
    a, b, c = (min(1.0, max(0.0, p + float(d))) for p, d in zip(COLOURS[name], shift, strict=True))
    return (a, b, c)


def lit(colour: Colour, time: str) -> Colour:
    """``colour`` as it looks in the light of ``time``."""
    a, b, c = (p * q for p, q in zip(colour, _LIGHT[time], strict=True))
    return (a, b, c)


def haze(time: str, sky: str) -> Colour:
    """The colour that far things fade into under a ``sky``-coloured sky."""
    return sky_stops(time, sky)[-1][1]


def other_colour(rng: np.random.Generator, *taken: str) -> str:
    """A colour name easily told apart from all those ``taken``."""
    names = [
        name
        for name in COLOURS
        if name not in taken and all(frozenset((name, other)) not in _ALIKE for other in taken)
    ]
    return names[int(rng.integers(len(names)))]


def sky_stops(time: str, sky: str) -> list[tuple[float, Colour]]:
    """Colour stops (height in [0, 1] from the zenith to the horizon, colour) of a sky."""
    hue = COLOURS[sky]
    if time == "sunset":
        return [
            (0.0, mix(_NIGHT_BLUE, scale(hue, 0.6), 0.45)),
            (0.55, scale(hue, 0.95)),
            (1.0, mix(hue, _PALE_YELLOW, 0.6)),
        ]
    if time == "sunrise":
        return [
            (0.0, mix((0.42, 0.58, 0.90), hue, 0.25)),
            (0.6, mix(hue, _WHITE, 0.35)),
            (1.0, mix(hue, (1.0, 0.95, 0.75), 0.65)),
        ]
    if time == "dusk":
        return [
            (0.0, mix(_NIGHT_BLUE, hue, 0.25)),
            (0.6, mix(_NIGHT_BLUE, hue, 0.75)),
            (1.0, mix(hue, (0.98, 0.62, 0.50), 0.55)),
        ]
    if time == "night":
        return [
            (0.0, mix(_BLACK, hue, 0.22)),
            (0.6, mix(_BLACK, hue, 0.60)),
            (1.0, mix(scale(hue, 0.95), (0.24, 0.32, 0.50), 0.45)),
        ]
    if time == "storm":
        return [(0.0, (0.14, 0.16, 0.20)), (0.6, (0.34, 0.37, 0.42)), (1.0, (0.55, 0.58, 0.60))]
    if time == "fog":
        return [(0.0, mix(hue, _WHITE, 0.25)), (1.0, mix(hue, _WHITE, 0.60))]
    return [(0.0, scale(hue, 0.92)), (0.55, mix(hue, _WHITE, 0.35)), (1.0, mix(hue, _WHITE, 0.78))]
