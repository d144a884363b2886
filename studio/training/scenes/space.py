"""Planets, galaxies and the moon."""

from __future__ import annotations

import numpy as np

from studio.training.scenes.canvas import Canvas
from studio.training.scenes.fields import Field, colour_ramp, fractal, smoothstep
from studio.training.scenes.palette import COLOURS, jitter, mix, other_colour, scale
from studio.training.scenes.spec import Facts, Family, Phrases, chance, pick
from studio.training.scenes.weather import paint_stars


def _sample_planet(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    kind = pick(rng, ("rock", "gas", "gas", "earth"))
    colour = (
        "blue"
        if kind == "earth"
        else pick(
            rng, ("red", "orange", "gold", "blue", "purple", "green", "turquoise", "pink", "grey")
        )
    )
    rings = kind != "earth" and chance(rng, 0.45)
    c = f"{{c:{colour}}}"
    nouns = [f"a {c} {{planet}}", f"a {c} planet in {{space}}", "a {planet}", f"a {c} planet"]
    tags = ["planet", "{space}", "stars", c, "astronomy", "science fiction"]
    details = ["in {space}", "among the stars"]
    if kind == "earth":
        nouns = [
            "planet earth",
            "the earth from space",
            "a blue planet with land and clouds",
            "our world seen from {space}",
            "the globe in space",
        ]
        tags += ["earth", "globe"]
    if kind == "gas":
        details.append("with cloud bands")
        tags.append("gas giant")
    if rings:
        nouns += [f"a {c} planet with {{rings}}", "a ringed planet", "saturn with its rings"]
        details += ["with {rings}"] * 2
        tags += ["rings", "saturn"]
    return {"kind": kind, "colour": colour, "rings": rings}, Phrases(
        tuple(nouns),
        ("a planet floats in {space}", f"a {c} planet hangs among the stars"),
        tuple(details),
        tuple(tags),
        ("magic", "lonely"),
    )


def _paint_planet(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size, (0.015, 0.015, 0.04))
    canvas.glow(
        fractal(rng, size, 3, 4) ** 3 * np.float32(0.35),
        pick(rng, ((0.4, 0.2, 0.7), (0.1, 0.3, 0.7), (0.6, 0.2, 0.3))),
    )
    paint_stars(canvas, rng, 110)
    x, y = (float(v) for v in rng.uniform(0.46, 0.54, 2))
    radius = float(rng.uniform(0.19, 0.23) if facts["rings"] else rng.uniform(0.26, 0.36))
    colour = jitter(rng, facts["colour"])
    noise = fractal(rng, size, 5, 5)
    if facts["kind"] == "gas":
        bands = (0.5 + 0.5 * np.sin(canvas.y * 34 + noise * 3.2)).astype(np.float32)
        surface = colour_ramp(
            bands,
            [(0.0, scale(colour, 0.65)), (0.6, colour), (1.0, mix(colour, (1, 0.95, 0.85), 0.55))],
        )
    elif facts["kind"] == "earth":
        surface = colour_ramp(
            noise,
            [
                (0.0, (0.03, 0.15, 0.5)),
                (0.47, (0.10, 0.42, 0.85)),
                (0.50, (0.20, 0.55, 0.20)),
                (0.75, (0.55, 0.50, 0.28)),
                (1.0, (0.9, 0.9, 0.85)),
            ],
        )
        clouds = smoothstep(fractal(rng, size, 5, 4, stretch=2), 0.55, 0.8)[..., None]
        surface = surface * (1 - clouds) + clouds
    else:
        craters = fractal(rng, size, 14, 3)
        tone = 0.55 + 0.5 * noise + 0.35 * (craters - 0.5)
        surface = np.asarray(colour, np.float32) * tone[..., None]
    canvas.glow(canvas.halo(x, y, radius * 1.5) * np.float32(0.4), mix(colour, (1, 1, 1), 0.2))
    tilt = float(rng.uniform(-0.35, 0.35))
    u = (canvas.x - x) * np.cos(tilt) + (canvas.y - y) * np.sin(tilt)
    v = (canvas.y - y) * np.cos(tilt) - (canvas.x - x) * np.sin(tilt)
    reach = np.sqrt(u * u + (v * 3.4) ** 2) / radius
    ring = smoothstep(reach, 1.35, 1.42) * (1 - smoothstep(reach, 2.02, 2.1))
    ring = (
        ring
        * (0.72 + 0.28 * np.sin(reach * 32))
        * (1 - 0.8 * np.exp(-(((reach - 1.75) / 0.03) ** 2)))
    )
    dust = mix(colour, (0.95, 0.88, 0.72), 0.65)
    if facts["rings"]:
        canvas.blend((ring * (v <= 0)).astype(np.float32), dust)
    canvas.sphere(x, y, radius, surface.astype(np.float32), gloss=0.08, dark=0.08)
    if facts["rings"]:
        canvas.blend((ring * (v > 0)).astype(np.float32), dust)
    return canvas.finish()


def _sample_galaxy(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    kind = pick(rng, ("galaxy", "nebula", "nebula"))
    colour = pick(rng, ("purple", "blue", "pink", "turquoise", "red", "orange", "green", "magenta"))
    other = other_colour(rng, colour, "black", "navy", "brown", "grey", "beige", "white")
    c, o = f"{{c:{colour}}}", f"{{c:{other}}}"
    return {"kind": kind, "colour": colour, "other": other}, Phrases(
        (
            f"a {c} {{{kind}}}",
            f"a {{{kind}}} in {{space}}",
            f"{c} and {o} {kind}",
            f"a {{{kind}}}",
            f"{{space}} with a {c} {kind}",
        ),
        (f"a {c} {kind} glows in {{space}}", "countless stars shine in {space}"),
        ("with many stars", "in {space}", f"in {c} and {o}"),
        (f"{{{kind}}}", "{space}", "stars", c, o, "cosmic", "universe"),
        ("magic", "wild"),
    )


def _paint_galaxy(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size, (0.01, 0.01, 0.03))
    colour, other = jitter(rng, facts["colour"]), jitter(rng, facts["other"])
    noise, veil = fractal(rng, size, 4, 5, gain=0.58), fractal(rng, size, 3, 4)
    if facts["kind"] == "nebula":
        canvas.glow(smoothstep(noise, 0.3, 0.9), scale(colour, 1.1))
        canvas.glow(smoothstep(veil * 0.6 + noise * 0.4, 0.55, 0.85) * np.float32(0.8), other)
        canvas.shade(0.35 + 0.65 * smoothstep(np.abs(veil - 0.45), 0.0, 0.12))
        canvas.glow(smoothstep(noise, 0.8, 1.0) * np.float32(0.6), (1.0, 0.9, 0.85))
        paint_stars(canvas, rng, 150)
        return canvas.finish()
    tilt, squash = float(rng.uniform(-0.6, 0.6)), float(rng.uniform(1.2, 2.0))
    u = (canvas.x - 0.5) * np.cos(tilt) + (canvas.y - 0.5) * np.sin(tilt)
    v = ((canvas.y - 0.5) * np.cos(tilt) - (canvas.x - 0.5) * np.sin(tilt)) * squash
    away = np.sqrt(u * u + v * v) + np.float32(1e-4)
    arms = 0.5 + 0.5 * np.cos(
        2 * np.arctan2(v, u) - 7.5 * np.log(away + 0.05) + (noise - 0.5) * 2.5
    )
    disc = np.exp(-((away / 0.28) ** 2))
    paint_stars(canvas, rng, 120)
    canvas.glow((disc * arms**1.5 * (0.5 + noise)).astype(np.float32), colour)
    canvas.glow((disc * arms**4 * noise * 1.2).astype(np.float32), other)
    canvas.glow(np.exp(-((away / 0.09) ** 2)).astype(np.float32), (1.0, 0.92, 0.75))
    paint_stars(canvas, rng, 60)
    return canvas.finish()


def _sample_moon(rng: np.random.Generator) -> tuple[Facts, Phrases]:
    colour = pick(rng, ("white", "white", "grey", "yellow", "red", "blue"))
    kind = pick(rng, ("full moon", "full moon", "crescent moon", "half moon"))
    c = f"{{c:{colour}}}"
    return {"colour": colour, "kind": kind}, Phrases(
        (f"a {kind}", f"a {c} {kind}", "the moon", f"a {c} moon", f"the {kind} in the dark sky"),
        (f"a {kind} shines in the black sky", "the moon {shines} at night"),
        ("in the night sky", "with craters", "among stars"),
        (kind, "moon", c, "night", "craters", "lunar", "stars"),
        ("calm", "magic"),
    )


def _paint_moon(rng: np.random.Generator, size: int, facts: Facts) -> Field:
    canvas = Canvas(size)
    canvas.sky([(0.0, (0.01, 0.01, 0.04)), (1.0, (0.05, 0.06, 0.16))])
    paint_stars(canvas, rng, 90)
    x, y, radius = 0.5, float(rng.uniform(0.46, 0.54)), float(rng.uniform(0.28, 0.38))
    plains, fine = fractal(rng, size, 5, 3), fractal(rng, size, 20, 3)
    tone = 0.72 + 0.28 * smoothstep(plains, 0.35, 0.65) + 0.2 * (fine - 0.5)
    for u, v, r in rng.uniform(
        (x - 0.3, y - 0.3, 0.015), (x + 0.3, y + 0.3, 0.06), (16, 3)
    ).tolist():
        away = canvas.distance(u, v) / np.float32(r)
        tone = tone + 0.16 * np.exp(-(((away - 1) / 0.25) ** 2)) - 0.14 * np.exp(-(away**2) * 2)
    surface = (
        np.asarray(mix(COLOURS[facts["colour"]], (1, 0.98, 0.9), 0.25), np.float32)
        * tone[..., None]
    )
    full = facts["kind"] == "full moon"
    canvas.glow(
        canvas.halo(x, y, radius * 1.6) * np.float32(0.35 if full else 0.12), (0.7, 0.75, 0.95)
    )
    light = {
        "full moon": (-0.2, -0.2, 0.96),
        "half moon": (-1.0, -0.1, 0.05),
        "crescent moon": (-0.85, -0.15, -0.5),
    }[facts["kind"]]
    canvas.sphere(x, y, radius, surface.astype(np.float32), 0.0, 0.7 if full else 0.02, light)
    return canvas.finish()


FAMILIES = (
    Family("planet", 3.0, _sample_planet, _paint_planet),
    Family("galaxy", 2.4, _sample_galaxy, _paint_galaxy),
    Family("moon", 1.6, _sample_moon, _paint_moon),
)
