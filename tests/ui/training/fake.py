"""Trainings that do as a test tells them to, and made-up facts to tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Slot

from studio.work.errands import Errands
from studio.work.stock import Model
from studio.work.training_facts import (
    Figures,
    Look,
    LossPoint,
    Reconstructions,
    TrainingNews,
    TrainingOrder,
    TrainingState,
    TrainingVerdict,
    Unfinished,
)
from studio.work.trainings import Trainings

STARTER = Model(
    "starter", "vqgan", state="here", disk=30_000_000, factor=8, codes=1024, is_shipped=True
)
OTHER = Model(
    "imagenet-f16-1024",
    "vqgan",
    title="ImageNet, 1024 codes",
    draws="Nearly everything, in soft colours",
    state="here",
    disk=980_000_000,
    factor=16,
    codes=1024,
)
LOSSES = {"l1": 0.21, "perceptual": 0.8, "codebook": 0.05, "commitment": 0.05, "clip": 0.4}


class FakeTrainings(Trainings):
    """Remembers what it is asked for; what it tells is told by the test."""

    def __init__(self, errands: Errands, parent: QObject | None = None) -> None:
        super().__init__(errands, parent)
        self.asked: list[tuple[Any, ...]] = []

    @property
    def name(self) -> str:
        return ""

    @Slot(object)
    def look(self, folder: Path) -> None:
        self.asked.append(("look", folder))

    @Slot(object)
    def estimate(self, order: TrainingOrder) -> None:
        self.asked.append(("estimate", order))

    @Slot(object)
    def start(self, order: TrainingOrder) -> None:
        self.asked.append(("start", order))

    @Slot()
    def pause(self) -> None:
        self.asked.append(("pause",))

    @Slot()
    @Slot(str)
    def resume(self, name: str = "") -> None:
        self.asked.append(("resume", name))

    @Slot(bool)
    def stop(self, keep: bool) -> None:
        self.asked.append(("stop", keep))

    @Slot(str)
    def discard(self, name: str) -> None:
        self.asked.append(("discard", name))

    @Slot()
    def unfinished(self) -> None:
        self.asked.append(("unfinished",))

    def asked_for(self, what: str) -> list[Any]:
        """The words of all requests of a kind."""
        return [request[1] if request[1:] else None for request in self.asked if request[0] == what]


def a_look(folder: Path, count: int = 24, captions: int = 5, problem: str = "") -> Look:
    """A folder with pictures and two files that cannot be used."""
    return Look(
        folder,
        tuple(folder / f"{n:03}.png" for n in range(count)),
        ((folder / "broken.jpg", "is cut short"), (folder / "tiny.png", "is too small: 1x1")),
        captions,
        problem,
    )


def some_news(step: int, state: TrainingState = "training", first: int = 1, **more: Any) -> Any:
    """News after a step, with the losses of all steps from `first` on."""
    points = tuple(
        LossPoint(n, {name: loss * (0.3 + 0.7 / (1 + n / 60)) for name, loss in LOSSES.items()})
        for n in range(first, step + 1)
    )
    told = {
        "steps": 400,
        "left": (400 - step) * 0.5,
        "rate": 2.0,
        "codes_used": 0.4 + step / 1000,
        "perplexity": 200.0 + step / 4,
    }
    return TrainingNews("woods", state, step, points=points, **{**told, **more})


def some_pictures(step: int, count: int = 8, side: int = 16) -> Reconstructions:
    """Reconstructions that are nearer to the pictures the more steps there were."""
    dice = np.random.default_rng(1)
    real = dice.integers(0, 256, (count, side, side, 3)).astype(np.uint8)
    share = step / (step + 100)
    now = (real * share + 128 * (1 - share)).astype(np.uint8)
    before = np.full_like(real, 128)
    return Reconstructions(step, real, before, now, 18 + 6 * share, 18.0)


def a_verdict(*, improved: bool = True) -> TrainingVerdict:
    """What came of it."""
    before = Figures(l1=0.081, psnr=19.2, ssim=0.51, frechet=0.42, perplexity=212.0)
    better = Figures(l1=0.062, psnr=21.44, ssim=0.63, frechet=0.31, perplexity=260.0)
    worse = Figures(l1=0.085, psnr=19.0, ssim=0.5, frechet=0.42, perplexity=190.0)
    return TrainingVerdict(
        model="woods",
        before=before,
        after=better if improved else worse,
        improved=improved,
        sentence="It improved: held-out pictures are given back with 21.44 dB."
        if improved
        else "It did not improve: held-out pictures are given back with 19.00 dB.",
        steps=400,
        learned=21,
        held_out=3,
        sheet=Path("/nowhere/before-and-after.png"),
    )


def an_unfinished(name: str = "sunsets") -> Unfinished:
    """A training of another day."""
    return Unfinished(name, TrainingOrder(Path("/pictures/sunsets"), name), 120, 400, 1.7e9)
