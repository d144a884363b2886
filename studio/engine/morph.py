"""Travelling through latents: the pictures of a film's moments, at stops and between them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain, islice, pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.core.film import Moment, Place
from studio.engine import device as devices
from studio.engine.painter import Painter, to_pixels
from studio.engine.polish import Polisher
from studio.engine.vqgan import VQGAN
from studio.errors import RequestError, StudioError
from studio.log import log

CodesOf = Callable[[Place], NDArray[np.uint16]]
"""The codes (h, w) of a painted iteration."""

PIXELS_AT_ONCE = {"cpu": 2**16}
"""Pixels per pass of the decoder; more of them are slower on a CPU (measured: best are 4 pictures
at 128x128 and 1 at 256x256)."""
PIXELS_AT_ONCE_ELSEWHERE = 2**21
KEPT_BYTES = 2**27
"""Pictures that are kept in case a film shows them again."""
KEPT_PLACES = 16
"""Places whose codes are kept, since the frames of one way all need the same two."""
STILL = 1e-4
"""Sine of the angle between two ends below which a straight line is as good as an arc."""


class Traveller:
    """Decodes the moments of a film.

    A stop is the picture of its codes, to the last bit. Between two stops the latents go along an
    arc (see `between`), are polished where there is a `polisher`, put back onto the codebook with
    `requantize`, and decoded, `at_once` moments per pass (None: as many as are fastest here).
    """

    def __init__(
        self,
        vqgan: VQGAN,
        *,
        requantize: bool = False,
        polisher: Polisher | None = None,
        at_once: int | None = None,
    ) -> None:
        self._device = next(vqgan.parameters()).device
        self._vqgan, self._polisher = vqgan, polisher
        self._requantize, self._at_once = requantize, at_once
        self._stops = Painter(vqgan, {}, device=self._device)
        self._kept = _Pictures(KEPT_BYTES)

    def pictures(self, moments: Iterable[Moment], codes: CodesOf) -> Iterator[NDArray[np.uint8]]:
        """One picture (H, W, 3) RGB for each moment, in order; read-only, for some are the same.

        Moments are asked for only as they are needed, and memory does not grow with their number.
        Raises RequestError when a way leads from one size to another, StudioError when memory runs
        out with a single picture per pass.
        """
        read = lru_cache(KEPT_PLACES)(codes)
        waiting = iter(moments)
        for first in islice(waiting, 1):
            waiting = chain([first], waiting)
            if self._at_once is None:
                self._at_once = self._quickest(read(first.start))
        while group := [_plain(moment) for moment in islice(waiting, self._at_once)]:
            shown = self._shown(group, read)
            for moment in group:
                yield shown[moment]

    def changes(self, start: Place, end: Place, codes: CodesOf, samples: int = 8) -> list[float]:
        """How much the picture changes in each of `samples` equal parts of a way (RMS, 0..255)."""
        moments = (Moment(start, end, number / samples) for number in range(samples + 1))
        pictures = (picture.astype(np.float32) for picture in self.pictures(moments, codes))
        return [float(np.sqrt(np.square(b - a).mean())) for a, b in pairwise(pictures)]

    def _shown(self, group: Sequence[Moment], codes: CodesOf) -> dict[Moment, NDArray[np.uint8]]:
        kept = {moment: self._kept.get(moment) for moment in group}
        shown = {moment: picture for moment, picture in kept.items() if picture is not None}
        new = [moment for moment in kept if moment not in shown]
        ways = [moment for moment in new if moment.start != moment.end]
        pictures = self._decoded([self._latents(way, codes) for way in ways])
        found = dict(zip(ways, pictures, strict=True))
        found |= {stop: self._stop(codes(stop.start)) for stop in new if stop not in found}
        for moment, picture in found.items():
            picture.setflags(write=False)
            self._kept.keep(moment, picture)
        return shown | found

    @torch.no_grad()
    def _vectors(self, place: Place, codes: CodesOf) -> Tensor:
        rows = torch.from_numpy(codes(place).astype(np.int64))[None].to(self._device)
        return self._vqgan.vectors_of(rows)

    def _latents(self, moment: Moment, codes: CodesOf) -> Tensor:
        """The latents between two stops, (1, C, h, w)."""
        start, end, share = moment
        _check_sizes(start, end, codes, self._vqgan.config.factor)
        way = partial(between, self._vectors(start, codes), self._vectors(end, codes))
        z = way(share)
        if self._polisher is not None:
            z = z + self._polisher.bend(start, end, way, share)
        return self._vqgan.quantized(z)[0] if self._requantize else z

    def _stop(self, codes: NDArray[np.uint16]) -> NDArray[np.uint8]:
        try:
            return self._stops.picture(codes)
        except (RuntimeError, MemoryError) as error:
            if not devices.is_out_of_memory(error):
                raise
        raise _too_large(codes.shape, self._vqgan.config.factor)

    def _decoded(self, latents: Sequence[Tensor]) -> list[NDArray[np.uint8]]:
        pictures: list[NDArray[np.uint8]] = []
        while len(pictures) < len(latents):
            part = latents[len(pictures) : len(pictures) + (self._at_once or 1)]
            try:
                pictures += self._decoded_at_once(part)
                continue
            except (RuntimeError, MemoryError) as error:
                if not devices.is_out_of_memory(error):
                    raise
            self._take_less(part)
        return pictures

    @torch.no_grad()
    def _decoded_at_once(self, latents: Sequence[Tensor]) -> list[NDArray[np.uint8]]:
        pictures = self._vqgan.decode(torch.cat(list(latents))) / 2 + 0.5
        return [to_pixels(picture[None]) for picture in pictures]

    def _take_less(self, part: Sequence[Tensor]) -> None:
        if len(part) == 1:
            raise _too_large(tuple(part[0].shape[2:]), self._vqgan.config.factor)
        devices.free_cache(self._device)
        self._at_once = (len(part) + 1) // 2
        log.warning("Memory ran out; going on with %d pictures per pass.", self._at_once)

    def _quickest(self, codes: NDArray[np.uint16]) -> int:
        pixels = codes.size * self._vqgan.config.factor**2
        return max(1, PIXELS_AT_ONCE.get(self._device.type, PIXELS_AT_ONCE_ELSEWHERE) // pixels)


def between(a: Tensor, b: Tensor, share: float) -> Tensor:
    """Latents on the way from `a` to `b`, (1, C, h, w) each; 0 is `a`, 1 is `b`.

    Codebook vectors averaged are shorter than either, which greys what lies between. So the whole
    grid goes along an arc, as one vector (Shoemake 1985), its length from the one's to the other's;
    latents that both ends share rest. Arcs of single latents ring and, where two of them are
    opposite, have no direction.
    """
    same = (a == b).all(1, keepdim=True)
    moving = (~same).to(a.dtype)
    long_a, long_b = (a * moving).norm(), (b * moving).norm()
    if not long_a * long_b:
        return a.lerp(b, share)
    angle = ((a * b * moving).sum() / (long_a * long_b)).clamp(-1, 1).acos()
    if angle.sin() < STILL:
        return a.lerp(b, share)
    length = long_a.lerp(long_b, share) / angle.sin()
    arc = ((1 - share) * angle).sin() * length / long_a * a + (
        share * angle
    ).sin() * length / long_b * b
    return torch.where(same, a, arc)


class _Pictures:
    """The pictures shown last, up to a number of bytes."""

    def __init__(self, most: int) -> None:
        self._most, self._bytes = most, 0
        self._pictures: OrderedDict[Moment, NDArray[np.uint8]] = OrderedDict()

    def get(self, moment: Moment) -> NDArray[np.uint8] | None:
        if moment in self._pictures:
            self._pictures.move_to_end(moment)
        return self._pictures.get(moment)

    def keep(self, moment: Moment, picture: NDArray[np.uint8]) -> None:
        self._pictures[moment] = picture
        self._bytes += picture.nbytes
        while self._bytes > self._most:
            self._bytes -= self._pictures.popitem(last=False)[1].nbytes


def _plain(moment: Moment) -> Moment:
    """The moment itself, or the one way to say that it shows a stop."""
    start, end, share = moment
    if start == end or share <= 0:
        return Moment(start, start, 0.0)
    return Moment(end, end, 0.0) if share >= 1 else moment


def _check_sizes(start: Place, end: Place, codes: CodesOf, factor: int) -> None:
    shapes = codes(start).shape, codes(end).shape
    if shapes[0] != shapes[1]:
        (one, other) = (f"{w * factor}x{h * factor}" for h, w in shapes)
        raise RequestError(
            f"Iteration {start.iteration} of take {start.take} is {one} and iteration "
            f"{end.iteration} of take {end.take} is {other}; a morph goes between pictures of one "
            "size, so take one of them out."
        )


def _too_large(shape: tuple[int, ...], factor: int) -> StudioError:
    height, width = shape
    return StudioError(
        f"Memory ran out at {width * factor}x{height * factor} even with one picture at a time; "
        "close other programs, or compute on the CPU."
    )
