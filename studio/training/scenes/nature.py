"""Forests, trees, flowers, mushrooms, fire and the world under water."""

from __future__ import annotations

import numpy as np

from studio.training.scenes.canvas import Canvas, Pen
from studio.training.scenes.fields import Field, colour_ramp, fractal, lattice_noise, smoothstep
from studio.training.scenes.palette import (
    COLOURS,
    Colour,
    haze,
    jitter,
    lit,
    mix,
    other_colour,
    scale,
)
from studio.training.scenes.spec import Facts, Family, Phrases, chance, pick
from studio.training.scenes.weather import (
    WEATHER_MOODS,
    draw_pine,
    paint_hills,
    paint_pines,
    paint_sky,
    sample_sky,
    sky_details,
    sky_tags,
)

GREEN: Colour = (0.16, 0.45, 0.14)


def paint_backdrop(canvas: Canvas, rng: np.random.Generator, colour: str) -> None:
    """A softly lit ``colour`` backdrop for a single object."""
    tone = jitter(rng, colour)
    canvas.pixels[:] = scale(tone, 0.72)
    canvas.blend(canvas.halo(0.45, 0.4, 1.1), mix(tone, (1, 1, 1), 0.10))
    canvas.shade(0.90 + 0.18 * fractal(rng, canvas.size, 4, 4))


def _sample_forest(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    facts = sample_sky(rng, ("day", "day", "night", "fog", "fog", "sunset", "sunrise"))
    colour = pick(rng, ("green", "green", "green", "orange", "red", "blue", "purple", "teal"))
    facts |= {"colour": colour, "snow": chance(rng, 0.15), "cloudy": False}
    c = f"{{c:{colour}}}"
    season = {"orange": "autumn", "red": "autumn"}.get(colour, "")
    nouns = [
        "a {forest1}",
        f"a {c} {{forest1}}",
        f"a {{adj {facts['time']}}} forest",
        f"a forest {{at {facts['time']}}}",
        "pine trees",
        "tall trees in the {forest1}",
    ]
    details, tags = list(sky_details(facts)), ["{forest}", "trees", c, "nature", *sky_tags(facts)]
    if season:
        nouns += ["an autumn forest", f"{c} autumn trees", "a forest in fall colors"]
        tags += ["autumn", "fall"]
    if facts["snow"]:
        nouns += ["a snowy forest", "a winter forest", "snow covered pines"]
        details += ["covered in {snow}"]
        tags += ["snow", "winter"]
    return facts, Phrases(
        tuple(nouns),
        (
            "tall trees stand in the {forest1}",
            f"the {{forest1}} is {c}",
            "trees grow close together",
        ),
        tuple(details),
        tuple(tags),
        WEATHER_MOODS[facts["time"]],
    )


def _paint_forest(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    time, sky = facts["time"], facts["sky"]
    paint_sky(canvas, rng, facts, 0.8)
    leaf = scale(mix(jitter(rng, facts["colour"]), (0.1, 0.2, 0.1), 0.2), 0.75)
    ground: Colour = (0.9, 0.93, 1.0) if facts["snow"] else mix(leaf, (0.3, 0.25, 0.12), 0.4)
    fade = haze(time, sky)
    paint_hills(canvas, rng, time, sky, ground, 0.7, 0.85, 3)
    thick = 0.75 if time == "fog" else 0.5
    for k, (count, base, tall) in enumerate(((16, 0.74, 0.42), (11, 0.85, 0.56), (7, 1.0, 0.78))):
        tone = mix(lit(leaf, time), fade, thick * (1 - k / 2))
        paint_pines(canvas, rng, count, base, tall, tone, 0.5 if facts["snow"] else 0.0)
    canvas.shade(0.85 + 0.3 * fractal(rng, size, 24, 2))
    return canvas.finish()


def _sample_tree(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    facts = sample_sky(rng, ("day", "day", "day", "sunset", "sunrise", "night", "fog"))
    kind = pick(rng, ("green", "green", "autumn", "blossom", "bare", "pine", "fantasy"))
    colour = {
        "green": "green",
        "autumn": pick(rng, ("orange", "red", "gold", "yellow")),
        "blossom": pick(rng, ("pink", "pink", "white")),
        "bare": "brown",
        "pine": "green",
        "fantasy": pick(rng, ("blue", "purple", "turquoise", "magenta")),
    }[kind]
    facts |= {"kind": kind, "colour": colour}
    c = f"{{c:{colour}}}"
    nouns = {
        "bare": ("a bare {tree}", "a dead tree", "a leafless tree", "a tree without leaves"),
        "pine": ("a {pine}", f"a {c} {{pine}}", "a lone pine"),
        "blossom": ("a {blossom}", f"a {c} {{blossom}}", f"a tree with {c} blossoms"),
        "autumn": (
            "an autumn {tree}",
            f"a {c} {{tree}}",
            f"a tree with {c} {{leaves}}",
            "a tree in autumn",
            "a tree in fall",
        ),
    }.get(kind, ("a {tree}", f"a {c} {{tree}}", f"a tree with {c} {{leaves}}"))
    return facts, Phrases(
        (*nouns, "a tree on a hill", nouns[1] + " on a hill"),
        ("a tree stands on a hill", "a lone tree grows in the grass"),
        ("in the grass", "on a green hill", *sky_details(facts)),
        ("tree", nouns[0].split(" ", 1)[1], c, "nature", "branches", *sky_tags(facts)),
        (*WEATHER_MOODS[facts["time"]], "lonely"),
    )


def _branch(
    pen: Pen,
    rng: np.random.Generator,
    x: float,
    y: float,
    angle: float,
    length: float,
    width: float,
    colour: Colour,
    tips: list[tuple[float, float]],
) -> None:
    u, v = x + np.cos(angle) * length, y + np.sin(angle) * length
    pen.line([(x, y), (u, v)], width, colour)
    pen.oval(u, v, width * 0.42, width * 0.42, colour)
    if length < 0.05:
        tips.append((u, v))
        return
    for side in (-1, 1):
        turn = side * float(rng.uniform(0.25, 0.6))
        _branch(
            pen,
            rng,
            u,
            v,
            angle + turn,
            length * float(rng.uniform(0.66, 0.82)),
            width * 0.66,
            scale(colour, 0.97),
            tips,
        )


def _paint_tree(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    time = facts["time"]
    paint_sky(canvas, rng, facts, 0.75)
    paint_hills(canvas, rng, time, facts["sky"], (0.28, 0.56, 0.20), 0.74, 0.86, 2)
    x, foot = float(rng.uniform(0.44, 0.56)), 0.88
    canvas.shadow(x + 0.05, foot + 0.01, 0.24, 0.03, 0.5)
    pen = canvas.pen()
    leaf = lit(jitter(rng, facts["colour"]), time)
    bark = lit((0.34, 0.22, 0.14), time)
    if facts["kind"] == "pine":
        draw_pine(pen, rng, x, foot, 0.76, scale(leaf, 0.7))
        canvas.ink(pen, 0.75 + 0.5 * fractal(rng, size, 30, 2))
        return canvas.finish()
    tips: list[tuple[float, float]] = []
    pen.polygon(
        [(x - 0.05, foot), (x - 0.022, foot - 0.2), (x + 0.022, foot - 0.2), (x + 0.055, foot)],
        bark,
    )
    _branch(
        pen,
        rng,
        x,
        foot - 0.16,
        -np.pi / 2 + float(rng.uniform(-0.1, 0.1)),
        0.16,
        0.042,
        bark,
        tips,
    )
    canvas.ink(pen, 0.8 + 0.4 * fractal(rng, size, 30, 2))
    if facts["kind"] == "bare":
        return canvas.finish()
    pen = canvas.pen()
    crown = [
        (x + float(dx) * 0.27, 0.38 + float(dy) * 0.22) for dx, dy in rng.normal(0, 0.42, (26, 2))
    ]
    places = sorted(tips[:20] + crown, key=lambda tip: -tip[1])
    for layer, (shift, light) in enumerate(((0.02, 0.55), (0.0, 0.85), (-0.022, 1.12))):
        for u, v in places:
            r = (0.075, 0.055, 0.032)[layer] * float(rng.uniform(0.7, 1.2))
            du, dv = rng.uniform(-0.03, 0.03, 2).tolist()
            tone = scale(leaf, light * (1.15 - 0.4 * (v - 0.15)) * float(rng.uniform(0.9, 1.1)))
            pen.oval(u + shift + du, v + shift + dv, r, r * 0.9, tone)
    canvas.ink(pen, 0.8 + 0.4 * fractal(rng, size, 26, 2))
    return canvas.finish()


_PETALS = (
    "red",
    "yellow",
    "pink",
    "purple",
    "white",
    "orange",
    "blue",
    "magenta",
    "turquoise",
    "black",
)


def _sample_flower(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    kind = pick(rng, ("rose", "rose", "sunflower", "daisy", "tulip", "poppy"))
    colour = {"sunflower": "yellow"}.get(kind) or pick(rng, _PETALS)
    if kind == "rose" and chance(rng, 0.3):
        colour = "red"
    back = other_colour(rng, colour, "brown", "lime")
    c, b = f"{{c:{colour}}}", f"{{c:{back}}}"
    name = "{rose}" if kind == "rose" else kind
    nouns = [
        f"a {c} {name}",
        f"a {c} {{flower}}",
        f"a {name}",
        f"a {c} {name} on a {b} background",
        f"a {c} {kind}",
    ]
    return {"kind": kind, "colour": colour, "back": back}, Phrases(
        tuple(nouns),
        (f"a {c} {kind} blooms", f"the {kind} is {c}", f"a {kind} opens its petals"),
        (f"on a {b} background", "with green leaves", f"with {c} petals"),
        (name, "flower", f"{c} petals", "plant", f"{b} background", "botanical"),
        ("bright", "cute"),
    )


def _paint_flower(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    paint_backdrop(canvas, rng, facts["back"])
    colour, kind = jitter(rng, facts["colour"]), facts["kind"]
    x, y = float(rng.uniform(0.46, 0.54)), float(rng.uniform(0.38, 0.44))
    stem = canvas.pen()
    green = jitter(rng, "green")
    bend = float(rng.uniform(-0.06, 0.06))
    stem.line([(x, y), (x + bend * 0.4, 0.7), (x + bend, 1.02)], 0.028, scale(green, 0.8))
    for side in (-1, 1):
        v = float(rng.uniform(0.76, 0.86))
        angle = np.pi / 2 - side * 2.0
        stem.leaf(x + bend * 0.6, v + 0.06, 0.26, 0.12, angle, green)
        stem.leaf(x + bend * 0.6, v + 0.06, 0.24, 0.05, angle + 0.06, scale(green, 1.3))
    canvas.ink(stem, 0.85 + 0.3 * fractal(rng, size, 12, 3))
    canvas.shadow(x + 0.03, y + 0.05, 0.36, 0.36, 0.35)
    pen = canvas.pen()
    base = 0.12 if facts["colour"] == "black" else 0.0
    lift = mix(colour, (1, 1, 1), 0.06 + base)
    if kind == "rose":
        for ring in range(7):
            reach = 0.33 * (1 - ring / 7.6)
            count = max(3, 8 - ring)
            start = float(rng.uniform(0, 6.28))
            for k in range(count):
                angle = start + 2 * np.pi * k / count
                u, v = x + np.cos(angle) * reach * 0.5, y + np.sin(angle) * reach * 0.46
                r = reach * 0.62
                light = (0.72 + 0.045 * ring) * (1 - 0.14 * np.sin(angle) - 0.1 * np.cos(angle))
                pen.oval(u, v, r, r * 0.92, scale(lift, light * 0.72))
                pen.oval(u - r * 0.07, v - r * 0.09, r * 0.90, r * 0.80, scale(lift, light * 1.28))
        for k in range(3):
            pen.oval(
                x - 0.005 * k,
                y,
                0.045 - 0.014 * k,
                0.040 - 0.013 * k,
                scale(lift, (0.6, 1.05, 0.5)[k]),
            )
    elif kind == "tulip":
        for dx, wide, light in ((-0.11, 0.2, 0.8), (0.11, 0.2, 0.72), (0.0, 0.25, 1.05)):
            tip = 0.36 if dx else 0.42
            pen.leaf(
                x + dx * 0.35,
                y + 0.24,
                tip + 0.06,
                wide + 0.05,
                -np.pi / 2 + dx * 2.2,
                scale(lift, light),
            )
        pen.leaf(x - 0.02, y + 0.22, 0.36, 0.1, -np.pi / 2, scale(lift, 1.25))
    elif kind == "poppy":
        for k, angle in enumerate((0.8, 2.4, 3.9, 5.5)):
            u, v = x + np.cos(angle) * 0.14, y + np.sin(angle) * 0.13
            pen.oval(u, v, 0.2, 0.185, scale(lift, 0.82 + 0.06 * (k % 2)))
            pen.oval(u - 0.01, v - 0.015, 0.18, 0.155, scale(lift, 1.05 + 0.08 * (k % 2)))
        pen.oval(x, y, 0.08, 0.075, (0.12, 0.10, 0.10))
        for angle in np.linspace(0, 6.28, 14):
            pen.oval(
                x + np.cos(angle) * 0.11, y + np.sin(angle) * 0.10, 0.012, 0.012, (0.1, 0.08, 0.1)
            )
    else:
        rows = (
            ((21, 0.37, 0.085, 0.8), (19, 0.32, 0.08, 1.05))
            if kind == "sunflower"
            else ((13, 0.36, 0.13, 0.84), (13, 0.34, 0.10, 1.05))
        )
        for count, length, width, light in rows:
            start = float(rng.uniform(0, 1))
            for k in range(count):
                angle = start + 2 * np.pi * k / count
                pen.leaf(
                    x,
                    y,
                    length * float(rng.uniform(0.92, 1.05)),
                    width,
                    angle,
                    scale(lift, light * (1 - 0.1 * np.sin(angle))),
                )
        disc: Colour = (
            (0.30, 0.17, 0.07)
            if kind == "sunflower" or facts["colour"] in ("yellow", "orange")
            else (0.97, 0.78, 0.15)
        )
        r = 0.15 if kind == "sunflower" else 0.10
        pen.oval(x, y, r, r, scale(disc, 0.75))
        for k in range(46):
            away, angle = r * np.sqrt(k / 46) * 0.95, k * 2.39996
            pen.oval(
                x + np.cos(angle) * away, y + np.sin(angle) * away, 0.010, 0.010, scale(disc, 1.25)
            )
    light = 1.12 - np.float32(0.22) * ((canvas.x - x) + (canvas.y - y))
    canvas.ink(pen, light * (0.88 + 0.22 * fractal(rng, size, 14, 3)))
    return canvas.finish()


def _sample_mushroom(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    colour = pick(rng, ("red", "red", "brown", "orange", "purple", "blue", "gold"))
    spots = chance(rng, 0.6)
    c = f"{{c:{colour}}}"
    return {"colour": colour, "spots": spots}, Phrases(
        (
            f"a {c} {{mushroom}}",
            "a {mushroom}",
            f"a {{mushroom}} with a {c} cap",
            f"a {c} mushroom in the forest",
        ),
        ("a mushroom grows in the moss", f"a {c} mushroom stands in the {{forest1}}"),
        ("in the {forest1}", "on green moss", *(("with white spots",) * 2 if spots else ())),
        ("mushroom", c, "{forest}", "moss", "fungus", *(("white spots",) if spots else ())),
        ("magic", "cute"),
    )


def _paint_mushroom(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    canvas.sky([(0.0, (0.08, 0.18, 0.10)), (0.6, (0.30, 0.48, 0.20)), (1.0, (0.12, 0.24, 0.08))])
    for u, v, r in rng.uniform((0, 0, 0.03), (1, 0.7, 0.1), (9, 3)).tolist():
        canvas.glow(canvas.halo(u, v, r) * np.float32(0.35), (0.8, 0.95, 0.5))
    paint_hills(canvas, rng, "day", "green", (0.24, 0.46, 0.14), 0.78, 0.9, 2)
    x, y, r = float(rng.uniform(0.45, 0.55)), 0.46, float(rng.uniform(0.28, 0.34))
    canvas.shadow(x, 0.9, 0.2, 0.04, 0.5)
    pen = canvas.pen()
    pen.polygon(
        [(x - 0.075, y), (x - 0.1, 0.88), (x, 0.91), (x + 0.1, 0.88), (x + 0.075, y)],
        (0.95, 0.90, 0.78),
    )
    canvas.ink(pen, (1.05 - 2.6 * np.clip(canvas.x - x + 0.02, -0.04, 0.2)) + 0 * canvas.y)
    pen = canvas.pen()
    pen.oval(x, y + 0.02, r, r * 0.30, (0.80, 0.70, 0.55))
    canvas.ink(pen)
    inside = np.minimum(
        r - canvas.distance(x, y + 0.03),
        (y + 0.05) - canvas.y + 0.10 * ((canvas.x - x) / r) ** 2 * -1 + 0.02,
    )
    mask = canvas.edge(inside)
    light = 1.15 - 0.9 * ((canvas.x - x) * 0.7 + (canvas.y - y + r) * 0.9) / (2 * r)
    cap = np.asarray(jitter(rng, facts["colour"]), np.float32) * light[..., None]
    canvas.blend(mask, np.clip(cap, 0, 1))
    canvas.glow(mask * canvas.halo(x - r * 0.4, y - r * 0.55, 0.12) * np.float32(0.5), (1, 1, 1))
    if facts["spots"]:
        pen = canvas.pen()
        for u, v, s in (
            (-0.5, -0.25, 0.13),
            (0.05, -0.6, 0.15),
            (0.5, -0.3, 0.12),
            (0.0, -0.18, 0.11),
            (-0.3, -0.68, 0.08),
            (0.75, -0.05, 0.07),
            (-0.8, -0.02, 0.07),
        ):
            pen.oval(x + u * r, y + v * r, s * r, s * r * 0.8, (0.98, 0.96, 0.90))
        canvas.ink(pen)
    return canvas.finish()


def _sample_fire(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    logs = chance(rng, 0.5)
    colour = pick(rng, ("orange", "orange", "orange", "red", "blue", "green", "purple"))
    c = f"{{c:{colour}}}"
    if logs:
        return {"logs": True, "colour": colour}, Phrases(
            ("a {campfire}", f"a {c} {{campfire}}", "a campfire at night", "a bonfire in the dark"),
            ("a fire burns in the night", "wood burns with bright flames"),
            ("at night", "in the dark", f"with {c} flames"),
            ("{campfire}", "fire", f"{c} flames", "wood", "night", "hot"),
            ("warm", "dark"),
        )
    return {"logs": False, "colour": colour}, Phrases(
        ("{fire}", f"{c} {{fire}}", f"{c} flames", "burning flames in the dark"),
        (f"{c} flames burn", "fire burns bright", "everything is on fire", "flames rise up high"),
        ("on black", "in the dark"),
        ("{fire}", "flames", c, "hot", "heat", "burning"),
        ("wild", "warm"),
    )


def _paint_fire(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    canvas.sky([(0.0, (0.02, 0.02, 0.05)), (1.0, (0.09, 0.04, 0.05))])
    tone = jitter(rng, facts["colour"])
    foot = 0.84 if facts["logs"] else 1.05
    rise = np.clip((foot - canvas.y) / np.float32(0.85), -0.2, 1.2)
    swirl, fine = fractal(rng, size, 4, 4, stretch=0.6), lattice_noise(rng, size, 14, 7)
    sway = canvas.x - 0.5 + (swirl - 0.5) * np.float32(0.5) * np.clip(rise, 0, 1)
    wide = 0.26 if facts["logs"] else 0.55
    tongues = 1 - np.abs(sway) / wide + (fine - 0.5) * 0.9 * rise
    heat = np.clip(tongues * 1.1 - rise * 0.95 + (swirl - 0.45) * 0.9, 0, 1) * (rise > -0.06)
    canvas.glow(canvas.halo(0.5, foot - 0.25, 0.6) * np.float32(0.55), tone)
    ramp = [
        (0.0, scale(tone, 0.25)),
        (0.25, scale(mix(tone, (0.9, 0.1, 0.0), 0.25), 0.85)),
        (0.5, tone),
        (0.75, mix(tone, (1.0, 0.9, 0.3), 0.65)),
        (1.0, (1.0, 0.98, 0.82)),
    ]
    canvas.blend(smoothstep(heat.astype(np.float32), 0.02, 0.25), colour_ramp(heat, ramp))
    pen = canvas.pen()
    for u, v, s in rng.uniform((0.15, 0.05, 0.002), (0.85, 0.7, 0.007), (24, 3)).tolist():
        pen.oval(u, v, s, s, mix(tone, (1, 0.9, 0.5), 0.5))
    canvas.ink(pen)
    if facts["logs"]:
        pen = canvas.pen()
        pen.line([(0.24, 0.93), (0.72, 0.80)], 0.075, (0.30, 0.17, 0.09))
        pen.line([(0.28, 0.80), (0.76, 0.93)], 0.075, (0.40, 0.23, 0.12))
        pen.oval(0.76, 0.93, 0.03, 0.037, (0.62, 0.42, 0.24))
        pen.oval(0.24, 0.93, 0.03, 0.037, (0.55, 0.36, 0.20))
        canvas.ink(pen, 0.6 + 0.8 * fractal(rng, size, 24, 2))
    return canvas.finish()


def _sample_underwater(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    fish = pick(rng, ("orange", "yellow", "red", "pink", "white", "purple"))
    water = pick(rng, ("blue", "blue", "teal", "turquoise", "navy"))
    count = int(rng.integers(1, 6))
    many = {1: "a", 2: "two", 3: "three"}.get(count, "many")
    f = f"{many} {{c:{fish}}} fish"
    return {"fish": fish, "water": water, "count": count}, Phrases(
        (
            f"{f} in the {{sea1}}",
            f"{f} {{underwater}}",
            "an underwater scene",
            "{coral} with fish",
            "a coral reef",
            f"{f} in {{c:{water}}} water",
            "life under the sea",
        ),
        (
            f"{f} swim over the reef",
            "fish swim between the corals",
            "sunlight falls into the water",
        ),
        ("with {coral}", "with bubbles", f"in {{c:{water}}} water"),
        (
            "underwater",
            "{coral}",
            f"{{c:{fish}}} fish",
            f"{{c:{water}}} water",
            "sea life",
            "bubbles",
        ),
        ("calm", "magic"),
    )


def draw_fish(
    pen: Pen, x: float, y: float, s: float, way: int, colour: Colour, stripes: bool
) -> None:
    """One fish of length about 2 ``s`` that looks right if ``way`` is 1, left if -1."""
    dark = scale(colour, 0.7)
    pen.polygon(
        [
            (x - way * 0.75 * s, y),
            (x - way * 1.3 * s, y - 0.45 * s),
            (x - way * 1.15 * s, y),
            (x - way * 1.3 * s, y + 0.45 * s),
        ],
        dark,
    )
    pen.polygon(
        [
            (x + way * 0.3 * s, y - 0.35 * s),
            (x - way * 0.35 * s, y - 0.78 * s),
            (x - way * 0.5 * s, y - 0.3 * s),
        ],
        dark,
    )
    pen.polygon(
        [
            (x + way * 0.1 * s, y + 0.35 * s),
            (x - way * 0.3 * s, y + 0.68 * s),
            (x - way * 0.35 * s, y + 0.3 * s),
        ],
        dark,
    )
    pen.oval(x, y, 0.9 * s, 0.5 * s, scale(colour, 0.9))
    pen.oval(
        x + way * 0.05 * s,
        y - 0.08 * s,
        0.8 * s,
        0.38 * s,
        mix(scale(colour, 1.1), (1, 1, 1), 0.12),
    )
    if stripes:
        for u in (0.25, -0.25):
            pen.box(
                x + way * u * s - 0.07 * s,
                y - 0.42 * s,
                x + way * u * s + 0.07 * s,
                y + 0.42 * s,
                (0.97, 0.97, 0.95),
            )
    pen.polygon(
        [
            (x + way * 0.2 * s, y + 0.02 * s),
            (x - way * 0.15 * s, y + 0.26 * s),
            (x - way * 0.1 * s, y - 0.02 * s),
        ],
        dark,
    )
    pen.oval(x + way * 0.55 * s, y - 0.1 * s, 0.13 * s, 0.13 * s, (1, 1, 1))
    pen.oval(x + way * 0.58 * s, y - 0.1 * s, 0.07 * s, 0.07 * s, (0.03, 0.03, 0.05))


def paint_deep(canvas: Canvas, rng: np.random.Generator, water: str) -> None:
    """Water seen from within, with slanting light."""
    tone = jitter(rng, water)
    canvas.sky([(0.0, mix(tone, (0.7, 1, 1), 0.5)), (0.5, tone), (1.0, scale(tone, 0.4))])
    slant = canvas.x + canvas.y * np.float32(rng.uniform(-0.5, 0.5))
    rays = 0.5 + 0.5 * np.sin(slant * 23 + np.sin(slant * 9) * 2)
    canvas.glow(
        (rays**2 * np.clip(0.8 - canvas.y, 0, 1) * 0.5).astype(np.float32), (0.7, 0.95, 1.0)
    )


def _paint_underwater(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    paint_deep(canvas, rng, facts["water"])
    paint_hills(canvas, rng, "day", "blue", (0.75, 0.66, 0.45), 0.88, 0.94, 1)
    pen = canvas.pen()
    for k in range(9):
        x, tone = (
            (k + float(rng.uniform(0.1, 0.9))) / 9,
            COLOURS[pick(rng, ("red", "pink", "orange", "magenta", "green", "lime", "purple"))],
        )
        tall = float(rng.uniform(0.10, 0.26))
        for j in range(5):
            lean = (j - 2) * 0.025
            pen.line(
                [
                    (x, 1.0),
                    (x + lean, 0.98 - tall * 0.5),
                    (x + lean * 2.2, 0.98 - tall * float(rng.uniform(0.7, 1.0))),
                ],
                0.018,
                scale(tone, 0.65 + 0.08 * j),
            )
            pen.oval(x + lean * 2.2, 0.98 - tall * 0.85, 0.014, 0.014, scale(tone, 1.1))
    spots = {1: ((0.5, 0.45),), 2: ((0.35, 0.35), (0.64, 0.58))}.get(
        facts["count"], ((0.3, 0.25), (0.68, 0.42), (0.32, 0.60), (0.75, 0.15), (0.6, 0.68))
    )
    colour = jitter(rng, facts["fish"])
    s = {1: 0.22, 2: 0.15}.get(facts["count"], 0.105)
    for x, y in spots[: facts["count"]]:
        jog = rng.uniform(-0.04, 0.04, 2)
        draw_fish(
            pen,
            x + float(jog[0]),
            y + float(jog[1]),
            s * float(rng.uniform(0.85, 1.15)),
            pick(rng, (-1, 1)),
            scale(colour, float(rng.uniform(0.9, 1.1))),
            facts["fish"] == "orange",
        )
    for u, v, r in rng.uniform((0.05, 0.05, 0.005), (0.95, 0.8, 0.014), (12, 3)).tolist():
        pen.oval(u, v, r, r, (0.8, 0.95, 1.0))
    canvas.ink(pen, 0.85 + 0.3 * fractal(rng, size, 14, 3))
    return canvas.finish()


FAMILIES = (
    Family("forest", 2.6, _sample_forest, _paint_forest),
    Family("tree", 3.0, _sample_tree, _paint_tree),
    Family("flower", 4.0, _sample_flower, _paint_flower),
    Family("mushroom", 1.2, _sample_mushroom, _paint_mushroom),
    Family("fire", 2.0, _sample_fire, _paint_fire),
    Family("underwater", 1.8, _sample_underwater, _paint_underwater),
)
