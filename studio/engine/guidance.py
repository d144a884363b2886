"""What pulls a picture: the loss of each prompt, and how the losses add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.core.crossing import Pull
from studio.engine.cutouts import coverage, look
from studio.engine.perceptor import Perceptor
from studio.engine.views import Views
from studio.engine.vqgan import straight_through


class Frame(NamedTuple):
    """A box about a region: -1..1 from the left and upper edge of the picture."""

    left: float
    top: float
    right: float
    bottom: float
    area: float
    """Share of the picture that the region covers, 0..1."""


@dataclass(frozen=True)
class Target:
    """A prompt as the perceptors know it.

    `embeddings` has one (1, D) unit vector per perceptor; an image prompt has none and brings its
    `picture` (1, 3, H, W) in 0..1 instead, to be seen through the same views as the canvas.
    `mask` (1, 1, H, W) in 0..1 says where the prompt counts; None is everywhere.
    """

    weight: float
    stop: float | None = None
    embeddings: tuple[Tensor, ...] = ()
    picture: Tensor | None = None
    mask: Tensor | None = None
    frame: Frame | None = None
    """About the mask."""


def crossed(pull: Pull, start: Target | None, end: Target | None) -> Target:
    """The target of a pull between those of its two prompts.

    What is between two texts is, for each perceptor, the embedding on the great circle between
    theirs. Raises ValueError when neither is given.
    """
    target = start or end
    if target is None:
        raise ValueError("there is nothing to pull towards")
    embeddings = target.embeddings
    if pull.is_blend and end is not None:
        pairs = zip(target.embeddings, end.embeddings, strict=True)
        embeddings = tuple(slerp(one, other, pull.share) for one, other in pairs)
    return replace(target, weight=pull.weight, stop=pull.stop, embeddings=embeddings)


def slerp(a: Tensor, b: Tensor, share: float) -> Tensor:
    """Between unit vectors along the great circle, at an even pace (Shoemake 1985): (1, D).

    Vectors that point almost the same way, or against each other, go straight.
    """
    angle = (a * b).sum(-1, keepdim=True).clamp(-1, 1).arccos()
    sine = angle.sin()
    curved = ((1 - share) * angle).sin() * a + (share * angle).sin() * b
    straight = (1 - share) * a + share * b
    return F.normalize(torch.where(sine > 1e-3, curved, straight), dim=-1)


def spherical_distance(a: Tensor, b: Tensor) -> Tensor:
    """Half the squared angle between unit vectors, over the last dimension: 0..pi^2/2.

    Crowson's form: with chord c = |a - b|, 2 asin(c / 2)^2.
    """
    return 2 * ((a - b).norm(dim=-1) / 2).clamp(max=1).arcsin().square()


def view_losses(
    seen: Sequence[Tensor],
    targets: Sequence[Target],
    aims: Sequence[Sequence[Tensor]],
    weights: Sequence[float] = (),
) -> Tensor:
    """Loss of every prompt in every view, (prompts, n), the mean over the perceptors.

    `weights` has one for each perceptor, above 0, of which the mean is weighed; empty, all count
    alike.

    `seen[p]` is (n, D) from perceptor p and `aims[k][p]` what prompt k wants there, (1 or n, D).
    A positive weight pulls towards its prompt, a negative one away; at `stop` the gradient ends
    while the figure goes on being shown.
    """
    rows = []
    for target, wanted in zip(targets, aims, strict=True):
        distances = torch.stack(
            [spherical_distance(a, b) for a, b in zip(seen, wanted, strict=True)]
        )
        signed = _mean(distances, weights) * (1 if target.weight >= 0 else -1)
        if target.stop is not None:
            signed = straight_through(signed, signed.clamp(min=target.stop))
        rows.append(abs(target.weight) * signed)
    return torch.stack(rows)


def _mean(distances: Tensor, weights: Sequence[float]) -> Tensor:
    """(perceptors, n) -> (n,)."""
    if not weights:
        return distances.mean(0)
    shares = _shares(tuple(weights), distances.dtype, distances.device)
    return (distances * shares).sum(0) / shares.sum()


@lru_cache(maxsize=8)
@torch.inference_mode(False)
def _shares(weights: tuple[float, ...], dtype: torch.dtype, device: torch.device) -> Tensor:
    """(perceptors, 1), copied to the device once and not in every iteration."""
    return torch.tensor(weights, dtype=dtype, device=device)[:, None]


def view_shares(
    targets: Sequence[Target], views: Views, device: torch.device | None = None
) -> Tensor:
    """How much each view counts for each prompt: (prompts, n), each row adding up to 1.

    `device` is where the masks lie.

    A masked prompt counts in a view by how much of the mask the view sees; a mask that no view
    sees counts nowhere.
    """
    even = torch.full((len(views),), 1 / len(views), device=device)
    shares = []
    for target in targets:
        if target.mask is None:
            shares.append(even)
        else:
            seen = coverage(target.mask, views)
            shares.append(seen / seen.sum().clamp(min=1e-6))
    return torch.stack(shares)


def aims_in(
    targets: Sequence[Target], perceptors: Sequence[Perceptor], views: Views
) -> list[list[Tensor]]:
    """What each prompt wants each perceptor to see in these views."""
    return [
        list(target.embeddings)
        if target.picture is None
        else [encode_views(perceptor, target.picture, views) for perceptor in perceptors]
        for target in targets
    ]


def encode_views(perceptor: Perceptor, picture: Tensor, views: Views) -> Tensor:
    """A picture (1, 3, H, W) in 0..1 as a perceptor sees it in each view, (n, D)."""
    return perceptor.encode_pictures(look(picture, views, perceptor.resolution))
