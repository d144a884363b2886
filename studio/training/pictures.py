"""The pictures that training draws on: scenes rendered once into a file, captions worded anew."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from studio.engine.vqgan import VQGAN
from studio.log import log
from studio.training import scenes

CHUNK = 250
"""Scenes rendered per task; after each one the progress is on disk."""


class Pixels(Protocol):
    """Pictures of one size by number, be they in one array or in several."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(count, size, size, 3)."""

    def __getitem__(self, rows: Any, /) -> NDArray[np.uint8]:
        """Those of the rows, (rows, size, size, 3)."""


class Captioned(Protocol):
    """Pictures of one size, each with a caption or several."""

    @property
    def pixels(self) -> Pixels:
        """All of them."""

    def __len__(self) -> int:
        """How many there are."""

    def caption(self, index: int, rng: np.random.Generator) -> str:
        """A caption of one of them."""


@dataclass(frozen=True)
class ScenePictures:
    """Rendered scenes 0..count-1 of one seed, and captions for them.

    `pixels` is a read-only memory map, (count, size, size, 3) uint8.
    """

    seed: int
    pixels: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.pixels)

    def caption(self, index: int, rng: np.random.Generator) -> str:
        """One of the many true wordings of a scene."""
        return scenes.describe(self.seed, index).caption(rng)


def render(folder: Path, *, seed: int, count: int, size: int) -> ScenePictures:
    """The scenes from the folder, drawing those that are not there yet on all cores."""
    path = folder / f"scenes-{seed}-{size}.pixels"
    done = folder / f"scenes-{seed}-{size}.done"
    shape = (count, size, size, 3)
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.truncate(max(file.tell(), int(np.prod(shape))))
    pixels = np.memmap(path, np.uint8, "r+", shape=shape)
    wanted = [(seed, first, number, size) for first, number in _undrawn(done, count)]
    with done.open("a") as marks, ProcessPoolExecutor(os.cpu_count()) as workers:
        for first, drawn in workers.map(_draw, wanted):
            pixels[first : first + len(drawn)] = drawn
            pixels.flush()
            print(f"{first}+{len(drawn)}", file=marks, flush=True)
            if first % (20 * CHUNK) == 0:
                log.info("drew scenes up to %d of %d at %d pixels", first, count, size)
    return ScenePictures(seed, np.memmap(path, np.uint8, "r", shape=shape))


def _undrawn(done: Path, count: int) -> Iterator[tuple[int, int]]:
    """First scene and number of each chunk that the marks, such as 250+250, do not promise."""
    text = done.read_text() if done.exists() else ""
    marks = re.findall(r"^([0-9]+)\+([0-9]+)$", text, re.MULTILINE)
    drawn = {int(first): int(number) for first, number in marks}
    for first in range(0, count, CHUNK):
        number = min(CHUNK, count - first)
        if drawn.get(first, 0) < number:
            yield first, number


def _draw(task: tuple[int, int, int, int]) -> tuple[int, NDArray[np.uint8]]:
    seed, first, count, size = task
    return first, np.stack(
        [scenes.draw(seed, index, size).picture for index in range(first, first + count)]
    )


def parts(pixels: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """Pictures in batches small enough for a network on any machine."""
    for first in range(0, len(pixels), 32):
        yield pixels[first : first + 32]


@torch.no_grad()
def reconstruct(vqgan: VQGAN, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pictures as a VQGAN gives them back, (n, H, W, 3) uint8 both."""
    where = next(vqgan.parameters()).device
    pictures = torch.from_numpy(np.array(pixels)).to(where).permute(0, 3, 1, 2).float() / 127.5 - 1
    z, _codes = vqgan.quantized(vqgan.encode(pictures))
    made = (vqgan.decode(z).clamp(-1, 1) + 1) * 127.5
    return made.round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
