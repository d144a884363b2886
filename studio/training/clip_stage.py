"""Training a small CLIP on scenes (contrastive loss of Radford et al. 2021, arXiv:2103.00020).

Guidance climbs the gradient of a CLIP, and that of an ordinarily trained small one points at noise.
Two remedies are used: adversarial training, which makes it point at things people see (Engstrom et
al. 2019, arXiv:1906.00945), and pictures painted by that very gradient, kept in a pool and shown as
wrong answers to their own captions (the replay buffer of Du and Mordatch 2019, arXiv:1903.08689).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from studio.engine.cutouts import spread
from studio.engine.perceptor import CLIPConfig, Perceptor
from studio.engine.views import CLOUD
from studio.training.pictures import Captioned
from studio.training.stage import Stage, cosine, set_rate

LARGEST_SCALE = float(np.log(60))
UNKNOWN_SHARE = 0.02
"""Tokens replaced by the row for unknown ones, so that it learns to say nothing."""
POOL = 512
"""Painted pictures that are kept from step to step."""
FRESH = 0.06
"""Share of the pool's pictures that are begun anew each time they are taken."""
STROKE = 2.5
"""L2 length of one change to a painted picture."""


@dataclass(frozen=True)
class CLIPPlan:
    """How a stage trains."""

    steps: int
    batch: int = 128
    rate: float = 1e-3
    attack: float = 0.0
    """Largest L2 length of the adversarial change to a picture with values in 0..1; 0 for none."""
    attack_steps: int = 1
    painted: int = 0
    """How many of a batch's captions also have a picture painted for them as a wrong answer."""
    reconstructed: float = 0.0
    """Share of pictures that are seen as the VQGAN reconstructs them, where there are such."""


class Batch(NamedTuple):
    """What one step of CLIP training learns from."""

    pictures: Tensor
    """(B, 3, S, S) in 0..1."""
    rows: Tensor
    """(B, L): token rows of the captions."""
    same: Tensor
    """(B,): a number for each distinct caption."""
    slots: Tensor
    """(painted,): places in the pool of the paintings for the first captions."""
    fresh: Tensor
    """(painted,): which of them begin anew."""
    scenes: Tensor
    """(painted,): the scenes they are paintings of."""
    chosen: Tensor
    """(B,): numbers of the pictures."""


class CLIPStage(Stage):
    """One stage of CLIP training; `perceptor` is what it trains."""

    pool: Tensor
    """(POOL, 3, R, R) in 0..1: pictures that the perceptor's gradient has painted."""
    pool_scenes: Tensor
    """(POOL,): the scene that each is a painting of; -1 before the first."""

    def __init__(
        self,
        perceptor: Perceptor,
        pictures: Captioned,
        plan: CLIPPlan,
        *,
        name: str,
        seed: int,
        reconstructed: Captioned | None = None,
    ) -> None:
        super().__init__(name=name, steps=plan.steps, seed=seed)
        self.perceptor, self.pictures, self.plan = perceptor, pictures, plan
        self.reconstructed = reconstructed
        side = perceptor.resolution
        kept = POOL if plan.painted else 0
        self.register_buffer("pool", torch.zeros(kept, 3, side, side, dtype=torch.float16))
        self.register_buffer("pool_scenes", torch.full((kept,), -1))

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """AdamW, with weight decay on matrices only."""
        matrices = [p for p in self.perceptor.parameters() if p.ndim > 1]
        rest = [p for p in self.perceptor.parameters() if p.ndim <= 1]
        groups = [
            {"params": matrices, "weight_decay": 0.05},
            {"params": rest, "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(groups, lr=self.plan.rate, betas=(0.9, 0.98))

    def batch(self, rng: np.random.Generator) -> Batch:
        """Pictures with captions; the first `plan.painted` are those of slots of the pool."""
        plan = self.plan
        chosen = rng.choice(len(self.pictures), plan.batch, replace=False)
        if self.reconstructed is not None:
            again = rng.random(len(chosen)) < plan.reconstructed
            chosen[again] = rng.choice(len(self.reconstructed), again.sum(), replace=False)
        slots = rng.choice(len(self.pool), plan.painted, replace=False)
        before = self.pool_scenes[slots].numpy()
        fresh = (before < 0) | (rng.random(len(slots)) < FRESH)
        chosen[: len(slots)] = np.where(fresh, chosen[: len(slots)], before)
        pixels = self.pictures.pixels[chosen]
        if self.reconstructed is not None:
            again &= chosen < len(self.reconstructed)
            pixels[again] = self.reconstructed.pixels[chosen[again]]
        captions = [self.pictures.caption(int(index), rng) for index in chosen]
        alike = {caption: number for number, caption in enumerate(captions)}
        return Batch(
            pictures=torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255,
            rows=torch.from_numpy(token_rows(self.perceptor, captions, rng)),
            same=torch.tensor([alike[caption] for caption in captions]),
            slots=torch.from_numpy(slots),
            fresh=torch.from_numpy(fresh),
            scenes=torch.from_numpy(chosen[: len(slots)]),
            chosen=torch.from_numpy(chosen),
        )

    def learn(self, batch: Batch, generator: torch.Generator) -> dict[str, Tensor]:
        """One step of the contrastive loss, on attacked and painted pictures if the plan says."""
        optimizer: Any = self.optimizers()
        set_rate(optimizer, self.plan.rate * cosine(self.step, self.steps))
        views = random_views(batch.pictures, self.perceptor.resolution, generator)
        texts = F.normalize(self.perceptor.clip.encode_text(batch.rows).float(), dim=-1)
        # as it will be when it guides, and without counting these pictures in batch statistics
        self.perceptor.eval()
        if self.plan.attack:
            views = self._attacked(views, texts.detach(), batch.same, generator)
        painted = self._painted(batch, texts.detach(), generator)
        self.perceptor.train()
        figures = self.judged(torch.cat((views, painted)), texts, batch)
        optimizer.zero_grad(set_to_none=True)
        self.manual_backward(figures["loss"])
        torch.nn.utils.clip_grad_norm_(self.perceptor.parameters(), 1.0)
        optimizer.step()
        with torch.no_grad():
            self.perceptor.clip.logit_scale.clamp_(max=LARGEST_SCALE)
        return {name: figure.detach() for name, figure in figures.items()}

    def judged(self, views: Tensor, texts: Tensor, batch: Batch) -> dict[str, Tensor]:
        """The loss, and other figures, of views for their texts and of wrong ones after them."""
        loss, hits = self._contrast(views, texts, batch.same)
        return {"loss": loss, "top1": hits}

    def _contrast(self, views: Tensor, texts: Tensor, same: Tensor) -> tuple[Tensor, Tensor]:
        """Symmetric cross entropy in which all pictures with the same caption are right.

        Views beyond the texts are wrong answers to every text.
        """
        seen = self.perceptor.encode_pictures(views)
        return contrast(self.perceptor.clip.logit_scale.exp() * seen @ texts.t(), same)

    def _attacked(
        self, views: Tensor, texts: Tensor, same: Tensor, generator: torch.Generator
    ) -> Tensor:
        """Views moved uphill on the loss in an L2 ball (Madry et al. 2018, arXiv:1706.06083)."""
        # rising over the first third, as an untrained network learns nothing from a full attack
        reach = self.plan.attack * min(1.0, 3 * (self.step + 1) / self.steps)
        radius = torch.rand(len(views), 1, 1, 1, generator=generator) * reach
        change = torch.randn(views.shape, generator=generator)
        change = scaled(change, radius / 2)
        for _ in range(self.plan.attack_steps):
            change.requires_grad_(True)
            loss, _hits = self._contrast(views + change, texts, same)
            (gradient,) = torch.autograd.grad(loss, change)
            change = change.detach() + scaled(gradient, radius)
            change = change * (radius / _length(change)).clamp(max=1)
        return (views + change).detach()

    def _painted(self, batch: Batch, texts: Tensor, generator: torch.Generator) -> Tensor:
        """Pictures of the pool, one stroke nearer to their captions; (plan.painted, 3, R, R)."""
        side = self.perceptor.resolution
        begun = clouds(len(batch.slots), side, generator)
        canvas = torch.where(
            batch.fresh[:, None, None, None], begun, self.pool[batch.slots].float()
        )
        if not len(canvas):
            return canvas
        canvas.requires_grad_(True)
        seen = self.perceptor.encode_pictures(random_views(canvas, side, generator))
        likeness = (seen * texts[: len(canvas)]).sum()
        (gradient,) = torch.autograd.grad(likeness, canvas)
        painted = (canvas.detach() + scaled(at_all_scales(gradient), torch.tensor(STROKE))).clamp(
            0, 1
        )
        self.pool[batch.slots] = painted.half()
        self.pool_scenes[batch.slots] = batch.scenes
        return random_views(painted, side, generator)


def random_views(pictures: Tensor, resolution: int, generator: torch.Generator) -> Tensor:
    """Each picture seen once, wholly or in part, a little turned, tinted and noisy.

    (B, 3, S, S) in 0..1 -> (B, 3, resolution, resolution). No flips: captions say left and right.
    """
    count = len(pictures)

    def uniform(low: float, high: float, *shape: int) -> Tensor:
        return torch.rand(count, *shape, generator=generator) * (high - low) + low

    whole = uniform(0, 1) < 0.5
    scale = torch.where(whole, uniform(0.9, 1.1), uniform(0.5, 1.0))
    angle = uniform(-0.25, 0.25) * uniform(0, 1)
    shift = uniform(-1, 1, 2) * torch.where(whole, 0.1, (1 - scale).clamp(min=0))[:, None]
    seen = looked_at(pictures, scale, angle, shift, resolution)
    soft = F.avg_pool2d(seen, 3, 1, 1, count_include_pad=False)
    seen = torch.where(uniform(0, 1, 1, 1, 1) < 0.2, soft, seen)
    seen = seen * uniform(0.9, 1.1, 1, 1, 1) + uniform(-0.05, 0.05, 1, 1, 1)
    noise = torch.randn(seen.shape, generator=generator) * uniform(0, 0.08, 1, 1, 1)
    out: Tensor = seen + noise
    return out


def looked_at(
    pictures: Tensor, scale: Tensor, angle: Tensor, shift: Tensor, resolution: int
) -> Tensor:
    """Each picture through a window of its own: (B, C, S, S) -> (B, C, resolution, resolution).

    `scale` (B,) is the window's side in sides of the picture, `angle` (B,) in radians, `shift`
    (B, 2) of its middle in half sides.
    """
    turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()], -1).view(-1, 2, 2)
    affine = torch.cat([turn * scale[:, None, None], shift[:, :, None]], 2)
    shape = [*pictures.shape[:2], 2 * resolution, 2 * resolution]
    grid = F.affine_grid(affine, shape, align_corners=False)
    seen = F.grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)
    # sampled at twice the resolution, so that shrinking does not alias
    return F.avg_pool2d(seen, 2)


def new_perceptor(kept_tokens: tuple[int, ...]) -> Perceptor:
    """The starter CLIP's architecture, untrained."""
    return Perceptor(
        CLIPConfig(
            embed_dim=192,
            image_resolution=64,
            vision_layers=(1, 2, 2, 1),
            vision_width=32,
            vision_patch_size=None,
            activation="gelu",
            transformer_width=128,
            transformer_layers=3,
            kept_tokens=kept_tokens,
        )
    )


def contrast(logits: Tensor, same: Tensor) -> tuple[Tensor, Tensor]:
    """Symmetric cross entropy in which all pictures with the same caption are right, and hits.

    `logits` are (pictures, texts); pictures beyond the texts are wrong answers to every text.
    """
    target = right_answers(same)
    texts = len(target)
    wrong = target.new_zeros(texts, len(logits) - texts)
    found = F.cross_entropy(logits.t(), torch.cat((target, wrong), dim=1))
    logits = logits[:texts]
    loss = (F.cross_entropy(logits, target) + found) / 2
    hits = (target > 0).float().gather(1, logits.argmax(1, keepdim=True)).mean()
    return loss, hits


def right_answers(same: Tensor) -> Tensor:
    """(B, B): for each caption's number, the share of right answers of each picture."""
    right = (same[:, None] == same[None]).float()
    return right / right.sum(1, keepdim=True)


def token_rows(
    perceptor: Perceptor, captions: Sequence[str], rng: np.random.Generator
) -> NDArray[np.int64]:
    """(B, L): token rows of captions, a few of them unknown."""
    rows = [perceptor.rows(caption) for caption in captions]
    table = np.zeros((len(rows), max(map(len, rows))), np.int64)
    for line, row in zip(table, rows, strict=True):
        line[: len(row)] = row
    inner = table[:, 1:-1]
    unknown = (rng.random(inner.shape) < UNKNOWN_SHARE) & (inner < max(map(max, rows)))
    inner[unknown] = 0
    return table


def clouds(count: int, side: int, generator: torch.Generator) -> Tensor:
    """Random soft colours, (count, 3, side, side) in 0..1."""
    return spread(torch.rand(count, 3, CLOUD, CLOUD, generator=generator), side)


def at_all_scales(gradient: Tensor) -> Tensor:
    """The gradient with every octave equally strong, as a VQGAN's decoder would hand it on."""
    side = gradient.shape[-1]
    scales = [2**k for k in range(2, side.bit_length())]
    octaves = [
        F.interpolate(F.interpolate(gradient, (s, s), mode="area"), (side, side), mode="bilinear")
        for s in scales
    ]
    return torch.stack([scaled(octave, torch.ones(())) for octave in octaves]).sum(0)


def _length(change: Tensor) -> Tensor:
    return change.flatten(1).norm(dim=1).clamp(min=1e-12)[:, None, None, None]


def scaled(change: Tensor, length: Tensor) -> Tensor:
    """Each change (B, ...) made as long as `length`, in L2."""
    return change / _length(change) * length
