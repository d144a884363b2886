"""What the bridge tells the window of a training on a person's own pictures, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from studio.training.order import SCRATCH, Part, Weights

__all__ = [
    "SCRATCH",
    "Estimate",
    "Figures",
    "Look",
    "LossPoint",
    "Part",
    "Reconstructions",
    "TrainingNews",
    "TrainingOrder",
    "TrainingState",
    "TrainingVerdict",
    "Unfinished",
    "Weights",
]

Pictures = NDArray[np.uint8]
"""(n, S, S, 3) RGB, n at most eight."""
TrainingState = Literal[
    "preparing", "training", "pausing", "paused", "judging", "done", "failed", "discarded"
]


@dataclass(frozen=True)
class Look:
    """What a folder holds for a training."""

    folder: Path
    usable: tuple[Path, ...]
    refused: tuple[tuple[Path, str], ...]
    """Files that cannot be used, each with what is the matter, such as "is cut short"."""
    captions: int
    """Usable pictures with a caption."""
    problem: str = ""
    """Why these pictures are too few, in a sentence; "" when they are enough."""


@dataclass(frozen=True)
class TrainingOrder:
    """A training as the window asks for it."""

    folder: Path
    """The person's pictures."""
    name: str
    """What the model is to be called."""
    base: str = "starter"
    """The VQGAN it begins with, or SCRATCH."""
    size: int = 128
    """Pixels along the side of the squares that are learned from."""
    minutes: float = 10.0
    part: Part = "whole"
    """What of it is trained."""
    seed: int = 1
    batch: int = 4
    """Squares at once: fewer need less memory."""
    weights: Weights = field(default_factory=Weights)
    """How much each loss counts."""


@dataclass(frozen=True)
class Estimate:
    """What a training would take, measured by a few steps of it."""

    order: TrainingOrder
    """What it is about: a newer one may have been asked for since."""
    steps: int = 0
    """That fit into the minutes."""
    step_seconds: float = 0.0
    """Mean time of a step."""
    memory: int = 0
    """Bytes at the peak; 0 when this machine cannot tell."""
    disk: int = 0
    """Bytes while it trains."""
    problem: str = ""
    """Why it cannot be started as it is ordered, with the remedy; then the numbers may be 0."""
    note: str = ""
    """What a person should know before it starts, such as that memory is short for painting."""


@dataclass(frozen=True)
class LossPoint:
    """The losses of one step, by name, before they are weighted; "loss" is their weighted sum."""

    step: int
    losses: Mapping[str, float]


@dataclass(frozen=True)
class TrainingNews:
    """How far a training is."""

    name: str
    state: TrainingState
    step: int = 0
    """Steps that are taken; while preparing, pictures that are ready."""
    steps: int = 0
    """Those that are planned; while preparing, pictures to be made ready; 0 when not known yet."""
    seconds: float = 0.0
    """Of training since it was begun or resumed."""
    left: float | None = None
    """Seconds that it will still take."""
    rate: float = 0.0
    """Steps a second."""
    losses: Mapping[str, float] = field(default_factory=dict)
    """Of the last step, as in `LossPoint`."""
    codes_used: float | None = None
    """Share of the codebook in use, 0..1; None before that is known."""
    perplexity: float | None = None
    """Codes in use, counted by how evenly."""
    psnr: float | None = None
    """Decibels of the eight held-out pictures at the last look at them."""
    points: tuple[LossPoint, ...] = ()
    """Every step since the news before; on resuming, some of those from before come first."""
    problem: str = ""
    """Why it failed, in a sentence. What was learned is kept and can be resumed."""


@dataclass(frozen=True)
class Reconstructions:
    """Held-out pictures, always the same, and what is made of them."""

    step: int
    """Steps that were taken."""
    real: Pictures
    before: Pictures
    """As the model that it began with gives them back."""
    now: Pictures
    """As the model gives them back after these steps."""
    psnr: float
    """Decibels of `now`, the mean over the pictures."""
    psnr_before: float


@dataclass(frozen=True)
class Figures:
    """How well held-out pictures are given back; see studio.training.verdict.Figures."""

    l1: float
    psnr: float
    ssim: float
    frechet: float
    perplexity: float


@dataclass(frozen=True)
class TrainingVerdict:
    """What came of a training, on pictures that it never learned from."""

    model: str
    """The name under which it is in the models window, and paints."""
    before: Figures
    after: Figures
    improved: bool
    sentence: str
    steps: int
    learned: int
    """Pictures that it was trained on."""
    held_out: int
    sheet: Path
    """PNG: the held-out pictures, and what was made of them before and after."""


@dataclass(frozen=True)
class Unfinished:
    """A training that was paused or cut off, and can be gone on with exactly."""

    name: str
    order: TrainingOrder
    step: int
    """Steps that the last checkpoint has."""
    steps: int
    when: float
    """Of the last checkpoint, in seconds since 1970."""
