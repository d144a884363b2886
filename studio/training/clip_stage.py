"""Training a small CLIP on scenes (contrastive loss of Radford et al. 2021, arXiv:2103.00020).

Guidance climbs the gradient of a CLIP, and that of an ordinarily trained small one points at noise.
Adversarial training makes it point at things people see (Engstrom et al. 2019, arXiv:1906.00945),
so the later stages use it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from studio.engine.perceptor import CLIPConfig, Perceptor
from studio.training.pictures import ScenePictures
from studio.training.stage import Stage, cosine, set_rate

LARGEST_SCALE = float(np.log(60))
UNKNOWN_SHARE = 0.02
"""Tokens replaced by the row for unknown ones, so that it learns to say nothing."""


@dataclass(frozen=True)
class CLIPPlan:
    """How a stage trains."""

    steps: int
    batch: int = 128
    rate: float = 1e-3
    attack: float = 0.0
    """Largest L2 length of the adversarial change to a picture with values in 0..1; 0 for none."""
    attack_steps: int = 2
    reconstructed: float = 0.0
    """Share of pictures that are seen as the VQGAN reconstructs them, where there are such."""


class CLIPStage(Stage):
    """One stage of CLIP training; `perceptor` is what it trains."""

    def __init__(
        self,
        perceptor: Perceptor,
        pictures: ScenePictures,
        plan: CLIPPlan,
        *,
        name: str,
        seed: int,
        reconstructed: ScenePictures | None = None,
    ) -> None:
        super().__init__(name=name, steps=plan.steps, seed=seed)
        self.perceptor, self.pictures, self.plan = perceptor, pictures, plan
        self.reconstructed = reconstructed

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """AdamW, with weight decay on matrices only."""
        matrices = [p for p in self.perceptor.parameters() if p.ndim > 1]
        rest = [p for p in self.perceptor.parameters() if p.ndim <= 1]
        groups = [
            {"params": matrices, "weight_decay": 0.05},
            {"params": rest, "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(groups, lr=self.plan.rate, betas=(0.9, 0.98))

    def batch(self, rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Pictures (B, 3, S, S) in 0..1, token rows (B, L), and a number per distinct caption."""
        chosen = np.sort(rng.choice(len(self.pictures), self.plan.batch, replace=False))
        pixels = self.pictures.pixels[chosen]
        if self.reconstructed is not None:
            again = (rng.random(len(chosen)) < self.plan.reconstructed).nonzero()[0]
            chosen[again] = np.sort(rng.choice(len(self.reconstructed), len(again), replace=False))
            pixels[again] = self.reconstructed.pixels[chosen[again]]
        captions = [self.pictures.caption(int(index), rng) for index in chosen]
        rows = [self.perceptor.rows(caption) for caption in captions]
        table = np.zeros((len(rows), max(map(len, rows))), np.int64)
        for line, row in zip(table, rows, strict=True):
            line[: len(row)] = row
        inner = table[:, 1:-1]
        unknown = (rng.random(inner.shape) < UNKNOWN_SHARE) & (inner < max(map(max, rows)))
        inner[unknown] = 0
        alike = {caption: number for number, caption in enumerate(captions)}
        same = torch.tensor([alike[caption] for caption in captions])
        pictures = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255
        return pictures, torch.from_numpy(table), same

    def learn(self, batch: Any, generator: torch.Generator) -> dict[str, Tensor]:
        """One step of the contrastive loss, on attacked pictures if the plan says so."""
        pictures, rows, same = batch
        optimizer: Any = self.optimizers()
        set_rate(optimizer, self.plan.rate * cosine(self.step, self.steps))
        views = random_views(pictures, self.perceptor.resolution, generator)
        texts = F.normalize(self.perceptor.clip.encode_text(rows).float(), dim=-1)
        if self.plan.attack:
            views = self._attacked(views, texts.detach(), same, generator)
        loss, hits = self._contrast(views, texts, same)
        optimizer.zero_grad(set_to_none=True)
        self.manual_backward(loss)
        torch.nn.utils.clip_grad_norm_(self.perceptor.parameters(), 1.0)
        optimizer.step()
        with torch.no_grad():
            self.perceptor.clip.logit_scale.clamp_(max=LARGEST_SCALE)
        return {"loss": loss.detach(), "top1": hits}

    def _contrast(self, views: Tensor, texts: Tensor, same: Tensor) -> tuple[Tensor, Tensor]:
        """Symmetric cross entropy in which all pictures with the same caption are right."""
        seen = self.perceptor.encode_pictures(views)
        logits = self.perceptor.clip.logit_scale.exp() * seen @ texts.t()
        right = (same[:, None] == same[None]).float()
        target = right / right.sum(1, keepdim=True)
        loss = (F.cross_entropy(logits, target) + F.cross_entropy(logits.t(), target)) / 2
        hits = right.gather(1, logits.argmax(1, keepdim=True)).mean()
        return loss, hits

    def _attacked(
        self, views: Tensor, texts: Tensor, same: Tensor, generator: torch.Generator
    ) -> Tensor:
        """Views moved uphill on the loss in an L2 ball (Madry et al. 2018, arXiv:1706.06083)."""
        radius = torch.rand(len(views), 1, 1, 1, generator=generator) * self.plan.attack
        change = torch.randn(views.shape, generator=generator)
        change = _scaled(change, radius / 2)
        for _ in range(self.plan.attack_steps):
            change.requires_grad_(True)
            loss, _hits = self._contrast(views + change, texts, same)
            (gradient,) = torch.autograd.grad(loss, change)
            change = change.detach() + _scaled(gradient, radius)
            change = change * (radius / _length(change)).clamp(max=1)
        return (views + change).detach()


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
    turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()], -1).view(-1, 2, 2)
    shift = uniform(-1, 1, 2) * torch.where(whole, 0.1, (1 - scale).clamp(min=0))[:, None]
    affine = torch.cat([turn * scale[:, None, None], shift[:, :, None]], 2)
    grid = F.affine_grid(affine, [count, 3, 2 * resolution, 2 * resolution], align_corners=False)
    seen = F.grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)
    # sampled at twice the resolution, so that shrinking does not alias
    seen = F.avg_pool2d(seen, 2)
    soft = F.avg_pool2d(seen, 3, 1, 1, count_include_pad=False)
    seen = torch.where(uniform(0, 1, 1, 1, 1) < 0.2, soft, seen)
    seen = seen * uniform(0.9, 1.1, 1, 1, 1) + uniform(-0.05, 0.05, 1, 1, 1)
    noise = torch.randn(seen.shape, generator=generator) * uniform(0, 0.08, 1, 1, 1)
    out: Tensor = seen + noise
    return out


def new_perceptor(kept_tokens: tuple[int, ...]) -> Perceptor:
    """The starter CLIP's architecture, untrained."""
    return Perceptor(
        CLIPConfig(
            embed_dim=192,
            image_resolution=64,
            vision_layers=5,
            vision_width=192,
            vision_patch_size=8,
            transformer_width=128,
            transformer_layers=3,
            kept_tokens=kept_tokens,
        )
    )


def _length(change: Tensor) -> Tensor:
    return change.flatten(1).norm(dim=1).clamp(min=1e-12)[:, None, None, None]


def _scaled(change: Tensor, length: Tensor) -> Tensor:
    return change / _length(change) * length
