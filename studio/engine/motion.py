"""Motion: a picture, or latents, zoomed, turned and moved from one iteration to the next.

The field decodes, warps and encodes (Crowson's notebooks, pytti); the painter adds to it. What the
optimizer remembers is warped along in latent space, so that every place goes on being painted as
before, only elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.core.settings import Edges, Motion

_REACH = 2
"""Pixels around a place that bicubic sampling looks at."""


def warped(image: Tensor, motion: Motion, mode: str) -> Tensor:
    """An image or latents (1, C, H, W) after one iteration's motion, same shape.

    Sampled with `mode`, "bilinear" or "bicubic"; what comes in from outside is the image reflected
    or, wrapped, its other side.
    """
    height, width = image.shape[2:]
    x, y = _sources(width, height, motion, image.device)
    return _sampled(image, x, y, motion.edges, mode)


def warped_moments(moments: Mapping[str, Tensor], motion: Motion) -> dict[str, Tensor]:
    """What an optimizer remembers of each latent, moved along with it; counters stay.

    Bilinear, so squares stay 0 or more.
    """
    return {
        name: warped(moment, motion, "bilinear") if moment.ndim == 4 else moment.clone()
        for name, moment in moments.items()
    }


def _sources(
    width: int, height: int, motion: Motion, device: torch.device
) -> tuple[Tensor, Tensor]:
    """Where each pixel comes from, two (H, W), in pixels with 0 amid the first one.

    The picture is zoomed and turned about its centre and then moved; this is the way back.
    """
    fine = torch.float32 if device.type == "mps" else torch.float64  # Metal has no float64
    right = torch.arange(width, dtype=fine, device=device) - (width - 1) / 2 - motion.x * width
    down = torch.arange(height, dtype=fine, device=device) - (height - 1) / 2 - motion.y * height
    angle = math.radians(motion.angle)
    cos, sin = math.cos(angle) / motion.zoom, math.sin(angle) / motion.zoom
    # y points down, so that anticlockwise takes what is on the right upwards
    x = cos * right[None, :] - sin * down[:, None] + (width - 1) / 2
    y = sin * right[None, :] + cos * down[:, None] + (height - 1) / 2
    return x, y


def _sampled(image: Tensor, x: Tensor, y: Tensor, edges: Edges, mode: str) -> Tensor:
    padding = "reflection"
    if edges == "wrap":  # which grid_sample does not know
        height, width = image.shape[2:]
        x, y = x.remainder(width) + _REACH, y.remainder(height) + _REACH
        image = _with_other_sides(image)
        padding = "border"
    height, width = image.shape[2:]
    grid = torch.stack(((2 * x + 1) / width - 1, (2 * y + 1) / height - 1), dim=-1)
    return F.grid_sample(
        image,
        grid[None].to(image),
        mode=mode,
        padding_mode=padding,
        align_corners=False,
    )


def _with_other_sides(image: Tensor) -> Tensor:
    """The image with `_REACH` pixels of its other side along each edge."""
    height, width = image.shape[2:]
    rows = torch.arange(-_REACH, height + _REACH, device=image.device) % height
    columns = torch.arange(-_REACH, width + _REACH, device=image.device) % width
    return image[:, :, rows][:, :, :, columns]
