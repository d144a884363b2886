"""PNGs that say what they were painted from, so that nothing is painted twice."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.atomic import write_whole
from studio.pictures import png
from studio.pictures.decoder import UnreadableError, rgb

MARK = "painted"
"""The text in a PNG that says what it was painted from."""


def keep(path: Path, pixels: NDArray[np.uint8], mark: str, texts: Mapping[str, str]) -> None:
    """Write a picture (H, W, 3) with its mark and other texts, whole or not at all."""
    write_whole(path, png.encoded(pixels, {**texts, MARK: mark}))


def read(path: Path, mark: str) -> tuple[NDArray[np.uint8], dict[str, str]] | None:
    """A picture (H, W, 3) and its texts; None where there is no whole one with this mark."""
    try:
        with path.open("rb") as file:
            texts = png.texts(file)
        return (rgb(path), texts) if texts.get(MARK) == mark else None
    except (OSError, UnreadableError):
        return None
