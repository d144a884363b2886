"""Painting styles: each takes a finished picture (size, size, 3) in [0, 1] and repaints it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from studio.training.scenes.fields import Field, colour_ramp, fractal, sample_cells, smoothstep

Style = Callable[[np.random.Generator, Field], Field]


def _image(picture: Field) -> Image.Image:
    return Image.fromarray((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8))


def _field(image: Image.Image) -> Field:
    return np.asarray(image).astype(np.float32) * np.float32(1 / 255)


def _blur(picture: Field, share: float) -> Field:
    """Gaussian blur with a radius of ``share`` of the side."""
    return _field(_image(picture).filter(ImageFilter.GaussianBlur(share * len(picture))))


def _grey(picture: Field) -> Field:
    weights = np.array([0.30, 0.59, 0.11], np.float32)
    grey: Field = picture @ weights
    return grey


def _edges(picture: Field) -> Field:
    """Strength of outlines, of shape (size, size), in [0, 1], about as thick at any size."""
    step = max(1, len(picture) // 128)
    soft = _blur(picture, 0.004)
    down = np.abs(soft - np.roll(soft, step, axis=0)).max(-1)
    across = np.abs(soft - np.roll(soft, step, axis=1)).max(-1)
    down[:step] = 0
    across[:, :step] = 0
    return smoothstep(np.maximum(down, across), 0.03, 0.22)


def _watercolour(rng: np.random.Generator, picture: Field) -> Field:
    size = len(picture)
    shift = (fractal(rng, size, 10, 3) - 0.5) * np.float32(0.05 * size)
    grid = np.arange(size)
    rows = np.clip(grid[:, None] + shift, 0, size - 1).astype(np.intp)
    columns = np.clip(grid[None, :] + shift.T, 0, size - 1).astype(np.intp)
    washed = _blur(picture, 0.012)[rows, columns]
    pigment = fractal(rng, size, 5, 5)
    rim = _edges(washed)
    paper = fractal(rng, size, 48, 2)
    thin = (0.28 + 0.30 * pigment)[..., None]
    washed = washed * (1 - thin) + thin
    washed *= (1 - 0.22 * rim + 0.10 * (paper - 0.5))[..., None]
    margin = (
        np.minimum(
            np.minimum(grid, size - 1 - grid)[None, :], np.minimum(grid, size - 1 - grid)[:, None]
        )
        / size
    )
    inside = smoothstep((margin + (pigment - 0.5) * 0.10).astype(np.float32), 0.0, 0.03)
    return washed * inside[..., None] + np.asarray((0.98, 0.97, 0.94), np.float32) * (
        1 - inside[..., None]
    )


def _oil(rng: np.random.Generator, picture: Field) -> Field:
    size = len(picture)
    image = _image(picture).filter(ImageFilter.GaussianBlur(0.008 * size))
    source = np.asarray(image)
    canvas = image.copy()
    draw = ImageDraw.Draw(canvas)
    turn = fractal(rng, size, 3, 2)
    for count, length, width in ((330, 0.10, 0.040), (420, 0.055, 0.020)):
        places = rng.random((count, 2))
        pixels = (places * size).astype(np.intp)
        angles = turn[pixels[:, 1], pixels[:, 0]] * 6.28 + rng.uniform(-0.3, 0.3, count)
        tones = source[pixels[:, 1], pixels[:, 0]] + rng.integers(-14, 15, (count, 1))
        ends = np.stack([np.cos(angles), np.sin(angles)], -1) * length / 2
        strokes = np.concatenate([places - ends, places + ends], -1) * size
        inks = np.clip(tones, 0, 255)
        for stroke, ink in zip(strokes.tolist(), inks.tolist(), strict=True):
            draw.line(stroke, fill=tuple(ink), width=max(1, round(width * size)))
    painted = _field(canvas)
    bristle = _grey(painted)
    step = max(1, size // 128)
    relief = bristle - np.roll(bristle, (step, step), axis=(0, 1))
    relief += (fractal(rng, size, 40, 2) - 0.5) * np.float32(0.1)
    return painted * (1.0 + np.clip(relief * 0.9, -0.18, 0.18))[..., None] * 1.04


def _pixel_art(rng: np.random.Generator, picture: Field) -> Field:
    size = len(picture)
    side = int(rng.integers(20, 33))
    small = _image(picture).resize((side, side), Image.Resampling.BOX)
    levels = np.float32(6)
    blocks = np.round(np.asarray(small).astype(np.float32) / 255 * levels) / levels
    index = np.arange(size) * side // size
    return blocks.astype(np.float32)[index[:, None], index[None, :]]


def _neon(rng: np.random.Generator, picture: Field) -> Field:
    edges = _edges(picture)
    soft = _blur(picture, 0.03)
    hue = soft - soft.min(-1, keepdims=True)
    hue = hue / (hue.max(-1, keepdims=True) + np.float32(0.04))
    turn = colour_ramp(
        fractal(rng, len(picture), 2, 2),
        [
            (0.0, (0.1, 0.9, 1.0)),
            (0.4, (0.4, 0.3, 1.0)),
            (0.65, (1.0, 0.1, 0.8)),
            (1.0, (1.0, 0.5, 0.2)),
        ],
    )
    light = (hue * 0.4 + turn * 0.6) * edges[..., None]
    glow = _blur(light, 0.025) * 1.5 + _blur(light, 0.008)
    return (
        picture * 0.06
        + np.asarray((0.01, 0.0, 0.04), np.float32)
        + light * 0.9
        + glow
        + (edges[..., None] ** 3 * np.float32(0.35))
    )


def _pencil(rng: np.random.Generator, picture: Field) -> Field:
    size = len(picture)
    grey = _grey(picture)
    lines = _edges(picture)
    centres = (np.arange(size, dtype=np.float32) + 0.5) / size
    wobble = fractal(rng, size, 6, 2)
    hatch = 0.5 + 0.5 * np.sin((centres[None, :] + centres[:, None]) * 190 + wobble * 7)
    grain = fractal(rng, size, 50, 2)
    tone = np.clip(1.15 - grey, 0, 1) * (0.30 + 0.40 * hatch + 0.25 * grain)
    sheet = 0.96 - 0.62 * tone - 0.55 * lines
    return np.repeat(np.clip(sheet, 0.08, 1)[..., None], 3, -1) * np.asarray(
        (1.0, 0.995, 0.97), np.float32
    )


def _cell_colours(picture: Field, points: Field) -> Field:
    """The colours, of shape (cells, 3), around the ``points`` of :func:`sample_cells`."""
    size = len(picture)
    soft = _blur(picture, 0.015)
    places = np.clip(points * size, 0, size - 1).astype(np.intp)
    return soft[places[:, 1], places[:, 0]]


def _stained_glass(rng: np.random.Generator, picture: Field) -> Field:
    index, nearest, second, points = sample_cells(rng, len(picture), int(rng.integers(9, 14)))
    colours = _cell_colours(picture, points)
    mean = colours.mean(-1, keepdims=True)
    colours = np.clip(mean + (colours - mean) * 1.5, 0, 1) * 1.08 + 0.03
    glass = colours[index] * (1.15 - 0.45 * nearest)[..., None]
    lead = smoothstep(second - nearest, 0.05, 0.13)[..., None]
    return glass * lead + np.float32(0.04) * (1 - lead)


def _low_poly(rng: np.random.Generator, picture: Field) -> Field:
    size, count = len(picture), int(rng.integers(9, 14))
    source = _blur(picture, 0.01)
    grid = np.stack(np.meshgrid(np.arange(count + 1), np.arange(count + 1)), -1) / count
    offset = rng.uniform(-0.36, 0.36, grid.shape) / count
    offset[0], offset[-1], offset[:, 0], offset[:, -1] = 0, 0, 0, 0
    grid = (grid + offset) * size
    a, b = grid[:-1, :-1], grid[:-1, 1:]
    c, d = grid[1:, :-1], grid[1:, 1:]
    faces = np.concatenate([np.stack([a, b, c], -2), np.stack([b, d, c], -2)]).reshape(-1, 3, 2)
    centre = np.clip(faces.mean(1), 0, size - 1).astype(np.intp)
    light = 1 + rng.uniform(-0.09, 0.09, (len(faces), 1))
    inks = np.clip(source[centre[:, 1], centre[:, 0]] * light * 255, 0, 255).astype(int)
    image = Image.new("RGB", (size, size))
    draw = ImageDraw.Draw(image)
    for face, ink in zip(faces.reshape(-1, 6).tolist(), inks.tolist(), strict=True):
        draw.polygon(face, fill=tuple(ink))
    return _field(image)


def _black_and_white(rng: np.random.Generator, picture: Field) -> Field:
    grey = _grey(picture)
    grey = np.clip((grey - 0.5) * 1.2 + 0.5, 0, 1)
    grey = grey + (fractal(rng, len(picture), 60, 1) - 0.5) * np.float32(0.06)
    return np.repeat(grey[..., None], 3, -1)


def _pointillism(rng: np.random.Generator, picture: Field) -> Field:
    painted = _blur(picture, 0.02) * 0.8 + 0.16
    for count, radius in ((24, 0.60), (36, 0.50)):
        index, nearest, _, points = sample_cells(rng, len(picture), count, 0.9)
        colours = _cell_colours(picture, points)
        colours = colours + rng.uniform(-0.10, 0.10, colours.shape).astype(np.float32)
        dot = smoothstep(radius - nearest, 0.0, 0.12)[..., None]
        painted = painted * (1 - dot) + colours[index] * dot
    return painted


def _vaporwave(rng: np.random.Generator, picture: Field) -> Field:
    size = len(picture)
    grey = _grey(picture)
    low, high = np.percentile(grey, (3, 97))
    tone = np.clip((grey - low) / (high - low + 0.05), 0, 1)
    graded = colour_ramp(
        tone,
        [
            (0.0, (0.08, 0.02, 0.24)),
            (0.3, (0.42, 0.08, 0.62)),
            (0.55, (0.96, 0.20, 0.66)),
            (0.78, (1.0, 0.60, 0.62)),
            (1.0, (0.45, 0.98, 0.98)),
        ],
    )
    centres = (np.arange(size, dtype=np.float32) + 0.5) / size
    scan = 1 - 0.10 * (0.5 + 0.5 * np.sin(centres * 2 * np.pi * 42))
    return (graded * 0.9 + picture * 0.1) * scan[:, None, None].astype(np.float32)


def _flat_poster(rng: np.random.Generator, picture: Field) -> Field:
    size = len(picture)
    image = _image(picture).filter(ImageFilter.GaussianBlur(0.012 * size))
    few = image.quantize(int(rng.integers(5, 8)), method=Image.Quantize.MEDIANCUT, kmeans=1)
    return _field(few.convert("RGB").filter(ImageFilter.MedianFilter(3)))


def _mosaic(rng: np.random.Generator, picture: Field) -> Field:
    size, count = len(picture), int(rng.integers(18, 27))
    small = _field(_image(picture).resize((count, count), Image.Resampling.BOX))
    small = small * rng.uniform(0.84, 1.14, (count, count, 1)).astype(np.float32)
    place = (np.arange(size, dtype=np.float32) + 0.5) * count / size
    whole = np.clip(place.astype(np.intp), 0, count - 1)
    part = np.abs(place - whole - 0.5)
    gap = 0.5 - np.maximum(part[None, :], part[:, None])
    tile = smoothstep(gap.astype(np.float32), 0.02, 0.12)[..., None]
    bevel = 1 + 0.18 * (0.5 - (place - whole))
    tiles = (
        small[whole[:, None], whole[None, :]] * np.sqrt(bevel[None, :] * bevel[:, None])[..., None]
    )
    return tiles * tile + np.asarray((0.26, 0.25, 0.24), np.float32) * (1 - tile)


def _ink(rng: np.random.Generator, picture: Field) -> Field:
    size = len(picture)
    grey = _blur(picture, 0.008) @ np.array([0.30, 0.59, 0.11], np.float32)
    lines = _edges(picture)
    centres = (np.arange(size, dtype=np.float32) + 0.5) / size
    wobble = fractal(rng, size, 5, 2) * 4
    rising = np.sin((centres[None, :] + centres[:, None]) * 150 + wobble)
    falling = np.sin((centres[None, :] - centres[:, None]) * 150 + wobble)
    paper = np.ones_like(grey)
    paper *= 1 - smoothstep(rising + (0.42 - grey) * 4, 0.6, 1.2)
    paper *= 1 - smoothstep(falling + (0.22 - grey) * 5, 0.6, 1.2)
    paper *= 1 - 0.95 * smoothstep(lines, 0.2, 0.6)
    ink = np.asarray((0.05, 0.05, 0.10), np.float32)
    return ink + (np.asarray((0.97, 0.96, 0.92), np.float32) - ink) * paper[..., None].astype(
        np.float32
    )


def _pastel(rng: np.random.Generator, picture: Field) -> Field:
    size = len(picture)
    soft = _blur(picture, 0.012)
    soft = soft * 0.68 + 0.30
    grain = fractal(rng, size, 56, 2)
    streaks = fractal(rng, size, 10, 3, stretch=5)
    chalk = smoothstep(grain * 0.6 + streaks * 0.4, 0.22, 0.52)[..., None]
    paper = np.asarray((0.90, 0.86, 0.80), np.float32)
    return soft * (0.62 + 0.38 * chalk) + paper * (0.38 * (1 - chalk))


def _blurred(rng: np.random.Generator, picture: Field) -> Field:
    return _blur(picture, float(rng.uniform(0.03, 0.05)))


def _sepia(rng: np.random.Generator, picture: Field) -> Field:
    size = len(picture)
    tone = np.clip(_grey(picture) * 0.85 + 0.1, 0, 1)
    stains = fractal(rng, size, 4, 5)
    aged = colour_ramp(
        tone, [(0.0, (0.16, 0.09, 0.04)), (0.5, (0.60, 0.44, 0.27)), (1.0, (0.98, 0.90, 0.73))]
    )
    centres = (np.arange(size, dtype=np.float32) + 0.5) / size - 0.5
    corner = centres[None, :] ** 2 + centres[:, None] ** 2
    return aged * (1.03 - 0.9 * corner - 0.10 * stains)[..., None].astype(np.float32)


STYLES: dict[str, Style] = {
    "watercolour": _watercolour,
    "oil painting": _oil,
    "pixel art": _pixel_art,
    "neon": _neon,
    "pencil sketch": _pencil,
    "stained glass": _stained_glass,
    "low poly": _low_poly,
    "black and white": _black_and_white,
    "pointillism": _pointillism,
    "vaporwave": _vaporwave,
    "flat poster": _flat_poster,
    "mosaic": _mosaic,
    "ink drawing": _ink,
    "pastel": _pastel,
    "blurred": _blurred,
    "sepia": _sepia,
}


def restyle(rng: np.random.Generator, picture: Field, style: str) -> Field:
    """``picture`` repainted in ``style``; as it is for the plain style ""."""
    if not style:
        return picture
    return np.clip(STYLES[style](rng, picture), 0, 1)
