"""The starter CLIP: things and scenes, 30,000 words, and the knowledge of an ImageNet network.

    python -m studio.workshop.clip --material FOLDER --out FOLDER

Its picture tower begins as the ImageNet eyes. Three stages, each made once: words find their place
in what those eyes see (Zhai et al. 2022, arXiv:2111.07991); then both towers learn on attacked
pictures and on their own paintings, held to the eyes' view of whole pictures, at last on pictures
attacked harder. It is the attacks that make its gradient paint things (arXiv:1906.00945).
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
from torch import Tensor

from studio.atomic import whole_file
from studio.core import tokens
from studio.engine import efficientnet
from studio.engine.efficientnet import EfficientNet
from studio.engine.perceptor import CLIPConfig, Perceptor
from studio.engine.weights import load_perceptor, save
from studio.log import log
from studio.training import scenes
from studio.training.clip_stage import (
    LARGEST_SCALE,
    Batch,
    CLIPPlan,
    CLIPStage,
    contrast,
    token_rows,
)
from studio.training.pictures import Captioned, render
from studio.training.stage import cosine, fit
from studio.workshop.composites import pool
from studio.workshop.eyes import Eyes
from studio.workshop.word_vectors import word_table

SIDE = 128
WORDS = 30_000
SEEN_AT = 160
"""Pixels at which the teacher sees a picture."""
RESOLUTION = 112
NAMED = 48
"""Names of ImageNet classes that a step learns without a picture."""
LEADS = ("", "a ", "a photo of a ", "a photograph of a ", "a picture of a ")
SURE = 6.0
"""How many deviations towards a class what stands for it lies."""


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


def new_perceptor(words: tuple[str, ...], table: Tensor, eyes: Eyes) -> Perceptor:
    """The starter CLIP's architecture: the eyes' picture tower, and words by their vectors."""
    perceptor = Perceptor(
        CLIPConfig(
            embed_dim=256,
            image_resolution=RESOLUTION,
            vision_layers=efficientnet.LAYERS,
            vision_width=efficientnet.WIDTH,
            vision_patch_size=None,
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
    torch.nn.init.normal_(widened.weight, std=0.14 / table.shape[1] ** 0.5)
    _begin_as(perceptor.clip.visual, eyes)
    return perceptor


@torch.no_grad()
def _begin_as(tower: EfficientNet, eyes: Eyes) -> None:
    net: Any = eyes.net
    mine: Any
    sharp = efficientnet.SHARP
    pairs: list[tuple[Any, Any, float, float]] = [
        (tower.conv1, net._conv_stem, sharp, sharp),
        (tower.head, net._conv_head, sharp, sharp),
    ]
    for mine, block in zip(tower.blocks, net._blocks, strict=True):
        if mine.expand is not None:
            pairs.append((mine.expand, block._expand_conv, sharp, sharp))
        pairs.append((mine.depthwise, block._depthwise_conv, 1, sharp))
        pairs.append((mine.project, block._project_conv, 1 / sharp, 1))
    for to, its, weight, bias in pairs:
        to.weight.copy_(its.weight * weight)
        to.bias.copy_(its.bias * bias)


class Classes:
    """The names of ImageNet's classes, and what the eyes would see of each.

    No pictures of them are needed: where classes are told apart by a linear map of what is seen,
    and spread alike, their middles lie at the spread's covariance times that map (Fisher 1936).
    """

    def __init__(self, eyes: Eyes, seen: NDArray[np.float16]) -> None:
        from torchvision.models._meta import _IMAGENET_CATEGORIES

        self.names = [name.lower() for name in _IMAGENET_CATEGORIES]
        all_seen = torch.from_numpy(seen.astype(np.float32))
        self.mean = all_seen.mean(0)
        apart = all_seen - self.mean
        covariance = apart.t() @ apart / len(apart)
        weights = eyes.net._fc.weight.detach()
        ways = (weights - weights.mean(0)) @ covariance
        lengths = ((weights - weights.mean(0)) * ways).sum(1, keepdim=True).sqrt()
        self.middles = self.mean + SURE * ways / lengths
        self._apart = apart

    def drawn(self, rng: np.random.Generator, count: int) -> tuple[Tensor, list[str]]:
        """What may be seen of so many different classes, (count, SEEN), and a text of each."""
        chosen = rng.choice(len(self.names), count, replace=False)
        others = self._apart[rng.choice(len(self._apart), count)]
        texts = [LEADS[rng.integers(len(LEADS))] + self.names[k] for k in chosen]
        return self.middles[chosen] + others * 0.6, texts


def read_words(
    perceptor: Perceptor,
    pictures: Captioned,
    seen: NDArray[np.float16],
    classes: Classes,
    steps: int,
) -> None:
    """Teach the words, and the map of what is seen, with the eyes as they are."""
    tower = perceptor.clip.visual
    learned = list(perceptor.clip.transformer.parameters())
    learned += [*perceptor.clip.ln_final.parameters(), tower.proj.weight]
    learned += [perceptor.clip.text_projection, perceptor.clip.positional_embedding]
    learned += [perceptor.clip.logit_scale, perceptor.clip.token_embedding[1].weight]
    optimizer = torch.optim.AdamW(learned, 1e-3, (0.9, 0.98), weight_decay=0.05)
    batch, running = 192, 0.0
    for step in range(steps):
        rng = np.random.default_rng((4, step))
        generator = torch.Generator().manual_seed(step)
        chosen = rng.choice(len(pictures), batch, replace=False)
        captions = [pictures.caption(int(index), rng) for index in chosen]
        middles, names = classes.drawn(rng, 64)
        told = [*captions, *names]
        alike = {text: number for number, text in enumerate(told)}
        same = torch.tensor([alike[text] for text in told])
        features = torch.cat((torch.from_numpy(seen[chosen].astype(np.float32)), middles))
        noise = torch.randn(features.shape, generator=generator) * features.std() * 0.3
        for group in optimizer.param_groups:
            group["lr"] = 1e-3 * cosine(step, steps, warm_up=100)
        rows = torch.from_numpy(token_rows(perceptor, told, rng))
        with torch.autocast("cpu", torch.bfloat16):
            texts = F.normalize(perceptor.clip.encode_text(rows).float(), dim=-1)
        views = F.normalize(tower.proj(features + noise), dim=-1)
        loss, hits = contrast(perceptor.clip.logit_scale.exp() * views @ texts.t(), same)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        with torch.no_grad():
            perceptor.clip.logit_scale.clamp_(max=LARGEST_SCALE)
        running = 0.95 * running + 0.05 * float(hits) if step else float(hits)
        if step % 100 == 0:
            log.info(
                "words %d/%d  loss %.4f  top1 %.3f", step, steps, float(loss.detach()), running
            )


class TaughtStage(CLIPStage):
    """Contrast on attacked pictures, held to what the eyes see of whole ones and to names."""

    precision = "32"  # most of its convolutions are of one channel each, which half makes slower

    def __init__(
        self,
        perceptor: Perceptor,
        pictures: Captioned,
        plan: CLIPPlan,
        *,
        name: str,
        seed: int,
        seen: NDArray[np.float16],
        classes: Classes,
    ) -> None:
        super().__init__(perceptor, pictures, plan, name=name, seed=seed)
        self._seen, self._classes = seen, classes

    def judged(self, views: Tensor, texts: Tensor, batch: Batch) -> dict[str, Tensor]:
        """As ever, and how far what is seen leaves the eyes' view, and names their classes."""
        perceptor, clip, mean = self.perceptor, self.perceptor.clip, self._classes.mean
        views = views.contiguous(memory_format=torch.channels_last)
        seen = clip.visual.seen((views - perceptor.mean) / perceptor.deviation)
        scale = clip.logit_scale.exp()
        embedded = F.normalize(clip.visual.proj(seen), dim=-1)
        apart, hits = contrast(scale * embedded @ texts.t(), batch.same)
        # the eyes saw each picture whole; a view of half of it shows most of the same
        wanted = torch.from_numpy(self._seen[batch.chosen.numpy()].astype(np.float32)) - mean
        taught = 1 - F.cosine_similarity(seen[: len(wanted)] - mean, wanted).mean()
        rng = np.random.default_rng((self.seed, self.step, 5))
        middles, names = self._classes.drawn(rng, NAMED)
        rows = torch.from_numpy(token_rows(perceptor, names, rng))
        told = F.normalize(clip.encode_text(rows).float(), dim=-1)
        shown = F.normalize(clip.visual.proj(middles), dim=-1)
        naming, _ = contrast(scale * shown @ told.t(), torch.arange(NAMED))
        loss = apart + 1.5 * taught + 0.3 * naming
        return {"loss": loss, "top1": hits, "taught": taught, "naming": naming}


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


def main() -> None:
    """Go through the stages that are not made yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--material", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, nargs=3, default=(1200, 200, 800))
    words = parser.parse_args()
    torch.set_num_threads(1)
    material, out = words.material, words.out
    things = pool(material, seed=1, count=16_000, side=SIDE)
    pictures = Gathered((things, render(out / "scenes", seed=1, count=12_000, size=SIDE)))
    eyes = Eyes(material, 0)
    seen = taught_by(eyes, pictures, out / "taught.npy")
    classes = Classes(eyes, seen)
    first, second, third = (out / f"{name}.safetensors" for name in ("clip-1", "clip-2", "clip-3"))
    if not first.exists():
        told = {word for each in things.captions for text in each for word, _ in tokens.words(text)}
        rng = np.random.default_rng(3)
        told |= {
            w for i in range(20_000) for w, _ in tokens.words(scenes.describe(1, i).caption(rng))
        }
        told |= {word for name in classes.names for word, _ in tokens.words(name)}
        torch.manual_seed(1)
        perceptor = new_perceptor(*word_table(material, WORDS, told), eyes)
        read_words(perceptor, pictures, seen, classes, words.steps[0])
        save(first, perceptor)
    for name, before, after, steps, rate, attack in (
        ("clip-2", first, second, words.steps[1], 1.5e-4, 2.2),
        ("clip-3", second, third, words.steps[2], 1e-4, 3.5),
    ):
        if not after.exists():
            plan = CLIPPlan(steps, batch=64, rate=rate, attack=attack, painted=20)
            stage = TaughtStage(
                _learning(before), pictures, plan, name=name, seed=1, seen=seen, classes=classes
            )
            fit(stage, out)
            save(after, stage.perceptor)


def _learning(path: Path) -> Perceptor:
    perceptor = load_perceptor(path).requires_grad_(True)
    perceptor.clip.token_embedding[0].requires_grad_(False)
    perceptor.to(memory_format=torch.channels_last)
    return perceptor


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    main()
