"""Noise, ridges, gradients and cell fields: the raw material of every picture.

A field is a float32 array of shape (size, size), rows first. Random lattices have a fixed
number of points whatever the size, so one Generator gives one composition at any size.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

Field = npt.NDArray[np.float32]
"""A float32 array, (size, size) for a field and (size, size, 3) for colours in [0, 1]."""


def lattice_noise(rng: np.random.Generator, size: int, across: int, down: int) -> Field:
    """Smooth value noise with ``across`` x ``down`` lattice points, about [0, 1]."""
    lattice = rng.random((down, across), dtype=np.float32)
    # The margin keeps the flat border that bicubic resizing makes out of the picture.
    box = (0.5, 0.5, across - 0.5, down - 0.5)
    image = Image.fromarray(lattice).resize((size, size), Image.Resampling.BICUBIC, box=box)
    return np.asarray(image)


def fractal(
    rng: np.random.Generator,
    size: int,
    base: int = 4,
    octaves: int = 4,
    stretch: float = 1.0,
    gain: float = 0.5,
) -> Field:
    """Fractal noise stretched to exactly [0, 1].

    ``base`` is the number of lattice points across in the lowest octave; ``stretch`` > 1 makes
    features that much wider than tall.
    """
    total = np.zeros((size, size), np.float32)
    weight = 1.0
    for octave in range(octaves):
        across = base * 2**octave + 1
        total += np.float32(weight) * lattice_noise(rng, size, across, round(across * stretch) + 1)
        weight *= gain
    low = total.min()
    return (total - low) / (total.max() - low + np.float32(1e-6))


def ridge(rng: np.random.Generator, size: int, base: int, octaves: int, gain: float) -> Field:
    """A fractal outline of shape (size,), in [0, 1]; larger ``gain`` is more rugged."""
    x = np.linspace(0.0, 1.0, size, dtype=np.float32)
    total = np.zeros(size, np.float32)
    weight = 1.0
    for octave in range(octaves):
        points = base * 2**octave + 1
        heights = rng.random(points, dtype=np.float32)
        total += (weight * np.interp(x, np.linspace(0.0, 1.0, points), heights)).astype(np.float32)
        weight *= gain
    low = total.min()
    return (total - low) / (total.max() - low + np.float32(1e-6))


def waves(rng: np.random.Generator, size: int, count: int, swing: float = 1.0) -> Field:
    """A smooth rolling outline of shape (size,), in [-1, 1], of ``count`` sines."""
    x = np.linspace(0.0, 1.0, size, dtype=np.float32)
    total = np.zeros(size, np.float32)
    for k in range(count):
        frequency = rng.uniform(2.0, 5.0) * (k + 1) * swing
        total += np.sin(frequency * x + rng.uniform(0, 6.28)).astype(np.float32) / (k + 1)
    return total / np.float32(np.abs(total).max() + 1e-6)


def smoothstep(field: Field, low: float, high: float) -> Field:
    """0 below ``low``, 1 above ``high``, smooth between."""
    t = np.clip((field - np.float32(low)) / np.float32(high - low), 0, 1)
    return t * t * (3 - 2 * t)


def colour_ramp(field: Field, stops: list[tuple[float, tuple[float, float, float]]]) -> Field:
    """Colours (..., 3) looked up for a field in [0, 1] along the ``stops``."""
    places = [place for place, _ in stops]
    ramp = np.linspace(0.0, 1.0, 256)
    table = np.stack([np.interp(ramp, places, [c[k] for _, c in stops]) for k in range(3)], -1)
    index = np.clip(field * 255, 0, 255).astype(np.uint8)
    return table.astype(np.float32)[index]


def sample_cells(
    rng: np.random.Generator, size: int, count: int, wobble: float = 0.8
) -> tuple[npt.NDArray[np.intp], Field, Field, Field]:
    """Voronoi cells of a jittered ``count`` x ``count`` lattice.

    Returns the nearest cell's index of shape (size, size), the distances to the nearest and
    second nearest points in units of one cell, and the points, of shape (cells, 2) as (x, y)
    in units of the picture.
    """
    side = count + 2
    offsets = 0.5 + wobble * (rng.random((side, side, 2), dtype=np.float32) - 0.5)
    steps = (np.arange(size, dtype=np.float32) + 0.5) * np.float32(count / size)
    whole = steps.astype(np.intp)
    part = steps - whole
    nearest = np.full((size, size), 9.0, np.float32)
    second = np.full((size, size), 9.0, np.float32)
    index = np.zeros((size, size), np.intp)
    for dy in (0, 1, 2):
        for dx in (0, 1, 2):
            rows, columns = (whole + dy)[:, None], (whole + dx)[None, :]
            cell = rows * side + columns
            point = offsets.reshape(-1, 2)[cell]
            across = point[..., 0] + np.float32(dx - 1) - part[None, :]
            down = point[..., 1] + np.float32(dy - 1) - part[:, None]
            distance = across * across + down * down
            closer = distance < nearest
            second = np.where(closer, nearest, np.minimum(second, distance))
            nearest = np.where(closer, distance, nearest)
            index = np.where(closer, cell, index)
    corner = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).astype(np.float32)
    points = (corner - 1 + offsets).reshape(-1, 2) / np.float32(count)
    return index, np.sqrt(nearest), np.sqrt(second), points.astype(np.float32)
