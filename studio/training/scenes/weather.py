"""Skies: their light, clouds, sun, moon and stars, and the scenes that are mostly sky."""

from __future__ import annotations

import numpy as np

from studio.training.scenes.canvas import Canvas, Pen
from studio.training.scenes.fields import Field, colour_ramp, fractal, ridge, smoothstep, waves
from studio.training.scenes.palette import (
    COLOURS,
    SKY_COLOURS,
    Colour,
    haze,
    jitter,
    lit,
    mix,
    scale,
    sky_stops,
)
from studio.training.scenes.spec import Facts, Family, Phrases, chance, pick

WEATHER_MOODS = {
    "day": ("bright", "calm"),
    "sunset": ("warm", "calm"),
    "sunrise": ("calm", "warm"),
    "dusk": ("magic", "calm"),
    "night": ("dark", "magic"),
    "storm": ("wild", "dark"),
    "fog": ("dark", "lonely"),
}


def sample_sky(rng: np.random.Generator, times: tuple[str, ...]) -> Facts:
    """Facts of a sky: ``time``, colour ``sky``, and whether ``sun``, ``moon``, ``cloudy``."""
    time = pick(rng, times)
    sky = pick(rng, SKY_COLOURS[time])
    if time == "day" and chance(rng, 0.1):
        sky = pick(rng, ("green", "pink", "purple", "yellow", "red", "orange"))
    sun_share = {"day": 0.4, "sunset": 0.8, "sunrise": 0.8}.get(time, 0.0)
    return {
        "time": time,
        "sky": sky,
        "sun": chance(rng, sun_share),
        "moon": time in ("night", "dusk") and chance(rng, 0.45),
        "cloudy": chance(rng, {"storm": 1.0, "fog": 0.0, "night": 0.15}.get(time, 0.45)),
        "place": pick(rng, ("left", "right", "")),
    }


def sky_details(facts: Facts) -> tuple[str, ...]:
    """What may be said of a sky, each to follow a noun phrase."""
    time = facts["time"]
    details = [f"{{at {time}}}", f"{{at {time}}}"]
    if time not in ("storm", "fog"):
        details += [f"under a {{c:{facts['sky']}}} sky", f"with a {{c:{facts['sky']}}} {{sky}}"]
    if facts["sun"]:
        details += ["with a {glowing} sun", "and the {sun}"]
    if facts["moon"]:
        details += ["under the {moon}", "and a {glowing} moon in the sky"]
    if time == "night":
        details += ["under {stars}", "and {stars}"]
    if facts["cloudy"] and time not in ("night", "storm"):
        details += ["with clouds in the sky", "under drifting clouds"]
    return tuple(details)


def sky_tags(facts: Facts) -> tuple[str, ...]:
    """What may be said of a sky in a tag list."""
    tags = [f"{{tag {facts['time']}}}"]
    if facts["time"] not in ("storm", "fog"):
        tags.append(f"{{c:{facts['sky']}}} sky")
    if facts["sun"]:
        tags.append("{sun}")
    if facts["moon"]:
        tags.append("{moon}")
    if facts["time"] == "night":
        tags.append("{stars}")
    if facts["cloudy"]:
        tags.append("clouds")
    return tuple(tags)


def paint_stars(canvas: Canvas, rng: np.random.Generator, count: int, bottom: float = 1.0) -> None:
    """Scatter stars of many sizes over the part above ``bottom``."""
    places = rng.random((count, 2)) * (1, bottom)
    sizes = rng.random(count) ** 6
    warmth = rng.random(count)
    pen = canvas.pen()
    for (x, y), size, warm in zip(places.tolist(), sizes.tolist(), warmth.tolist(), strict=True):
        light = 0.55 + 0.45 * size
        colour = (light, light * (0.86 + 0.1 * warm), light * (1.0 - 0.25 * warm))
        radius = 0.0028 + 0.007 * size
        pen.oval(x, y, radius, radius, colour)
    canvas.ink(pen)


def paint_moon(canvas: Canvas, rng: np.random.Generator, x: float, y: float, radius: float) -> None:
    """A bright moon with grey plains and a halo."""
    canvas.glow(canvas.halo(x, y, radius * 3.2) * np.float32(0.5), (0.75, 0.82, 1.0))
    plains = fractal(rng, canvas.size, 9, 3)[..., None]
    surface = np.asarray((0.98, 0.96, 0.88), np.float32) * (
        0.78 + 0.3 * smoothstep(plains, 0.3, 0.7)
    )
    canvas.sphere(x, y, radius, surface, gloss=0.0, dark=0.75)


def paint_sun(canvas: Canvas, time: str, sky: str, x: float, y: float, radius: float) -> None:
    """A glowing sun disc in the light of ``time``."""
    warm: Colour = (1.0, 0.96, 0.72)
    if time == "sunset":
        warm = mix((1.0, 0.84, 0.42), COLOURS[sky], 0.12)
    canvas.glow(canvas.halo(x, y, radius * 5), scale(warm, 0.55))
    canvas.glow(canvas.halo(x, y, radius * 2), scale(warm, 0.7))
    canvas.blend(canvas.edge(radius - canvas.distance(x, y)), mix(warm, (1, 1, 1), 0.35))


def paint_clouds(
    canvas: Canvas,
    rng: np.random.Generator,
    time: str,
    sky: str,
    bottom: float,
    cover: float = 0.5,
) -> None:
    """Fractal clouds lit from below or above as ``time`` asks, thinning to the horizon."""
    noise = fractal(rng, canvas.size, 3, 5, stretch=2.2, gain=0.55)
    above = np.roll(noise, canvas.size // 24, axis=0)
    body = smoothstep(noise, 0.74 - 0.5 * cover, 0.98 - 0.42 * cover)
    body *= np.clip(np.float32(1.3) - canvas.y / np.float32(bottom), 0, 1)
    relief = np.clip(np.float32(0.5) + (noise - above) * np.float32(2.2), 0, 1)
    shadow, light = {
        "day": ((0.68, 0.74, 0.84), (1.0, 1.0, 1.0)),
        "sunset": (scale(mix(COLOURS[sky], (0.3, 0.12, 0.3), 0.55), 0.75), (1.0, 0.74, 0.45)),
        "sunrise": ((0.74, 0.62, 0.76), (1.0, 0.90, 0.80)),
        "dusk": ((0.20, 0.15, 0.34), (0.80, 0.50, 0.62)),
        "night": ((0.05, 0.06, 0.12), (0.26, 0.30, 0.42)),
        "storm": ((0.12, 0.13, 0.17), (0.52, 0.55, 0.60)),
        "fog": ((0.7, 0.7, 0.72), (0.9, 0.9, 0.9)),
    }[time]
    canvas.blend(body * np.float32(0.92), colour_ramp(relief, [(0.0, shadow), (1.0, light)]))


def paint_sky(canvas: Canvas, rng: np.random.Generator, facts: Facts, horizon: float) -> float:
    """Paint the whole sky down to ``horizon``; returns how far right the light stands."""
    time, sky = facts["time"], facts["sky"]
    canvas.sky(sky_stops(time, sky), bottom=horizon)
    low, high = {"left": (0.16, 0.34), "right": (0.66, 0.84), "": (0.40, 0.60)}[facts["place"]]
    x = float(rng.uniform(low, high))
    lift = float(rng.uniform(0.0, 1.0))
    radius = float(rng.uniform(0.055, 0.10))
    if time == "night":
        paint_stars(canvas, rng, 130, horizon)
    if facts["moon"]:
        paint_moon(canvas, rng, x, horizon * (0.25 + 0.3 * lift), radius)
    if facts["sun"]:
        height = 0.2 + 0.25 * lift if time == "day" else 0.72 + 0.22 * lift
        paint_sun(canvas, time, sky, x, horizon * height, radius)
    if facts["cloudy"]:
        paint_clouds(canvas, rng, time, sky, horizon, 0.9 if time == "storm" else 0.5)
    return x


def paint_hills(
    canvas: Canvas,
    rng: np.random.Generator,
    time: str,
    sky: str,
    colour: Colour,
    top: float,
    bottom: float,
    layers: int = 3,
) -> None:
    """Rolling ground in ``layers``, from hazy and far at ``top`` to near at ``bottom``."""
    fade = haze(time, sky)
    grain = fractal(rng, canvas.size, 12, 3, stretch=2.5)
    for layer in range(layers):
        near = (layer + 1) / layers
        level = top + (bottom - top) * layer / max(1, layers - 1)
        outline = level + waves(rng, canvas.size, 3, 0.6 + near) * np.float32(0.045)
        tone = mix(fade, lit(scale(colour, 0.75 + 0.25 * near), time), 0.45 + 0.55 * near)
        light = np.float32(1.22) - np.clip(canvas.y - outline[None, :], 0, 0.4) * np.float32(1.5)
        light = light * (0.82 + 0.36 * grain)
        canvas.blend(canvas.ground(outline), np.asarray(tone, np.float32) * light[..., None])


def _sample_clouds(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    facts = sample_sky(rng, ("day", "day", "sunset", "sunrise", "dusk", "storm"))
    facts["cloudy"] = True
    time = facts["time"]
    return facts, Phrases(
        nouns=(
            "{clouds}" if time == "day" else "clouds",
            "clouds in the sky",
            "a cloudy sky",
            f"clouds in a {{c:{facts['sky']}}} sky",
            f"{{adj {time}}} sky with clouds",
            f"a {{c:{facts['sky']}}} sky",
        ),
        clauses=(
            "clouds drift across the sky",
            "big clouds fill the sky",
            "clouds float in the air",
        ),
        details=sky_details(facts)[:3],
        tags=("clouds", "sky", "cloudy", "air", *sky_tags(facts)),
        moods=WEATHER_MOODS[time],
    )


def _paint_clouds_scene(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    paint_sky(canvas, rng, {**facts, "cloudy": False}, 1.0)
    paint_clouds(canvas, rng, facts["time"], facts["sky"], 1.5, 0.62)
    paint_clouds(canvas, rng, facts["time"], facts["sky"], 2.5, 0.5)
    return canvas.finish()


def _sample_rain(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    snow = chance(rng, 0.4)
    facts: Facts = {"time": "storm" if not snow else pick(rng, ("storm", "night", "day", "fog"))}
    facts |= {"sky": {"day": "cyan", "night": "navy"}.get(facts["time"], "grey"), "snow": snow}
    facts |= {"sun": False, "moon": False, "cloudy": facts["time"] == "storm", "place": ""}
    if snow:
        return facts, Phrases(
            nouns=(
                "falling snow",
                "snowfall over {hills}",
                "a snowy winter day",
                "snowflakes",
                "a snow storm",
                "a winter landscape in falling snow",
            ),
            clauses=(
                "snow is falling",
                "white snowflakes fall from the sky",
                "it is snowing over the land",
            ),
            details=("over white fields", f"{{at {facts['time']}}}"),
            tags=("snow", "winter", "snowflakes", "cold", f"{{tag {facts['time']}}}"),
            moods=("cold", "calm"),
        )
    return facts, Phrases(
        nouns=("{rain}", "{rain} over {hills}", "a rainy day", "{rain} falling from dark clouds"),
        clauses=(
            "rain is falling",
            "it is raining over the {hills}",
            "rain pours from dark clouds",
            "it rains heavily",
        ),
        details=("under dark clouds", "over green {hills}", "{at storm}"),
        tags=("{rain}", "rain", "wet", "dark clouds", "gray sky", "weather"),
        moods=("dark", "cold"),
    )


def _paint_rain(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    paint_sky(canvas, rng, facts, 0.75)
    land: Colour = (0.90, 0.94, 1.0) if facts["snow"] else (0.28, 0.46, 0.22)
    paint_hills(canvas, rng, facts["time"], facts["sky"], land, 0.68, 0.86)
    pen = canvas.pen()
    drops = rng.random((150, 3))
    if facts["snow"]:
        for x, y, near in drops.tolist():
            radius = 0.004 + 0.011 * near**2
            pen.oval(x, y, radius, radius, (0.98, 0.99, 1.0))
        canvas.ink(pen, alpha=0.9)
        return canvas.finish()
    slant = float(rng.uniform(-0.35, 0.35))
    for x, y, near in drops.tolist():
        length = 0.05 + 0.10 * near
        pen.line([(x, y - 0.05), (x + slant * length, y + length - 0.05)], 0.004, (0.8, 0.87, 0.95))
    canvas.ink(pen, alpha=0.6)
    return canvas.finish()


def _sample_lightning(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    sky = pick(rng, ("navy", "purple", "grey", "teal"))
    bolt = pick(rng, ("white", "white", "yellow", "pink", "cyan"))
    return {"sky": sky, "bolt": bolt}, Phrases(
        nouns=(
            "{lightning}",
            "{lightning} in a dark sky",
            f"{{c:{bolt}}} lightning",
            f"{{lightning}} in a {{c:{sky}}} sky",
            "a thunderstorm",
            "a storm with {lightning}",
            f"a {{c:{bolt}}} bolt of lightning over {{hills}}",
        ),
        clauses=(
            "lightning strikes the ground",
            "lightning flashes in the night sky",
            "a bolt of lightning splits the sky",
        ),
        details=("over {hills}", "during a storm", "at night"),
        tags=("{lightning}", "storm", "thunder", "electric", "energy", f"{{c:{sky}}} sky"),
        moods=("wild", "dark"),
    )


def _paint_lightning(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    canvas.sky(sky_stops("night", facts["sky"]), 0.9)
    paint_clouds(
        canvas, rng, "storm" if facts["sky"] == "grey" else "night", facts["sky"], 1.0, 0.9
    )
    start = float(rng.uniform(0.3, 0.7))
    colour = mix(jitter(rng, facts["bolt"]), (1, 1, 1), 0.25)
    branches = [(start, 0.0, 0.014, 0.86)]
    pen = canvas.pen()
    while branches:
        x, y, width, end = branches.pop()
        points = [(x, y)]
        while y < end:
            x += float(rng.uniform(-0.07, 0.07))
            y += float(rng.uniform(0.03, 0.08))
            points.append((x, y))
            if width > 0.01 and chance(rng, 0.35):
                branches.append((x, y, 0.006, min(end, y + float(rng.uniform(0.15, 0.35)))))
        pen.line(points, width, colour)
    canvas.glow(canvas.halo(start, 0.4, 0.6) * np.float32(0.5), scale(colour, 0.6))
    canvas.ink(pen, alpha=0.9, blur=0.02)
    canvas.ink(pen)
    paint_hills(canvas, rng, "night", "navy", (0.3, 0.4, 0.4), 0.86, 0.93, 2)
    return canvas.finish()


def _sample_rainbow(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    facts = sample_sky(rng, ("day", "day", "storm"))
    facts["sun"] = False
    return facts, Phrases(
        nouns=(
            "a {rainbow}",
            "a {rainbow} over {hills}",
            "a {rainbow} in the sky",
            "a rainbow after the rain",
        ),
        clauses=(
            "a rainbow spans the sky",
            "a rainbow shines over the {hills}",
            "a rainbow bends over green {hills}",
        ),
        details=("over a green field", "above the land", *sky_details(facts)[2:]),
        tags=("rainbow", "colors", "{hills}", "spectrum", *sky_tags(facts)),
        moods=("bright", "magic"),
    )


def _paint_rainbow(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    paint_sky(canvas, rng, facts, 0.8)
    x, y, radius = float(rng.uniform(0.35, 0.65)), float(rng.uniform(0.8, 0.95)), 0.52
    radius += float(rng.uniform(-0.06, 0.14))
    away = (canvas.distance(x, y) - np.float32(radius)) / np.float32(0.16)
    hues = ("purple", "blue", "cyan", "green", "yellow", "orange", "red")
    bands = [((k + 0.5) / 7, COLOURS[hue]) for k, hue in enumerate(hues)]
    mask = smoothstep(away, 0.0, 0.12) * (1 - smoothstep(away, 0.88, 1.0))
    canvas.blend(mask * np.float32(0.8), colour_ramp(np.clip(away, 0, 1), bands))
    paint_hills(canvas, rng, facts["time"], facts["sky"], (0.30, 0.62, 0.20), 0.76, 0.9)
    return canvas.finish()


def _sample_aurora(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    colour = pick(rng, ("green", "green", "turquoise", "purple", "pink", "cyan", "red"))
    land = pick(rng, ("snow", "mountains", "forest"))
    where = {"snow": "a snowy land", "mountains": "{mountains}", "forest": "a dark {forest1}"}[land]
    return {"colour": colour, "land": land}, Phrases(
        nouns=(
            "{aurora}",
            f"{{c:{colour}}} {{aurora}}",
            f"{{aurora}} over {where}",
            f"{{c:{colour}}} lights in the night sky",
            f"{{c:{colour}}} aurora over {where}",
        ),
        clauses=(
            f"{{c:{colour}}} northern lights dance in the sky",
            "the aurora glows at night",
            f"northern lights shine over {where}",
        ),
        details=(f"over {where}", "at night", "with stars", f"in {{c:{colour}}}"),
        tags=("{aurora}", f"{{c:{colour}}} light", "night sky", "stars", where, "arctic"),
        moods=("magic", "cold"),
    )


def _paint_aurora(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    canvas.sky(sky_stops("night", "navy"), 0.95)
    paint_stars(canvas, rng, 120, 0.8)
    colour = jitter(rng, facts["colour"])
    rays = fractal(rng, size, 24, 2, stretch=0.08)
    for _ in range(2):
        base = 0.52 + 0.16 * waves(rng, size, 3) + float(rng.uniform(-0.1, 0.1))
        above = base[None, :].astype(np.float32) - canvas.y
        curtain = np.exp(-np.clip(above, 0, 1) * np.float32(4.5)) * smoothstep(above, -0.03, 0.02)
        canvas.glow(curtain * (0.35 + 0.8 * rays), colour)
        tops = smoothstep(above, 0.1, 0.35) * np.exp(-np.clip(above, 0, 1) * np.float32(3.5))
        canvas.glow(tops * rays * np.float32(0.5), (0.55, 0.2, 0.75))
    if facts["land"] == "forest":
        paint_pines(canvas, rng, 22, 0.92, 0.22, (0.02, 0.05, 0.07))
    elif facts["land"] == "mountains":
        outline = 0.82 - 0.22 * ridge(rng, size, 4, 5, 0.5)
        canvas.blend(canvas.ground(outline), (0.04, 0.06, 0.12))
    else:
        paint_hills(canvas, rng, "night", "teal", (0.92, 0.96, 1.0), 0.8, 0.92, 2)
    return canvas.finish()


def paint_pines(
    canvas: Canvas,
    rng: np.random.Generator,
    count: int,
    base: float,
    height: float,
    colour: Colour,
    snow: float = 0.0,
) -> None:
    """A row of ragged pines about ``height`` tall that stand at about ``base``."""
    pen = canvas.pen()
    for k in range(count):
        x = (k + float(rng.uniform(-0.4, 1.4))) / count
        tall = height * float(rng.uniform(0.6, 1.1))
        foot = base + float(rng.uniform(-0.02, 0.03))
        tone = scale(colour, float(rng.uniform(0.75, 1.3)))
        draw_pine(pen, rng, x, foot, tall, tone, snow)
    canvas.ink(pen)


def draw_pine(
    pen: Pen,
    rng: np.random.Generator,
    x: float,
    foot: float,
    tall: float,
    colour: Colour,
    snow: float = 0.0,
) -> None:
    """One pine of stacked ragged tiers, dark on the right, with snow on a share of each tier."""
    tiers = 5
    pen.box(x - tall * 0.02, foot - tall * 0.15, x + tall * 0.02, foot, scale(colour, 0.5))
    for k in range(tiers):
        top = foot - tall + tall * 0.85 * k / tiers
        low = top + tall * 0.34
        half = tall * 0.24 * (k + 1.4) / tiers
        droop = tall * float(rng.uniform(0.02, 0.05))
        right = [(x, top), (x + half, low), (x + half * 0.4, low - droop), (x, low)]
        left = [(x, top), (x - half, low), (x - half * 0.4, low - droop), (x, low)]
        pen.polygon(left, colour)
        pen.polygon(right, scale(colour, 0.72))
        if snow:
            cap = [
                (x, top),
                (x + half * snow, top + (low - top) * snow),
                (x, top + droop),
                (x - half * snow, top + (low - top) * snow),
            ]
            pen.polygon(cap, (0.93, 0.96, 1.0))


def _sample_night(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    facts = sample_sky(rng, ("night",))
    facts["moon"] = chance(rng, 0.65)
    facts["cloudy"] = False
    facts["land"] = pick(rng, ("hills", "forest", "sea"))
    where = {"hills": "{hills}", "forest": "the {forest}", "sea": "the {sea1}"}[facts["land"]]
    nouns = [
        "a starry night",
        "a night sky with {stars}",
        f"{{stars}} over {where}",
        f"the night sky over {where}",
        f"a {{c:{facts['sky']}}} night sky",
    ]
    clauses = [f"stars twinkle over {where}", "the stars shine at night"]
    if facts["moon"]:
        nouns += ["the {moon} and stars", f"the moon over {where}", "the full moon at night"]
        clauses += [f"the moon {{shines}} over {where}", "the moon {shines} among the stars"]
    return facts, Phrases(
        nouns=tuple(nouns),
        clauses=tuple(clauses),
        details=(f"over {where}", "at midnight"),
        tags=("night sky", "stars", where, *sky_tags(facts)),
        moods=("calm", "magic", "dark"),
    )


def _paint_night(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    x = paint_sky(canvas, rng, facts, 0.85)
    milky = fractal(rng, size, 6, 4)
    band = np.exp(-((((canvas.y - 0.35) + (canvas.x - 0.5) * np.float32(0.6)) / 0.16) ** 2))
    canvas.glow((band * milky**2 * np.float32(0.5)).astype(np.float32), (0.6, 0.6, 0.9))
    if facts["land"] == "sea":
        mask = canvas.edge(canvas.y - np.float32(0.78))
        canvas.blend(mask, (0.03, 0.07, 0.18))
        ripple = fractal(rng, size, 8, 3, stretch=6)
        path = np.exp(-(((canvas.x - x) / (0.04 + (canvas.y - 0.7) * 0.35)) ** 2))
        canvas.glow(
            mask * smoothstep(ripple, 0.5, 0.75) * (0.15 + path * facts["moon"]) * 0.8,
            (0.75, 0.82, 1.0),
        )
    else:
        paint_hills(canvas, rng, "night", facts["sky"], (0.25, 0.42, 0.32), 0.8, 0.92, 2)
        if facts["land"] == "forest":
            paint_pines(canvas, rng, 16, 0.97, 0.26, (0.02, 0.06, 0.07))
    return canvas.finish()


def _sample_sun(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    sky = pick(rng, ("blue", "cyan", "orange", "red", "pink", "purple", "yellow"))
    colour = pick(rng, ("yellow", "orange", "red", "white", "gold"))
    if colour == sky:
        sky = "blue"
    return {"sky": sky, "colour": colour}, Phrases(
        nouns=(
            "the sun",
            f"a big {{c:{colour}}} sun",
            f"a {{c:{colour}}} sun in a {{c:{sky}}} sky",
            "a {glowing} sun with rays",
            "the {glowing} sun",
        ),
        clauses=(
            "the sun {shines}",
            f"a {{c:{colour}}} sun shines in the sky",
            "the sun burns brightly",
        ),
        details=(f"in a {{c:{sky}}} sky", "with bright rays", "on a hot day"),
        tags=(
            "sun",
            "rays",
            f"{{c:{sky}}} sky",
            f"{{c:{colour}}}",
            "light",
            "hot",
            "summer",
        ),
        moods=("bright", "warm"),
    )


def _paint_sun_scene(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    canvas.sky(
        [(0.0, jitter(rng, facts["sky"])), (1.0, mix(COLOURS[facts["sky"]], (1, 1, 1), 0.3))]
    )
    x, y = (float(v) for v in rng.uniform(0.42, 0.58, 2))
    radius = float(rng.uniform(0.15, 0.24))
    colour = jitter(rng, facts["colour"])
    away = canvas.distance(x, y)
    angle = np.arctan2(canvas.y - y, canvas.x - x)
    rays = 0.5 + 0.5 * np.cos(angle * int(rng.integers(9, 16)) + float(rng.uniform(0, 6)))
    rays = rays * np.exp(-np.clip(away - radius, 0, 1) * np.float32(5))
    canvas.blend((rays * np.float32(0.75)).astype(np.float32), mix(colour, (1, 1, 0.7), 0.3))
    canvas.blend(canvas.halo(x, y, radius * 1.9), mix(colour, (1, 1, 0.8), 0.3))
    boil = fractal(rng, size, 10, 3)[..., None]
    surface = np.asarray(colour, np.float32) * (0.85 + 0.25 * boil) + np.float32(0.12) * boil
    canvas.sphere(x, y, radius, surface, gloss=0.0, dark=0.85)
    return canvas.finish()


FAMILIES = (
    Family("clouds", 1.6, _sample_clouds, _paint_clouds_scene),
    Family("rain and snow", 1.4, _sample_rain, _paint_rain),
    Family("lightning", 1.2, _sample_lightning, _paint_lightning),
    Family("rainbow", 1.2, _sample_rainbow, _paint_rainbow),
    Family("aurora", 1.5, _sample_aurora, _paint_aurora),
    Family("night sky", 2.0, _sample_night, _paint_night),
    Family("sun", 1.2, _sample_sun, _paint_sun_scene),
)
