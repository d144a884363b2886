"""Simple things in company: so many of one, two beside or above each other, and what of."""

from __future__ import annotations

import numpy as np

from studio.training.scenes.canvas import Canvas
from studio.training.scenes.fields import Field, fractal
from studio.training.scenes.nature import paint_backdrop
from studio.training.scenes.palette import COLOURS, Colour, jitter, lit, mix, other_colour, scale
from studio.training.scenes.shapes import PLACES, paint_shape, shape_inside
from studio.training.scenes.spec import Facts, Family, Phrases, chance, pick
from studio.training.scenes.things import THINGS

_NUMBERS = ("a", "two", "three", "four", "five")
_TIMES = ("day", "sunset", "night", "fog")
_SKIES: dict[str, tuple[Colour, Colour]] = {
    "day": ((0.25, 0.55, 0.95), (0.75, 0.9, 1.0)),
    "sunset": ((0.35, 0.15, 0.45), (1.0, 0.62, 0.25)),
    "night": ((0.02, 0.03, 0.12), (0.12, 0.16, 0.38)),
    "fog": ((0.74, 0.77, 0.8), (0.86, 0.87, 0.88)),
}
_WEATHER = {"rain": "in the {rain}", "snow": "in the {snow}", "": ""}
_PLACES: dict[int, tuple[tuple[float, float], ...]] = {
    1: ((0.5, 0.55),),
    2: ((0.28, 0.55), (0.72, 0.55)),
    3: ((0.2, 0.56), (0.5, 0.56), (0.8, 0.56)),
    4: ((0.28, 0.3), (0.72, 0.3), (0.28, 0.72), (0.72, 0.72)),
    5: ((0.2, 0.28), (0.8, 0.28), (0.5, 0.52), (0.2, 0.76), (0.8, 0.76)),
}
_RADII = {1: 0.3, 2: 0.19, 3: 0.145, 4: 0.17, 5: 0.135}


def _colour_of(rng: np.random.Generator, thing: str) -> str:
    return pick(rng, THINGS[thing][2] or tuple(COLOURS))


def _sample_ground(rng: np.random.Generator, *colours: str) -> tuple[Facts, tuple[str, ...]]:
    """Where things stand, and the ways to say it."""
    kind = pick(rng, ("colour", "colour", "table", "outside", "outside"))
    if kind == "colour":
        back = other_colour(rng, *colours)
        b = f"{{c:{back}}}"
        return {"ground": kind, "back": back}, (f"on a {b} {{background}}", f"on {b}")
    if kind == "table":
        back = other_colour(rng, "brown", *colours)
        return {"ground": kind, "back": back}, ("on a table", "on a wooden table")
    time = pick(rng, _TIMES)
    weather = pick(rng, ("", "", "rain", "snow")) if time != "sunset" else ""
    facts: Facts = {"ground": kind, "time": time, "weather": weather, "back": ""}
    said = (f"{{at {time}}}", "on the grass" if weather != "snow" else "in a snowy field")
    return facts, (*said, _WEATHER[weather]) if weather else said


def _paint_ground(canvas: Canvas, rng: np.random.Generator, facts: Facts) -> None:
    if facts["ground"] == "colour":
        paint_backdrop(canvas, rng, facts["back"])
        return
    if facts["ground"] == "table":
        paint_backdrop(canvas, rng, facts["back"])
        wood = np.float32(0.8) + np.float32(0.3) * fractal(rng, canvas.size, 9, 3)
        tone = np.asarray(jitter(rng, "brown"), np.float32) * wood[..., None]
        canvas.blend(canvas.edge(canvas.y - 0.6 + 0 * canvas.x), tone)
        return
    high, low = _SKIES[facts["time"]]
    canvas.sky([(0.0, high), (1.0, low)], 0.65)
    if facts["time"] == "night":
        pen = canvas.pen()
        for u, v in rng.uniform(0, 1, (24, 2)):
            pen.oval(float(u), float(v) * 0.55, 0.006, 0.006, (1.0, 1.0, 0.9))
        canvas.ink(pen)
    meadow: Colour = (0.9, 0.93, 0.98) if facts["weather"] == "snow" else (0.28, 0.58, 0.2)
    outline = 0.66 + 0.03 * np.sin(
        canvas.x[0] * float(rng.uniform(3, 7)) + float(rng.uniform(0, 6))
    )
    grass = 0.85 + 0.3 * fractal(rng, canvas.size, 12, 3)
    tone = np.asarray(lit(meadow, facts["time"]), np.float32) * grass[..., None]
    canvas.blend(canvas.ground(outline), tone.astype(np.float32))


def _paint_weather(canvas: Canvas, rng: np.random.Generator, facts: Facts) -> None:
    weather = facts.get("weather")
    if not weather:
        return
    pen = canvas.pen()
    for u, v in rng.uniform(-0.05, 1, (70, 2)).tolist():
        if weather == "rain":
            pen.line([(u, v), (u - 0.02, v + 0.09)], 0.006, (0.75, 0.82, 0.92))
        else:
            pen.oval(u, v, 0.009, 0.009, (1.0, 1.0, 1.0))
    canvas.ink(pen, alpha=0.75 if weather == "rain" else 0.95)
    if weather == "rain":
        canvas.shade(np.full((canvas.size, canvas.size), 0.85, np.float32))


def _toned(rng: np.random.Generator, colour: str, facts: Facts) -> Colour:
    tone = jitter(rng, colour)
    return mix(tone, lit(tone, facts["time"]), 0.6) if facts["ground"] == "outside" else tone


def _sample_several(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    thing = pick(rng, tuple(THINGS))
    colour, count = _colour_of(rng, thing), int(rng.integers(1, 6))
    ground, where = _sample_ground(rng, colour)
    number, c = _NUMBERS[count - 1], f"{{c:{colour}}}"
    name = thing if count == 1 else THINGS[thing][0]
    nouns = [f"{number} {c} {name}", f"{number} {c} {name} {where[0]}", f"{number} {name}"]
    nouns += [f"{number} {c} {name} {pick(rng, where)}"]
    if count == 1:
        nouns.append(f"one {c} {name}")
    tells = "is" if count == 1 else "are"
    return {"thing": thing, "colour": colour, "count": count, **ground}, Phrases(
        nouns=tuple(nouns),
        clauses=(f"there {tells} {number} {c} {name}",),
        details=where,
        tags=(f"{number} {name}", f"{c} {name}", where[0]),
    )


def _paint_several(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas, count = Canvas(size), facts["count"]
    _paint_ground(canvas, rng, facts)
    tone = _toned(rng, facts["colour"], facts)
    for x, y in _PLACES[count]:
        r = _RADII[count] * float(rng.uniform(0.9, 1.1))
        dx, dy = rng.uniform(-0.02, 0.02, 2).tolist()
        canvas.shadow(x + dx, y + dy + 0.95 * r, r, 0.2 * r, 0.4)
        THINGS[facts["thing"]][1](canvas, x + dx, y + dy, r, tone)
    _paint_weather(canvas, rng, facts)
    return canvas.finish()


def _sample_pair(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    first = pick(rng, tuple(THINGS))
    second = pick(rng, [thing for thing in THINGS if thing != first])
    colour = _colour_of(rng, first)
    other = pick(rng, [c for c in THINGS[second][2] or tuple(COLOURS) if c != colour] or [colour])
    where = pick(rng, ("left of", "right of", "left of", "right of", "above", "below"))
    ground, place = _sample_ground(rng, colour, other)
    a, b = f"a {{c:{colour}}} {first}", f"a {{c:{other}}} {second}"
    said = PLACES[where]
    nouns = [f"{a} {how} {b}" for how in said]
    nouns += [f"{a} and {b}", f"a {first} {said[0]} a {second}", f"a {first} and a {second}"]
    if where in ("left of", "right of"):
        sides = ("left", "right") if where == "left of" else ("right", "left")
        nouns += [
            f"{a} next to {b}",
            f"{a} beside {b}",
            f"{a} on the {sides[0]} and {b} on the {sides[1]}",
        ]
    facts = {"first": first, "second": second, "colour": colour, "other": other, "where": where}
    return {**facts, **ground}, Phrases(
        nouns=tuple(nouns),
        clauses=(f"there is {a} {said[0]} {b}",),
        details=place,
        tags=(f"{{c:{colour}}} {first}", f"{{c:{other}}} {second}", place[0]),
    )


def _paint_pair(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    _paint_ground(canvas, rng, facts)
    dx, dy = {"left of": (-1, 0), "right of": (1, 0), "above": (0, -1), "below": (0, 1)}[
        facts["where"]
    ]
    for thing, colour, sign in (
        (facts["first"], facts["colour"], 1),
        (facts["second"], facts["other"], -1),
    ):
        r = float(rng.uniform(0.19, 0.23))
        x = 0.5 + sign * dx * 0.24 + float(rng.uniform(-0.02, 0.02))
        y = 0.53 + sign * dy * 0.24 + float(rng.uniform(-0.02, 0.02))
        canvas.shadow(x, y + 0.95 * r, r, 0.2 * r, 0.4)
        THINGS[thing][1](canvas, x, y, r, _toned(rng, colour, facts))
    _paint_weather(canvas, rng, facts)
    return canvas.finish()


_MATERIALS = {
    "gold": ("golden", "gold", "shiny gold"),
    "silver": ("silver", "shiny silver", "metal"),
    "wood": ("wooden",),
    "stone": ("stone",),
    "marble": ("marble",),
    "glass": ("glass", "transparent glass"),
    "ice": ("ice", "icy"),
}
_FORMS = ("ball", "cube", "star", "heart", "ring", "cross")


def _sample_material(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    material, form = pick(rng, tuple(_MATERIALS)), pick(rng, _FORMS)
    back = other_colour(rng, *{"gold": ("gold",), "wood": ("brown",)}.get(material, ("grey",)))
    b, said = f"{{c:{back}}}", _MATERIALS[material]
    nouns = [f"a {how} {form}" for how in said]
    nouns += [f"a {said[0]} {form} on a {b} {{background}}", f"a {form} made of {material}"]
    return {"material": material, "form": form, "back": back}, Phrases(
        nouns=tuple(nouns),
        clauses=(f"the {form} is made of {material}",),
        details=(f"on a {b} {{background}}", f"on {b}"),
        tags=(material, form, f"{b} background"),
    )


def _surface(rng: np.random.Generator, canvas: Canvas, material: str) -> Field:
    """The colours of a material, (size, size, 3)."""
    size = canvas.size
    grain = fractal(rng, size, 6, 4)
    if material == "wood":
        rings = np.sin((canvas.x * 9 + grain * 3 + 0 * canvas.y) * 6)
        tones = (np.float32(0.85) + np.float32(0.22) * rings)[..., None]
        return np.asarray((0.62, 0.38, 0.18), np.float32) * tones.astype(np.float32)
    if material == "stone":
        rough = (0.6 + 0.75 * fractal(rng, size, 22, 3))[..., None]
        return np.asarray((0.5, 0.48, 0.45), np.float32) * rough.astype(np.float32)
    if material == "marble":
        veins = np.exp(-((np.sin(grain * 9 + canvas.x * 4) / 0.2) ** 2))[..., None]
        return (np.float32(0.95) - np.float32(0.45) * veins.astype(np.float32)) * np.ones(
            3, np.float32
        )
    base: Colour = {
        "gold": (0.95, 0.72, 0.18),
        "silver": (0.78, 0.8, 0.84),
        "ice": (0.72, 0.92, 1.0),
    }[material]
    bands = 0.6 + 0.75 * np.abs(np.sin((canvas.y * 4 + canvas.x * 2 + grain) * 2.2))
    return np.clip(np.asarray(base, np.float32) * bands[..., None], 0, 1).astype(np.float32)


def _paint_material(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    paint_backdrop(canvas, rng, facts["back"])
    x, y = rng.uniform(0.46, 0.54, 2).tolist()
    r, form, material = float(rng.uniform(0.27, 0.36)), facts["form"], facts["material"]
    behind = canvas.pixels.copy()
    canvas.shadow(x, y + 0.95 * r, r, 0.18 * r, 0.5)
    # one white thing is painted, and its light put on the material
    ground = canvas.pixels.copy()
    canvas.pixels[:] = 0
    white: Colour = (0.86, 0.86, 0.86)
    if form == "cube":
        THINGS["cube"][1](canvas, x, y, r, white)
        u, v = np.abs(canvas.x - x) / r, np.abs(canvas.y - y) / r
        mask = canvas.edge(np.minimum(0.82 - u, 1.0 - v - u * 0.634) * np.float32(r))
    elif form == "ball":
        mask = canvas.sphere(x, y, r, white, 0.3, 0.35)
    else:
        paint_shape(canvas, form, x, y, r, white, "shaded")
        mask = canvas.edge(shape_inside(canvas, form, x, y, r))
    light = canvas.pixels.copy()
    if material == "glass":
        seen = np.flip(behind, 1) * np.float32(0.75) + np.float32(0.35) * light ** np.float32(3)
    else:
        seen = _surface(rng, canvas, material) * (light + np.float32(0.15)) * np.float32(1.1)
    canvas.pixels[:] = ground
    canvas.blend(mask, np.clip(seen, 0, 1).astype(np.float32))
    if material in ("glass", "ice", "gold", "silver") or chance(rng, 0.2):
        canvas.glow(canvas.halo(x - 0.35 * r, y - 0.4 * r, 0.3 * r) * mask, scale((1, 1, 1), 0.9))
    return canvas.finish()


FAMILIES = (
    Family("several things", 5.0, _sample_several, _paint_several, exact_colours=True),
    Family("two things", 6.0, _sample_pair, _paint_pair, exact_colours=True),
    Family("material", 2.5, _sample_material, _paint_material, exact_colours=True),
)
