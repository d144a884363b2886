"""Landscapes: sea, shore, lake, mountains, hills, desert, meadow, volcano and falling water."""

from __future__ import annotations

import numpy as np

from studio.training.scenes.canvas import Canvas
from studio.training.scenes.fields import Field, colour_ramp, fractal, ridge, smoothstep, waves
from studio.training.scenes.palette import COLOURS, Colour, haze, jitter, lit, mix, scale, sky_stops
from studio.training.scenes.spec import Facts, Family, Phrases, chance, pick
from studio.training.scenes.weather import (
    WEATHER_MOODS,
    paint_clouds,
    paint_hills,
    paint_pines,
    paint_sky,
    paint_stars,
    sample_sky,
    sky_details,
    sky_tags,
)


def paint_water(
    canvas: Canvas,
    rng: np.random.Generator,
    horizon: float,
    near: Colour,
    far: Colour,
    light_x: float,
    glitter: Colour | None,
    chop: float = 0.5,
) -> None:
    """Water below ``horizon``: waves that grow towards the viewer and a path of light."""
    depth = np.clip((canvas.y - horizon) / np.float32(1 - horizon), 0, 1)
    texture = fractal(rng, canvas.size, 4, 4, stretch=7, gain=0.6)
    rows = (np.sqrt(depth[:, 0]) * (canvas.size - 1)).astype(np.intp)
    ripple = texture[rows]
    colours = colour_ramp(np.clip(depth + 0 * canvas.x, 0, 1), [(0.0, far), (1.0, near)])
    light = 1 + (ripple - 0.5) * np.float32(chop) * (0.5 + depth)
    mask = canvas.edge(canvas.y - np.float32(horizon))
    canvas.blend(mask, colours * light[..., None])
    canvas.blend(mask * smoothstep(ripple, 0.68, 0.9) * np.float32(0.45), mix(far, (1, 1, 1), 0.4))
    if glitter is not None:
        width = 0.05 + 0.20 * depth
        path = np.exp(-(((canvas.x - light_x) / width) ** 2))
        shine = path * smoothstep(ripple, 0.38, 0.62) + path**3 * np.float32(0.35)
        canvas.blend(np.clip(mask * shine * np.float32(0.9), 0, 1), glitter)


def _water_colours(time: str, sky: str) -> tuple[Colour, Colour]:
    fade = haze(time, sky)
    deep = lit((0.04, 0.28, 0.46), time)
    if time in ("sunset", "sunrise", "dusk"):
        return mix(deep, scale(COLOURS[sky], 0.5), 0.4), mix(deep, fade, 0.6)
    return deep, mix(lit((0.12, 0.48, 0.66), time), fade, 0.3)


def _sample_sea(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    facts = sample_sky(rng, ("sunset", "sunset", "sunset", "sunrise", "sunrise", "day", "dusk"))
    facts["boat"] = chance(rng, 0.22)
    time, sky = facts["time"], facts["sky"]
    nouns = [
        f"the {{sea}} {{at {time}}}",
        f"{{tag {time}}} over the {{sea1}}",
        "the {sea}",
        f"a {{c:{sky}}} sky over the {{sea1}}",
        f"{{adj {time}}} seascape",
        f"the {{adj {time}}} {{sea1}}",
    ]
    clauses = [f"the {{sea1}} lies under a {{c:{sky}}} sky", "waves roll over the {sea1}"]
    if time == "sunset":
        nouns += [
            "sunset over the {sea}",
            f"a {{c:{sky}}} sunset over the {{sea1}}",
            "a sunset",
            "the setting sun over the {sea1}",
            "the sun setting into the ocean",
        ]
        if facts["sun"]:
            clauses += [
                "the sun {sets} behind the {sea1}",
                "the sun {sets} over the {sea1}",
                "evening sun goes under in the {sea1}",
            ]
    if time == "sunrise":
        nouns += ["sunrise over the {sea}", "the rising sun over the {sea1}", "a sunrise at sea"]
        if facts["sun"]:
            clauses += ["the sun {rises} over the {sea1}", "the sun {rises} out of the {sea1}"]
    if facts["boat"]:
        nouns += ["a {boat} on the {sea1}"]
        clauses += ["a {boat} sails into the " + time if time != "day" else "a {boat} sails away"]
    details = sky_details(facts) + (("with a little boat", "and a {boat}") if facts["boat"] else ())
    return facts, Phrases(
        nouns=tuple(nouns),
        clauses=tuple(clauses),
        details=details,
        tags=("{sea1}", "waves", "horizon", "seascape", *sky_tags(facts)),
        moods=WEATHER_MOODS[time],
    )


def _paint_sea(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    horizon = float(rng.uniform(0.5, 0.64))
    x = paint_sky(canvas, rng, facts, horizon)
    near, far = _water_colours(facts["time"], facts["sky"])
    glitter: Colour | None = None
    if facts["sun"] or facts["moon"]:
        glitter = (
            (0.85, 0.88, 1.0)
            if facts["moon"]
            else mix(haze(facts["time"], facts["sky"]), (1.0, 0.88, 0.55), 0.5)
        )
    paint_water(canvas, rng, horizon, near, far, x, glitter)
    if facts["boat"]:
        dark = lit((0.30, 0.18, 0.16), facts["time"])
        pen = canvas.pen()
        s = float(rng.uniform(0.7, 1.2))
        u, v = float(rng.uniform(0.25, 0.75)), horizon + 0.05
        pen.polygon(
            [
                (u - 0.09 * s, v),
                (u + 0.09 * s, v),
                (u + 0.06 * s, v + 0.035 * s),
                (u - 0.06 * s, v + 0.035 * s),
            ],
            dark,
        )
        sail = lit((0.98, 0.95, 0.88), facts["time"])
        pen.polygon(
            [(u - 0.005, v - 0.2 * s), (u - 0.005, v - 0.01), (u - 0.08 * s, v - 0.01)], sail
        )
        pen.polygon(
            [(u + 0.005, v - 0.17 * s), (u + 0.005, v - 0.01), (u + 0.06 * s, v - 0.01)],
            scale(sail, 0.85),
        )
        canvas.ink(pen)
    return canvas.finish()


def _sample_storm(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    colour = pick(rng, ("blue", "teal", "navy", "grey", "green"))
    return {"colour": colour}, Phrases(
        nouns=(
            "a stormy sea",
            "big waves",
            "a {storm} at sea",
            f"huge {{c:{colour}}} waves",
            "giant waves in a {storm}",
            "rough {sea}",
            "crashing waves under dark clouds",
        ),
        clauses=(
            "huge waves crash in the {storm}",
            "the {sea1} is wild and stormy",
            "waves rise high under dark clouds",
            "a {storm} rages over the {sea1}",
        ),
        details=("under dark clouds", "with white foam", f"in {{c:{colour}}}"),
        tags=(
            "waves",
            "storm",
            "{sea1}",
            "foam",
            "dark clouds",
            f"{{c:{colour}}} water",
            "wind",
        ),
        moods=("wild", "dark"),
    )


def _paint_storm(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    canvas.sky(sky_stops("storm", "grey"), 0.6)
    paint_clouds(canvas, rng, "storm", "grey", 0.9, 0.95)
    body = scale(jitter(rng, facts["colour"]), 0.8)
    foam = fractal(rng, size, 14, 3, stretch=1.6)
    for k in range(5):
        level = 0.48 + 0.115 * k
        crests = np.abs(waves(rng, size, 2, 0.9 + 0.12 * (4 - k)))
        outline = level + np.float32(0.05 + 0.022 * k) * (2 * crests - 1)
        below = canvas.y - outline[None, :]
        mask = canvas.ground(outline)
        tone = mix(mix(body, (0.35, 0.40, 0.44), 0.45), body, k / 4)
        light = np.clip(np.float32(1.35) - below * np.float32(5.5), 0.4, 1.4)
        canvas.blend(mask, np.asarray(tone, np.float32) * (light * (0.85 + 0.3 * foam))[..., None])
        lace = np.exp(-np.clip(below, 0, 1) * np.float32(26)) * smoothstep(foam, 0.3, 0.62)
        canvas.blend(mask * lace, (0.93, 0.96, 0.97))
    return canvas.finish()


def _sample_lake(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    facts = sample_sky(rng, ("day", "day", "sunset", "sunrise", "dusk", "night"))
    facts["sun"] = False
    return facts, Phrases(
        nouns=(
            "a {lake} in the mountains",
            "a {lake} with {mountains}",
            "a mountain lake",
            "{mountains} reflected in a {lake}",
            f"a {{lake}} {{at {facts['time']}}}",
            "a reflection of mountains in the water",
        ),
        clauses=(
            "the mountains are mirrored in the {lake}",
            "the lake is still and clear",
            "{mountains} rise behind a {lake}",
            "calm water reflects the mountains",
        ),
        details=("with reflections", "like a mirror", *sky_details(facts)),
        tags=("lake", "{mountains}", "reflection", "mirror", "water", *sky_tags(facts)),
        moods=("calm", *WEATHER_MOODS[facts["time"]]),
    )


def paint_mountains(
    canvas: Canvas,
    rng: np.random.Generator,
    time: str,
    sky: str,
    colour: Colour,
    base: float,
    height: float,
    snow: float,
    layers: int = 2,
) -> None:
    """Rugged ranges, lit from the left, with snow down to a share ``snow`` of their height."""
    noise = fractal(rng, canvas.size, 8, 4)
    for layer in range(layers):
        near = (layer + 1) / layers
        tall = height * (1.0 if layer == 0 else 0.62)
        level = base if layer == 0 else base + 0.08
        peaks = ridge(rng, canvas.size, 3 if layer == 0 else 4, 5, 0.48)
        outline = level - np.float32(tall) * peaks
        below = canvas.y - outline[None, :]
        # The slope of the outline, carried downhill with a wobble, makes facets of rock.
        smooth = np.convolve(np.pad(outline, 4, mode="edge"), np.ones(5) / 5, "same")[4:-4]
        slope = np.gradient(smooth) * canvas.size
        column = np.arange(canvas.size)[None, :] + (below * (noise - 0.5) * 1.6 * canvas.size)
        facets = slope[np.clip(column, 0, canvas.size - 1).astype(np.intp)]
        light = np.float32(0.9) - np.clip(facets * np.float32(0.45), -0.4, 0.4).astype(np.float32)
        light = light * (0.8 + 0.4 * noise)
        fade = 0.35 + 0.65 * near if layers > 1 else 0.85
        rock = mix(haze(time, sky), lit(colour, time), fade)
        body = np.asarray(rock, np.float32) * light[..., None]
        mask = canvas.ground(outline)
        canvas.blend(mask, body)
        if snow > 0:
            line = np.float32(tall * snow) * (0.5 + noise) - np.float32(tall) * (1 - peaks)[None, :]
            white = lit((0.97, 0.98, 1.0), time)
            cover = smoothstep(line - below * np.float32(1.0), 0.0, 0.02) * mask
            canvas.blend(
                cover,
                np.asarray(white, np.float32) * np.clip(light * 1.05 + 0.1, 0.5, 1.1)[..., None],
            )


def _paint_lake(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    shore = float(rng.uniform(0.52, 0.6))
    paint_sky(canvas, rng, facts, shore)
    paint_mountains(
        canvas,
        rng,
        facts["time"],
        facts["sky"],
        (0.42, 0.46, 0.58),
        shore,
        0.4,
        float(rng.choice([0.0, 0.45, 0.6])),
        2,
    )
    green = lit((0.10, 0.30, 0.16), facts["time"])
    paint_pines(canvas, rng, 24, shore + 0.005, 0.1, green)
    centre = int(shore * size)
    mirrored = np.clip(2 * centre - np.arange(centre, size), 0, size - 1)
    depth = np.arange(centre, size) / size - shore
    ripple = fractal(rng, size, 5, 3, stretch=7)[centre:]
    shift = ((ripple - 0.5) * (0.02 + 0.12 * depth[:, None]) * size).astype(np.intp)
    columns = np.clip(np.arange(size)[None, :] + shift, 0, size - 1)
    water = canvas.pixels[mirrored[:, None], columns]
    tint = np.asarray(lit((0.12, 0.34, 0.46), facts["time"]), np.float32)
    share = (0.18 + 0.5 * depth)[:, None, None].astype(np.float32)
    canvas.pixels[centre:] = water * (1 - share) * 0.95 + tint * share
    canvas.pixels[centre:] += ((smoothstep(ripple, 0.7, 0.9)) * np.float32(0.12))[..., None]
    return canvas.finish()


def _sample_beach(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    facts = sample_sky(rng, ("day", "day", "day", "sunset", "sunrise"))
    facts["palms"] = int(rng.integers(0, 3))
    nouns = [
        "a {shore}",
        "a sandy beach by the {sea1}",
        f"a {{shore}} {{at {facts['time']}}}",
        "a beach with blue water",
    ]
    clauses = ["waves roll onto the sandy beach", "the {sea1} meets the sand"]
    details = [*sky_details(facts), "with white sand"]
    tags = ["beach", "sand", "{sea1}", "coast", "vacation", *sky_tags(facts)]
    if facts["palms"]:
        tree = "a palm tree" if facts["palms"] == 1 else "two palm trees"
        nouns += [
            f"{tree} on a {{shore}}",
            f"a {{shore}} with {tree}",
            tree,
            "a tropical island with palms",
        ]
        clauses += [f"{tree} on the sand by the {{sea1}}"]
        details += [f"with {tree}"] * 2
        tags += ["palm tree", "tropical", "paradise"]
    return facts, Phrases(
        tuple(nouns), tuple(clauses), tuple(details), tuple(tags), WEATHER_MOODS[facts["time"]]
    )


def _paint_beach(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    time = facts["time"]
    horizon = float(rng.uniform(0.42, 0.5))
    x = paint_sky(canvas, rng, facts, horizon)
    far = lit((0.10, 0.45, 0.72), time)
    near = lit((0.32, 0.82, 0.80), time)
    paint_water(canvas, rng, horizon, near, far, x, (1.0, 0.88, 0.65) if facts["sun"] else None)
    tilt = float(rng.choice([-0.16, 0.16]))
    line = 0.72 + tilt * (canvas.x[0] - 0.5) + 0.025 * waves(rng, size, 3)
    sand = np.asarray(lit((0.95, 0.84, 0.60), time), np.float32)
    grain = fractal(rng, size, 10, 4)
    canvas.blend(canvas.ground(line - 0.025) * np.float32(0.85), (1.0, 1.0, 1.0))
    mask = canvas.ground(line)
    wet = smoothstep(canvas.y - line[None, :], 0.0, 0.09) * np.float32(0.25) + np.float32(0.72)
    canvas.blend(mask, sand * (wet * (0.9 + 0.2 * grain))[..., None])
    for k in range(facts["palms"]):
        side = (1 if tilt > 0 else -1) * (1 if k == 0 else 0.45)
        foot = 0.5 + 0.32 * side + float(rng.uniform(-0.04, 0.04))
        _draw_palm(canvas, rng, foot, 0.88, float(rng.uniform(0.55, 0.68)), -0.12 * side, time)
    return canvas.finish()


def _draw_palm(
    canvas: Canvas,
    rng: np.random.Generator,
    x: float,
    foot: float,
    tall: float,
    lean: float,
    time: str,
) -> None:
    canvas.shadow(x, foot, 0.16, 0.025, 0.4)
    pen = canvas.pen()
    bark = lit((0.50, 0.34, 0.20), time)
    steps = np.linspace(0, 1, 12)
    spine = [(x + lean * float(t) ** 2, foot - tall * float(t)) for t in steps]
    for k, (u, v) in enumerate(spine[:-1]):
        tone = scale(bark, 0.85 + 0.3 * (k % 2))
        pen.line([(u, v), spine[k + 1]], 0.032 - 0.013 * k / 12, tone)
    top_x, top_y = spine[-1]
    green = lit((0.16, 0.52, 0.18), time)
    for angle in np.linspace(0, 2 * np.pi, 10, endpoint=False) + rng.uniform(0, 0.6):
        reach = 0.22 * float(rng.uniform(0.8, 1.15))
        dx, dy = np.cos(angle) * reach, np.sin(angle) * reach * 0.55 - 0.05
        tip = (top_x + dx * 1.05, top_y + dy + 0.11)
        middle = (top_x + dx * 0.6, top_y + dy * 0.8 - 0.04)
        tone = scale(green, float(rng.uniform(0.7, 1.3)))
        pen.polygon(
            [
                (top_x, top_y - 0.012),
                (middle[0], middle[1] - 0.014),
                tip,
                (middle[0], middle[1] + 0.03),
                (top_x, top_y + 0.012),
            ],
            tone,
        )
    canvas.ink(pen)


def _sample_mountains(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    facts = sample_sky(rng, ("day", "day", "sunset", "sunrise", "dusk", "night", "storm", "fog"))
    facts["snow"] = chance(rng, 0.6)
    facts["colour"] = pick(rng, ("grey", "grey", "blue", "brown", "purple", "green", "red"))
    facts["pines"] = chance(rng, 0.5)
    nouns = [
        "{mountains}",
        f"{{mountains}} {{at {facts['time']}}}",
        "a {mountain} landscape",
        f"{{adj {facts['time']}}} mountains",
        "a tall mountain",
        f"{{c:{facts['colour']}}} mountains",
    ]
    clauses = [
        "mountains rise into the sky",
        f"high peaks stand under a {{c:{facts['sky']}}} sky",
        "rugged peaks tower over the land",
    ]
    details = list(sky_details(facts))
    tags = ["{mountains}", "landscape", "peak", "nature", *sky_tags(facts)]
    if facts["snow"]:
        nouns += ["snowy mountains", "snow capped mountains", "mountains covered in snow"]
        clauses += ["snow covers the mountains"]
        details += ["with snow on the peaks", "covered in {snow}"]
        tags += ["snow", "snowy peaks"]
    if facts["pines"]:
        details += ["with pine trees", "behind a {forest1}"]
        tags += ["pine trees"]
    return facts, Phrases(
        tuple(nouns), tuple(clauses), tuple(details), tuple(tags), WEATHER_MOODS[facts["time"]]
    )


def _paint_mountains_scene(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    time, sky = facts["time"], facts["sky"]
    paint_sky(canvas, rng, facts, 0.7)
    rock = mix(jitter(rng, facts["colour"]), (0.42, 0.42, 0.48), 0.25)
    snow = float(rng.uniform(0.5, 0.75)) if facts["snow"] else 0.0
    paint_mountains(canvas, rng, time, sky, rock, 0.82, float(rng.uniform(0.48, 0.6)), snow, 2)
    ground: Colour = (0.88, 0.92, 1.0) if facts["snow"] and chance(rng, 0.5) else (0.2, 0.42, 0.2)
    paint_hills(canvas, rng, time, sky, ground, 0.84, 0.93, 2)
    if facts["pines"]:
        paint_pines(
            canvas,
            rng,
            13,
            1.0,
            0.24,
            lit((0.07, 0.26, 0.14), time),
            0.45 if ground[0] > 0.5 else 0.0,
        )
    return canvas.finish()


def _sample_hills(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    facts = sample_sky(rng, ("day", "day", "day", "sunset", "sunrise", "storm", "fog"))
    colour = pick(rng, ("green", "green", "green", "lime", "gold", "purple", "blue"))
    facts["colour"] = colour
    return facts, Phrases(
        nouns=(
            "{hills}",
            f"{{c:{colour}}} hills",
            f"a {{c:{colour}}} landscape",
            f"{{c:{colour}}} {{hills}} {{at {facts['time']}}}",
            "rolling countryside",
            f"{{c:{colour}}} fields under a {{c:{facts['sky']}}} sky",
        ),
        clauses=(
            "rolling hills stretch to the horizon",
            f"the hills are {{c:{colour}}}",
            f"grass grows on the {{c:{colour}}} hills",
        ),
        details=sky_details(facts),
        tags=(
            "{hills}",
            "hills",
            f"{{c:{colour}}}",
            "landscape",
            "nature",
            *sky_tags(facts),
        ),
        moods=WEATHER_MOODS[facts["time"]],
    )


def _paint_hills_scene(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    paint_sky(canvas, rng, facts, 0.62)
    land = scale(jitter(rng, facts["colour"]), 0.95)
    paint_hills(canvas, rng, facts["time"], facts["sky"], land, 0.54, 0.88, 4)
    pen = canvas.pen()
    leaf = lit(mix(land, (0.05, 0.2, 0.08), 0.6), facts["time"])
    for x, y in (rng.random((9, 2)) * (1, 0.26) + (0, 0.66)).tolist():
        r = 0.02 + 0.06 * (y - 0.6)
        for dx, dy in ((-0.5, 0), (0.5, 0.1), (0, -0.5)):
            pen.oval(x + dx * r, y + dy * r, r, r * 0.85, scale(leaf, 1.0 - dx * 0.4))
    canvas.ink(pen)
    return canvas.finish()


def _sample_desert(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    facts = sample_sky(rng, ("day", "day", "sunset", "sunset", "sunrise", "night"))
    colour = pick(rng, ("gold", "gold", "orange", "beige", "red", "pink"))
    facts["colour"], facts["cactus"] = colour, chance(rng, 0.3)
    details = sky_details(facts)
    if facts["cactus"]:
        details += ("with a cactus", "and a green cactus")
    return facts, Phrases(
        nouns=(
            "{desert}",
            "the desert",
            f"{{c:{colour}}} sand dunes",
            f"the desert {{at {facts['time']}}}",
            f"a {{c:{colour}}} desert",
        ),
        clauses=(
            "the wind shapes the sand dunes",
            f"dunes of {{c:{colour}}} sand",
            "the desert stretches far away",
        ),
        details=details,
        tags=(
            "desert",
            f"{{c:{colour}}} sand",
            "dunes",
            "hot",
            "dry",
            *sky_tags(facts),
            *(("cactus",) if facts["cactus"] else ()),
        ),
        moods=("lonely", *WEATHER_MOODS[facts["time"]]),
    )


def _paint_desert(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    time = facts["time"]
    paint_sky(canvas, rng, facts, 0.56)
    sand = mix(jitter(rng, facts["colour"]), (0.95, 0.80, 0.55), 0.3)
    grain = fractal(rng, size, 8, 4, stretch=4)
    for k in range(4):
        level = 0.52 + 0.125 * k
        outline = level + np.float32(0.03 + 0.022 * k) * waves(rng, size, 2, 0.7)
        # A second line that falls away from the crest parts the sunny from the shaded side.
        crest = outline + np.float32(0.10 + 0.07 * k) * np.clip(waves(rng, size, 2, 0.8), 0, 1)
        near = 0.45 + 0.18 * k
        tone = np.asarray(
            mix(haze(time, facts["sky"]), lit(sand, time), min(1.0, near)), np.float32
        )
        light = (1.12 + 0.16 * (grain - 0.5)).astype(np.float32)
        light -= np.clip((canvas.y - outline[None, :]) * np.float32(0.8), 0, 0.3)
        canvas.blend(canvas.ground(outline), tone * light[..., None])
        side = canvas.ground(outline) * (1 - canvas.ground(crest)) * np.float32(0.4)
        canvas.shade(1 - side)
    if facts["cactus"]:
        x, s = float(rng.uniform(0.25, 0.75)), float(rng.uniform(0.8, 1.2))
        canvas.shadow(x, 0.87, 0.12, 0.02, 0.5)
        pen = canvas.pen()
        green = lit((0.16, 0.48, 0.22), time)
        for dx, shade in ((0.0, 0.75), (-0.01, 1.1)):
            w = 0.05 * s if dx == 0 else 0.025 * s
            stem = scale(green, shade)
            for path in (
                [(x, 0.87), (x, 0.87 - 0.36 * s)],
                [(x, 0.74), (x - 0.1 * s, 0.74), (x - 0.1 * s, 0.74 - 0.14 * s)],
                [(x, 0.70), (x + 0.1 * s, 0.70), (x + 0.1 * s, 0.70 - 0.12 * s)],
            ):
                pen.line([(u + dx, v) for u, v in path], w, stem)
                pen.oval(path[-1][0] + dx, path[-1][1], w / 2, w / 2, stem)
        canvas.ink(pen)
    return canvas.finish()


def _sample_meadow(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    facts = sample_sky(rng, ("day", "day", "day", "sunset", "sunrise"))
    colour = pick(rng, ("red", "yellow", "white", "pink", "purple", "blue", "orange"))
    facts["colour"] = colour
    return facts, Phrases(
        nouns=(
            "a {meadow}",
            f"a {{meadow}} with {{c:{colour}}} {{flowers}}",
            f"{{c:{colour}}} {{flowers}}",
            f"a field of {{c:{colour}}} flowers",
            f"many {{c:{colour}}} flowers",
            f"a {{meadow}} {{at {facts['time']}}}",
        ),
        clauses=(
            f"{{c:{colour}}} flowers bloom in the {{meadow}}",
            "flowers grow in a green field",
            f"the {{meadow}} is full of {{c:{colour}}} flowers",
        ),
        details=("in green grass", "in spring", *sky_details(facts)),
        tags=(
            "{meadow}",
            f"{{c:{colour}}} {{flowers}}",
            "flowers",
            "grass",
            "spring",
            *sky_tags(facts),
        ),
        moods=("bright", *WEATHER_MOODS[facts["time"]]),
    )


def _paint_meadow(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    time = facts["time"]
    paint_sky(canvas, rng, facts, 0.45)
    paint_hills(canvas, rng, time, facts["sky"], (0.26, 0.58, 0.18), 0.4, 0.55, 3)
    blades = fractal(rng, size, 40, 2, stretch=0.25)
    meadow = smoothstep(canvas.y + 0 * canvas.x, 0.45, 0.7)
    canvas.shade(1 + meadow * (blades - np.float32(0.55)) * np.float32(0.7))
    petal = lit(jitter(rng, facts["colour"]), "sunrise" if time == "sunset" else time)
    heart = (0.35, 0.2, 0.08) if facts["colour"] in ("yellow", "orange") else (0.98, 0.82, 0.2)
    places = rng.random((95, 2))
    pen = canvas.pen()
    for x, depth in sorted(places.tolist(), key=lambda place: place[1]):
        y = 0.5 + 0.5 * depth**1.3
        r = 0.006 + 0.032 * depth**1.6
        tone = scale(petal, float(rng.uniform(0.8, 1.12)))
        if r < 0.014:
            pen.oval(x, y, r, r * 0.8, tone)
            continue
        pen.line([(x, y), (x + 0.01, y + 3 * r)], r * 0.2, lit((0.12, 0.36, 0.10), time))
        for angle in (0.3, 1.55, 2.8, 4.05, 5.3):
            pen.oval(
                x + np.cos(angle) * r * 0.6,
                y + np.sin(angle) * r * 0.5,
                r * 0.55,
                r * 0.45,
                scale(tone, 1.0 - 0.15 * np.sin(angle)),
            )
        pen.oval(x, y, r * 0.3, r * 0.26, heart)
    canvas.ink(pen)
    return canvas.finish()


def _sample_volcano(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    facts = sample_sky(rng, ("night", "dusk", "sunset", "storm", "day"))
    facts |= {"moon": False, "sun": False}
    return facts, Phrases(
        nouns=(
            "a {volcano}",
            "a {volcano} with {lava}",
            "an erupting volcano",
            "a volcano",
            f"a {{volcano}} {{at {facts['time']}}}",
            "{lava} flowing from a volcano",
        ),
        clauses=(
            "a volcano erupts",
            "{lava} flows down the volcano",
            "the volcano throws fire into the sky",
            "lava runs down the dark mountain",
        ),
        details=("with {smoke}", "spitting fire", *sky_details(facts)[:3]),
        tags=("volcano", "{lava}", "eruption", "{smoke}", "fire", *sky_tags(facts)),
        moods=("wild", "dark"),
    )


def _paint_volcano(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    time = facts["time"]
    paint_sky(canvas, rng, facts, 0.85)
    x, top = float(rng.uniform(0.42, 0.58)), float(rng.uniform(0.36, 0.46))
    noise = fractal(rng, size, 5, 5)
    plume = noise - np.abs(canvas.x - x - (top - canvas.y) * np.float32(0.25)) / np.float32(
        0.16
    ) / (0.6 + 2.2 * np.clip(top - canvas.y, 0, 1)) * np.float32(0.55)
    plume = smoothstep(plume, 0.0, 0.35) * (canvas.y < top + 0.03)
    relief = colour_ramp(noise, [(0.2, (0.10, 0.09, 0.10)), (0.8, (0.50, 0.44, 0.44))])
    canvas.blend(plume * np.float32(0.9), relief)
    canvas.glow(canvas.halo(x, top, 0.3), (1.0, 0.45, 0.12))
    pen = canvas.pen()
    for _ in range(26):
        angle, reach = float(rng.uniform(-0.6, 0.6)), float(rng.uniform(0.08, 0.3))
        u, v = x + np.sin(angle) * reach, top - np.cos(angle) * reach
        pen.line(
            [(x + np.sin(angle) * reach * 0.55, top - np.cos(angle) * reach * 0.6), (u, v)],
            0.007,
            (1.0, float(rng.uniform(0.45, 0.85)), 0.15),
        )
    canvas.ink(pen)
    width = 0.07 + np.clip(canvas.y - top, 0, 1) ** np.float32(1.25) * np.float32(0.85)
    cone = canvas.edge((width - np.abs(canvas.x - x)) + (noise - 0.5) * np.float32(0.05))
    cone *= canvas.edge(canvas.y - top)
    across = (canvas.x - x) / width
    rock = np.asarray(lit((0.36, 0.27, 0.27), "dusk" if time == "night" else time), np.float32)
    canvas.blend(cone, rock * ((0.95 - 0.45 * across) * (0.6 + 0.8 * noise))[..., None])
    for k in range(3):
        path = (
            x
            + (canvas.y - top) * np.float32((k - 1) * 0.5)
            + (np.sin(canvas.y * 22 + k * 2.1 + float(rng.uniform(0, 6))) * np.float32(0.022))
        )
        flow = np.exp(-(((canvas.x - path) / (0.014 + 0.03 * np.clip(canvas.y - top, 0, 1))) ** 2))
        flow = flow * cone * np.clip(1.35 - (canvas.y - top) * (1.2 + 0.7 * (k != 1)), 0, 1)
        canvas.glow(flow.astype(np.float32), (1.0, 0.30, 0.04))
        canvas.blend(np.clip(flow**2, 0, 1).astype(np.float32), (1.0, 0.72, 0.2))
    paint_hills(canvas, rng, "storm", "grey", (0.22, 0.2, 0.2), 0.92, 0.95, 2)
    return canvas.finish()


def _sample_waterfall(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    facts = sample_sky(rng, ("day", "day", "sunset", "night", "fog"))
    facts["river"] = chance(rng, 0.5)
    if facts["river"]:
        return facts, Phrases(
            nouns=(
                "a {river}",
                "a {river} through green {hills}",
                "a winding river",
                f"a {{river}} {{at {facts['time']}}}",
                "a {river} in a valley",
            ),
            clauses=(
                "a {river} flows through the valley",
                "a river winds between the hills",
                "water runs through green meadows",
            ),
            details=sky_details(facts),
            tags=("river", "water", "valley", "{hills}", "nature", *sky_tags(facts)),
            moods=("calm", *WEATHER_MOODS[facts["time"]]),
        )
    return facts, Phrases(
        nouns=(
            "a {waterfall}",
            "a {waterfall} between rocks",
            "a {waterfall} in the {forest1}",
            "white water falling over cliffs",
            f"a {{waterfall}} {{at {facts['time']}}}",
        ),
        clauses=(
            "water falls over the cliff",
            "a waterfall plunges into a pool",
            "water rushes down the rocks",
        ),
        details=("with mist", "between dark rocks", *sky_details(facts)[:2]),
        tags=("waterfall", "rocks", "cliff", "water", "spray", *sky_tags(facts)),
        moods=("wild", "calm"),
    )


def _paint_waterfall(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    time, sky = facts["time"], facts["sky"]
    if facts["river"]:
        paint_sky(canvas, rng, facts, 0.45)
        paint_mountains(canvas, rng, time, sky, (0.40, 0.46, 0.56), 0.46, 0.25, 0.3, 1)
        paint_hills(canvas, rng, time, sky, (0.25, 0.56, 0.2), 0.42, 0.5, 2)
        depth = np.clip((canvas.y - 0.48) / np.float32(0.52), 0, 1)
        bend = float(rng.choice([-1.0, 1.0]))
        middle = 0.5 + bend * 0.24 * np.sin(np.sqrt(depth) * np.float32(5.2)) * (1 - depth * 0.4)
        half = 0.012 + 0.22 * depth ** np.float32(1.4)
        mask = canvas.edge((half - np.abs(canvas.x - middle)) * smoothstep(depth, 0.0, 0.03))
        texture = fractal(rng, size, 5, 4, stretch=6)
        water = mix(lit((0.12, 0.44, 0.66), time), haze(time, sky), 0.3)
        bank = canvas.edge(half * 1.18 + 0.006 - np.abs(canvas.x - middle)) * (depth > 0)
        canvas.blend(bank * np.float32(0.6), lit((0.42, 0.36, 0.22), time))
        canvas.blend(mask, np.asarray(water, np.float32) * (0.75 + 0.5 * texture)[..., None])
        canvas.blend(mask * smoothstep(texture, 0.65, 0.85) * np.float32(0.6), (0.9, 0.95, 1.0))
        paint_pines(canvas, rng, 9, 0.56, 0.14, lit((0.08, 0.30, 0.14), time))
        canvas.blend(
            mask * np.float32(0.5),
            np.asarray(water, np.float32) * (0.75 + 0.5 * texture)[..., None],
        )
        return canvas.finish()
    paint_sky(canvas, rng, facts, 0.4)
    x, half = float(rng.uniform(0.42, 0.58)), float(rng.uniform(0.09, 0.16))
    paint_pines(canvas, rng, 12, 0.3, 0.24, lit((0.08, 0.30, 0.14), time))
    noise = fractal(rng, size, 6, 5)
    cracks = fractal(rng, size, 12, 3, stretch=0.4)
    cliff = lit((0.42, 0.39, 0.38), time)
    outline = 0.26 + 0.05 * waves(rng, size, 3)
    light = (0.45 + 0.6 * noise) * (0.6 + 0.7 * cracks)
    moss = np.asarray(lit((0.20, 0.42, 0.15), time), np.float32) * (0.7 + 0.6 * noise)[..., None]
    canvas.blend(canvas.ground(outline), np.asarray(cliff, np.float32) * light[..., None])
    canvas.blend(canvas.ground(outline) * smoothstep(noise, 0.55, 0.75) * np.float32(0.8), moss)
    threads = fractal(rng, size, 22, 3, stretch=0.12)
    spread = half * (0.85 + 0.35 * canvas.y)
    fall = canvas.edge((spread - np.abs(canvas.x - x)) + (threads - 0.5) * np.float32(0.03))
    fall *= canvas.ground(outline + 0.01)
    white = np.asarray(lit((0.92, 0.97, 1.0), "dusk" if time == "night" else time), np.float32)
    canvas.blend(fall, white * (0.62 + 0.42 * threads)[..., None])
    pool = lit((0.12, 0.42, 0.50), time)
    paint_water(canvas, rng, 0.82, pool, mix(pool, (0.8, 0.9, 0.95), 0.4), x, (0.85, 0.93, 0.97))
    mist = np.exp(-(((canvas.x - x) / 0.26) ** 2 + ((canvas.y - 0.82) / 0.07) ** 2))
    canvas.blend(
        (mist * (0.5 + 0.5 * noise) * 0.85).astype(np.float32), mix(cliff, (1, 1, 1), 0.75)
    )
    return canvas.finish()


def _sample_moonlit_sea(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    time = pick(rng, ("night", "dusk"))
    sky = pick(rng, ("navy", "purple", "teal"))
    return {"time": time, "sky": sky}, Phrases(
        nouns=(
            "the moon over the {sea1}",
            "moonlight on the {sea1}",
            "the {sea1} at night",
            "a full moon above the {sea1}",
            f"a moonlit {{sea1}} under a {{c:{sky}}} sky",
        ),
        clauses=(
            "the moon {shines} over the {sea1}",
            "moonlight glitters on the {sea1}",
            "the moon is reflected in the {sea1}",
        ),
        details=("with a path of light", "under {stars}", "at midnight"),
        tags=(
            "moon",
            "{sea1}",
            "moonlight",
            "night",
            "stars",
            "reflection",
            f"{{c:{sky}}} sky",
        ),
        moods=("calm", "magic", "dark"),
    )


def _paint_moonlit_sea(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    horizon = float(rng.uniform(0.55, 0.64))
    canvas.sky(sky_stops("night", facts["sky"]), horizon)
    paint_stars(canvas, rng, 110, horizon)
    x, y, radius = float(rng.uniform(0.3, 0.7)), float(rng.uniform(0.22, 0.34)), 0.1
    canvas.glow(canvas.halo(x, y, 0.38) * np.float32(0.6), (0.7, 0.78, 1.0))
    plains = fractal(rng, size, 12, 3)[..., None]
    canvas.sphere(
        x,
        y,
        radius + float(rng.uniform(-0.02, 0.05)),
        np.asarray((1.0, 0.98, 0.88), np.float32) * (0.8 + 0.25 * plains),
        0.0,
        0.8,
    )
    near = mix((0.02, 0.05, 0.12), scale(COLOURS[facts["sky"]], 0.4), 0.4)
    paint_water(canvas, rng, horizon, near, scale(near, 2.0), x, (0.85, 0.90, 1.0), 0.9)
    return canvas.finish()


FAMILIES = (
    Family("sea", 4.0, _sample_sea, _paint_sea),
    Family("stormy sea", 1.5, _sample_storm, _paint_storm),
    Family("moonlit sea", 1.2, _sample_moonlit_sea, _paint_moonlit_sea),
    Family("lake", 1.8, _sample_lake, _paint_lake),
    Family("beach", 1.8, _sample_beach, _paint_beach),
    Family("mountains", 2.6, _sample_mountains, _paint_mountains_scene),
    Family("hills", 1.6, _sample_hills, _paint_hills_scene),
    Family("desert", 1.6, _sample_desert, _paint_desert),
    Family("meadow", 1.6, _sample_meadow, _paint_meadow),
    Family("volcano", 1.4, _sample_volcano, _paint_volcano),
    Family("waterfall and river", 1.8, _sample_waterfall, _paint_waterfall),
)
