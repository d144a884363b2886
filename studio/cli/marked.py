"""PNGs that say what they were painted from, so that nothing is painted twice."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from PIL.PngImagePlugin import PngInfo

from studio.atomic import write_whole

MARK = "painted"
"""The text in a PNG that says what it was painted from."""


def keep(path: Path, pixels: NDArray[np.uint8], mark: str, texts: Mapping[str, str]) -> None:
    """Write a picture (H, W, 3) with its mark and other texts, whole or not at all."""
    about, file = PngInfo(), io.BytesIO()
    for name, text in {**texts, MARK: mark}.items():
        about.add_text(name, text)
    Image.fromarray(pixels).save(file, "PNG", pnginfo=about)
    write_whole(path, file.getvalue())


def read(path: Path, mark: str) -> tuple[NDArray[np.uint8], dict[Any, Any]] | None:
    """A picture (H, W, 3) and its texts; None where there is no whole one with this mark."""
    try:
        with Image.open(path) as image:
            image.load()
            if image.info.get(MARK) != mark:
                return None
            return np.array(image.convert("RGB")), image.info
    except (OSError, SyntaxError, UnidentifiedImageError):  # SyntaxError is Pillow's for broken PNG
        return None
