"""Cities, houses, castles and lighthouses."""

from __future__ import annotations

import numpy as np

from studio.training.scenes.canvas import Canvas
from studio.training.scenes.fields import Field, fractal
from studio.training.scenes.landscapes import paint_water
from studio.training.scenes.palette import haze, jitter, lit, mix, scale
from studio.training.scenes.spec import Facts, Family, Phrases, chance, pick
from studio.training.scenes.weather import (
    WEATHER_MOODS,
    paint_hills,
    paint_pines,
    paint_sky,
    sample_sky,
    sky_details,
    sky_tags,
)

_LAMP = (1.0, 0.85, 0.42)


def _sample_city(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    facts = sample_sky(rng, ("night", "night", "day", "day", "sunset", "dusk", "storm", "fog"))
    facts["water"] = chance(rng, 0.3)
    time = facts["time"]
    nouns = [
        "a {city}",
        f"a {{city}} {{at {time}}}",
        "{buildings}",
        f"{{adj {time}}} city",
        f"{{buildings}} under a {{c:{facts['sky']}}} sky",
        "a city street with {buildings}",
    ]
    details, tags = list(sky_details(facts)), ["{city}", "{buildings}", "urban", *sky_tags(facts)]
    if time in ("night", "dusk"):
        details += ["with {windows}"] * 2
        tags += ["{windows}"]
    if facts["water"]:
        details += ["by the water", "reflected in the river"]
        tags += ["river", "reflection"]
    return facts, Phrases(
        tuple(nouns),
        (
            "tall buildings rise into the sky",
            "the city {shines} at night" if time == "night" else "the city is busy",
        ),
        tuple(details),
        tuple(tags),
        WEATHER_MOODS[time],
    )


def _paint_city(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    time, sky = facts["time"], facts["sky"]
    paint_sky(canvas, rng, facts, 0.8)
    foot = 0.78 if facts["water"] else 1.0
    lights = time in ("night", "dusk", "storm", "sunset")
    for layer, (low, high) in enumerate(((0.5, 0.85), (0.35, 0.62), (0.15, 0.36))):
        pen = canvas.pen()
        x = float(rng.uniform(-0.08, 0.0))
        while x < 1:
            wide = float(rng.uniform(0.09, 0.17))
            top = foot - float(rng.uniform(low, high)) * foot
            base = lit(
                mix((0.42, 0.45, 0.52), pick(rng, ((0.6, 0.4, 0.3), (0.3, 0.4, 0.6))), 0.4), time
            )
            tone = mix(haze(time, sky), base, 0.4 + 0.3 * layer)
            pen.box(x, top, x + wide, foot, tone)
            pen.box(x + wide * 0.7, top, x + wide, foot, scale(tone, 0.78))
            if chance(rng, 0.3):
                pen.polygon(
                    [(x, top), (x + wide / 2, top - 0.06), (x + wide, top)], scale(tone, 0.9)
                )
                pen.line([(x + wide / 2, top - 0.13), (x + wide / 2, top)], 0.006, tone)
            glass = _LAMP if lights else scale(mix(tone, (0.7, 0.85, 1.0), 0.45), 1.1)
            on = rng.random(120)
            k, v = 0, top + 0.025
            while v < foot - 0.02:
                u = x + 0.014
                while u < x + wide - 0.018:
                    k = (k + 1) % 120
                    if on[k] < (0.5 if lights else 0.85):
                        shade = scale(glass, 0.65 + 0.35 * float(on[(k * 7) % 120]))
                        pen.box(u, v, u + 0.012, v + 0.018, shade)
                    u += 0.027
                v += 0.038
            x += wide + float(rng.uniform(-0.01, 0.03))
        canvas.ink(pen)
    if lights:
        canvas.glow(
            np.exp(-(((canvas.y - foot) / 0.22) ** 2)) * np.float32(0.25) + 0 * canvas.x,
            (1.0, 0.7, 0.4),
        )
    if facts["water"]:
        _mirror(canvas, rng, foot, lit((0.10, 0.24, 0.36), time))
    return canvas.finish()


def _mirror(
    canvas: Canvas, rng: np.random.Generator, line: float, tint: tuple[float, float, float]
) -> None:
    """Reflect all above ``line`` in the rippled water below it."""
    size, first = canvas.size, round(line * canvas.size)
    rows = np.clip(2 * first - np.arange(first, size) - 1, 0, size - 1)
    ripple = fractal(rng, size, 5, 3, stretch=8)[first:]
    columns = np.arange(size)[None, :] + ((ripple - 0.5) * 0.09 * size).astype(np.intp)
    image = canvas.pixels[rows[:, None], np.clip(columns, 0, size - 1)]
    canvas.pixels[first:] = image * 0.65 + np.asarray(tint, np.float32) * 0.35


def _sample_house(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    facts = sample_sky(rng, ("day", "day", "day", "sunset", "night", "dusk"))
    wall = pick(rng, ("white", "red", "yellow", "blue", "pink", "beige", "brown", "green"))
    roof = pick(rng, ("red", "brown", "grey", "blue", "black"))
    facts |= {"wall": wall, "roof": roof, "snow": chance(rng, 0.15)}
    w, r = f"{{c:{wall}}}", f"{{c:{roof}}}"
    nouns = [
        f"a {w} {{house}}",
        "a {house}",
        f"a {w} house with a {r} roof",
        f"a {{house}} {{at {facts['time']}}}",
        "a small {house} on a hill",
    ]
    details = [f"with a {r} roof", "with trees", *sky_details(facts)]
    tags = ["{house}", f"{w} house", f"{r} roof", "door", "windows", *sky_tags(facts)]
    if facts["snow"]:
        nouns.append("a {house} in the snow")
        tags.append("snow")
    return facts, Phrases(
        tuple(nouns),
        ("a {house} stands among the trees", f"the house is {w} and the roof is {r}"),
        tuple(details),
        tuple(tags),
        ("warm", *WEATHER_MOODS[facts["time"]]),
    )


def _paint_house(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    time = facts["time"]
    paint_sky(canvas, rng, facts, 0.75)
    land = (0.92, 0.95, 1.0) if facts["snow"] else (0.28, 0.58, 0.2)
    paint_hills(canvas, rng, time, facts["sky"], land, 0.66, 0.84, 3)
    paint_pines(canvas, rng, 8, 0.76, 0.26, lit((0.10, 0.36, 0.16), time), 0.5 * facts["snow"])
    x, w, top, foot = float(rng.uniform(0.44, 0.56)), float(rng.uniform(0.21, 0.26)), 0.52, 0.86
    canvas.shadow(x, foot, w * 1.5, 0.035, 0.5)
    wall, roof = lit(jitter(rng, facts["wall"]), time), lit(jitter(rng, facts["roof"]), time)
    pen = canvas.pen()
    pen.box(x + w * 0.45, 0.28, x + w * 0.68, 0.5, lit((0.5, 0.28, 0.22), time))
    pen.box(x - w, top, x + w, foot, wall)
    pen.box(x + w * 0.4, top, x + w, foot, scale(wall, 0.86))
    pen.polygon([(x - w * 1.2, top + 0.02), (x, 0.29), (x + w * 1.2, top + 0.02)], roof)
    pen.polygon(
        [(x, 0.29), (x + w * 1.2, top + 0.02), (x + w * 0.4, top + 0.02)], scale(roof, 0.75)
    )
    pen.box(x - 0.045, foot - 0.18, x + 0.045, foot, lit((0.36, 0.2, 0.1), time))
    pen.oval(x + 0.028, foot - 0.09, 0.008, 0.008, (0.9, 0.75, 0.3))
    glass = _LAMP if time in ("night", "dusk", "sunset") else (0.62, 0.82, 0.95)
    for u in (x - w * 0.6, x + w * 0.6):
        pen.box(u - 0.05, 0.6, u + 0.05, 0.72, lit((0.98, 0.97, 0.92), time))
        pen.box(u - 0.042, 0.608, u + 0.042, 0.712, glass)
        pen.line([(u, 0.6), (u, 0.72)], 0.007, lit((0.95, 0.95, 0.9), time))
        pen.line([(u - 0.05, 0.66), (u + 0.05, 0.66)], 0.007, lit((0.95, 0.95, 0.9), time))
    canvas.ink(pen, 0.88 + 0.24 * fractal(rng, size, 22, 2))
    return canvas.finish()


def _sample_castle(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    facts = sample_sky(rng, ("day", "day", "sunset", "night", "dusk", "fog", "storm"))
    colour = pick(
        rng, ("grey", "grey", "beige", "white", "green", "purple", "red", "black", "blue")
    )
    facts |= {"colour": colour, "roof": pick(rng, ("red", "blue", "purple", "grey"))}
    c = f"{{c:{colour}}}"
    return facts, Phrases(
        (
            "a {castle}",
            f"a {c} {{castle}}",
            f"a {c} castle on a hill",
            f"a {{castle}} {{at {facts['time']}}}",
            "a castle with towers",
        ),
        ("a castle stands on a hill", "a {castle} rises into the sky"),
        ("on a hill", f"with {{c:{facts['roof']}}} roofs", *sky_details(facts)),
        ("{castle}", "towers", f"{c} castle", "medieval", "knights", *sky_tags(facts)),
        ("magic", *WEATHER_MOODS[facts["time"]]),
    )


def _paint_castle(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    time = facts["time"]
    paint_sky(canvas, rng, facts, 0.75)
    paint_hills(canvas, rng, time, facts["sky"], (0.25, 0.48, 0.22), 0.7, 0.86, 3)
    stone, roof = lit(jitter(rng, facts["colour"]), time), lit(jitter(rng, facts["roof"]), time)
    if facts["colour"] == "black":
        stone = lit((0.14, 0.14, 0.16), time)
    pen, x = canvas.pen(), float(rng.uniform(0.46, 0.54))
    towers = [
        (0.0, 0.085, float(rng.uniform(0.3, 0.36))),
        (-0.15, 0.06, 0.44),
        (0.15, 0.06, 0.44),
        (-0.3, 0.07, float(rng.uniform(0.38, 0.5))),
        (0.3, 0.07, float(rng.uniform(0.38, 0.5))),
    ]
    pane = _LAMP if time in ("night", "dusk", "sunset", "storm") else (0.12, 0.12, 0.16)
    for dx, half, top in towers:
        u = x + dx
        pen.box(u - half, top, u + half, 0.84, stone)
        pen.box(u + half * 0.3, top, u + half, 0.84, scale(stone, 0.75))
        pen.polygon([(u - half * 1.25, top), (u, top - half * 2.3), (u + half * 1.25, top)], roof)
        pen.polygon(
            [(u, top - half * 2.3), (u + half * 1.25, top), (u + half * 0.2, top)], scale(roof, 0.7)
        )
        pen.box(u - 0.014, top + 0.06, u + 0.014, top + 0.11, pane)
    pen.box(x - 0.3, 0.6, x + 0.3, 0.86, scale(stone, 0.92))
    for k in range(9):
        u = x - 0.29 + k * 0.068
        pen.box(u, 0.57, u + 0.038, 0.61, scale(stone, 0.92))
    pen.box(x - 0.06, 0.73, x + 0.06, 0.86, (0.16, 0.10, 0.07))
    pen.oval(x, 0.73, 0.06, 0.06, (0.16, 0.10, 0.07))
    canvas.ink(pen, 0.75 + 0.5 * fractal(rng, size, 26, 2))
    paint_hills(canvas, rng, time, facts["sky"], (0.22, 0.46, 0.2), 0.88, 0.92, 1)
    return canvas.finish()


def _sample_lighthouse(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    facts = sample_sky(rng, ("day", "sunset", "night", "dusk", "storm"))
    facts |= {"colour": pick(rng, ("red", "red", "blue", "black", "green")), "moon": False}
    c = f"{{c:{facts['colour']}}}"
    return facts, Phrases(
        (
            "a {lighthouse}",
            "a {lighthouse} by the {sea1}",
            f"a {c} and white {{lighthouse}}",
            f"a {{lighthouse}} {{at {facts['time']}}}",
            "a lighthouse on the coast",
        ),
        ("a lighthouse stands by the {sea1}", "the lighthouse guides the ships"),
        ("on a rock", f"with {c} stripes", "above the {sea1}", *sky_details(facts)),
        ("{lighthouse}", "{sea1}", "coast", f"{c} stripes", "rock", *sky_tags(facts)),
        ("lonely", *WEATHER_MOODS[facts["time"]]),
    )


def _paint_lighthouse(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    time = facts["time"]
    light_x = paint_sky(canvas, rng, facts, 0.68)
    paint_water(
        canvas,
        rng,
        0.68,
        lit((0.05, 0.28, 0.46), time),
        mix(lit((0.15, 0.45, 0.62), time), haze(time, facts["sky"]), 0.4),
        light_x,
        (1.0, 0.85, 0.6) if facts["sun"] else None,
    )
    x = float(rng.uniform(0.38, 0.62))
    rock = (
        0.80
        - 0.06 * np.exp(-(((canvas.x[0] - x) / 0.25) ** 2))
        + 0.5 * np.abs(canvas.x[0] - x) ** 2
    )
    noise = fractal(rng, size, 10, 4)
    stone = np.asarray(lit((0.42, 0.38, 0.34), time), np.float32)
    canvas.blend(canvas.ground(rock.astype(np.float32)), stone * (0.5 + 0.9 * noise)[..., None])
    if time in ("night", "dusk", "storm"):
        for way in (-1, 1):
            far = (canvas.x - x) * way
            beam = np.exp(-(((canvas.y - 0.24) / (0.02 + 0.22 * np.clip(far, 0, 1))) ** 2)) * (
                far > 0
            )
            canvas.glow(
                (beam * np.exp(-np.clip(far, 0, 1) * 2) * 0.7).astype(np.float32), (1, 0.93, 0.6)
            )
    pen, tone = canvas.pen(), lit(jitter(rng, facts["colour"]), time)
    white = lit((0.97, 0.96, 0.93), time)
    for k in range(6):
        t, b = 0.29 + k * 0.08, 0.29 + (k + 1) * 0.08
        p, q = 0.052 + 0.007 * k, 0.052 + 0.007 * (k + 1)
        pen.polygon([(x - p, t), (x + p, t), (x + q, b), (x - q, b)], tone if k % 2 == 0 else white)
    pen.box(x - 0.07, 0.275, x + 0.07, 0.292, (0.12, 0.12, 0.14))
    pen.box(x - 0.036, 0.21, x + 0.036, 0.275, (1.0, 0.93, 0.6))
    pen.polygon([(x - 0.055, 0.21), (x, 0.14), (x + 0.055, 0.21)], tone)
    canvas.ink(pen, np.clip(1.0 - (canvas.x - x) * 4.5, 0.6, 1.2) + 0 * canvas.y)
    if time != "day":
        canvas.glow(canvas.halo(x, 0.24, 0.16), (1.0, 0.9, 0.55))
    return canvas.finish()


FAMILIES = (
    Family("city", 3.0, _sample_city, _paint_city),
    Family("house", 2.0, _sample_house, _paint_house),
    Family("castle", 1.6, _sample_castle, _paint_castle),
    Family("lighthouse", 1.4, _sample_lighthouse, _paint_lighthouse),
)
