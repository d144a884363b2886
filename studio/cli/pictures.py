"""Pictures that a person names, as a project keeps them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from studio.errors import RequestError, shown
from studio.pictures import png
from studio.pictures.decoder import rgb
from studio.pictures.keeping import keepable, within


def embedded(path: Path) -> tuple[str, bytes]:
    """A picture as a project keeps it, and its sha256. Raises RequestError unless it is one."""
    if not path.exists():
        raise RequestError(f"There is no picture {shown(path)}; check the name and the folder.")
    kept = keepable(path)
    return hashlib.sha256(kept).hexdigest(), kept


def mask(path: Path) -> tuple[str, bytes]:
    """A mask as a project keeps it, white where it counts, and its sha256.

    Raises RequestError unless it is a picture, and one that is not black all over.
    """
    if not path.exists():
        raise RequestError(f"There is no mask {shown(path)}; check the name and the folder.")
    light = rgb(path, within).mean(2).round().astype(np.uint8)
    if light.max() < 128:
        raise RequestError(
            f"The mask {shown(path)} is black, so nothing would count; paint white where it should."
        )
    kept = png.encoded(light, effort=6)
    return hashlib.sha256(kept).hexdigest(), kept
