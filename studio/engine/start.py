"""The picture that a painting starts from, when it does not start from random codes."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.core.settings import Start

OCTAVES = 5


def first_picture(
    start: Start, size: tuple[int, int], generator: torch.Generator, given: Tensor | None
) -> Tensor:
    """A picture (1, 3, height, width) in 0..1 for a start other than "codes".

    `given` (1, 3, H, W) in 0..1 is the init image; it covers the canvas, keeping its proportions
    and losing what overhangs.
    """
    if start == "fractal":
        return _fractal(size, generator)
    if start == "gradient":
        return _gradient(size, generator)
    assert given is not None
    return _covering(given, size)


def _fractal(size: tuple[int, int], generator: torch.Generator) -> Tensor:
    """Smooth noise in octaves of half the size and half the strength (Perlin 1985), stretched."""
    width, height = size
    longest = max(width, height)
    picture = torch.zeros(1, 3, height, width)
    for octave in range(OCTAVES):
        cells = 2 ** (octave + 1)
        rows, columns = (max(2, -(-side * cells // longest) + 1) for side in (height, width))
        drawn = torch.rand(1, 3, rows, columns, generator=generator)
        smooth = F.interpolate(drawn, (height, width), mode="bicubic", align_corners=True)
        picture += smooth / 2**octave
    low, high = picture.amin((2, 3), keepdim=True), picture.amax((2, 3), keepdim=True)
    return (picture - low) / (high - low).clamp(min=1e-6)


def _gradient(size: tuple[int, int], generator: torch.Generator) -> Tensor:
    """From one random colour to another along a random direction."""
    width, height = size
    first, second = torch.rand(2, 3, 1, 1, generator=generator)
    angle = torch.rand((), generator=generator) * 2 * torch.pi
    down, across = torch.linspace(-1, 1, height)[:, None], torch.linspace(-1, 1, width)
    along = across * angle.cos() + down * angle.sin()
    share = (along - along.min()) / (along.max() - along.min()).clamp(min=1e-6)
    return (first + (second - first) * share)[None]


def _covering(given: Tensor, size: tuple[int, int]) -> Tensor:
    width, height = size
    scale = max(width / given.shape[3], height / given.shape[2])
    fitted = (max(height, round(given.shape[2] * scale)), max(width, round(given.shape[3] * scale)))
    picture = F.interpolate(given, fitted, mode="bilinear", antialias=True, align_corners=False)
    top, left = (fitted[0] - height) // 2, (fitted[1] - width) // 2
    return picture[:, :, top : top + height, left : left + width].clamp(0, 1).contiguous()
