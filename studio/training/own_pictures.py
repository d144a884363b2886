"""A person's folder of pictures: which can be trained on, and why the others cannot. No torch."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from studio.errors import RequestError
from studio.training.captions import caption_of

KINDS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
"""What Pillow may take a file for."""
READ = (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".bmp", ".tif", ".tiff")
UNREAD = (".heic", ".heif", ".avif", ".psd", ".xcf", ".kra", ".svg", ".jxl", ".jp2", ".exr",
          ".raw", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf")  # fmt: skip
"""Pictures too, in forms that nothing here can read."""
LARGEST = 80_000_000
"""Pixels that are decoded; JPEGs may have twice as many, as they are decoded at a fraction."""
SMALLEST = 32
"""Pixels along the shorter side."""
LONGEST_STRIP = 8
"""How many times longer than wide a picture may be."""
FEWEST = 8
"""Usable pictures without which nothing is learned that could be told apart from chance."""
FEWEST_CAPTIONED = 16
"""Of those with a caption, for a CLIP."""
HELD_OUT = 0.1
"""Share of the pictures that are kept back to be judged by."""
BEHIND = (255, 255, 255, 255)
"""Colour that shows through a transparent picture."""


@dataclass(frozen=True)
class Usable:
    """A picture that can be trained on."""

    path: Path
    size: tuple[int, int]
    """Width and height in pixels, upright."""
    sha256: str
    caption: str | None


@dataclass(frozen=True)
class Refused:
    """A file that cannot be trained on."""

    path: Path
    reason: str
    """What is the matter, such as "is cut short"."""


@dataclass(frozen=True)
class Folder:
    """What a folder holds, in the order of the file names."""

    path: Path
    usable: tuple[Usable, ...]
    refused: tuple[Refused, ...]

    @property
    def problem(self) -> str | None:
        """Why these pictures are too few, in a sentence that says what is needed."""
        return self._problem(len(self.usable), "usable", FEWEST, 50)

    @property
    def caption_problem(self) -> str | None:
        """The same of pictures with captions, for a CLIP."""
        count = sum(bool(each.caption) for each in self.usable)
        return self._problem(count, "captioned", FEWEST_CAPTIONED, 200)

    def _problem(self, count: int, what: str, needed: int, better: int) -> str | None:
        if count >= needed:
            return None
        here = {0: f"no {what} picture", 1: f"1 {what} picture"}
        return (
            f"The folder {self.path} holds {here.get(count, f'{count} {what} pictures')}, and "
            f"training needs {needed} or more, better {better}."
        )


class _UnusableError(Exception):
    """A picture cannot be used; the message says why."""


def look_at(folder: Path, *, told: Callable[[int, int], None] = lambda done, of: None) -> Folder:
    """Look at every picture in a folder and the folders in it.

    `told` hears how many of how many files have been looked at. Each picture is decoded, as there
    is no other way to find those that are cut short. Raises RequestError when there is no such
    folder or it cannot be read.
    """
    files = list(_files(folder))
    usable: list[Usable] = []
    refused: list[Refused] = []
    first: dict[str, Path] = {}
    for number, path in enumerate(files, 1):
        try:
            with _quietly():
                found = _looked_at(path)
            if found.sha256 in first:
                raise _UnusableError(f"is the same picture as {first[found.sha256].name}")
            first[found.sha256] = path
            usable.append(found)
        except _UnusableError as error:
            refused.append(Refused(path, str(error)))
        told(number, len(files))
    return Folder(folder, tuple(usable), tuple(refused))


def told_of(refused: Iterable[Refused]) -> tuple[tuple[str, str], ...]:
    """Refused files as an order keeps them: path and reason."""
    return tuple((str(each.path), each.reason) for each in refused)


def pixels_of(path: Path, shorter: int) -> NDArray[np.uint8]:
    """A picture upright and opaque with that many pixels along its shorter side, (H, W, 3).

    A smaller picture is enlarged. Raises RequestError for one that `look_at` would refuse.
    """
    try:
        with _quietly(), _opened(path) as image:
            _hurry(image, shorter)
            upright = _opaque(ImageOps.exif_transpose(image))
            factor = shorter / min(upright.size)
            size = (max(shorter, round(upright.width * factor)),
                    max(shorter, round(upright.height * factor)))  # fmt: skip
            made = upright.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
            return np.asarray(made)
    except (_UnusableError, *_FAULTS) as error:
        raise RequestError(f"The picture {path} {_reason(error)}.") from error


def held_out(hashes: tuple[str, ...]) -> tuple[bool, ...]:
    """Which pictures are kept back, told from their content alone: about HELD_OUT, 1 or more.

    So a picture that was kept back once is never trained on later, whatever joins the folder.
    """
    chosen = [int(each[:8], 16) < HELD_OUT * 2**32 for each in hashes]
    if not any(chosen) and hashes:
        chosen[hashes.index(min(hashes))] = True
    return tuple(chosen)


def _files(folder: Path) -> Iterator[Path]:
    """What looks like a picture by its name, in order; hidden files and folders are passed by."""
    if not folder.is_dir():
        raise RequestError(f"There is no folder {folder}; name one that holds pictures.")
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise RequestError(f"The folder {folder} cannot be read ({error.strerror}).") from error
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if each[0] not in "._")
        for name in sorted(names):
            if name[0] != "." and name.lower().endswith(READ + UNREAD):
                yield Path(place, name)


def _looked_at(path: Path) -> Usable:
    if path.suffix.lower() in UNREAD:
        raise _UnusableError(f"is {path.suffix.lower()}, which is not read; save it as PNG or JPEG")
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        with _opened(path) as image:
            size = _upright_size(image)
            caption = caption_of(path, image)
            _hurry(image, SMALLEST)
            image.load()
        return Usable(path, size, sha256, caption)
    except _FAULTS as error:
        raise _UnusableError(_reason(error)) from error


def _opened(path: Path) -> Image.Image:
    """An image that is not decoded yet and whose size is all right."""
    if not path.is_file():
        raise _UnusableError("is not an ordinary file")
    if not path.stat().st_size:
        raise _UnusableError("is empty")
    image = Image.open(path, formats=KINDS)
    problem = _problem_of_size(*image.size, 2 * LARGEST if _hurries(image) else LARGEST)
    if problem is not None:
        image.close()
        raise _UnusableError(problem)
    return image


def _problem_of_size(width: int, height: int, most: int) -> str | None:
    if width * height > most:
        return f"has {width * height / 1e6:.0f} million pixels; make it smaller"
    if min(width, height) < SMALLEST:
        return f"is too small: {width}x{height}, and {SMALLEST} pixels are needed"
    if max(width, height) > LONGEST_STRIP * min(width, height):
        return f"is a strip of {width}x{height}; cut it up"
    return None


def _hurries(image: Image.Image) -> bool:
    return image.format in ("JPEG", "MPO")  # MPO is how many phones write JPEG


def _hurry(image: Image.Image, shorter: int) -> None:
    """Let a JPEG be decoded at a fraction, with room for a good resize after it."""
    if _hurries(image):
        image.draft(image.mode, (2 * shorter, 2 * shorter))


def _upright_size(image: Image.Image) -> tuple[int, int]:
    width, height = image.size
    on_its_side = image.getexif().get(ExifTags.Base.Orientation, 1) in (5, 6, 7, 8)
    return (height, width) if on_its_side else (width, height)


@contextmanager
def _quietly() -> Iterator[None]:
    """A block without Pillow's warnings, of odd metadata and of sizes that are checked here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _opaque(image: Image.Image) -> Image.Image:
    """In 8 bits of red, green and blue, white behind what is transparent."""
    if image.has_transparency_data:
        over = Image.new("RGBA", image.size, BEHIND)
        return Image.alpha_composite(over, image.convert("RGBA")).convert("RGB")
    if image.mode.startswith(("I", "F")):
        return _eight_bit(image).convert("RGB")
    return image.convert("RGB")


def _eight_bit(image: Image.Image) -> Image.Image:
    """A picture of deep greys (16 bits, or numbers of any size) in 8 bits."""
    deep = np.nan_to_num(np.asarray(image).astype(np.float64))
    white = 65535.0 if image.mode.startswith("I") else max(1.0, float(deep.max()))
    return Image.fromarray((deep / white * 255).clip(0, 255).round().astype(np.uint8))


_FAULTS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    MemoryError,
    OverflowError,
    Image.DecompressionBombError,
)
"""All that Pillow raises for files that are no pictures."""


def _reason(error: BaseException) -> str:
    if isinstance(error, _UnusableError):
        return str(error)
    if isinstance(error, Image.DecompressionBombError):
        return f"has more than {2 * LARGEST / 1e6:.0f} million pixels; make it smaller"
    if isinstance(error, UnidentifiedImageError):
        return "is not a picture, or one of a kind that is not read; save it as PNG or JPEG"
    if isinstance(error, PermissionError | FileNotFoundError):
        return f"cannot be opened ({error.strerror})"
    if "truncated" in str(error) or isinstance(error, EOFError):
        return "is cut short; copy it again"
    return "is damaged; save it again from another program"
