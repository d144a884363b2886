"""Where prompts count: regions that are looked at on their own, and cells that stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from studio.engine.guidance import Frame, Target
from studio.engine.recipes import Recipe
from studio.engine.views import Views, draw_views, joined

ROOM = 1.3
"""Sides of the frame about a region in sides of the region: some of what is around it is seen."""
LEAST = 0.3
"""Least side of that frame in sides of the picture."""
WHOLE = 1 / 3
"""Share of a region's views that see the whole picture."""
FEWEST = 1 / 8
"""Least share of the views that a region gets."""


@dataclass(frozen=True)
class Look:
    """Views that are seen for some of the prompts."""

    rows: tuple[int, ...]
    """Numbers of those prompts."""
    mask: Tensor | None
    """(1, 1, H, W) in 0..1, at the picture's size: where they may change it."""
    views: Views


def frame_of(mask: NDArray[np.uint8]) -> Frame:
    """The frame about what is white in a mask (H, W), with some room; of a black one the whole."""
    frames = []
    for axis in (1, 0):
        there = np.flatnonzero((mask > 127).any(axis)).tolist()
        side = mask.shape[1 - axis]
        low, high = (there[0], there[-1] + 1) if there else (0, side)
        middle, reach = (low + high) / side - 1, max((high - low) / side * ROOM, LEAST)
        reach = min(reach, 1.0)
        middle = min(max(middle, reach - 1), 1 - reach)
        frames.append((middle - reach, middle + reach))
    (top, bottom), (left, right) = frames
    return Frame(left, top, right, bottom, float(mask.mean()) / 255)


def looks(
    targets: Sequence[Target],
    cutouts: int,
    size: tuple[int, int],
    resolution: int,
    recipe: Recipe,
    generator: torch.Generator,
    *,
    veil: float,
) -> list[Look]:
    """Share the views of a step out among the picture and the regions that prompts have.

    By area and weight, so that regions cost no more views. Where no prompt has a region it is one
    look, drawn as ever. `size` is (width, height) in pixels.
    """
    rows: dict[int | None, list[int]] = {}
    for row, target in enumerate(targets):
        rows.setdefault(None if target.mask is None else id(target.mask), []).append(row)
    groups = list(rows.values())
    numbers = _shared_out([sum(_pull(targets[row]) for row in group) for group in groups], cutouts)

    def draw(count: int, of: tuple[int, int]) -> Views:
        return draw_views(count, of, resolution, recipe, generator, veil=veil)

    found = []
    for group, number in zip(groups, numbers, strict=True):
        mask, frame = targets[group[0]].mask, targets[group[0]].frame
        if mask is None or frame is None:
            found.append(Look(tuple(group), None, draw(number, size)))
        else:
            views = _about(frame, number, size, draw)
            found.append(Look(tuple(group), fitted(mask, (size[1], size[0])), views))
    return found


def _about(
    frame: Frame, count: int, size: tuple[int, int], draw: Callable[[int, tuple[int, int]], Views]
) -> Views:
    """Views of a region: most of them of the frame about it, the rest of the whole picture."""
    whole = round(count * WHOLE)
    across, down = (frame.right - frame.left) / 2, (frame.bottom - frame.top) / 2
    box = (max(1, round(size[0] * across)), max(1, round(size[1] * down)))
    near = _framed(draw(count - whole, box), frame)
    return joined((near, draw(whole, size))) if whole else near


def sent(drawn: Sequence[Look], device: torch.device) -> list[Look]:
    """The same looks, ready to be seen on a device: one copy for all of them."""
    together, found, first = joined([each.views for each in drawn]).sent(device), [], 0
    for look in drawn:
        last = first + len(look.views)
        found.append(replace(look, views=together.part(first, last)))
        first = last
    return found


def _pull(target: Target) -> float:
    area = 1.0 if target.frame is None else target.frame.area
    return max(abs(target.weight), 1e-3) * max(area, 1e-3)


def _shared_out(pulls: Sequence[float], cutouts: int) -> list[int]:
    """Whole numbers in proportion, at least a few each; their sum is `cutouts` if that can be."""
    least = max(1, round(cutouts * FEWEST)) if len(pulls) > 1 else cutouts
    spare = max(0, cutouts - least * len(pulls))
    exact = [spare * pull / sum(pulls) for pull in pulls]
    numbers = [int(each) for each in exact]
    for k in sorted(range(len(pulls)), key=lambda k: numbers[k] - exact[k]):
        if sum(numbers) < spare:
            numbers[k] += 1
    return [least + number for number in numbers]


def _framed(views: Views, frame: Frame) -> Views:
    """Views of a frame as views of the picture that it is in."""
    across, down = (frame.right - frame.left) / 2, (frame.bottom - frame.top) / 2
    right, below = (frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2
    placed = torch.tensor([[across, 0, right], [0, down, below], [0, 0, 1.0]]).float()
    return replace(views, homography=placed @ views.homography)


def contained(picture: Tensor, mask: Tensor | None) -> Tensor:
    """The picture (1, 3, H, W), through which a gradient goes only where the mask is white."""
    return picture if mask is None else picture.detach().lerp(picture, mask)


def fitted(mask: Tensor, size: tuple[int, int]) -> Tensor:
    """A mask (1, 1, any, any) at a size (height, width)."""
    if mask.shape[2:] == size:
        return mask
    return F.interpolate(mask, size, mode="bilinear", antialias=True).clamp(0, 1)


def cells(mask: Tensor, size: tuple[int, int]) -> Tensor:
    """Which cells of the latents a mask covers by a half or more: (1, 1, h, w) of truths."""
    return F.adaptive_avg_pool2d(mask, size) >= 0.5


def untouched(targets: Sequence[Target], size: tuple[int, int]) -> Tensor | None:
    """Cells that no prompt reaches, where all that pull have regions: (1, 1, h, w), or None."""
    masks = [target.mask for target in targets if target.weight]
    if not masks or any(mask is None for mask in masks):
        return None
    reached = torch.zeros(1, 1, *size, dtype=torch.bool, device=masks[0].device)  # type: ignore[union-attr]
    for mask in masks:
        assert mask is not None
        reached = reached | (F.adaptive_max_pool2d(mask, size) > 0)
    return ~reached
