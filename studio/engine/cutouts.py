"""Where CLIP looks: a picture through all the views of a step, as one batched warp.

Views that shrink the picture look at a copy that was shrunk before, by half octaves along each axis
on its own, so that nothing aliases (Williams, Pyramidal Parametrics, 1983, kept separable). Views
that fit the same copy share one `grid_sample`; a step at the picture's own scale needs just one.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.engine.recipes import Border
from studio.engine.views import NOISE_ROOM, Views

BEFORE_CAMERA = 1e-3
"""Smallest w of a point; what a strong tilt would show from behind the camera lies far outside."""

LANES = 8
"""Stacked grids that share one picture, so that the CPU's threads have something to share out."""

COVERAGE_SIDE = 16
"""Points along each side of a view at which a mask is measured."""

PADDING: dict[Border, str] = {"reflect": "reflection", "edge": "border", "plain": "zeros"}


def look(picture: Tensor, views: Views, resolution: int) -> Tensor:
    """See (1, 3, H, W) in 0..1 through n views as (n, 3, resolution, resolution).

    In this order: place, colour, erased box, veil, noise. Jitter and noise may leave 0..1; as in
    the field nothing is clamped after the noise, nor before it, so that white and black still
    learn. Differentiable in the picture. Computes in float32, or double for a double picture.
    """
    picture = picture.to(torch.promote_types(picture.dtype, torch.float32))
    # half-precision coordinates would be pixels off
    with torch.autocast(picture.device.type, enabled=False):
        seen = recoloured(_warped(picture, views, resolution), views.there("colour", picture))
        return _noised(_veiled(_blotted(seen, views), views), views)


def coverage(mask: Tensor, views: Views) -> Tensor:
    """(n,): mean of a mask (1, 1, H, W) in 0..1 over the part of the canvas that each view shows.

    What a view shows beyond the canvas does not count; a view of nothing else covers 0.
    """
    with torch.autocast(mask.device.type, enabled=False):
        mask = mask.to(torch.promote_types(mask.dtype, torch.float32))
        within = replace(views, border=tuple("edge" for _ in views.border))
        seen = _warped(mask, within, COVERAGE_SIDE)
        points = points_of(views.there("homography", mask), COVERAGE_SIDE)
    inside = (points.abs() <= 1).all(dim=-1).to(mask.dtype)  # (n, side, side)
    return (seen[:, 0] * inside).sum((1, 2)) / inside.sum((1, 2)).clamp(min=1)


def _warped(picture: Tensor, views: Views, resolution: int) -> Tensor:
    """(1, C, H, W) -> (n, C, resolution, resolution)."""
    alike = defaultdict(list)
    fitting = _fitting_sizes(picture, views, resolution)
    for number, key in enumerate(zip(fitting, views.border, strict=True)):
        alike[key].append(number)
    seen: dict[int, Tensor] = {}
    homography, shade = (views.there(name, picture) for name in ("homography", "shade"))
    for (size, border), numbers in alike.items():
        points = points_of(_picked(homography, numbers), resolution)
        part = _sampled(_shrunk(picture, size), points, border, _picked(shade, numbers))
        seen.update(zip(numbers, part, strict=True))
    return torch.stack([seen[number] for number in range(len(views))])


def _picked(rows: Tensor, numbers: list[int]) -> Tensor:
    """Some rows; by their numbers at once they would make a GPU wait."""
    return torch.stack([rows[number] for number in numbers])


def _fitting_sizes(picture: Tensor, views: Views, resolution: int) -> list[tuple[int, int]]:
    """Height and width, for each view, of the copy whose pixels are about as large as its own."""
    height, width = picture.shape[-2:]
    steps = views.spans() * torch.tensor([width, height]) / resolution  # pixels to a view's pixel
    halves = torch.log2(steps).mul(2).round().clamp(min=0).div(2).tolist()  # octaves, by halves
    return [
        (max(1, round(height / 2**down)), max(1, round(width / 2**across)))
        for across, down in halves
    ]


def _shrunk(picture: Tensor, size: tuple[int, int]) -> Tensor:
    """(1, C, H, W) -> (1, C, *size): each pixel the mean over its area."""
    height, width = picture.shape[-2:]
    if size[0] != height:
        picture = _areas(height, size[0], picture.dtype, picture.device) @ picture
    if size[1] != width:
        picture = picture @ _areas(width, size[1], picture.dtype, picture.device).T
    return picture


@lru_cache(maxsize=32)
@torch.inference_mode(False)
def _areas(before: int, after: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """(after, before): the share of each pixel in each larger one; rows add up to 1."""
    where = "cpu" if device.type == "mps" else device  # Metal has no float64
    edges = torch.arange(after + 1, dtype=torch.float64, device=where)[:, None] * (before / after)
    pixels = torch.arange(before, dtype=torch.float64, device=where)
    shared = torch.minimum(edges[1:], pixels + 1) - torch.maximum(edges[:-1], pixels)
    return (shared.clamp(min=0) * (after / before)).to(dtype).to(device)


def points_of(homography: Tensor, resolution: int) -> Tensor:
    """(n, 3, 3) -> (n, resolution, resolution, 2): x and y on the canvas of each view's pixels."""
    along = torch.arange(1, 2 * resolution, 2, dtype=homography.dtype, device=homography.device)
    along = along / resolution - 1
    # broadcast rather than multiplied as matrices, which a GPU may do in too few digits
    x, y, w = (
        row[:, 0, None, None] * along
        + (row[:, 1, None, None] * along[:, None] + row[:, 2, None, None])
        for row in homography.unbind(1)
    )
    w = w.clamp(min=BEFORE_CAMERA)
    return torch.stack((x / w, y / w), dim=-1)


def _sampled(picture: Tensor, points: Tensor, border: Border, shade: Tensor) -> Tensor:
    """(1, C, h, w) at (n, R, R, 2) -> (n, C, R, R), between pixels bilinearly."""
    if border == "plain":
        # a channel of ones tells how much of a pixel is picture, the rest is shade
        picture = torch.cat((picture, torch.ones_like(picture[:, :1])), dim=1)
    count, resolution = points.shape[:2]
    lanes = math.gcd(LANES, count * resolution)
    seen = F.grid_sample(
        picture.expand(lanes, -1, -1, -1),
        points.reshape(lanes, -1, resolution, 2),
        padding_mode=PADDING[border],
        align_corners=False,
    )  # (lanes, C, n * R / lanes, R)
    channels = seen.shape[1]
    seen = seen.transpose(0, 1).reshape(channels, count, resolution, resolution).transpose(0, 1)
    if border == "plain":
        seen = seen[:, :-1] + shade[:, None, None, None] * (1 - seen[:, -1:])
    return seen


def recoloured(seen: Tensor, colour: Tensor) -> Tensor:
    """Pixels (n, 3, h, w) through the colour matrices (n, 3, 4) of views."""
    colour = colour.to(seen.device, seen.dtype)
    pixels = torch.baddbmm(colour[:, :, 3:], colour[:, :, :3], seen.flatten(2))
    return pixels.view_as(seen)


def _blotted(seen: Tensor, views: Views) -> Tensor:
    """Put the view's shade on the pixels whose middle lies in its box."""
    if not views.erased.any():
        return seen
    left, top, right, bottom = views.there("erased", seen)[:, :, None].unbind(1)  # (n, 1) each
    side = seen.shape[-1]
    along = torch.arange(1, 2 * side, 2, device=seen.device) / side - 1
    across, down = (left <= along) & (along < right), (top <= along) & (along < bottom)
    box = down[:, None, :, None] & across[:, None, None, :]
    return torch.where(box, views.there("shade", seen)[:, None, None, None], seen)


def spread(cloud: Tensor, side: int) -> Tensor:
    """A few colours, smoothly over a square: (n, 3, h, w) in 0..1 -> (n, 3, side, side) in 0..1."""
    return F.interpolate(cloud, (side, side), mode="bicubic", align_corners=False).clamp(0, 1)


def _veiled(seen: Tensor, views: Views) -> Tensor:
    """Mix each view with its cloud."""
    if not views.veil.any():
        return seen
    cloud = spread(views.there("cloud", seen), seen.shape[-1])
    return seen.lerp(cloud, views.there("veil", seen)[:, None, None, None])


def _noised(seen: Tensor, views: Views) -> Tensor:
    """Add to each view its window on one field of noise, which costs a tenth of drawing anew."""
    if not views.noise.any():
        return seen
    side = seen.shape[-1]
    field = _noise_field(side, seen.dtype, seen.device)
    windows = torch.stack(
        [field[:, row : row + side, at : at + side] for row, at in views.noise_at.tolist()]
    )
    noise = windows * views.there("noise", seen)[:, None, None, None]
    return seen + noise


@lru_cache(maxsize=4)
def _noise_field(side: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """(3, side + NOISE_ROOM, side + NOISE_ROOM): white noise of deviation 1, always the same."""
    generator = torch.Generator().manual_seed(0)
    field = torch.randn(3, side + NOISE_ROOM, side + NOISE_ROOM, generator=generator)
    return field.to(dtype).to(device)
