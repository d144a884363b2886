"""The starter CLIP: things and scenes, 30,000 words, and the knowledge of an ImageNet network.

    python -m studio.workshop.clip --material FOLDER --out FOLDER

Three stages, each made once: the contrast of pictures and captions, with the ImageNet eyes as a
teacher; the same on attacked pictures and on its own paintings; and its gradient (denoising).
"""

from __future__ import annotations

import argparse
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from studio.atomic import whole_file
from studio.core import tokens
from studio.engine.perceptor import CLIPConfig, Perceptor
from studio.engine.weights import load_perceptor, load_vqgan, save
from studio.log import log
from studio.training import scenes
from studio.training.clip_stage import (
    LARGEST_SCALE,
    Batch,
    CLIPPlan,
    CLIPStage,
    contrast,
    random_views,
    token_rows,
)
from studio.training.denoise_stage import DenoisePlan, DenoisingStage, random_pictures
from studio.training.pictures import Captioned, render
from studio.training.stage import cosine, fit, set_rate
from studio.workshop.composites import pool
from studio.workshop.eyes import Eyes
from studio.workshop.norms import quicken
from studio.workshop.word_vectors import word_table

SIDE = 128
WORDS = 30_000
SEEN_AT = 160
"""Pixels at which the teacher sees a picture."""
NAMED = 48
"""Names of ImageNet classes that a step learns without a picture."""


@dataclass(frozen=True)
class Gathered:
    """Several sets of captioned pictures as one."""

    parts: tuple[Captioned, ...]

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    @property
    def pixels(self) -> _Pixels:
        """Rows of all parts, asked for by number."""
        return _Pixels(self.parts)

    def caption(self, index: int, rng: np.random.Generator) -> str:
        """A caption of one of them."""
        for part in self.parts:
            if index < len(part):
                return part.caption(index, rng)
            index -= len(part)
        raise IndexError(index)


class _Pixels:
    def __init__(self, parts: tuple[Captioned, ...]) -> None:
        self._parts = [part.pixels for part in parts]
        self._ends = np.cumsum([part.shape[0] for part in self._parts])
        self.shape = (int(self._ends[-1]), *self._parts[0].shape[1:])

    def __getitem__(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        made = np.empty((len(rows), *self.shape[1:]), np.uint8)
        owner = np.searchsorted(self._ends, rows, side="right")
        for number, (pixels, end) in enumerate(zip(self._parts, self._ends, strict=True)):
            mine = owner == number
            made[mine] = pixels[rows[mine] - (end - pixels.shape[0])]
        return made


def new_perceptor(words: tuple[str, ...], table: Tensor) -> Perceptor:
    """The starter CLIP's architecture, untrained but for its words."""
    perceptor = Perceptor(
        CLIPConfig(
            embed_dim=256,
            image_resolution=96,
            vision_layers=(1, 2, 2, 1),
            vision_width=32,
            vision_patch_size=None,
            activation="gelu",
            transformer_width=192,
            transformer_layers=3,
            context_length=48,
            words=words,
            word_width=table.shape[1],
        )
    )
    vectors, widened = perceptor.clip.token_embedding
    vectors.weight.data.copy_(table)
    vectors.requires_grad_(False)
    nn.init.normal_(widened.weight, std=0.02 / table.shape[1] ** 0.5 * 7)
    return perceptor


class TaughtStage(CLIPStage):
    """Contrast, and what the ImageNet eyes make of whole pictures and of names."""

    def __init__(
        self,
        perceptor: Perceptor,
        pictures: Captioned,
        plan: CLIPPlan,
        *,
        name: str,
        seed: int,
        seen: NDArray[np.float16],
        classes: tuple[Tensor, list[str]],
    ) -> None:
        super().__init__(perceptor, pictures, plan, name=name, seed=seed)
        width = perceptor.config.embed_dim
        self.head = nn.Linear(width, seen.shape[1])
        self.scale = nn.Parameter(torch.tensor(3.0))
        self._seen, self._classes = seen, classes
        mean = torch.from_numpy(seen[::7].astype(np.float32)).mean(0)
        self.register_buffer("mean_seen", mean)

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """As ever, and for the head that translates to the teacher's numbers."""
        optimizer = super().configure_optimizers()
        head = [*self.head.parameters(), self.scale]
        optimizer.add_param_group({"params": head, "weight_decay": 0.01})
        return optimizer

    def batch(self, rng: np.random.Generator) -> Any:
        """As ever, the teacher's view of each picture, and names of classes."""
        chosen = rng.choice(len(self.pictures), self.plan.batch, replace=False)
        captions = [self.pictures.caption(int(index), rng) for index in chosen]
        alike = {caption: number for number, caption in enumerate(captions)}
        _, names = self._classes
        named = rng.choice(len(names), NAMED, replace=False)
        leads = ("", "a ", "a photo of a ", "a photograph of a ", "a picture of a ")
        told = [leads[rng.integers(len(leads))] + names[k] for k in named]
        nothing = torch.zeros(0, dtype=torch.int64)
        whole = Batch(
            pictures=torch.from_numpy(self.pictures.pixels[chosen]).permute(0, 3, 1, 2) / 255,
            rows=torch.from_numpy(token_rows(self.perceptor, captions, rng)),
            same=torch.tensor([alike[caption] for caption in captions]),
            slots=nothing,
            fresh=nothing.bool(),
            scenes=nothing,
        )
        seen = torch.from_numpy(self._seen[chosen].astype(np.float32))
        return (
            whole,
            seen,
            torch.from_numpy(token_rows(self.perceptor, told, rng)),
            torch.from_numpy(named),
        )

    def learn(self, batch: Any, generator: torch.Generator) -> dict[str, Tensor]:
        """One step of all of it."""
        whole, seen, told, named = batch
        optimizer: Any = self.optimizers()
        set_rate(optimizer, self.plan.rate * cosine(self.step, self.steps, warm_up=150))
        views = random_views(whole.pictures, self.perceptor.resolution, generator)
        views = views.to(memory_format=torch.channels_last)
        clip = self.perceptor.clip
        self.perceptor.train()
        texts = F.normalize(clip.encode_text(whole.rows).float(), dim=-1)
        pictures = self.perceptor.encode_pictures(views)
        logits = clip.logit_scale.exp() * pictures @ texts.t()
        apart, hits = contrast(logits, whole.same)
        # the teacher saw each picture whole; a view of half of it shows most of the same
        wanted = F.normalize(seen - self.mean_seen, dim=1)
        taught = 1 - (F.normalize(self.head(pictures).float(), dim=1) * wanted).sum(1).mean()
        vectors = F.normalize(self._classes[0], dim=1)
        names = F.normalize(clip.encode_text(told).float(), dim=-1)
        guess = self.scale.exp() * F.normalize(self.head(names).float(), dim=1) @ vectors.t()
        naming = F.cross_entropy(guess, named)
        loss = apart + 1.0 * taught + 0.3 * naming
        optimizer.zero_grad(set_to_none=True)
        self.manual_backward(loss)
        torch.nn.utils.clip_grad_norm_(self.parameters(), 1.0)
        optimizer.step()
        with torch.no_grad():
            clip.logit_scale.clamp_(max=LARGEST_SCALE)
        figures = {"loss": apart, "top1": hits, "taught": taught, "naming": naming}
        return {name: value.detach() for name, value in figures.items()}


@torch.no_grad()
def taught_by(eyes: Eyes, pictures: Captioned, path: Path) -> NDArray[np.float16]:
    """What the eyes see in each whole picture, (n, 1280), kept at `path`."""
    if not path.exists():
        made = np.empty((len(pictures), 1280), np.float16)
        for first in range(0, len(pictures), 50):
            rows = np.arange(first, min(first + 50, len(pictures)))
            batch = torch.from_numpy(pictures.pixels[rows]).permute(0, 3, 1, 2) / 127.5 - 1
            batch = F.interpolate(batch, (SEEN_AT, SEEN_AT), mode="bicubic", antialias=True)
            with torch.autocast("cpu", torch.bfloat16):
                made[rows] = eyes.embedded(batch.to(memory_format=torch.channels_last)).float()
            if first % 5000 == 0:
                log.info("the teacher has seen %d of %d", first, len(pictures))
        with whole_file(path) as unfinished, unfinished.open("wb") as file:
            np.save(file, made)
    found: NDArray[np.float16] = np.load(path, mmap_mode="r")
    return found


def class_vectors(eyes: Eyes) -> tuple[Tensor, list[str]]:
    """Vectors and names of the ImageNet classes."""
    from torchvision.models._meta import _IMAGENET_CATEGORIES

    return eyes.net._fc.weight.detach().clone(), [name.lower() for name in _IMAGENET_CATEGORIES]


def main() -> None:
    """Go through the stages that are not made yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--material", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, nargs=3, default=(1400, 300, 1200))
    words = parser.parse_args()
    torch.set_num_threads(1)
    material, out = words.material, words.out
    parts = (
        pool(material, seed=1, count=16_000, side=SIDE),
        render(out / "scenes", seed=1, count=12_000, size=SIDE),
    )
    pictures = Gathered(parts)
    first, second, third = (out / f"{name}.safetensors" for name in ("clip-1", "clip-2", "clip-3"))
    if not first.exists():
        told = {
            word for each in parts[0].captions for text in each for word, _ in tokens.words(text)
        }
        rng = np.random.default_rng(3)
        told |= {
            w for i in range(20_000) for w, _ in tokens.words(scenes.describe(1, i).caption(rng))
        }
        eyes = Eyes(material, 0)
        classes = class_vectors(eyes)
        told |= {word for name in classes[1] for word, _ in tokens.words(name)}
        perceptor = new_perceptor(*word_table(material, WORDS, told))
        quicken(perceptor.clip.visual)
        seen = taught_by(eyes, pictures, out / "taught.npy")
        stage = TaughtStage(
            perceptor,
            pictures,
            CLIPPlan(words.steps[0], batch=128, rate=1e-3),
            name="clip-1",
            seed=1,
            seen=seen,
            classes=classes,
        )
        fit(stage, out)
        save(first, perceptor)
    if not second.exists():
        perceptor = load_perceptor(first).requires_grad_(True)
        perceptor.clip.token_embedding[0].requires_grad_(False)
        plan = CLIPPlan(words.steps[1], batch=96, rate=6e-4, attack=2.2, painted=32)
        fit(CLIPStage(perceptor, pictures, plan, name="clip-2", seed=1), out)
        save(second, perceptor)
    if not third.exists():
        perceptor = load_perceptor(second)
        noise = random_pictures(load_vqgan(out / "vqgan.safetensors"), 800, SIDE, 1)
        plan3 = DenoisePlan(steps=words.steps[2], rate=6e-4)
        denoising = DenoisingStage(perceptor, pictures, noise, plan3, name="clip-3", seed=1)
        perceptor.clip.token_embedding[0].requires_grad_(False)
        fit(denoising, out)
        save(third, denoising.finish())


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    main()
