"""Training a CLIP so that its gradient paints.

A painting climbs the gradient of CLIP, so that gradient is what is trained: at a picture that is
partly something else, the direction in which its spherical distance to the caption falls has to be
the direction back to the picture that the caption tells of. This is denoising score matching
(Vincent 2011, Neural Computation 23(7)) with the distance as the energy (Saremi et al. 2018,
arXiv:1805.08306); directions are compared instead of lengths, as Adam does not see lengths. What
pictures are corrupted with is what paintings begin with and pass through.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from clip.model import VisionTransformer
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.utils.fusion import fuse_conv_bn_eval

from studio.engine.guidance import spherical_distance
from studio.engine.painter import around
from studio.engine.perceptor import Perceptor
from studio.engine.vqgan import VQGAN
from studio.training.clip_stage import (
    LARGEST_SCALE,
    clouds,
    contrast,
    looked_at,
    right_answers,
    token_rows,
)
from studio.training.pictures import ScenePictures
from studio.training.stage import Stage, cosine, set_rate

KINDS = (0.4, 0.3, 0.15, 0.15)
"""Shares of decoded random codes, clouds of colour, other scenes and plain colours."""
POOLED = (2, 4, 8, 16)
"""Sides in pixels of the squares whose means are compared; single pixels guide nobody."""
PATCHY = 0.4
"""Share of pictures that are corrupted more in some places than in others."""
WHOLE = 0.7
"""Share of views that show the whole picture, about as many as while painting."""


@dataclass(frozen=True)
class DenoisePlan:
    """How the stage trains."""

    steps: int
    batch: int = 48
    rate: float = 1e-3
    contrast: float = 0.3
    """Weight of the contrastive loss, which keeps the words apart."""


class Corrupted(NamedTuple):
    """What one step learns from."""

    pictures: Tensor
    """(B, 3, S, S) in 0..1."""
    others: Tensor
    """(B, 3, S, S) in 0..1: what they are mixed with."""
    share: Tensor
    """(B, 1, S, S) in 0..1: how much of the other there is."""
    rows: Tensor
    """(B, L): token rows of the captions."""
    same: Tensor
    """(B,): a number for each distinct caption."""


class DenoisingStage(Stage):
    """Trains `perceptor`, whose normalizations are folded into its convolutions meanwhile."""

    def __init__(
        self,
        perceptor: Perceptor,
        pictures: ScenePictures,
        noise: NDArray[np.uint8],
        plan: DenoisePlan,
        *,
        name: str,
        seed: int,
    ) -> None:
        """`noise` are decoded random codes, (n, S, S, 3) like the pictures."""
        super().__init__(name=name, steps=plan.steps, seed=seed)
        self.perceptor, self.pictures, self.noise, self.plan = perceptor, pictures, noise, plan
        # twice as fast, and the gradient is that of the network as it will guide
        self._norms = fold_norms(perceptor)
        self.perceptor.requires_grad_(True)

    def finish(self) -> Perceptor:
        """The perceptor in the published layout again."""
        unfold_norms(self._norms)
        return self.perceptor

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """AdamW, with weight decay on matrices only."""
        matrices = [p for p in self.perceptor.parameters() if p.ndim > 1]
        rest = [p for p in self.perceptor.parameters() if p.ndim <= 1]
        groups = [
            {"params": matrices, "weight_decay": 0.02},
            {"params": rest, "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(groups, lr=self.plan.rate, betas=(0.9, 0.98))

    def batch(self, rng: np.random.Generator) -> Corrupted:
        """Pictures, what each is mixed with and how much, and captions."""
        count, side = self.plan.batch, self.pictures.pixels.shape[1]
        chosen = rng.choice(len(self.pictures), count, replace=False)
        captions = [self.pictures.caption(int(index), rng) for index in chosen]
        alike = {caption: number for number, caption in enumerate(captions)}
        # mostly far from the picture, as paintings are
        share = rng.beta(1.3, 0.8, (count, 1, 1, 1)).astype(np.float32)
        patches = _enlarged(rng.random((count, 1, 3, 3)), side).clamp(0, 1)
        patchy = torch.from_numpy(rng.random((count, 1, 1, 1)) < PATCHY)
        spread = (torch.from_numpy(share) + (patches - 0.5) / 2).clamp(0, 1)
        return Corrupted(
            pictures=_pixels(self.pictures.pixels[chosen]),
            others=self._others(count, side, rng),
            share=torch.where(patchy, spread, torch.from_numpy(share)),
            rows=torch.from_numpy(token_rows(self.perceptor, captions, rng)),
            same=torch.tensor([alike[caption] for caption in captions]),
        )

    def _others(self, count: int, side: int, rng: np.random.Generator) -> Tensor:
        kind = torch.from_numpy(rng.choice(len(KINDS), count, p=KINDS))[:, None, None, None]
        generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
        coarse = clouds(count, int(rng.integers(4, 17)) * 4, generator)
        made = _pixels(self.noise[rng.choice(len(self.noise), count)])
        scenes = _pixels(self.pictures.pixels[rng.choice(len(self.pictures), count)])
        plain = torch.from_numpy(rng.random((count, 3, 1, 1), np.float32)).expand(
            -1, -1, side, side
        )
        cloudy = F.interpolate(coarse, (side, side), mode="bilinear", align_corners=False)
        return torch.where(
            kind == 0, made, torch.where(kind == 1, cloudy, torch.where(kind == 2, scenes, plain))
        )

    def learn(self, batch: Corrupted, generator: torch.Generator) -> dict[str, Tensor]:
        """One step towards gradients that point from the corrupted pictures to the real ones."""
        optimizer: Any = self.optimizers()
        set_rate(optimizer, self.plan.rate * cosine(self.step, self.steps))
        mixed = batch.pictures.lerp(batch.others, batch.share)
        both = views_of(torch.cat((batch.pictures, mixed), 1), self.perceptor.resolution, generator)
        real, seen = both[:, :3], both[:, 3:]
        deviation = 0.05 * torch.rand(len(seen), 1, 1, 1, generator=generator)
        seen = (seen + deviation * torch.randn(seen.shape, generator=generator)).requires_grad_(
            True
        )
        self.perceptor.eval()
        with sdpa_kernel(SDPBackend.MATH):  # the fused attention has no second derivative
            texts = F.normalize(self.perceptor.clip.encode_text(batch.rows).float(), dim=-1)
            embedded = self.perceptor.encode_pictures(torch.cat((seen, real)))
            mine, clean = embedded.chunk(2)
            distance = spherical_distance(mine, texts)
            (uphill,) = torch.autograd.grad(distance.sum(), seen, create_graph=True)
            alike = pointing(-uphill.float(), (real - seen).detach())
            likely = (1 - batch.share.flatten(1).mean(1)).clamp(min=0)
            scale = self.perceptor.clip.logit_scale.exp()
            apart, hits = contrast(scale * clean @ texts.t(), batch.same)
            mixed_apart = F.cross_entropy(
                scale * mine @ texts.t(), right_answers(batch.same), reduction="none"
            )
            loss = (1 - alike) + self.plan.contrast * (apart + (mixed_apart * likely).mean())
            optimizer.zero_grad(set_to_none=True)
            self.manual_backward(loss)
        torch.nn.utils.clip_grad_norm_(self.perceptor.parameters(), 1.0)
        optimizer.step()
        with torch.no_grad():
            self.perceptor.clip.logit_scale.clamp_(max=LARGEST_SCALE)
        return {"alike": alike.detach(), "apart": apart.detach(), "top1": hits}


def pointing(direction: Tensor, wanted: Tensor) -> Tensor:
    """Mean cosine between directions of pictures (B, 3, R, R), over the scales POOLED: -1..1."""
    cosines = [
        F.cosine_similarity(
            F.avg_pool2d(direction, side).flatten(1), F.avg_pool2d(wanted, side).flatten(1)
        ).mean()
        for side in POOLED
        if side < direction.shape[-1]
    ]
    return torch.stack(cosines).mean()


def views_of(pictures: Tensor, resolution: int, generator: torch.Generator) -> Tensor:
    """Each picture seen once, wholly or in part, a little turned; no flips, captions say sides.

    (B, C, S, S) -> (B, C, resolution, resolution).
    """
    count = len(pictures)

    def even(low: float, high: float, *shape: int) -> Tensor:
        return torch.rand(count, *shape, generator=generator) * (high - low) + low

    whole = even(0, 1) < WHOLE
    scale = torch.where(whole, even(0.9, 1.05), even(0.5, 0.9))
    angle = even(-0.15, 0.15)
    shift = even(-1, 1, 2) * torch.where(whole, 0.06, (1 - scale).clamp(min=0))[:, None]
    return looked_at(pictures, scale, angle, shift, resolution)


@torch.no_grad()
def random_pictures(vqgan: VQGAN, count: int, side: int, seed: int) -> NDArray[np.uint8]:
    """Random codes as a VQGAN decodes them, smoothed more or less: (count, side, side, 3)."""
    generator = torch.Generator().manual_seed(seed)
    cells, made = side // vqgan.config.factor, []
    for first in range(0, count, 50):
        shape = (min(50, count - first), cells, cells)
        z = vqgan.vectors_of(torch.randint(vqgan.config.codes, shape, generator=generator))
        for _ in range(first // 50 % 6):
            z = z.lerp(around(z), 0.5)
        pictures = vqgan.decode(vqgan.quantized(z)[0]).clamp(-1, 1)
        made.append(((pictures + 1) * 127.5).to(torch.uint8).permute(0, 2, 3, 1).numpy())
    return np.concatenate(made)


Norms = list[tuple[nn.Module, str, str, nn.BatchNorm2d]]
"""Where each folded normalization was: its module, the names of convolution and norm, the norm."""


def fold_norms(perceptor: Perceptor) -> Norms:
    """Make the normalizations of a convolutional CLIP part of its convolutions.

    The network computes the same as it did with its norms in evaluation.
    """
    perceptor.eval()
    norms: Norms = []
    if isinstance(perceptor.clip.visual, VisionTransformer):
        return norms
    for module, convolution, norm in list(_normalized(perceptor.clip.visual)):
        folded = fuse_conv_bn_eval(getattr(module, convolution), getattr(module, norm))
        norms.append((module, convolution, norm, getattr(module, norm)))
        setattr(module, convolution, folded)
        setattr(module, norm, nn.Identity())
    return norms


@torch.no_grad()
def unfold_norms(norms: Norms) -> None:
    """Undo `fold_norms`, with norms that only add what the convolutions have learnt to add."""
    for module, convolution, name, norm in norms:
        folded = getattr(module, convolution)
        norm.weight.fill_(1)
        norm.bias.copy_(folded.bias)
        assert norm.running_mean is not None
        assert norm.running_var is not None
        norm.running_mean.zero_()
        norm.running_var.fill_(1 - norm.eps)
        folded.bias = None
        setattr(module, name, norm)
    norms.clear()


def _normalized(network: nn.Module) -> Iterator[tuple[nn.Module, str, str]]:
    for module in network.modules():
        for number in ("1", "2", "3"):
            if hasattr(module, f"conv{number}") and hasattr(module, f"bn{number}"):
                yield module, f"conv{number}", f"bn{number}"
        downsample = getattr(module, "downsample", None)
        if isinstance(downsample, nn.Sequential):
            yield downsample, "0", "1"


def _pixels(pixels: NDArray[np.uint8]) -> Tensor:
    return torch.from_numpy(np.array(pixels)).permute(0, 3, 1, 2).float() / 255


def _enlarged(coarse: NDArray[np.float64], side: int) -> Tensor:
    small = torch.from_numpy(coarse.astype(np.float32))
    return F.interpolate(small, (side, side), mode="bicubic", align_corners=False)
