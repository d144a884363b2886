"""Training the judge: a small CLIP that the starter models never meet, to tell paintings by.

It sees scenes of other seeds, reads captions of its own (`judge_words.py`), and is another network
than the starter's CLIP. For every caption it is also given a near miss, the same words with one
thing changed, as one more wrong answer (hard negatives, Yuksekgonul et al. 2023, arXiv:2210.01936).
It learns from pictures worn by a VQGAN, blur, noise and tint, as paintings are no clean scenes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from studio.engine.perceptor import CLIPConfig, Perceptor
from studio.engine.vqgan import VQGAN
from studio.engine.weights import load_vqgan, save
from studio.log import log
from studio.training import scenes
from studio.training.clip_stage import LARGEST_SCALE, clouds, right_answers, token_rows
from studio.training.judge_words import caption, near_miss
from studio.training.pictures import parts, render
from studio.training.stage import Stage, cosine, fit, set_rate
from studio.training.vocabulary import kept_tokens

SIDE = 128
"""Pixels along a side of the scenes."""
STRAY = 0.35
"""Largest share of a worn picture's codes that are random."""
BINDING = {
    "shape": 1,
    "two shapes": 3,
    "two things": 3,
    "several shapes": 1,
    "several things": 1,
    "house": 2,
    "flower": 1,
    "cat, dog or owl": 1,
    "plain colour": 1,
}
"""Families whose captions say what has which colour, lies where or is how many, and how often each
is drawn for the share of a batch that is theirs."""
SWAPPED = 0.5
"""Share of near misses that change colours or places and nothing else, wherever there are such."""
ASKED = 128
"""Captions that one is told from, when accuracy is measured."""


@dataclass(frozen=True)
class JudgeRecipe:
    """The numbers of a training; the defaults made the judge in tests/judge."""

    seed: int = 1000
    unseen_seed: int = 2000
    scenes: int = 50_000
    unseen: int = 2_000
    worn: int = 1_500
    """Scenes that it also sees as a VQGAN gives them back, some of the codes astray."""
    worn_share: float = 0.15
    captions: int = 40_000
    """Captions read to find the words that occur."""
    steps: int = 2_400
    batch: int = 128
    binding: float = 0.4
    """Share of a batch that is of the families BINDING, besides those drawn with all others."""
    near_misses: int = 80
    """Of a batch; they cost time, as every caption does."""
    rate: float = 1.2e-3


class Accuracy(msgspec.Struct, frozen=True):
    """What a judge knows of scenes that it has not seen."""

    first: float
    """Share of pictures whose own caption comes first among ASKED."""
    near: float
    """Share of near misses that are less like their picture than the caption is."""
    pictures: int
    near_misses: int


class Lesson(NamedTuple):
    """What one step learns from."""

    pictures: Tensor
    """(B, 3, S, S) in 0..1."""
    rows: Tensor
    """(B + N, L): token rows of the captions, then of near misses."""
    same: Tensor
    """(B,): a number for each distinct caption."""


class JudgeStage(Stage):
    """The training of `perceptor`."""

    free = True

    def __init__(
        self,
        perceptor: Perceptor,
        pixels: NDArray[np.uint8],
        worn: NDArray[np.uint8],
        binding: NDArray[np.int64],
        recipe: JudgeRecipe,
    ) -> None:
        """`pixels` are scenes 0.. of the recipe's seed, `worn` the first of them again.

        `binding` are numbers of scenes of the families BINDING.
        """
        super().__init__(name="judge", steps=recipe.steps, seed=recipe.seed)
        self.binding = binding
        self.perceptor, self.pixels, self.worn, self.recipe = perceptor, pixels, worn, recipe
        # a third less time in its convolutions on a CPU (measured)
        perceptor.clip.visual.to(memory_format=torch.channels_last)

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """AdamW."""
        return torch.optim.AdamW(
            self.perceptor.parameters(), lr=self.recipe.rate, betas=(0.9, 0.98), weight_decay=0.05
        )

    def batch(self, rng: np.random.Generator) -> Lesson:
        """Scenes, some of them worn, their captions and near misses."""
        recipe = self.recipe
        chosen = rng.choice(len(self.pixels), recipe.batch, replace=False)
        is_binding = rng.random(recipe.batch) < recipe.binding
        chosen[is_binding] = rng.choice(self.binding, is_binding.sum())
        is_worn = rng.random(recipe.batch) < recipe.worn_share
        chosen[is_worn] = rng.choice(len(self.worn), is_worn.sum(), replace=False)
        pixels = self.pixels[chosen]
        pixels[is_worn] = self.worn[chosen[is_worn]]
        pairs = [_pair(recipe.seed, int(index), rng) for index in chosen]
        told = [text for text, _ in pairs]
        alike = {text: number for number, text in enumerate(told)}
        missed = [text for _, text in pairs if text is not None and text not in alike]
        wrong = missed[: recipe.near_misses]
        return Lesson(
            torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255,
            torch.from_numpy(token_rows(self.perceptor, [*told, *wrong], rng)),
            torch.tensor([alike[text] for text in told]),
        )

    def learn(self, batch: Lesson, generator: torch.Generator) -> dict[str, Tensor]:
        """One step of the contrastive loss; near misses are wrong answers of every picture."""
        optimizer: Any = self.optimizers()
        set_rate(optimizer, self.recipe.rate * cosine(self.step, self.steps))
        views = worn_views(batch.pictures, self.perceptor.resolution, generator)
        seen = self.perceptor.encode_pictures(views.to(memory_format=torch.channels_last))
        texts = F.normalize(self.perceptor.clip.encode_text(batch.rows).float(), dim=-1)
        logits = self.perceptor.clip.logit_scale.exp() * seen @ texts.t()
        right, count = right_answers(batch.same), len(seen)
        wrong = right.new_zeros(count, logits.shape[1] - count)
        by_picture = F.cross_entropy(logits, torch.cat((right, wrong), 1))
        loss = (by_picture + F.cross_entropy(logits[:, :count].t(), right)) / 2
        optimizer.zero_grad(set_to_none=True)
        self.manual_backward(loss)
        torch.nn.utils.clip_grad_norm_(self.perceptor.parameters(), 1.0)
        optimizer.step()
        with torch.no_grad():
            self.perceptor.clip.logit_scale.clamp_(max=LARGEST_SCALE)
        hits = right.gather(1, logits[:, :count].argmax(1, keepdim=True)) > 0
        return {"loss": loss.detach(), "top1": hits.float().mean()}


class Judge:
    """One training in one folder; what was interrupted goes on where it stopped."""

    def __init__(self, folder: Path, recipe: JudgeRecipe, *, accelerator: str = "cpu") -> None:
        self.folder, self.recipe, self.accelerator = folder, recipe, accelerator

    @property
    def weights(self) -> Path:
        """Where the judge will lie."""
        return self.folder / "clip.safetensors"

    def run(
        self, vqgan: Path, told: Callable[[int, dict[str, float]], None] | None = None
    ) -> Accuracy:
        """Train it on scenes, some of them as the VQGAN of these weights gives them back."""
        recipe, folder = self.recipe, self.folder / "scenes"
        unseen = render(folder, seed=recipe.unseen_seed, count=recipe.unseen, size=SIDE)
        pixels = render(folder, seed=recipe.seed, count=recipe.scenes, size=SIDE).pixels
        perceptor = new_judge(kept_tokens(self.folder / "tokens.json", self._words))
        worn_ones = self._worn(vqgan, pixels)
        stage = JudgeStage(perceptor, pixels, worn_ones, self._binding(), recipe)
        fit(stage, self.folder, accelerator=self.accelerator, told=told)
        save(self.weights, perceptor)
        return accuracy(perceptor.cpu().eval(), unseen.pixels, recipe.unseen_seed)

    def _worn(self, weights: Path, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        path = self.folder / "scenes" / "worn.npy"
        if not path.exists():
            vqgan, generator = load_vqgan(weights), torch.Generator().manual_seed(self.recipe.seed)
            log.info("wearing %d scenes", self.recipe.worn)
            made = [worn(vqgan, part, generator) for part in parts(pixels[: self.recipe.worn])]
            np.save(path, np.concatenate(made))
        pictures: NDArray[np.uint8] = np.load(path, mmap_mode="r")
        return pictures

    def _binding(self) -> NDArray[np.int64]:
        families = [scenes.describe(self.recipe.seed, k).family for k in range(self.recipe.scenes)]
        often = [BINDING.get(family, 0) for family in families]
        return np.repeat(np.arange(len(often)), often)

    def _words(self) -> Iterator[str]:
        rng = np.random.default_rng((self.recipe.seed, 0))
        for index in range(self.recipe.captions):
            yield from filter(None, _pair(self.recipe.seed, index, rng))


def new_judge(kept_tokens: tuple[int, ...]) -> Perceptor:
    """The judge's architecture, untrained: of other depths than the starter's."""
    return Perceptor(
        CLIPConfig(
            embed_dim=128,
            image_resolution=64,
            vision_layers=(1, 2, 3, 1),
            vision_width=32,
            vision_patch_size=None,
            transformer_width=128,
            transformer_layers=3,
            kept_tokens=kept_tokens,
        )
    )


def _pair(seed: int, index: int, rng: np.random.Generator) -> tuple[str, str | None]:
    wordings = scenes.describe(seed, index)
    text = caption(wordings, scenes.facts(seed, index), rng)
    swapped = bool(rng.random() < SWAPPED)
    return text, near_miss(text, wordings.family, rng, swapped=swapped)


@torch.no_grad()
def worn(vqgan: VQGAN, pixels: NDArray[np.uint8], generator: torch.Generator) -> NDArray[np.uint8]:
    """Pictures as a VQGAN gives them back when up to STRAY of the codes are random ones.

    (n, H, W, 3) uint8 -> the same.
    """
    pictures = torch.from_numpy(np.array(pixels)).permute(0, 3, 1, 2).float() / 127.5 - 1
    codes = vqgan.nearest_codes(vqgan.encode(pictures))
    others = torch.randint(vqgan.config.codes, codes.shape, generator=generator)
    share = torch.rand(len(codes), 1, 1, generator=generator) * STRAY
    astray = torch.rand(codes.shape, generator=generator) < share
    made = vqgan.decode(vqgan.vectors_of(torch.where(astray, others, codes)))
    return ((made.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 3, 1).numpy()


def worn_views(pictures: Tensor, resolution: int, generator: torch.Generator) -> Tensor:
    """Each picture about whole, blurred, stained, tinted and noisy, more or less.

    (B, 3, S, S) in 0..1 -> (B, 3, resolution, resolution). No flips: captions say left and right.
    """
    count = len(pictures)

    def uniform(low: float, high: float, *shape: int) -> Tensor:
        return torch.rand(count, *shape, generator=generator) * (high - low) + low

    scale, angle, shift = uniform(0.8, 1.1), uniform(-0.12, 0.12), uniform(-0.08, 0.08, 2)
    turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()], -1).view(-1, 2, 2)
    affine = torch.cat([turn * scale[:, None, None], shift[:, :, None]], 2)
    small = F.interpolate(pictures, (resolution, resolution), mode="area")
    grid = F.affine_grid(affine, list(small.shape), align_corners=False)
    seen = F.grid_sample(small, grid, padding_mode="reflection", align_corners=False)
    for side in (3, 5):
        soft = F.avg_pool2d(seen, side, 1, side // 2, count_include_pad=False)
        seen = torch.where(uniform(0, 1, 1, 1, 1) < 0.25, soft, seen)
    stains = clouds(count, resolution, generator)
    seen = seen.lerp(stains, uniform(-0.25, 0.25, 1, 1, 1).clamp(min=0))
    seen = seen * uniform(0.85, 1.15, 3, 1, 1) + uniform(-0.08, 0.08, 1, 1, 1)
    noise = torch.randn(seen.shape, generator=generator) * uniform(0, 0.08, 1, 1, 1)
    out: Tensor = seen + noise
    return out


def accuracy(perceptor: Perceptor, pixels: NDArray[np.uint8], seed: int) -> Accuracy:
    """How often a judge is right about scenes 0.. of a seed, (n, S, S, 3) uint8."""
    rng = np.random.default_rng((seed, 1))
    told = [_pair(seed, index, rng) for index in range(len(pixels))]
    texts = _embedded_texts(perceptor, [text for text, _ in told])
    misses = [(index, miss) for index, (_, miss) in enumerate(told) if miss is not None]
    wrong = _embedded_texts(perceptor, [miss for _, miss in misses])
    seen = torch.cat(list(_embedded_pictures(perceptor, pixels)))
    at = torch.tensor([index for index, _ in misses])
    near = (seen[at] * texts[at]).sum(1) > (seen[at] * wrong).sum(1)
    hits = []
    for k in range(0, len(seen) - ASKED + 1, ASKED):
        found = seen[k : k + ASKED] @ texts[k : k + ASKED].t()
        hits.append((found <= found.diagonal()[:, None]).all(1))
    first = torch.cat(hits).float().mean()
    return Accuracy(float(first), float(near.float().mean()), len(hits) * ASKED, len(misses))


@torch.no_grad()
def _embedded_texts(perceptor: Perceptor, texts: list[str]) -> Tensor:
    return torch.cat([perceptor.encode_text(text) for text in texts])


@torch.no_grad()
def _embedded_pictures(perceptor: Perceptor, pixels: NDArray[np.uint8]) -> Iterator[Tensor]:
    side = perceptor.resolution
    for part in parts(pixels):
        pictures = torch.from_numpy(np.array(part)).permute(0, 3, 1, 2).float() / 255
        yield perceptor.encode_pictures(F.interpolate(pictures, (side, side), mode="area"))
