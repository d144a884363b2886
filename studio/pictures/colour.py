"""Colours of every kind as sRGB in 8 bits, with white behind what is transparent.

How the colours of a picture are to be read is worked out once, from all of it; then it is made
over strip by strip, so that a large picture is never twice in memory.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, TiffImagePlugin

from studio.log import log

BEHIND = (255, 255, 255, 255)
"""Colour that shows through a transparent picture."""
STRIP = 2**20
"""Pixels of a strip."""
SRGB_GAMMA = 0.45455
"""What a PNG tells whose numbers mean what those of sRGB do."""
SAME = 1
"""A profile that moves no colour by more than this, of 255, is that of sRGB."""
SPACES = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab ": "LAB"}
"""Pillow's modes by the colour spaces of ICC profiles."""
BITS, SAMPLE_FORMAT, PHOTOMETRIC = 258, 339, 262
"""Tags of a TIFF."""
Develop = Callable[[Image.Image], Image.Image]


class Colours:
    """How the colours of one decoded picture are read."""

    def __init__(self, image: Image.Image) -> None:
        self._deep = _Deep(image) if _is_deep(image) else None
        self._profile = _from_profile(image)
        self._gamma = None if self._profile or "icc_profile" in image.info else _from_gamma(image)

    @property
    def meant(self) -> bool:
        """Whether the numbers of the pixels are those of sRGB already."""
        return self._deep is None and self._profile is None and self._gamma is None

    def srgb(self, part: Image.Image) -> Image.Image:
        """A part of the picture as RGB."""
        alpha: Image.Image | None = None
        if self._deep is not None:
            part, alpha = self._deep.eight_bit(part)
        elif part.has_transparency_data:
            part = _translucent(part)
            alpha, part = part.getchannel("A"), part.convert("RGB")
        for develop in (self._profile, self._gamma):
            part = part if develop is None else develop(part)
        part = _converted(part, "RGB")
        if alpha is None:
            return part
        behind = Image.new("RGB", part.size, BEHIND[:3])
        return Image.composite(part, behind, alpha)


def strips(image: Image.Image, step: int) -> Iterator[Image.Image]:
    """A picture from top to bottom, in parts whose heights are multiples of a step."""
    rows = max(1, STRIP // image.width // step) * step
    for top in range(0, image.height, rows):
        yield image.crop((0, top, image.width, min(image.height, top + rows)))


def eight_bit(image: Image.Image) -> Image.Image:
    """A picture of deep greys in 8 bits; any other as it is."""
    return _Deep(image).eight_bit(image)[0] if _is_deep(image) else image


def _is_deep(image: Image.Image) -> bool:
    return image.mode.startswith(("I", "F"))


class _Deep:
    """Greys of 16 or 32 bits, or numbers of any size: what is white among them."""

    def __init__(self, image: Image.Image) -> None:
        tags = image.tag_v2 if isinstance(image, TiffImagePlugin.TiffImageFile) else {}
        bits, form = _first(tags.get(BITS, 16)), _first(tags.get(SAMPLE_FORMAT, 1))
        self._unsigned = bits == 32 and form == 1
        self._clear = image.info.get("transparency")
        self._turned = image.mode.startswith("I;16") and tags.get(PHOTOMETRIC) == 0
        if image.mode == "F":
            self._white = _white_of_numbers(self._sampled(image))
        elif image.mode.startswith("I;16"):
            self._white = 65535.0
        elif bits == 16:
            self._white = 32767.0
        else:
            most = max(float(self._numbers(part).max()) for part in strips(image, 1))
            whites = (255.0, 65535.0, 2.0**32 - 1 if self._unsigned else 2.0**31 - 1)
            self._white = next(white for white in whites if most <= white)

    def eight_bit(self, part: Image.Image) -> tuple[Image.Image, Image.Image | None]:
        """A part in 8 bits, and how opaque it is if it is not so everywhere."""
        numbers = self._numbers(part)
        finite = np.nan_to_num(numbers.astype(np.float32), nan=0.0, posinf=self._white, neginf=0.0)
        grey = (finite * (255 / self._white)).clip(0, 255).round().astype(np.uint8)
        if self._turned:
            grey = 255 - grey
        alpha = None
        if isinstance(self._clear, int):
            alpha = Image.fromarray(np.where(numbers == self._clear, 0, 255).astype(np.uint8))
        return Image.fromarray(grey), alpha

    def _numbers(self, part: Image.Image) -> NDArray[np.generic]:
        numbers = np.asarray(part)
        return numbers.view(np.uint32) if self._unsigned and part.mode == "I" else numbers

    def _sampled(self, image: Image.Image) -> NDArray[np.float32]:
        """Some of the numbers, evenly spread."""
        every = max(1, round((image.width * image.height / STRIP) ** 0.5))
        rows = [np.asarray(part, np.float32)[::every, ::every] for part in strips(image, every)]
        return np.concatenate(rows)


def _first(tag: object) -> object:
    return tag[0] if isinstance(tag, tuple) and tag else tag


def _white_of_numbers(numbers: NDArray[np.float32]) -> float:
    """What is white in a picture of real numbers: 1 in most, 255 in some, otherwise the largest.

    A few pixels may be lights far above white, no numbers at all, or infinite.
    """
    lit = numbers[np.isfinite(numbers) & (numbers > 0)]
    if not lit.size or np.median(lit) <= 1:
        return 1.0
    most = float(np.percentile(lit, 99.9))
    return 255.0 if most <= 255 else most


def _translucent(part: Image.Image) -> Image.Image:
    key = part.info.get("transparency")
    if part.mode == "RGB" and isinstance(key, tuple) and max(key) > 255:
        part.info["transparency"] = tuple(value >> 8 for value in key)  # as the pixels are by now
    return part.convert("RGBA")


def _converted(part: Image.Image, mode: str) -> Image.Image:
    if part.mode == "LAB" and mode == "RGB":
        return _applied(_lab(), part)
    return part if part.mode == mode else part.convert(mode)


def _from_profile(image: Image.Image) -> Develop | None:
    """What makes sRGB of a picture by its profile; None when there is nothing to do, or no way."""
    data = image.info.get("icc_profile")
    if not data:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        mode = SPACES.get(profile.profile.xcolor_space.ljust(4), "")
        if mode not in _readable_as(image.mode):
            raise ValueError(f"it is one for {profile.profile.xcolor_space}")
        transform = _transform(profile, mode)
        if _changes_nothing(transform, mode):
            return None
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError, AttributeError) as error:
        log.info("A colour profile is passed by: %s", error)
        return None
    return lambda part: _applied(transform, _converted(part, mode))


def _readable_as(mode: str) -> tuple[str, ...]:
    """The modes that a picture of a mode can be handed to a profile in."""
    if mode in ("CMYK", "LAB"):
        return (mode,)
    if mode in ("1", "L", "LA", "La") or mode.startswith(("I", "F")):
        return ("L", "RGB")
    return ("RGB",)


def _transform(profile: ImageCms.ImageCmsProfile, mode: str) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        profile,
        _srgb(),
        mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _applied(transform: ImageCms.ImageCmsTransform, part: Image.Image) -> Image.Image:
    made = transform.apply(part)
    return made


def _changes_nothing(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    if mode not in ("RGB", "L"):
        return False
    steps = np.linspace(0, 255, 16).astype(np.uint8)
    colours = np.stack(np.meshgrid(steps, steps, steps), -1).reshape(64, 64, 3)
    probe = Image.fromarray(colours if mode == "RGB" else colours[..., 0])
    after = np.asarray(_applied(transform, probe)).astype(int)
    return bool(np.abs(after - np.asarray(probe.convert("RGB"))).max() <= SAME)


@lru_cache(1)
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@lru_cache(1)
def _lab() -> ImageCms.ImageCmsTransform:
    return _transform(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), "LAB")


def _from_gamma(image: Image.Image) -> Develop | None:
    """What makes sRGB of a picture by the gamma that a PNG tells; None when it is that of sRGB."""
    gamma = image.info.get("gamma")
    if not isinstance(gamma, float) or not 0.01 <= gamma <= 10:
        return None
    values = np.linspace(0, 1, 256) ** (SRGB_GAMMA / gamma)
    table = (values * 255).round().astype(int)
    if np.abs(table - np.arange(256)).max() <= SAME:
        return None
    return lambda part: _converted(part, "RGB").point([*table.tolist()] * 3)
