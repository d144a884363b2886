"""A long project that nobody painted, for measuring."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from studio.core.schedule import Change
from studio.core.settings import Prompt, Settings
from studio.models import store
from studio.painting import jpeg
from studio.project.document import Iteration
from studio.project.file import FIRST_TAKE, Project
from studio.project.iterations import Row
from studio.work.weights import named, references

PICTURES = 50
"""Different ones; all others are these again."""


def make(path: Path, length: int) -> None:
    """A project of so many iterations, with pictures and codes of their usual sizes."""
    settings = Settings(prompts=(Prompt(text="a made-up painting"),))
    models, changes = references(settings), [Change(0, settings)]
    with Project.create(path, models=models, changes=changes) as project:
        project.record_all(FIRST_TAKE, _rows(settings, length))


def _rows(settings: Settings, length: int) -> Iterator[Row]:
    chance = np.random.default_rng(1)
    width, height = settings.size
    factor = store.factor(named(settings)[0])
    pictures = [_picture(chance, width, height) for _ in range(PICTURES)]
    codes = chance.integers(0, 256, (height // factor, width // factor)).astype(np.uint16)
    noise = chance.normal(0, 0.02, length)
    for number in range(length):
        loss = 0.7 + 0.3 * math.exp(-number / 2000) + float(noise[number])
        yield Iteration(number, (loss,), loss, 0.5), codes, pictures[number % PICTURES]


def _picture(chance: np.random.Generator, width: int, height: int) -> bytes:
    """Blots with some grain, about as many bytes as a painted picture."""
    blots = Image.fromarray(chance.integers(0, 256, (24, 24, 3), dtype=np.uint8))
    smooth = np.asarray(blots.resize((width, height), Image.Resampling.BICUBIC), dtype=np.float64)
    grainy = smooth + chance.normal(0, 4, smooth.shape)
    return jpeg(grainy.clip(0, 255).astype(np.uint8))
