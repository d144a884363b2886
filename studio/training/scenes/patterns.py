"""Two-colour patterns, and abstract paint."""

from __future__ import annotations

import numpy as np

from studio.training.scenes.canvas import Canvas
from studio.training.scenes.fields import Field, fractal, sample_cells, smoothstep
from studio.training.scenes.palette import COLOURS, jitter, mix, other_colour
from studio.training.scenes.spec import Facts, Family, Phrases, pick

_KINDS: dict[str, tuple[str, ...]] = {
    "horizontal stripes": ("horizontal {stripes}", "horizontal stripes"),
    "vertical stripes": ("vertical {stripes}", "vertical stripes", "upright stripes"),
    "diagonal stripes": ("diagonal {stripes}", "slanted stripes"),
    "checkerboard": ("{checkerboard}", "squares in a {checkerboard}"),
    "dots": ("{dots}",),
    "spiral": ("{spiral}",),
    "wavy lines": ("wavy lines", "waves pattern", "wavy stripes", "curvy lines"),
    "concentric circles": (
        "concentric circles",
        "rings inside rings",
        "target",
        "bullseye",
        "nested circles",
    ),
    "plaid": ("plaid", "tartan", "tartan cloth", "woven cloth", "gingham"),
    "rays": ("rays", "sunburst", "star burst", "rays from the center"),
    "marble": ("marble", "marbled paper", "veined stone", "marble stone"),
    "zigzag": ("zigzag lines", "zigzag", "chevrons", "zigzag stripes"),
    "tiles": ("mosaic", "irregular tiles", "mosaic pieces", "broken tiles", "cells"),
    "bricks": ("bricks", "brick wall", "wall of bricks", "brickwork"),
}


def _sample_pattern(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    kind = pick(rng, tuple(_KINDS))
    first = pick(rng, tuple(COLOURS))
    second = other_colour(rng, first)
    a, b = f"{{c:{first}}}", f"{{c:{second}}}"
    name = pick(rng, _KINDS[kind])
    return {"kind": kind, "first": first, "second": second}, Phrases(
        nouns=(
            f"{a} and {b} {name}",
            f"{name} in {a} and {b}",
            f"{name}",
            f"{b} and {a} {name}",
            f"{{pattern}} of {a} and {b} {name}",
            f"{name}, {a} and {b}",
        ),
        clauses=(f"{a} and {b} {name} cover everything",),
        tags=(name, a, b, "{pattern}", "regular", "decorative"),
        moods=("bold",),
    )


def _paint_pattern(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size, jitter(rng, facts["first"]))
    x, y, kind = canvas.x, canvas.y, facts["kind"]
    count = float(rng.integers(3, 8))
    phase = float(rng.uniform(0, 6.28))
    turn = 2 * np.pi * count
    angle = np.arctan2(y - 0.5, x - 0.5)
    away = canvas.distance(0.5, 0.5)
    noise = fractal(rng, size, 4, 4)
    steps = {
        "horizontal stripes": lambda: np.sin(turn * y + phase) + 0 * x,
        "vertical stripes": lambda: np.sin(turn * x + phase) + 0 * y,
        "diagonal stripes": lambda: np.sin(turn * 0.8 * (x + pick(rng, (-1, 1)) * y) + phase),
        "checkerboard": lambda: np.sin(turn / 2 * x * 1.5) * np.sin(turn / 2 * y * 1.5) * 2,
        "dots": lambda: np.cos(turn * x) + np.cos(turn * y) - 0.55,
        "spiral": lambda: np.sin(angle * int(rng.integers(1, 4)) + away * turn * 1.3 + phase),
        "wavy lines": lambda: np.sin(turn * y + 1.8 * np.sin(turn * 0.5 * x + phase)),
        "concentric circles": lambda: np.sin(away * turn * 1.6 + phase),
        "rays": lambda: np.sin(angle * (count + 4) + phase),
        "marble": lambda: np.sin(turn * 0.5 * (x + y) + noise * 9),
        "zigzag": lambda: np.sin(turn * (y + 0.12 * np.abs((x * count) % 1 - 0.5) * 4 / 2)),
    }
    if kind in steps:
        wave = steps[kind]() * np.float32(size / count / 6)
        soft = 0.5 + 0.5 * np.sin(turn * 0.5 * (x + y) + noise * 9) if kind == "marble" else None
        mask = np.clip(wave + 0.5, 0, 1) if soft is None else soft
        canvas.blend(mask.astype(np.float32), jitter(rng, facts["second"]))
    elif kind == "plaid":
        tone = jitter(rng, facts["second"])
        for field in (x + 0 * y, y + 0 * x):
            band = np.clip(np.sin(turn * field) * size / count / 6 + 0.5, 0, 1)
            canvas.blend((band * 0.5).astype(np.float32), tone)
            thin = np.clip((np.sin(turn * field + 2.2) - 0.93) * size / 6, 0, 1)
            canvas.blend((thin * 0.7).astype(np.float32), mix(tone, (1, 1, 1), 0.5))
    elif kind == "tiles":
        index, nearest, second, _ = sample_cells(rng, size, int(count) + 4)
        shade = rng.random(int(index.max()) + 200)
        tiles = np.where(shade[index] < 0.5, 0.0, 1.0).astype(np.float32)
        canvas.blend(tiles, jitter(rng, facts["second"]))
        canvas.shade((0.85 + 0.3 * rng.random(shade.size)[index]).astype(np.float32))
        canvas.shade(0.4 + 0.6 * smoothstep(second - nearest, 0.04, 0.12))
    else:
        rows = np.floor(y * count * 1.4)
        u, v = (x * count * 0.7 + 0.5 * (rows % 2)) % 1, (y * count * 1.4) % 1
        gap = np.minimum(np.minimum(u, 1 - u) * 2, np.minimum(v, 1 - v))
        canvas.blend(
            1 - smoothstep(gap.astype(np.float32), 0.04, 0.12), jitter(rng, facts["second"])
        )
    canvas.shade(0.93 + 0.12 * noise)
    return canvas.finish()


def _sample_abstract(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    kind = pick(rng, ("swirls", "splashes", "smoke"))
    first = pick(rng, tuple(COLOURS))
    second = other_colour(rng, first)
    third = other_colour(rng, first, second)
    a, b, c = f"{{c:{first}}}", f"{{c:{second}}}", f"{{c:{third}}}"
    facts: Facts = {"kind": kind, "first": first, "second": second, "third": third}
    if kind == "smoke":
        return facts | {"first": "black"}, Phrases(
            nouns=(f"{b} {{smoke}}", "{smoke}", f"{b} smoke in the dark", f"a cloud of {b} smoke"),
            clauses=(f"{b} smoke curls in the dark", "smoke rises slowly", "smoke drifts upwards"),
            details=("on a black background", "in the dark"),
            tags=("{smoke}", f"{b} smoke", "dark", "soft"),
            moods=("dark", "magic"),
        )
    what = {
        "swirls": (
            "swirls of paint",
            "flowing paint",
            "liquid colors",
            "swirling colours",
            "fluid art",
        ),
        "splashes": (
            "paint splashes",
            "splashes of paint",
            "paint splatter",
            "blots of paint",
            "drips and splashes",
        ),
    }[kind]
    name = pick(rng, what)
    return facts, Phrases(
        nouns=(
            f"{{abstract}} {name}",
            f"{a} and {b} {name}",
            f"{{abstract}} art in {a}, {b} and {c}",
            f"an abstract painting in {a} and {b}",
            f"{name} in {a}, {b} and {c}",
        ),
        clauses=(f"{a} and {b} paint mix",),
        details=(f"with some {c}",),
        tags=("abstract", name, a, b, c, "modern art", "paint"),
        moods=("bold",),
    )


def _paint_abstract(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size, jitter(rng, facts["first"]))
    second, third = jitter(rng, facts["second"]), jitter(rng, facts["third"])
    warp, bend = fractal(rng, size, 3, 3), fractal(rng, size, 3, 3)
    if facts["kind"] == "splashes":
        noise = fractal(rng, size, 4, 5)
        for colour in (second, third, second, third):
            x, y, r = float(rng.uniform(0.1, 0.9)), float(rng.uniform(0.1, 0.9)), 0.26
            away = canvas.distance(x, y) + (noise - 0.5) * 0.5 + (warp - 0.5) * 0.3
            canvas.blend(canvas.edge(r - away), colour)
            canvas.blend(canvas.edge(r - 0.05 - away) * np.float32(0.15), (1, 1, 1))
            pen = canvas.pen()
            for _ in range(16):
                angle, reach = float(rng.uniform(0, 6.28)), float(rng.uniform(0.2, 0.5))
                drop = float(rng.uniform(0.004, 0.025))
                pen.oval(x + np.cos(angle) * reach, y + np.sin(angle) * reach, drop, drop, colour)
            canvas.ink(pen)
        return canvas.finish()
    flow = np.sin(warp * 9 + canvas.x * 4 + np.sin(bend * 8 + canvas.y * 5) * 1.4)
    if facts["kind"] == "smoke":
        canvas.pixels[:] = (0.03, 0.03, 0.04)
        veil = np.abs(flow) ** 0.5
        density = np.exp(-(((canvas.x - 0.5 - 0.5 * (bend - 0.5)) / 0.3) ** 2)) * (1 - veil)
        density = density * 1.5 + 0.25 * warp * np.exp(-(((canvas.x - 0.5) / 0.3) ** 2))
        light = mix(COLOURS[facts["second"]], (1, 1, 1), 0.15)
        if facts["second"] in ("black", "navy", "brown"):
            light = mix(light, (1, 1, 1), 0.2)
        canvas.blend(np.clip(density, 0, 1).astype(np.float32), light)
        return canvas.finish()
    canvas.blend(smoothstep(flow.astype(np.float32), -0.4, 0.2), second)
    canvas.blend(smoothstep(np.sin(flow * 4 + bend * 7).astype(np.float32), 0.45, 0.9), third)
    relief = warp - np.roll(warp, 2, axis=0) + flow * np.float32(0.05)
    canvas.shade((1 + np.clip(relief * 2, -0.25, 0.25)).astype(np.float32))
    return canvas.finish()


FAMILIES = (
    Family("pattern", 6.0, _sample_pattern, _paint_pattern, exact_colours=True),
    Family("abstract", 2.6, _sample_abstract, _paint_abstract, exact_colours=True),
)
