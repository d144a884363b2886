"""Coloured shapes on coloured grounds, alone, in pairs and in numbers: exact colour binding."""

from __future__ import annotations

import numpy as np

from studio.training.scenes.canvas import Canvas
from studio.training.scenes.fields import Field, fractal
from studio.training.scenes.palette import COLOURS, jitter, mix, other_colour, scale
from studio.training.scenes.spec import Facts, Family, Phrases, chance, pick

PLACES = {
    "above": ("above", "over", "on top of"),
    "below": ("below", "under", "beneath"),
    "left of": ("left of", "to the left of", "on the left of"),
    "right of": ("right of", "to the right of", "on the right of"),
}
"""How it is said that one thing is somewhere by another."""

SHAPES = (
    "circle",
    "ball",
    "square",
    "triangle",
    "ring",
    "star",
    "cross",
    "heart",
    "diamond",
    "hexagon",
    "crescent",
    "rectangle",
)
_COUNTS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
_PLACES = {
    "left of": "on the left of",
    "right of": "on the right of",
    "above": "above",
    "below": "below",
}


def shape_inside(canvas: Canvas, shape: str, x: float, y: float, radius: float) -> Field:
    """How far inside the shape each pixel lies, in sides; negative outside."""
    u, v = (canvas.x - x) / np.float32(radius), (canvas.y - y) / np.float32(radius)
    away = np.sqrt(u * u + v * v)
    inside: Field
    if shape == "ring":
        inside = 0.26 - np.abs(away - 0.72)
    elif shape == "square":
        inside = 0.84 - np.maximum(np.abs(u), np.abs(v))
    elif shape == "rectangle":
        inside = np.minimum(1.0 - np.abs(u), 0.5 - np.abs(v))
    elif shape == "triangle":
        inside = 0.54 - np.maximum(np.abs(u) * 0.866 - (v - 0.15) * 0.5, v - 0.15)
    elif shape == "diamond":
        inside = (1.0 - np.abs(u) * 1.35 - np.abs(v)) * 0.6
    elif shape == "hexagon":
        inside = 0.85 - np.maximum(np.abs(u) * 0.866 + np.abs(v) * 0.5, np.abs(v))
    elif shape == "cross":
        inside = np.maximum(
            np.minimum(0.3 - np.abs(u), 0.95 - np.abs(v)),
            np.minimum(0.3 - np.abs(v), 0.95 - np.abs(u)),
        )
    elif shape == "crescent":
        inside = np.minimum(1.0 - away, np.sqrt((u - 0.45) ** 2 + (v + 0.1) ** 2) - 0.78)
    elif shape == "star":
        angle = np.arctan2(u, -v)
        part = np.abs((angle + np.pi / 5) % (2 * np.pi / 5) - np.pi / 5)
        inside = 0.43 - away * np.cos(part - np.float32(1.13)) * 1.0
    elif shape == "heart":
        a, b = np.abs(u) * 1.05, -v * 1.05 + 0.1
        bulge = np.sqrt((a - 0.45) ** 2 + (b - 0.33) ** 2)
        wedge = 0.86 - (a + np.abs(b + 0.02))
        low = np.where(b < 0.33 - (a - 0.45), wedge * 0.7, -1.0)
        inside = np.maximum(0.55 - bulge, np.minimum(low, 0.78 - a))
    else:
        inside = 1.0 - away
    return (inside * np.float32(radius)).astype(np.float32)


def paint_shape(
    canvas: Canvas,
    shape: str,
    x: float,
    y: float,
    radius: float,
    colour: tuple[float, float, float],
    finish: str,
) -> None:
    """Paint one shape; ``finish`` is "flat", "shaded" or "shadow"."""
    if finish == "shadow":
        cast = shape_inside(canvas, shape, x + 0.025, y + 0.035, radius)
        canvas.shade(1 - np.float32(0.35) * np.clip(cast * 22 + np.float32(0.5), 0, 1))
    if shape == "ball":
        canvas.shadow(x, y + radius * 0.98, radius, radius * 0.22, 0.45)
        canvas.sphere(x, y, radius, colour, gloss=0.45, dark=0.4)
        return
    mask = canvas.edge(shape_inside(canvas, shape, x, y, radius))
    if finish == "flat":
        canvas.blend(mask, colour)
        return
    light = 1.05 - np.float32(0.18) * ((canvas.x - x) + (canvas.y - y)) / np.float32(radius)
    canvas.blend(mask, np.clip(np.asarray(colour, np.float32) * light[..., None], 0, 1))


def _ground(canvas: Canvas, rng: np.random.Generator, colour: str, finish: str) -> None:
    tone = jitter(rng, colour)
    canvas.pixels[:] = tone
    if finish == "texture":
        canvas.shade(0.86 + 0.26 * fractal(rng, canvas.size, 5, 4))
    elif finish == "glow":
        halo = canvas.halo(0.5, 0.45, 0.9)
        canvas.pixels[:] = np.asarray(scale(tone, 0.75), np.float32)
        canvas.blend(halo, mix(tone, (1, 1, 1), 0.12))


def _sample_shape(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    shape, colour = pick(rng, SHAPES), pick(rng, tuple(COLOURS))
    back = other_colour(rng, colour)
    c, b = f"{{c:{colour}}}", f"{{c:{back}}}"
    size = pick(rng, ("big", "small", "", ""))
    slots = {"size": size}
    facts: Facts = {"shape": shape, "colour": colour, "back": back, "size": size}
    facts["ground"] = pick(rng, ("plain", "plain", "texture", "glow"))
    facts["finish"] = pick(rng, ("flat", "shaded", "shadow"))
    thing = f"a {c} {{{shape}}}"
    return facts, Phrases(
        nouns=(
            f"{thing} on a {b} background",
            f"{thing} on {b}",
            f"{c} {{{shape}}} on {b} ground",
            f"a {{size}} {c} {{{shape}}} on a {b} {{background}}",
            thing,
            f"{thing} on a {b} background",
            f"{thing} in front of a {b} background",
        ),
        clauses=(
            f"the {{{shape}}} is {c} and the background is {b}",
            f"there is {thing} on {b}",
            f"one {c} {{{shape}}} on a {{plain}} {b} background",
        ),
        tags=(f"{c} {{{shape}}}", f"{b} background", "shape", "geometric", "simple"),
        slots=slots,
    )


def _paint_shape_scene(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    _ground(canvas, rng, facts["back"], facts["ground"])
    low, high = {"big": (0.36, 0.42), "small": (0.13, 0.18), "": (0.24, 0.36)}[facts["size"]]
    x, y = (float(p) for p in rng.uniform(0.44, 0.56, 2))
    paint_shape(
        canvas,
        facts["shape"],
        x,
        y,
        float(rng.uniform(low, high)),
        jitter(rng, facts["colour"]),
        facts["finish"],
    )
    return canvas.finish()


def _sample_pair(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    first, second = pick(rng, SHAPES), pick(rng, SHAPES)
    colour = pick(rng, tuple(COLOURS))
    other = other_colour(rng, colour)
    back = other_colour(rng, colour, other)
    where = pick(rng, ("left of", "right of", "above", "below"))
    a, b = f"a {{c:{colour}}} {{{first}}}", f"a {{c:{other}}} {{{second}}}"
    said = PLACES[where]
    nouns = [f"{a} {how} {b}" for how in said]
    nouns += [f"{a} and {b}", f"{a} {said[0]} {b} on a {{c:{back}}} background"]
    if where in ("left of", "right of"):
        nouns.append(f"{a} next to {b}")
        nouns.append(f"{a} beside {b}")
    return {
        "first": first,
        "second": second,
        "colour": colour,
        "other": other,
        "back": back,
        "where": where,
    }, Phrases(
        nouns=tuple(nouns),
        clauses=(f"there is {a} {said[0]} {b}",),
        details=(f"on a {{c:{back}}} background", f"on {{c:{back}}}"),
        tags=(
            f"{{c:{colour}}} {{{first}}}",
            f"{{c:{other}}} {{{second}}}",
            f"{{c:{back}}} background",
            "two shapes",
        ),
    )


def _paint_pair(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    _ground(canvas, rng, facts["back"], pick(rng, ("plain", "texture", "glow")))
    dx, dy = {"left of": (-1, 0), "right of": (1, 0), "above": (0, -1), "below": (0, 1)}[
        facts["where"]
    ]
    gap = 0.235 + float(rng.uniform(-0.01, 0.02))
    finish = pick(rng, ("flat", "shaded", "shadow"))
    for shape, colour, sign in (
        (facts["first"], facts["colour"], 1),
        (facts["second"], facts["other"], -1),
    ):
        jog = rng.uniform(-0.03, 0.03, 2)
        paint_shape(
            canvas,
            shape,
            0.5 + sign * dx * gap + float(jog[0]),
            0.5 + sign * dy * gap + float(jog[1]),
            float(rng.uniform(0.17, 0.21)),
            jitter(rng, colour),
            finish,
        )
    return canvas.finish()


def _sample_several(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    shape, colour = pick(rng, SHAPES), pick(rng, tuple(COLOURS))
    back = other_colour(rng, colour)
    count = int(rng.integers(2, 8))
    number = _COUNTS.get(count, "many")
    plural = {"cross": "crosses", "hexagon": "hexagons", "circle": "circles", "ball": "balls"}.get(
        shape, shape + "s"
    )
    c, b = f"{{c:{colour}}}", f"{{c:{back}}}"
    return {"shape": shape, "colour": colour, "back": back, "count": count}, Phrases(
        nouns=(
            f"{number} {c} {plural} on a {b} background",
            f"{number} {c} {plural}",
            f"{c} {plural} on {b}",
            f"{number} {c} {plural} on {b}",
        ),
        clauses=(f"there are {number} {c} {plural}",),
        tags=(f"{number} {plural}", f"{c} {plural}", f"{b} background", "shapes"),
    )


def _paint_several(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    _ground(canvas, rng, facts["back"], pick(rng, ("plain", "texture", "glow")))
    finish = pick(rng, ("flat", "shaded", "shadow"))
    places = {
        2: ((0.28, 0.5), (0.72, 0.5)),
        3: ((0.5, 0.27), (0.27, 0.7), (0.73, 0.7)),
        4: ((0.27, 0.27), (0.73, 0.27), (0.27, 0.73), (0.73, 0.73)),
        5: ((0.24, 0.24), (0.76, 0.24), (0.5, 0.5), (0.24, 0.76), (0.76, 0.76)),
        6: tuple((0.2 + 0.3 * k, 0.32 + 0.36 * j) for k in range(3) for j in range(2)),
        7: tuple((0.2 + 0.3 * k, 0.2 + 0.3 * j) for k in range(3) for j in range(3)),
    }[facts["count"]]
    radius = {2: 0.19, 3: 0.18, 4: 0.17, 5: 0.14, 6: 0.13, 7: 0.12}[facts["count"]]
    colour = jitter(rng, facts["colour"])
    for x, y in places:
        jog = rng.uniform(-0.025, 0.025, 2)
        paint_shape(
            canvas,
            facts["shape"],
            x + float(jog[0]),
            y + float(jog[1]),
            radius * float(rng.uniform(0.9, 1.1)),
            colour,
            finish,
        )
    return canvas.finish()


def _sample_plain(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    colour = pick(rng, tuple(COLOURS))
    c = f"{{c:{colour}}}"
    if chance(rng, 0.5):
        other = other_colour(rng, colour)
        o = f"{{c:{other}}}"
        way = pick(rng, ("down", "across", "out"))
        nouns = [f"a gradient from {c} to {o}", f"{c} and {o} gradient", f"{c} fading into {o}"]
        nouns += {
            "down": [f"{c} above and {o} below"],
            "across": [f"{c} on the left and {o} on the right"],
            "out": [f"a {c} glow on {o}"],
        }[way]
        return {"colour": colour, "other": other, "way": way}, Phrases(
            nouns=tuple(nouns),
            clauses=(f"{c} blends into {o}", f"{c} melts into {o}"),
            tags=("gradient", c, o, "smooth", "color blend"),
        )
    return {"colour": colour, "other": ""}, Phrases(
        nouns=(
            f"a {{plain}} {c} picture",
            f"{{plain}} {c}",
            c,
            f"a {c} background",
            f"a {c} wall",
            f"nothing but {c}",
            f"a {{plain}} {c} surface",
        ),
        clauses=(f"everything is {c}", f"the whole picture is {c}"),
        tags=(c, "{plain}", "background", "color", "surface"),
    )


def _paint_plain(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    if not facts["other"]:
        _ground(canvas, rng, facts["colour"], pick(rng, ("plain", "texture", "glow")))
        return canvas.finish()
    canvas.pixels[:] = jitter(rng, facts["colour"])
    share = {
        "down": canvas.y + 0 * canvas.x,
        "across": canvas.x + 0 * canvas.y,
        "out": canvas.distance(0.5, 0.5) * 1.6,
    }[facts["way"]]
    share = np.clip(share * 1.3 - 0.15 + (fractal(rng, size, 3, 2) - 0.5) * 0.15, 0, 1)
    canvas.blend(share.astype(np.float32), jitter(rng, facts["other"]))
    return canvas.finish()


FAMILIES = (
    Family("shape", 9.0, _sample_shape, _paint_shape_scene, exact_colours=True),
    Family("two shapes", 4.5, _sample_pair, _paint_pair, exact_colours=True),
    Family("several shapes", 2.5, _sample_several, _paint_several, exact_colours=True),
    Family("plain colour", 3.0, _sample_plain, _paint_plain, exact_colours=True),
)
