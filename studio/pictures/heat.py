"""A map of 0..1 laid over a picture as warm and cold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

RAMP = np.array([(20, 24, 60), (96, 36, 116), (206, 72, 76), (250, 166, 58), (252, 246, 180)])
"""From least to most."""
STRENGTH = 0.6


def heat(picture: NDArray[np.uint8], found: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A picture (H, W, 3), in grey, under the colours of a map (h, w) in 0..1."""
    height, width = picture.shape[:2]
    levels = Image.fromarray((found * 255).astype(np.uint8)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    at = np.asarray(levels, np.float32) / 255 * (len(RAMP) - 1)
    low = np.minimum(at.astype(int), len(RAMP) - 2)
    share = (at - low)[..., None]
    colours = RAMP[low] * (1 - share) + RAMP[low + 1] * share
    grey = picture.mean(2, keepdims=True)
    laid = grey * (1 - STRENGTH) + colours * STRENGTH * (0.4 + 0.6 * grey / 255)
    made: NDArray[np.uint8] = laid.clip(0, 255).round().astype(np.uint8)
    return made
