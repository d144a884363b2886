"""How a VQGAN is trained on a person's own pictures, and what one step of it learns from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor

from studio.engine.vqgan import VQGAN
from studio.errors import RequestError
from studio.training.order import Change, Part, Precision, Weights


@dataclass(frozen=True)
class TuningPlan:
    """How a VQGAN is trained; numbers are steps."""

    steps: int
    side: int
    batch: int
    accumulate: int
    rate: float
    gan_from: int
    warm_up: int = 0
    """Steps without a codebook, before one is made; 0 keeps the one that is there."""
    part: Part = "whole"
    weights: Weights = field(default_factory=Weights)
    changes: tuple[Change, ...] = ()
    precision: Precision = "auto"
    devices: int = 1
    """Each learns from batches of its own, and all take the same step."""


class Lesson(NamedTuple):
    """What one step learns from: A batches whose gradients are added up."""

    pictures: Tensor
    """(A, B, 3, side, side) in -1..1."""
    pages: Tensor
    """(A, B): the pages of the album that they are from."""


class Seen(NamedTuple):
    """Pictures after one pass through the VQGAN."""

    made: Tensor
    z: Tensor
    vectors: Tensor
    codes: Tensor | None
    """None while there is no codebook."""

    def apart(self) -> Seen:
        """The same without the gradient's memory."""
        return Seen(self.made.detach(), self.z.detach(), self.vectors.detach(), self.codes)


def parts_of(vqgan: VQGAN, part: Part) -> list[torch.nn.Parameter]:
    """The parameters of a part. Raises RequestError for a VQGAN of which it cannot be trained."""
    if part != "decoder" and vqgan.config.kind == "gumbel":
        raise RequestError(
            "This VQGAN chooses its codes by a Gumbel softmax, of which only the decoder can be "
            "trained here; add --part decoder."
        )
    if part == "whole":
        return list(vqgan.parameters())
    if part == "codebook":
        return list(vqgan.quantize.parameters())
    return [*vqgan.post_quant_conv.parameters(), *vqgan.decoder.parameters()]
