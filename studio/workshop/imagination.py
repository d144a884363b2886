"""The starter's imagination: pictures as the starter VQGAN's codes, told by their captions.

python -m studio.workshop.imagination --material FOLDER --out FOLDER --vqgan FILE --steps N
"""

from __future__ import annotations

import argparse
import logging
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from studio.atomic import whole_file
from studio.core import tokens
from studio.engine.imagination import Imagination, ImaginationConfig, imagine
from studio.engine.vqgan import VQGAN
from studio.engine.weights import load_vqgan, save
from studio.log import log
from studio.training.pictures import Captioned, render
from studio.training.stage import cosine, set_rate
from studio.workshop.clip import SIDE, Gathered
from studio.workshop.composites import pool
from studio.workshop.vqgan import sheet
from studio.workshop.word_vectors import word_table

WORDS = 20_000
BATCH = 48
RATE = 8e-4
UNTOLD = 0.1
"""Share of pictures learned without their text, which guidance needs."""
EMA = 0.998
ALIKE = 0.25
"""Share of what is right that goes to the codes nearest to the right one, by their distance."""
NEIGHBOURS = 12
PROMPTS = (
    "a red circle on a blue background",
    "a lighthouse on a cliff at sunset",
    "a photo of a giraffe on a green background",
    "an owl",
    "a strawberry on a white background",
    "a red house under a blue sky",
    "a city at night",
    "a winter forest covered in snow",
    "a yellow flower",
    "a sailing boat on the sea",
    "a red mushroom with white spots",
    "a photo of a horse on an orange background",
)


@torch.no_grad()
def coded(vqgan: VQGAN, pictures: Captioned, path: Path) -> NDArray[np.uint16]:
    """The codes of all pictures and of them mirrored, (2, n, h, w), kept at `path`."""
    if not path.exists():
        cells = SIDE // vqgan.config.factor
        made = np.empty((2, len(pictures), cells, cells), np.uint16)
        vqgan.to(memory_format=torch.channels_last)
        for first in range(0, len(pictures), 50):
            rows = np.arange(first, min(first + 50, len(pictures)))
            batch = torch.from_numpy(pictures.pixels[rows]).permute(0, 3, 1, 2) / 127.5 - 1
            for way, each in enumerate((batch, batch.flip(3))):
                with torch.autocast("cpu", torch.bfloat16):
                    z = vqgan.encode(each.to(memory_format=torch.channels_last)).float()
                made[way, rows] = vqgan.nearest_codes(z).numpy()
            if first % 5000 == 0:
                log.info("coded %d of %d", first, len(pictures))
        with whole_file(path) as unfinished, unfinished.open("wb") as file:
            np.save(file, made)
    found: NDArray[np.uint16] = np.load(path, mmap_mode="r")
    return found


class Training:
    """An imagination, its mean and its optimizer, step by step; all chance is of (1, step)."""

    def __init__(
        self, model: Imagination, pictures: Captioned, codes: NDArray[np.uint16], vectors: Tensor
    ) -> None:
        self.model, self.pictures, self.codes = model, pictures, codes
        distances = torch.cdist(vectors, vectors).square()
        near, self.neighbours = distances.topk(NEIGHBOURS + 1, largest=False)
        self.nearness = (-near[:, 1:] / near[:, 1:2].median()).softmax(1)
        matrices = [p for p in model.parameters() if p.ndim > 1 and p.requires_grad]
        rest = [p for p in model.parameters() if p.ndim <= 1]
        groups = [{"params": matrices, "weight_decay": 0.03}, {"params": rest, "weight_decay": 0}]
        self.optimizer = torch.optim.AdamW(groups, RATE, (0.9, 0.97))
        self.mean = {name: p.detach().clone() for name, p in model.named_parameters()}
        self.done = 0

    def step(self, steps: int) -> float:
        """Learn from one batch; the cross entropy of hidden codes in nats."""
        rng = np.random.default_rng((1, self.done))
        chosen = rng.choice(len(self.pictures), BATCH, replace=False)
        captions = [self.pictures.caption(int(index), rng) for index in chosen]
        sided = [("left" in each or "right" in each) for each in captions]
        mirrored = (rng.random(BATCH) < 0.5) & ~np.array(sided)
        codes = torch.from_numpy(self.codes[mirrored.astype(int), chosen].astype(np.int64))
        texts = [c if rng.random() > UNTOLD else "" for c in captions]
        hidden = torch.from_numpy(_hidden(rng, codes[0].numel())).view_as(codes)
        set_rate(self.optimizer, RATE * cosine(self.done, steps, warm_up=150, floor=0.03))
        with torch.autocast("cpu", torch.bfloat16):
            rows = self.model.rows(texts)
            rows = F.pad(rows, (0, -rows.shape[1] % 12), value=-1)
            told = self.model(rows, codes.masked_fill(hidden, -1))
        right = codes[hidden]
        likely = F.log_softmax(told.float(), 1).gather(1, self.neighbours[right])
        exact, near = likely[:, 0], (likely[:, 1:] * self.nearness[right]).sum(1)
        loss = -exact.lerp(near, ALIKE).mean()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.done += 1
        with torch.no_grad():
            decay = min(EMA, 1 - 1 / (1 + self.done / 8))
            for name, parameter in self.model.named_parameters():
                self.mean[name].lerp_(parameter, 1 - decay)
        return -float(exact.detach().mean())

    def averaged(self) -> Imagination:
        """With the running mean of the weights."""
        made = Imagination(self.model.config)
        made.load_state_dict(self.mean)
        return made.eval().requires_grad_(False)


def _hidden(rng: np.random.Generator, places: int) -> NDArray[np.bool_]:
    """Which places of each picture are hidden, (BATCH, places): by the cosine of an even chance.

    Always as many in all: tensors of ever new sizes cost memory that does not come back.
    """
    chances = rng.permutation((np.arange(BATCH) + rng.random(BATCH)) / BATCH)
    counts = np.clip(np.cos(chances * np.pi / 2) * places, 4, places).astype(int)
    while missing := round(BATCH * places * 2 / np.pi) - counts.sum():
        open_ones = np.flatnonzero((counts < places) if missing > 0 else (counts > 4))
        counts[rng.choice(open_ones, min(abs(missing), len(open_ones)), replace=False)] += np.sign(
            missing
        )
    ranks = rng.random((BATCH, places)).argsort(1).argsort(1)
    hidden: NDArray[np.bool_] = ranks < counts[:, None]
    return hidden


def shown(model: Imagination, vqgan: VQGAN, path: Path, seeds: int = 3) -> None:
    """What it imagines for PROMPTS, a row for each seed."""
    cells = model.config.cells
    rows = []
    for seed in range(seeds):
        row = []
        for prompt in PROMPTS:
            dice = torch.Generator().manual_seed(seed)
            codes = imagine(model, [(prompt, 1.0)], (cells, cells), dice)
            row.append(vqgan.decode(vqgan.vectors_of(codes[None]))[0])
        rows.append(torch.stack(row))
    sheet(path, rows)


def main() -> None:
    """Train to the end, from the checkpoint where there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--material", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--vqgan", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--threads", type=int, default=1)
    words = parser.parse_args()
    torch.set_num_threads(words.threads)
    torch.manual_seed(1)
    things = pool(words.material, seed=1, count=16_000, side=SIDE)
    pictures = Gathered((things, render(words.out / "scenes", seed=1, count=12_000, size=SIDE)))
    vqgan = load_vqgan(words.vqgan)
    codes = coded(vqgan, pictures, words.out / "codes.npy")
    told = {word for each in things.captions for text in each for word, _ in tokens.words(text)}
    known, table = word_table(words.material, WORDS, told)
    config = ImaginationConfig(
        codes=vqgan.config.codes,
        cells=SIDE // vqgan.config.factor,
        width=256,
        layers=8,
        heads=4,
        words=known,
        word_width=table.shape[1],
        context=24,
    )
    model = Imagination(config)
    model.words.weight.data[2:] = table[1:-2]
    model.words.weight.requires_grad_(False)
    with torch.no_grad():  # codes that look alike begin alike
        vectors = vqgan.quantize.vectors
        spread = torch.randn(vectors.shape[1], config.width) / vectors.shape[1] ** 0.5
        model.codes.weight[:-1] = 0.04 * (vectors / vectors.std()) @ spread
    training = Training(model, pictures, codes, vectors)
    checkpoint = words.out / "imagination.ckpt"
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        training.optimizer.load_state_dict(state["optimizer"])
        training.mean, training.done = state["mean"], state["done"]
    running = 0.0
    while training.done < words.steps:
        began = time.monotonic()
        loss = training.step(words.steps)
        running = 0.97 * running + 0.03 * loss if running else loss
        if training.done % 25 == 0:
            took = time.monotonic() - began
            log.info("%d/%d  loss %.4f  %.2f s", training.done, words.steps, running, took)
        if training.done % 250 == 0 or training.done == words.steps:
            optimizer = training.optimizer.state_dict()
            state = {"model": model.state_dict(), "optimizer": optimizer}
            with whole_file(checkpoint) as unfinished:
                torch.save(state | {"mean": training.mean, "done": training.done}, unfinished)
        if training.done % 500 == 0 or training.done == words.steps:
            save(words.out / "imagination.safetensors", training.averaged())
            shown(training.averaged(), vqgan, words.out / f"imagined-{training.done}.png")


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    main()
