"""The losses of a picture, or of its latents, besides those of the prompts: one list, one sum."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.core.settings import Settings


class Painted(NamedTuple):
    """What an iteration painted, to be judged."""

    picture: Tensor
    """(1, 3, H, W) in 0..1."""
    z: Tensor
    """Latents, (1, C, h, w)."""
    start: Callable[[], Tensor]
    """Gives the latents that the painting started from."""
    settings: Settings


class Loss(NamedTuple):
    """One judgement; it counts as much as a field of the settings says, and not at all for 0."""

    name: str
    weight: str
    """The field of `Settings`."""
    of: Literal["picture", "latents"]
    function: Callable[[Painted], Tensor]
    """A number above or at 0."""


def pull_to_start(painted: Painted) -> Tensor:
    """Half the mean squared distance of the latents to those of the start.

    The form Crowson's notebook had before it was commented out in its descendants.
    """
    return F.mse_loss(painted.z, painted.start()) / 2


def variation(painted: Painted) -> Tensor:
    """Total variation: the mean difference between neighbouring pixels, along both axes."""
    right, down = (painted.picture.diff(dim=axis).abs() for axis in (3, 2))
    return right.mean() + down.mean()


def paleness(painted: Painted) -> Tensor:
    """1 less the mean squared distance of the pixels from their own grey: 1 for a grey picture.

    The grey is held, so that colours grow stronger and not darker.
    """
    grey = painted.picture.detach().mean(1, keepdim=True)
    return 1 - (painted.picture - grey).square().mean()


def unlikeness(painted: Painted, axes: tuple[int, ...]) -> Tensor:
    """Mean squared difference between the picture and itself flipped along these axes."""
    return F.mse_loss(painted.picture, painted.picture.flip(axes))


def colours_of(names: tuple[str, ...], picture: Tensor) -> Tensor:
    """Colours "#rrggbb" as (n, 3) in 0..1, where the picture is."""
    rows = [tuple(bytes.fromhex(name[1:])) for name in names]
    return torch.tensor(rows, dtype=picture.dtype, device=picture.device) / 255


def off_palette(painted: Painted) -> Tensor:
    """Mean squared distance of each pixel to the nearest colour of the palette."""
    picture = painted.picture
    with torch.no_grad():
        colours = colours_of(painted.settings.palette, picture)
        apart = [(picture[0] - each[:, None, None]).square().sum(0) for each in colours]
        nearest = colours[torch.stack(apart).argmin(0)].permute(2, 0, 1)
    return F.mse_loss(picture, nearest[None])


def seam(painted: Painted) -> Tensor:
    """Mean squared jump between opposite edges, and bend of what crosses there, along both axes."""
    found = []
    for axis in (2, 3):
        side = painted.picture.shape[axis]
        last, first = (painted.picture.narrow(axis, at, 2) for at in (side - 2, 0))
        across = torch.cat((last, first), axis)
        jump = across.diff(dim=axis).narrow(axis, 1, 1)
        found += [jump.square().mean(), across.diff(n=2, dim=axis).square().mean()]
    return torch.stack(found).mean()


def off_edge(painted: Painted) -> Tensor:
    """Mean squared distance to the colour of the edge; it counts from half way out, and most there.

    The way out is that of an ellipse in the picture, so that corners are reached first.
    """
    height, width = painted.picture.shape[2:]
    device = painted.picture.device
    down, right = (torch.linspace(-1, 1, side, device=device) for side in (height, width))
    out = (down[:, None].square() + right.square()).sqrt()
    counts = ((out - 0.5) / 0.5).clamp(0, 1).square()
    colour = colours_of(painted.settings.edge, painted.picture)[0][:, None, None]
    return ((painted.picture - colour).square() * counts).mean()


LOSSES: tuple[Loss, ...] = (
    Loss("pull to start", "start_weight", "latents", pull_to_start),
    Loss("smoothness", "smoothness", "picture", variation),
    Loss("saturation", "saturation", "picture", paleness),
    Loss("left-right symmetry", "symmetry_left_right", "picture", partial(unlikeness, axes=(3,))),
    Loss("up-down symmetry", "symmetry_up_down", "picture", partial(unlikeness, axes=(2,))),
    Loss("rotational symmetry", "symmetry_rotational", "picture", partial(unlikeness, axes=(2, 3))),
    Loss("palette", "palette_strength", "picture", off_palette),
    Loss("tiling", "tiling", "picture", seam),
    Loss("edge", "edge_strength", "picture", off_edge),
)


def summed(
    of: Literal["picture", "latents"], settings: Settings, painted: Painted
) -> Tensor | None:
    """The weighted sum of the losses of the picture, or the latents; None where none counts."""
    weights = {each: float(getattr(settings, each.weight)) for each in LOSSES if each.of == of}
    counting = [weight * each.function(painted) for each, weight in weights.items() if weight]
    return sum(counting[1:], counting[0]) if counting else None
