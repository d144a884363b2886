"""What a person asks of a training on their own pictures: plain data that a window can hold."""

from __future__ import annotations

import math
from typing import Literal, get_args

import msgspec

from studio.errors import RequestError

Part = Literal["whole", "decoder", "codebook"]
Change = Literal["crop", "flip", "colour"]
Precision = Literal["auto", "32", "bf16"]
"""Of the arithmetic; weights are kept in 32 bits. auto: bf16 where the device is quick at it."""
PARTS: tuple[Part, ...] = get_args(Part)
CHANGES: tuple[Change, ...] = get_args(Change)
PRECISIONS: tuple[Precision, ...] = get_args(Precision)
SCRATCH = "scratch"
"""In place of a model's name: from nothing."""
STEPS = 1000
"""Steps where neither steps nor minutes are given."""
LEARNS: dict[Part, tuple[str, ...]] = {
    "whole": ("l1", "perceptual", "codebook", "commitment", "adversarial", "clip", "variation"),
    "decoder": ("l1", "perceptual", "adversarial", "clip", "variation"),
    "codebook": ("codebook",),
}
"""The terms that reach each part. The straight-through estimator carries what is said of pictures
past the codebook to the encoder, so the codebook learns from its own term alone."""


class Weights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much each term of the loss counts; 0 turns it off."""

    l1: float = 1.0
    """Absolute difference of pixels."""
    perceptual: float = 0.3
    """Difference of what a CLIP's layers make of the picture."""
    codebook: float = 1.0
    """Codebook vectors are drawn to the latents."""
    commitment: float = 0.25
    """Latents are held to their codebook vectors: beta."""
    adversarial: float = 0.1
    """A discriminator takes the picture for a real one; weighed by equation 7 besides."""
    clip: float = 0.05
    """A CLIP finds the picture's caption in it, or else the original."""
    variation: float = 0.0
    """Steps between neighbouring pixels."""

    def __post_init__(self) -> None:
        for name, weight in msgspec.structs.asdict(self).items():
            if not (math.isfinite(weight) and weight >= 0):
                raise RequestError(f"The weight of {name} is {weight}; give a number from 0 up.")


class Order(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One training of a VQGAN, as it was asked for."""

    source: str = "starter"
    """The model it begins with, or SCRATCH."""
    clip: str = "starter"
    """The CLIP that looks at pictures."""
    steps: int | None = None
    minutes: float | None = None
    """Or how long it may take; then the steps are as many as fit."""
    side: int = 128
    """Pixels along the side of the squares that are learned from."""
    batch: int = 4
    accumulate: int = 1
    """Batches whose gradients are added up for one step."""
    seed: int = 1
    part: Part = "whole"
    weights: Weights = Weights()
    changes: tuple[Change, ...] = CHANGES
    """How pictures are varied."""
    gan_start: float = 0.5
    """Share of the steps after which the discriminator joins in."""
    rate: float | None = None
    """Learning rate; None for one that suits the network."""
    precision: Precision = "auto"
    devices: int = 1
    """GPUs, or processes of a CPU, that each learn from batches of their own for every step."""

    def __post_init__(self) -> None:
        if not any(getattr(self.weights, term) for term in LEARNS[self.part]):
            terms = ", ".join(LEARNS[self.part])
            raise RequestError(
                f"Nothing is left to learn from: give one of {terms} a weight above 0."
            )
        if not 16 <= self.side <= 1024:
            raise RequestError(f"A side of {self.side} pixels is not in 16..1024.")
        if not 0 <= self.gan_start <= 1:
            raise RequestError(f"The GAN's start {self.gan_start} is not a share in 0..1.")
        _check_rate_and_time(self.rate, self.minutes)


class CLIPOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One training of a CLIP, as it was asked for."""

    source: str = SCRATCH
    """The CLIP it begins with, whose words it keeps, or SCRATCH."""
    steps: int | None = None
    minutes: float | None = None
    batch: int = 64
    """Captions that are told apart at once; no more than there are pictures."""
    seed: int = 1
    rate: float | None = None
    attack: float = 0.0
    """Largest L2 length of the adversarial change to a picture (see `CLIPPlan`); it makes the
    gradient point at things people see, and each step slower."""

    def __post_init__(self) -> None:
        _check_rate_and_time(self.rate, self.minutes)
        if not 0 <= self.attack <= 10:
            raise RequestError(f"An attack of {self.attack} is not in 0..10.")


def _check_rate_and_time(rate: float | None, minutes: float | None) -> None:
    if rate is not None and not 0 < rate <= 1:
        raise RequestError(f"The learning rate {rate} is not above 0 and up to 1.")
    if minutes is not None and not 0 < minutes <= 60 * 24 * 30:
        raise RequestError(f"{minutes} minutes is not a time to train for.")
