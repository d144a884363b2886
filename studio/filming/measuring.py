"""What is measured on previews: how much the picture changes, and how large a film may become."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from studio.core.film import Moment, Order, Place
from studio.errors import StudioError
from studio.film.formats import Format
from studio.project.file import Project

SIDE = 64
"""Pixels along the longer side of the previews on which change is measured."""
GATHERED = 1.0
"""Bytes for a pixel of the lossless frames that a GIF is made from, measured on paintings."""


def changes(project: Project, places: Sequence[Place]) -> tuple[float, ...]:
    """How much the picture changes from each place to the next (RMS, 0..255)."""
    pictures = (_small(project, place) for place in places)
    return tuple(
        float(np.sqrt(np.square(after - before).mean())) for before, after in pairwise(pictures)
    )


def codes_of(project: Project) -> Callable[[Place], NDArray[np.uint16]]:
    """What gives the codes of a place."""
    return lambda place: project.codes(*place)


def opened(project: Project, place: Place) -> Image.Image:
    """The recorded preview of a place, not decoded yet. Raises StudioError for a damaged one."""
    try:
        return Image.open(io.BytesIO(project.proxy(*place)))
    except UnidentifiedImageError as error:
        raise StudioError(
            f"The preview of iteration {place.iteration} of take {place.take} is no picture; "
            "go back to a copy of the project, or leave that iteration out."
        ) from error


def estimate(
    project: Project, moments: Sequence[Moment], size: tuple[int, int], format: Format, order: Order
) -> int:
    """About how many bytes a film becomes."""
    return len(moments) * size[0] * size[1] // 8


def room(guess: int, frames: int, size: tuple[int, int], format: Format) -> int:
    """Bytes that must be free before a film is begun: a GIF is made from lossless frames."""
    gathered = GATHERED * frames * size[0] * size[1] if format.kind == "gif" else 0
    return guess + round(gathered)


def _small(project: Project, place: Place) -> NDArray[np.float32]:
    with opened(project, place) as image:
        scale = SIDE / max(image.size)
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image.draft("RGB", size)
        small = image.convert("RGB").resize(size, Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32)
