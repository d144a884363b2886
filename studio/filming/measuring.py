"""What is measured on previews: how much the picture changes, and how large a film may become."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.core.film import QUALITIES, Moment, Order, Place, Quality
from studio.core.film_way import Leg, still
from studio.errors import StudioError
from studio.film.formats import Format
from studio.pictures.decoder import PROXY, Fit, UnreadableError, kept, size_of
from studio.project.file import Project

SIDE = 64
"""Pixels along the longer side of the previews on which change is measured."""
SAMPLED = 8
"""Previews that are looked at, about, to guess the size of a film."""
SOUND = 20_000
"""Bytes of sound in a second."""
HEADER = 2000
GIF_SIDE = 256
"""Pixels along the longer side of the frames that are tried as GIF."""
GIF_SHARES: Mapping[Quality, float] = {"draft": 0.73, "good": 0.95, "best": 0.9}
"""Bytes of a frame by those of its preview as a GIF of its own colours, dithered."""
GIF_GROWS = 0.88
GIF_COLOURS = 800
"""Bytes of a GIF that all of its frames share."""
KEPT = 2048
"""Small previews that are kept, 12 KB each."""
GATHERED = 1.0
"""Bytes for a pixel of the lossless frames that a GIF is made from, measured on paintings."""


class Measure:
    """Measures how much the picture changes (RMS, 0..255) on small previews of a project."""

    def __init__(self, project: Project) -> None:
        self._small = lru_cache(KEPT)(lambda place: _small(project, place))

    def changes(self, places: Sequence[Place]) -> tuple[float, ...]:
        """From each place to the next."""
        return self.steps([still(place) for place in places])

    def steps(self, moments: Sequence[Moment]) -> tuple[float, ...]:
        """From each moment to the next; what lies between two places is their dissolve."""
        return tuple(_rms(after - before) for before, after in pairwise(map(self._at, moments)))

    def evened(self, leg: Leg, moments: Sequence[Moment]) -> Leg:
        """The leg as a film that shows these moments of it finds it.

        Pictures with grain are nearer to each other than the way between them is long, so a way
        is measured again by the very steps that were planned on it.
        """
        number = {place: index for index, place in enumerate(leg.places)}
        last = len(leg.places) - 1
        marks = ((number[moment.start] + moment.share) / last for moment in moments[1:])
        return Leg(leg.places, self.steps(moments), tuple(marks))

    def _at(self, moment: Moment) -> NDArray[np.float32]:
        start = self._small(moment.start).astype(np.float32)
        if not moment.share:
            return start
        return start + np.float32(moment.share) * (self._small(moment.end) - start)


def spread(steps: Sequence[float]) -> float:
    """The coefficient of variation: deviation by mean; 0 is perfectly even."""
    mean = float(np.mean(steps))
    return float(np.std(steps)) / mean if mean else 0.0


def codes_of(project: Project) -> Callable[[Place], NDArray[np.uint16]]:
    """What gives the codes of a place."""
    return lambda place: project.codes(*place)


def preview(project: Project, place: Place, fit: Fit | None = None) -> NDArray[np.uint8]:
    """The recorded preview of a place (H, W, 3). Raises StudioError for a damaged one."""
    with _told_of(place):
        resample = Image.Resampling.BOX
        return kept(project.proxy(*place), fit=fit, resample=resample, formats=PROXY)


def preview_size(project: Project, place: Place) -> tuple[int, int]:
    """Its width and height. Raises StudioError for a damaged one."""
    with _told_of(place):
        return size_of(project.proxy(*place), PROXY)


@contextmanager
def _told_of(place: Place) -> Iterator[None]:
    try:
        yield
    except UnreadableError as error:
        raise StudioError(
            f"The preview of iteration {place.iteration} of take {place.take} is no picture; "
            "go back to a copy of the project, or leave that iteration out."
        ) from error


def estimate(
    project: Project, moments: Sequence[Moment], size: tuple[int, int], format: Format, order: Order
) -> int:
    """About how many bytes a film becomes.

    Each frame that differs from the one before costs a share, by kind and quality, of what its
    previews cost as JPEG for a pixel, or as a GIF. The shares were measured on the example projects
    and on a made-up one at 512x512. GIFs come out within a third of this; most other films between
    half of it and double, smooth ones (morphs, drafts of long paintings) down to a quarter.
    """
    changed = 1 + sum(before != after for before, after in pairwise(moments))
    shown = sorted({moment.start for moment in moments})
    sample = shown[:: max(1, len(shown) // SAMPLED)]
    if format.kind == "gif":
        tried = [_as_gif(project, place, size) for place in sample]
        return round(changed * GIF_SHARES[order.quality] * float(np.mean(tried))) + HEADER
    width, height = preview_size(project, sample[0])
    detail = sum(len(project.proxy(*place)) for place in sample) / len(sample) / (width * height)
    share, grows = format.shares[QUALITIES.index(order.quality)], format.grows
    pixels = size[0] * size[1]
    larger = max(1.0, pixels / (width * height))
    sound = 0 if order.soundtrack is None else round(len(moments) / order.fps * SOUND)
    return round(changed * share * detail * pixels * larger ** (grows - 1)) + sound + HEADER


def _as_gif(project: Project, place: Place, size: tuple[int, int]) -> float:
    """Bytes of one frame, tried at GIF_SIDE and reckoned from there."""
    scale = min(1.0, GIF_SIDE / max(size))
    tried = (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))
    frame = Image.fromarray(preview(project, place)).resize(tried, Image.Resampling.LANCZOS)
    file = io.BytesIO()
    frame.quantize(256).save(file, "GIF")
    pixels = size[0] * size[1] / (tried[0] * tried[1])
    return (len(file.getvalue()) - GIF_COLOURS) * pixels**GIF_GROWS


def room(guess: int, frames: int, size: tuple[int, int], format: Format) -> int:
    """Bytes that must be free before a film is begun: a GIF is made from lossless frames."""
    gathered = GATHERED * frames * size[0] * size[1] if format.kind == "gif" else 0
    return guess + round(gathered)


def _small(project: Project, place: Place) -> NDArray[np.uint8]:
    return preview(project, place, _as_small)


def _as_small(width: int, height: int) -> tuple[int, int]:
    scale = SIDE / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _rms(difference: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.square(difference).mean()))
