"""Training a CLIP so that its gradient paints.

A painting climbs the gradient of CLIP, so that gradient is what is trained: at a picture that is
partly something else, the direction in which its spherical distance to the caption falls has to be
the direction back to the picture that the caption tells of. This is denoising score matching
(Vincent 2011, Neural Computation 23(7)) with the distance as the energy (Saremi et al. 2018,
arXiv:1805.08306); directions are compared instead of lengths, as Adam does not see lengths. What
pictures are corrupted with is what paintings begin with and pass through: noise of the VQGAN,
pictures with one thing wrong, and, in a pool, where this very gradient has led so far (the replay
buffer of Du and Mordatch 2019, arXiv:1903.08689).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from clip.model import CLIP, VisionTransformer
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.utils.fusion import fuse_conv_bn_eval
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from studio.core import tokens
from studio.engine.cutouts import points_of, recoloured
from studio.engine.guidance import spherical_distance
from studio.engine.painter import around
from studio.engine.perceptor import Perceptor, read
from studio.engine.recipes import STUDIO
from studio.engine.views import draw_views
from studio.engine.vqgan import VQGAN
from studio.training.clip_stage import (
    LARGEST_SCALE,
    at_all_scales,
    clouds,
    contrast,
    right_answers,
    scaled,
    token_rows,
)
from studio.training.near_misses import missed, spoilt, tells_sides
from studio.training.pictures import Captioned
from studio.training.stage import Stage, cosine, set_rate

KINDS = (0.3, 0.25, 0.1, 0.1, 0.25)
"""Shares of decoded random codes, clouds of colour, other scenes, plain colours and near misses."""
POOLED = (2, 4, 8, 16)
"""Sides in pixels of the squares whose means are compared; single pixels guide nobody."""
PATCHY = 0.4
"""Share of pictures that are corrupted more in some places than in others."""
POOL = 192
"""Paintings under way that are kept from step to step."""
FRESH = 0.08
"""Share of the pool's paintings that are begun anew each time they are taken."""
STROKES = (1.0, 4.0)
"""L2 length of one change to a painting: it begins and ends within these."""
EMA = 0.997
"""Decay of the moving average of the weights, which is what a stage makes."""


@dataclass(frozen=True)
class DenoisePlan:
    """How the stage trains."""

    steps: int
    batch: int = 48
    rate: float = 6e-4
    pooled: int = 12
    """How many of a batch, at most all of it, are paintings of the pool."""
    contrast: float = 0.3
    """Weight of the contrastive loss, which keeps the words apart."""


class Corrupted(NamedTuple):
    """What one step learns from. The first `plan.pooled` go on with paintings of the pool, but for
    those that begin anew."""

    pictures: Tensor
    """(B, 3, S, S) in 0..1."""
    others: Tensor
    """(B, 3, S, S) in 0..1: what they are mixed with."""
    share: Tensor
    """(B, 1, S, S) in 0..1: how much of the other there is."""
    rows: Tensor
    """(B, CONTEXT): token rows of the captions, zeros after their ends."""
    wrong: Tensor
    """(B, CONTEXT): token rows of the captions with a word changed; zeros where none can be."""
    slots: Tensor
    """(pooled,): places in the pool."""
    fresh: Tensor
    """(pooled,): which of them begin anew."""


class DenoisingStage(Stage):
    """Trains `perceptor`, whose normalizations are folded into its convolutions meanwhile."""

    pool: Tensor
    """(POOL, 2, 3, R, R) in 0..1: pictures as a view shows them, and paintings on the way there."""
    pool_rows: Tensor
    """(POOL, 2, CONTEXT): rows of their captions and of wrong ones; zeros before the first."""

    def __init__(
        self,
        perceptor: Perceptor,
        pictures: Captioned,
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
        self.average = AveragedModel(perceptor, multi_avg_fn=get_ema_multi_avg_fn(EMA))
        kept, side = POOL if plan.pooled else 0, perceptor.resolution
        self.register_buffer("pool", torch.zeros(kept, 2, 3, side, side, dtype=torch.float16))
        self.register_buffer("pool_rows", torch.zeros(kept, 2, tokens.CONTEXT, dtype=torch.int64))

    def finish(self) -> Perceptor:
        """The averaged perceptor, in the published layout again."""
        self.perceptor.load_state_dict(self.average.module.state_dict())
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
        misses = [missed(caption, rng) for caption in captions]
        rows = self._rows([*captions, *(miss or "" for miss in misses)], rng)
        wrong = rows[count:] * torch.tensor([miss is not None for miss in misses])[:, None]
        pictures = _pixels(self.pictures.pixels[chosen])
        taken = min(self.plan.pooled, count)
        slots = torch.from_numpy(rng.choice(len(self.pool), taken, replace=False))
        begun = torch.from_numpy(rng.random(len(slots)) < FRESH)
        # mostly far from the picture, as paintings are
        share = rng.beta(1.3, 0.8, (count, 1, 1, 1)).astype(np.float32)
        patches = _enlarged(rng.random((count, 1, 3, 3)), side).clamp(0, 1)
        patchy = torch.from_numpy(rng.random((count, 1, 1, 1)) < PATCHY)
        spread = (torch.from_numpy(share) + (patches - 0.5) / 2).clamp(0, 1)
        return Corrupted(
            pictures=pictures,
            others=self._others(pictures, [tells_sides(caption) for caption in captions], rng),
            share=torch.where(patchy, spread, torch.from_numpy(share)),
            rows=rows[:count],
            wrong=wrong,
            slots=slots,
            fresh=begun | (self.pool_rows[slots, 0] == 0).all(1).cpu(),
        )

    def _rows(self, captions: list[str], rng: np.random.Generator) -> Tensor:
        rows = torch.from_numpy(token_rows(self.perceptor, captions, rng))
        return F.pad(rows, (0, tokens.CONTEXT - rows.shape[1]))

    def _others(self, pictures: Tensor, sided: list[bool], rng: np.random.Generator) -> Tensor:
        count, side = len(pictures), pictures.shape[-1]
        kind = torch.from_numpy(rng.choice(len(KINDS), count, p=KINDS))[:, None, None, None]
        generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
        coarse = clouds(count, int(rng.integers(4, 17)) * 4, generator)
        made = _pixels(self.noise[rng.choice(len(self.noise), count)])
        scenes = _pixels(self.pictures.pixels[rng.choice(len(self.pictures), count)])
        plain = torch.from_numpy(rng.random((count, 3, 1, 1), np.float32)).expand(
            -1, -1, side, side
        )
        cloudy = F.interpolate(coarse, (side, side), mode="bilinear", align_corners=False)
        misses = spoilt(pictures, torch.tensor(sided), rng)
        others = made
        for number, other in enumerate((cloudy, scenes, plain, misses), start=1):
            others = torch.where(kind == number, other, others)
        return others

    def learn(self, batch: Corrupted, generator: torch.Generator) -> dict[str, Tensor]:
        """One step towards gradients that point from the corrupted pictures to the real ones."""
        optimizer: Any = self.optimizers()
        set_rate(optimizer, self.plan.rate * cosine(self.step, self.steps))
        real, canvas, rows, wrong, gone = self._begun(batch, generator)
        deviation = 0.05 * torch.rand(len(canvas), 1, 1, 1, generator=generator)
        seen = canvas + deviation * torch.randn(canvas.shape, generator=generator)
        seen.requires_grad_(True)
        self.perceptor.eval()
        scale = self.perceptor.clip.logit_scale.exp()
        same = torch.unique(rows, dim=0, return_inverse=True)[1]
        with sdpa_kernel(SDPBackend.MATH):  # the fused attention has no second derivative
            both = encoded(self.perceptor.clip, torch.cat((rows, wrong)))
            texts, wrong_texts = F.normalize(both.float(), dim=-1).chunk(2)
            embedded = self.perceptor.encode_pictures(torch.cat((seen, real)))
            mine, clean = embedded.chunk(2)
            distance = spherical_distance(mine, texts)
            (uphill,) = torch.autograd.grad(distance.sum(), seen, create_graph=True)
            alike = pointing(-uphill.float(), (real - seen).detach())
            logits = scale * clean @ texts.t()
            apart, hits = contrast(logits, same)
            told = (wrong != 0).any(1)
            off = scale * (clean * (wrong_texts - texts)).sum(1)[told]
            mixed_apart = F.cross_entropy(
                scale * mine @ texts.t(), right_answers(same), reduction="none"
            )
            apart = apart + F.softplus(off).mean() + (mixed_apart * (1 - gone)).mean()
            loss = (1 - alike) + self.plan.contrast * apart
            optimizer.zero_grad(set_to_none=True)
            self.manual_backward(loss)
        torch.nn.utils.clip_grad_norm_(self.perceptor.parameters(), 1.0)
        optimizer.step()
        with torch.no_grad():
            self.perceptor.clip.logit_scale.clamp_(max=LARGEST_SCALE)
            self._paint(batch, real, canvas, uphill, torch.stack((rows, wrong), 1), generator)
        self.average.update_parameters(self.perceptor)
        return {
            "alike": alike.detach(),
            "apart": apart.detach(),
            "top1": hits,
            "told": (off < 0).float().mean(),
        }

    def _begun(
        self, batch: Corrupted, generator: torch.Generator
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Pictures and corrupted ones as views show them, both rows, and how much is gone (B,)."""
        mixed = batch.pictures.lerp(batch.others, batch.share)
        real, canvas = views_of((batch.pictures, mixed), self.perceptor.resolution, generator)
        rows, wrong, gone = batch.rows, batch.wrong, batch.share.flatten(1).mean(1).clamp(max=1)
        kept = torch.zeros(len(real), dtype=torch.bool, device=real.device)
        kept[: len(batch.fresh)] = ~batch.fresh
        pooled, pooled_rows = self.pool[batch.slots].float(), self.pool_rows[batch.slots]
        went_on = kept[: len(batch.fresh)]
        for place, of_pool in ((real, pooled[:, 0]), (canvas, pooled[:, 1])):
            place[kept] = of_pool[went_on]
        rows, wrong = rows.clone(), wrong.clone()
        rows[kept], wrong[kept] = pooled_rows[went_on, 0], pooled_rows[went_on, 1]
        return real, canvas, rows, wrong, gone.masked_fill(kept, 0.5)

    def _paint(
        self,
        batch: Corrupted,
        real: Tensor,
        canvas: Tensor,
        uphill: Tensor,
        rows: Tensor,
        generator: torch.Generator,
    ) -> None:
        """Put the pool's pictures back, their paintings one stroke further down the gradient."""
        count = len(batch.slots)
        if not count:
            return
        low, high = STROKES
        length = low + (high - low) * torch.rand(count, 1, 1, 1, generator=generator)
        stroke = scaled(at_all_scales(uphill[:count].detach().float()), length)
        painted = (canvas[:count] - stroke).clamp(0, 1)
        self.pool[batch.slots] = torch.stack((real[:count], painted), 1).half()
        self.pool_rows[batch.slots] = rows[:count]


def encoded(clip: CLIP, rows: Tensor) -> Tensor:
    """What `clip.encode_text` makes of rows (B, CONTEXT), without the places after the last end."""
    return read(clip, rows[:, : int(rows.argmax(-1).max()) + 1])


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


def views_of(
    pictures: tuple[Tensor, ...], resolution: int, generator: torch.Generator
) -> list[Tensor]:
    """Pictures, each seen once as a cutout of a painting would.

    (B, 3, S, S) each -> (B, 3, resolution, resolution) each, the same view of all that stand at one
    place.
    """
    count, _, height, width = pictures[0].shape
    recipe = replace(STUDIO, noise=(0.0, 0.0))
    views = draw_views(count, (width, height), resolution, recipe, generator)
    order = torch.randperm(count, generator=generator)  # views of one framing stand together
    points = points_of(views.homography[order].to(pictures[0].device), 2 * resolution)
    # sampled at twice the resolution, so that shrinking does not alias; in full precision
    with torch.autocast(points.device.type, enabled=False):
        return [
            recoloured(
                F.avg_pool2d(
                    F.grid_sample(each, points, padding_mode="reflection", align_corners=False), 2
                ),
                views.colour[order],
            )
            for each in pictures
        ]


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
