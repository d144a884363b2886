"""A judge's verdict on paintings: which of them is most like each prompt."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.engine.perceptor import Perceptor
from studio.training.clip_stage import looked_at

VIEWS = 12
"""Looks at each picture, all of them at about the whole of it."""


class Row(msgspec.Struct, frozen=True):
    """What the judge says of one prompt."""

    prompt: str
    rank: int
    """Place of the prompt's own painting among all, from 1."""
    similarity: float
    """Cosine of the prompt and its own painting."""
    first: str
    """The prompt whose painting is most like this one."""


class Verdict(msgspec.Struct, frozen=True):
    """What the judge says of all."""

    rows: tuple[Row, ...]
    first: int
    """Prompts whose own painting comes first."""
    pairs_right: int
    """Near misses of which each prompt's own painting is more like it than the other's."""
    pairs: int
    mean_reciprocal_rank: float


@torch.no_grad()
def similarities(
    judge: Perceptor, prompts: Sequence[str], pictures: Sequence[NDArray[np.uint8]]
) -> NDArray[np.float64]:
    """Cosines (prompts, pictures) of texts and pictures (H, W, 3), each the mean of VIEWS looks.

    The looks are the same for every picture, and at a square whatever its shape.
    """
    texts = torch.cat([judge.encode_text(prompt) for prompt in prompts])
    columns = [
        (texts @ judge.encode_pictures(_views(judge, each)).t()).mean(1) for each in pictures
    ]
    found: NDArray[np.float64] = torch.stack(columns, 1).double().numpy()
    return found


def _views(judge: Perceptor, picture: NDArray[np.uint8]) -> Tensor:
    """(H, W, 3) -> (VIEWS, 3, R, R) in 0..1."""
    whole = torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float() / 255
    dice = torch.Generator().manual_seed(VIEWS)

    def even(reach: float, *shape: int) -> Tensor:
        return (2 * torch.rand(VIEWS, *shape, generator=dice) - 1) * reach

    return looked_at(
        whole.expand(VIEWS, -1, -1, -1),
        0.97 + even(0.06),
        even(0.05),
        even(0.03, 2),
        judge.resolution,
    )


def verdict(
    found: NDArray[np.float64], prompts: Sequence[str], pairs: Sequence[tuple[int, int]]
) -> Verdict:
    """The verdict on similarities (prompts, pictures), where picture i is painted for prompt i.

    `pairs` are numbers of prompts that nearly say the same. What is as like as a prompt's own
    painting comes before it.
    """
    own = np.diagonal(found)
    ranks = (found >= own[:, None]).sum(1)
    best = np.where(ranks == 1, np.arange(len(found)), found.argmax(1))
    rows = tuple(
        Row(prompt, int(rank), float(mine), prompts[int(first)])
        for prompt, rank, mine, first in zip(prompts, ranks, own, best, strict=True)
    )
    right = [own[a] > found[a, b] and own[b] > found[b, a] for a, b in pairs]
    return Verdict(
        rows, int((ranks == 1).sum()), int(sum(right)), len(pairs), float((1 / ranks).mean())
    )
