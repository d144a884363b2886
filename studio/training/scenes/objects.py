"""Single made or edible things: cars, balloons, fruit, cups, candles and crystals."""

from __future__ import annotations

import numpy as np

from studio.training.scenes.canvas import Canvas
from studio.training.scenes.fields import Field, fractal
from studio.training.scenes.nature import paint_backdrop
from studio.training.scenes.palette import COLOURS, jitter, mix, other_colour, scale
from studio.training.scenes.spec import Facts, Family, Phrases, chance, pick
from studio.training.scenes.weather import paint_hills, paint_sky, sample_sky, sky_details, sky_tags

_FRUIT = {
    "apple": ("red", "green", "yellow"),
    "orange": ("orange",),
    "lemon": ("yellow",),
    "plum": ("purple",),
    "cherry": ("red",),
    "peach": ("pink",),
    "blueberry": ("blue",),
}


def _sample_thing(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    kind = pick(rng, ("fruit", "fruit", "cup", "candle", "crystal"))
    name = pick(rng, tuple(_FRUIT)) if kind == "fruit" else f"{{{kind}}}"
    colour = pick(rng, _FRUIT[name]) if kind == "fruit" else pick(rng, tuple(COLOURS))
    back = "black" if kind == "candle" and colour != "black" else other_colour(rng, colour)
    c, b = f"{{c:{colour}}}", f"{{c:{back}}}"
    tag = {"fruit": "fruit", "cup": "drink", "candle": "candlelight", "crystal": "jewel"}[kind]
    where = {
        "fruit": "on a table",
        "cup": "on a table",
        "candle": "burning in the dark" if back == "black" else "with a flame",
        "crystal": "with sharp facets",
    }[kind]
    return {"kind": kind, "name": name, "colour": colour, "back": back}, Phrases(
        (
            f"a {c} {name}",
            f"a {name}",
            f"a {c} {name} on a {b} background",
            f"a {c} {name} {where}",
        ),
        (f"a {c} {name} stands alone", f"the {name} is {c}"),
        (where, f"on a {b} background"),
        (name, c, tag, f"{b} background", "still life"),
        ("warm",) if kind == "candle" else ("bold",),
    )


def _paint_thing(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    paint_backdrop(canvas, rng, facts["back"])
    colour, kind, pen = jitter(rng, facts["colour"]), facts["kind"], canvas.pen()
    light = np.clip(1.12 - 1.1 * np.clip(canvas.x - 0.42, -0.15, 0.5), 0.5, 1.3) + 0 * canvas.y
    canvas.shadow(0.52, 0.84, 0.3, 0.05, 0.5)
    if kind == "fruit":
        canvas.sphere(
            0.5,
            0.55,
            0.3,
            np.asarray(colour, np.float32) * (0.85 + 0.3 * fractal(rng, size, 18, 2))[..., None],
            0.5,
            0.35,
        )
        pen.line([(0.5, 0.29), (0.51, 0.22), (0.54, 0.17)], 0.022, (0.36, 0.22, 0.1))
        pen.leaf(0.51, 0.23, 0.2, 0.13, -0.35, (0.24, 0.6, 0.18))
        canvas.ink(pen)
        return canvas.finish()
    if kind == "cup":
        pen.line(
            [(0.69, 0.45), (0.84, 0.45), (0.86, 0.6), (0.80, 0.68), (0.67, 0.68)],
            0.045,
            scale(colour, 0.9),
        )
        pen.polygon([(0.24, 0.38), (0.72, 0.38), (0.67, 0.82), (0.29, 0.82)], colour)
        pen.oval(0.48, 0.82, 0.19, 0.045, colour)
        pen.oval(0.48, 0.38, 0.24, 0.06, mix(colour, (1, 1, 1), 0.4))
        pen.oval(0.48, 0.385, 0.215, 0.048, (0.28, 0.16, 0.08))
        for k in range(3):
            x = 0.38 + 0.1 * k
            canvas.blend(
                np.exp(-(((canvas.x - x - 0.02 * np.sin(canvas.y * 30 + k)) / 0.014) ** 2))
                * np.float32(0.35)
                * (canvas.y < 0.34)
                * (canvas.y > 0.12),
                (1, 1, 1),
            )
    elif kind == "candle":
        pen.box(0.40, 0.42, 0.60, 0.86, colour)
        pen.oval(0.5, 0.86, 0.1, 0.03, colour)
        pen.oval(0.5, 0.42, 0.1, 0.03, mix(colour, (1, 0.95, 0.7), 0.5))
        pen.line([(0.5, 0.42), (0.5, 0.36)], 0.012, (0.1, 0.08, 0.08))
    else:
        corners = [(0.5, 0.12), (0.72, 0.36), (0.66, 0.74), (0.5, 0.88), (0.34, 0.74), (0.28, 0.36)]
        heart = (0.47, 0.44)
        for k, tone in enumerate((1.0, 0.62, 0.5, 0.72, 1.0, 1.35)):
            pen.polygon(
                [corners[k], corners[(k + 1) % 6], heart],
                mix(scale(colour, tone), (1, 1, 1), 0.12 if tone >= 1 else 0.02),
            )
        pen.polygon([(0.43, 0.24), (0.47, 0.30), (0.40, 0.38)], mix(colour, (1, 1, 1), 0.7))
        light = np.ones_like(light)
    canvas.ink(pen, light)
    if kind == "candle":
        canvas.glow(canvas.halo(0.5, 0.28, 0.45) * np.float32(0.8), (1.0, 0.62, 0.2))
        pen = canvas.pen()
        pen.leaf(0.5, 0.38, 0.21, 0.11, -np.pi / 2, (1.0, 0.62, 0.12))
        pen.leaf(0.5, 0.37, 0.14, 0.06, -np.pi / 2, (1.0, 0.95, 0.65))
        canvas.ink(pen)
    return canvas.finish()


def _sample_vehicle(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    facts = sample_sky(rng, ("day", "day", "sunset", "sunrise", "dusk"))
    kind = pick(rng, ("car", "balloon", "balloon"))
    colour = pick(
        rng, ("red", "orange", "yellow", "green", "blue", "purple", "pink", "white", "black")
    )
    facts |= {"kind": kind, "colour": colour, "stripes": chance(rng, 0.6)}
    c = f"{{c:{colour}}}"
    where = "on a road" if kind == "car" else "in the sky"
    return facts, Phrases(
        (
            f"a {c} {{{kind}}}",
            f"a {{{kind}}}",
            f"a {c} {{{kind}}} {where}",
            f"a {c} {{{kind}}} {{at {facts['time']}}}",
        ),
        ("a car drives down the road" if kind == "car" else "a balloon floats over the {hills}",),
        (where, *sky_details(facts)),
        (f"{{{kind}}}", c, "travel", *sky_tags(facts)),
        ("bright",),
    )


def _paint_vehicle(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    time = facts["time"]
    paint_sky(canvas, rng, {**facts, "place": "right"}, 0.75)
    paint_hills(
        canvas,
        rng,
        time,
        facts["sky"],
        (0.28, 0.56, 0.2),
        0.66 if facts["kind"] == "car" else 0.82,
        0.92,
        3,
    )
    colour, pen = jitter(rng, facts["colour"]), canvas.pen()
    if facts["kind"] == "balloon":
        x, y, r = float(rng.uniform(0.42, 0.56)), 0.37, 0.26
        surface = np.broadcast_to(np.asarray(colour, np.float32), (size, size, 3))
        if facts["stripes"]:
            bulge = np.arcsin(
                np.clip(
                    (canvas.x - x) / np.sqrt(np.clip(r * r - (canvas.y - y) ** 2, 1e-3, 1)), -1, 1
                )
            )
            band = (np.sin(bulge * 9) > 0.35)[..., None]
            surface = np.where(band, np.asarray((0.97, 0.95, 0.9), np.float32), surface)
        pen.polygon(
            [
                (x - r * 0.9, y + 0.13),
                (x + r * 0.9, y + 0.13),
                (x + 0.05, y + 0.36),
                (x - 0.05, y + 0.36),
            ],
            scale(colour, 0.75),
        )
        for u in (-0.045, 0.045):
            pen.line([(x + u, y + 0.36), (x + u * 0.8, y + 0.42)], 0.006, (0.2, 0.15, 0.1))
        pen.box(x - 0.05, y + 0.42, x + 0.05, y + 0.5, (0.5, 0.33, 0.17))
        canvas.ink(pen)
        canvas.sphere(x, y, r, surface.astype(np.float32), 0.2, 0.45)
        return canvas.finish()
    pen.box(0.0, 0.76, 1.0, 0.94, (0.26, 0.26, 0.29))
    for k in range(5):
        pen.box(k * 0.24, 0.895, k * 0.24 + 0.12, 0.908, (0.95, 0.9, 0.7))
    pen.polygon([(0.26, 0.60), (0.36, 0.44), (0.64, 0.44), (0.76, 0.60)], scale(colour, 0.9))
    pen.polygon([(0.31, 0.59), (0.38, 0.47), (0.49, 0.47), (0.49, 0.59)], (0.68, 0.85, 0.95))
    pen.polygon([(0.52, 0.59), (0.52, 0.47), (0.62, 0.47), (0.70, 0.59)], (0.62, 0.80, 0.92))
    pen.polygon(
        [(0.12, 0.64), (0.18, 0.585), (0.80, 0.585), (0.90, 0.66), (0.90, 0.78), (0.12, 0.78)],
        colour,
    )
    pen.box(0.12, 0.72, 0.90, 0.78, scale(colour, 0.7))
    pen.oval(0.88, 0.67, 0.025, 0.025, (1.0, 0.95, 0.6))
    for x in (0.29, 0.72):
        pen.oval(x, 0.78, 0.09, 0.09, (0.06, 0.06, 0.07))
        pen.oval(x, 0.78, 0.045, 0.045, (0.75, 0.76, 0.78))
    canvas.ink(pen)
    return canvas.finish()


FAMILIES = (
    Family("still life", 3.6, _sample_thing, _paint_thing),
    Family("car or balloon", 2.2, _sample_vehicle, _paint_vehicle),
)
