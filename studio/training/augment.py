"""Pictures a little different each time they are learned from: cropped, mirrored, tinted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.training.order import Change

ROOM = 1.5
"""Shorter side of a picture as it is kept, in sides of what is learned from: the room for crops."""


def square(
    pixels: NDArray[np.uint8], side: int, changes: tuple[Change, ...], rng: np.random.Generator
) -> NDArray[np.float32]:
    """A square of a picture as the changes have it: (H, W, 3) uint8 -> (3, side, side) in -1..1.

    `crop` takes between all of the shorter side and `side` pixels of it, in any place; without it,
    the whole shorter side. Mirror only what has no left and right in its caption.
    """
    height, width, _ = pixels.shape
    whole = min(height, width)
    taken = int(rng.integers(min(side, whole), whole + 1)) if "crop" in changes else whole
    top = int(rng.integers(height - taken + 1))
    left = int(rng.integers(width - taken + 1))
    made = _fitted(pixels[top : top + taken, left : left + taken], side)
    if "flip" in changes and rng.random() < 0.5:
        made = made[:, ::-1]
    values = made.astype(np.float32) / np.float32(127.5) - 1
    if "colour" in changes:
        values = _tinted(values, rng)
    return np.ascontiguousarray(values.transpose(2, 0, 1))


def middle(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The middle square of a picture, (side, side, 3)."""
    height, width, _ = pixels.shape
    taken = min(height, width)
    top, left = (height - taken) // 2, (width - taken) // 2
    return _fitted(pixels[top : top + taken, left : left + taken], side)


def _fitted(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    if len(pixels) == side:
        return pixels
    image = Image.fromarray(np.ascontiguousarray(pixels))
    return np.asarray(image.resize((side, side), Image.Resampling.LANCZOS))


def _tinted(values: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Contrast and brightness changed by up to a tenth, each channel by a little more."""
    gain = rng.uniform(0.92, 1.08) * rng.uniform(0.97, 1.03, 3)
    shift = rng.uniform(-0.06, 0.06) + rng.uniform(-0.02, 0.02, 3)
    return (values * gain + shift).clip(-1, 1).astype(np.float32)
