"""Colours as people write them, and those of a picture: each becomes "#rrggbb"."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image, ImageColor

from studio.errors import RequestError
from studio.pictures.decoder import rgb

TAKEN = 6
"""Colours that are taken from a picture."""
_SEEN = 160
"""Pixels along the longer side that they are chosen by."""


def read(text: str) -> tuple[str, ...]:
    """Colours with commas between them. Raises RequestError for one that is none."""
    return tuple(_colour(part.strip()) for part in text.split(",") if part.strip())


def of_picture(path: Path, most: int = TAKEN) -> tuple[str, ...]:
    """The colours that a picture is made of, the commonest first.

    Raises RequestError for a file that is no picture.
    """
    image = Image.fromarray(rgb(path, _small))
    found = image.quantize(most, method=Image.Quantize.MEDIANCUT)
    palette = found.getpalette() or []
    places = Counter(np.asarray(found).ravel().tolist()).most_common()
    rows = [palette[3 * place : 3 * place + 3] for place, _ in places]
    return tuple(dict.fromkeys("#" + bytes(row).hex() for row in rows))


def _colour(word: str) -> str:
    try:
        return "#" + bytes(ImageColor.getrgb(word)[:3]).hex()
    except ValueError as error:
        raise RequestError(
            f"{word!r} is neither a colour nor a picture; write colours as #rrggbb or by name, "
            "with commas between them, or name a picture that is there."
        ) from error


def _small(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, _SEEN / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))
