"""Which codes of a codebook are in use, and what becomes of those that are not."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from studio.engine.vqgan import VQGAN
from studio.training import losses

IDLE = 100
"""Steps without use after which a code is dead."""


class CodeUse(nn.Module):
    """Counts the steps since each code was used; a checkpoint keeps the counts."""

    idle: Tensor
    """(codes,): steps since each code was last used or revived."""
    unused: Tensor
    """(codes,): steps since each code was last used; IDLE or more before the first time."""

    def __init__(self, codes: int) -> None:
        super().__init__()
        self.register_buffer("idle", torch.zeros(codes, dtype=torch.long))
        self.register_buffer("unused", torch.full((codes,), IDLE))

    @torch.no_grad()
    def count(self, codes: Tensor) -> dict[str, Tensor]:
        """Take in the codes of a step, of any shape; how many are in use, and how evenly."""
        for counted in (self.idle, self.unused):
            counted += 1
            counted[codes.flatten()] = 0
        return {
            "codes_used": (self.unused < IDLE).sum(),
            "perplexity": losses.perplexity(codes, len(self.idle)),
        }

    @torch.no_grad()
    def revive(self, vqgans: Sequence[VQGAN], latents: Tensor, generator: torch.Generator) -> None:
        """Move codes that nothing uses onto latents (n, embed_dim), the same in all VQGANs."""
        dead = (self.idle >= IDLE).nonzero().flatten()
        chosen = torch.randint(len(latents), (len(dead),), generator=generator).to(dead.device)
        for vqgan in vqgans:
            vqgan.quantize.vectors.data[dead] = latents[chosen]
        self.idle[dead] = 0
