"""The one place where pictures are decoded, whoever made them; nothing else may call Pillow for it.

A picture from a stranger is read in one of a few formats, within limits, and anything that goes
wrong with it is an `UnreadableError`, which names the picture and the remedy in a sentence.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, IptcImagePlugin, TiffImagePlugin, UnidentifiedImageError

from studio.errors import RequestError, shown
from studio.log import log
from studio.pictures import orientation, png
from studio.pictures.colour import Colours, eight_bit, strips

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "JPEG2000")
"""Pillow's names of all that is ever decoded; to decode EPS, it would run a program on it."""
PROXY = ("JPEG",)
"""All that the picture of an iteration ever is."""
ENDINGS = (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".bmp", ".tif", ".tiff",
           ".avif", ".jp2", ".j2k", ".jpx")  # fmt: skip
"""What their files are called."""
MIME = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp", "image/tiff",
        "image/avif", "image/jp2")  # fmt: skip
LARGEST = 80_000_000
"""Pixels of a picture that is decoded; JPEGs that are shrunk meanwhile may have twice as many."""
LARGEST_OF = {"WEBP": 25_000_000, "AVIF": 40_000_000, "JPEG2000": 12_000_000}
"""The same where decoding takes more of memory or time: half a gigabyte, five seconds."""
LARGEST_PROGRESSIVE = 60_000_000
"""The same of JPEGs that are kept whole in memory until the last of their scans is read."""
LARGE = 4_000_000
"""Pixels of a result for which a box is filter enough; smaller ones get Lanczos after it."""
MOST_SCANNED = 1_500_000_000
"""Pixels times scans of such a JPEG: some hundreds of scans are an attack, or a mistake."""
LARGEST_PNG = 400_000_000
"""Bytes of a PNG, which is read whole."""
IPTC_CAPTION = (2, 120)
"""Record and dataset of "Caption/Abstract" in IPTC's IIM 4.2."""

Image.MAX_IMAGE_PIXELS = None  # Pillow's own limit is none but a warning; ours are above

Source = Path | bytes
Size = tuple[int, int]
Fit = Callable[[int, int], Size]
"""The size that a picture of a width and height is wanted in."""
Pixels = NDArray[np.uint8]


class UnreadableError(RequestError):
    """A picture cannot be decoded."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"The picture {name} {reason}." if name else f"The picture {reason}.")
        self.reason = reason
        """What is the matter, to follow its name: "is cut short; copy it again"."""


@dataclass(frozen=True)
class Looked:
    """A picture that can be decoded."""

    format: str
    """Pillow's name for what the file is."""
    size: Size
    """Width and height in pixels, upright."""
    transparent: bool
    meant: bool
    """Whether its pixels are upright, opaque and sRGB as they lie in the file."""
    iptc: bytes
    """The caption that newspapers and agencies write into pictures."""
    xmp: bytes


def look(source: Source, *, enough: int | None = None, most: int = 2 * LARGEST) -> Looked:
    """Decode a picture to see that it can be; a JPEG only as large as `enough` pixels a side.

    One with more than `most` pixels is refused. Raises UnreadableError.
    """
    with _opened(source) as image:
        if image.width * image.height > most:
            raise _too_large(image)
        turned = _orientation(image)
        size, iptc = _turned_size(image.size, turned), _iptc(image)
        if enough is not None:
            _hurry(image, (enough, enough))
        image.load()
        clear = image.has_transparency_data
        upright = turned == orientation.UPRIGHT and not clear and image.mode in ("RGB", "L")
        meant = upright and Colours(image).meant
        return Looked(str(image.format), size, clear, meant, iptc, _xmp(image))


def rgb(source: Source, fit: Fit | None = None) -> Pixels:
    """Any picture as (H, W, 3): upright, opaque, in sRGB; in the size that `fit` gives of its own.

    Raises UnreadableError.
    """
    with _opened(source) as image:
        turned = _orientation(image)
        own = _turned_size(image.size, turned)
        wanted = own if fit is None else fit(*own)
        stored = _turned_size(wanted, turned)
        margin = 1 if stored[0] * stored[1] > LARGE else 2
        least = (margin * stored[0], margin * stored[1])
        _hurry(image, least)
        image.load()
        step = max(1, min(image.width // least[0], image.height // least[1]))
        pixels = _developed(image, step)
        image.close()
        if turned == orientation.UPRIGHT and pixels.shape[1::-1] == wanted:
            return pixels
        made = orientation.upright(Image.fromarray(pixels), turned)
        return np.array(made.resize(wanted, Image.Resampling.LANCZOS))


def _developed(image: Image.Image, step: int) -> Pixels:
    """A decoded picture in sRGB, as many times smaller as the step says; never twice in memory."""
    colours, top = Colours(image), 0
    made = np.empty((-(-image.height // step), -(-image.width // step), 3), np.uint8)
    for strip in strips(image, step):
        part = np.asarray(_reduced(colours.srgb(strip), step))
        made[top : top + len(part)] = part
        top += len(part)
    return made


def kept(
    data: bytes,
    mode: str = "RGB",
    fit: Fit | None = None,
    *,
    resample: Image.Resampling = Image.Resampling.BILINEAR,
    formats: tuple[str, ...] = FORMATS,
) -> Pixels:
    """A picture that the program itself keeps, with its pixels as they are stored.

    What is kept is in sRGB and upright, so nothing else is looked for; a stranger may have put
    anything there, and what is unreadable raises UnreadableError.
    """
    with _opened(data, formats) as image:
        wanted = image.size if fit is None else fit(*image.size)
        if wanted != image.size:
            image.draft(mode, wanted)
        made = eight_bit(image).convert(mode)
        return np.array(made if made.size == wanted else made.resize(wanted, resample))


def size_of(data: bytes, formats: tuple[str, ...] = FORMATS) -> Size:
    """Width and height of a picture that the program keeps; only its head is read."""
    with _opened(data, formats) as image:
        return image.size


@contextmanager
def _opened(source: Source, formats: tuple[str, ...] = FORMATS) -> Iterator[Image.Image]:
    """A picture that is not decoded yet. Whatever goes wrong with it is an UnreadableError."""
    name = shown(source) if isinstance(source, Path) else ""
    try:
        with warnings.catch_warnings(), _stream(source) as file:
            warnings.simplefilter("ignore")  # of odd metadata, which is not looked at
            with _known(file, formats) as image:
                _check(image, file)
                yield image
    except UnreadableError:
        raise
    except Exception as error:  # Pillow raises nearly everything for files that are no pictures
        reason = error.args[0] if isinstance(error, _RefusedError) else _reason(error)
        log.debug("A picture cannot be decoded: %r", error)
        raise UnreadableError(name, reason) from error


class _RefusedError(Exception):
    """A picture is not decoded, for the reason given."""


def _stream(source: Source) -> BinaryIO:
    if isinstance(source, bytes):
        if not source:
            raise _RefusedError("is empty")
        return io.BytesIO(source)
    if source.is_dir():
        raise _RefusedError("is a folder; name a picture in it")
    if not source.exists():
        raise _RefusedError("is not there; check the name and the folder")
    if not source.is_file():
        raise _RefusedError("is not an ordinary file")
    if not source.stat().st_size:
        raise _RefusedError("is empty")
    return source.open("rb")


def _known(file: BinaryIO, formats: tuple[str, ...]) -> Image.Image:
    told: dict[str, Any] = {}
    if "PNG" in formats and file.read(len(png.SIGNATURE)) == png.SIGNATURE:
        if file.seek(0, io.SEEK_END) > LARGEST_PNG:
            raise _RefusedError("is a file of more than 400 MB; make it smaller")
        alone, told = png.apart(file)
        file = io.BytesIO(alone)
    file.seek(0)
    image = Image.open(file, formats=formats)
    image.info.update(told)
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        _leave_as_it_lies(image)
    return image


def _leave_as_it_lies(image: TiffImagePlugin.TiffImageFile) -> None:
    """Keep Pillow from turning a TIFF while it loads, for which it reads all EXIF there is."""
    turned = image.tag_v2.get(orientation.TAG)
    image.info["orientation"] = turned
    image._size = _turned_size(image.size, turned)
    image._exif = Image.Exif()
    image._exif._loaded = True


def _check(image: Image.Image, file: BinaryIO) -> None:
    pixels, form = image.width * image.height, str(image.format)
    most = LARGEST_OF.get(form, LARGEST)
    if _hurries(image):
        most = LARGEST_PROGRESSIVE if image.info.get("progressive") else 2 * LARGEST
    if pixels > 2 * LARGEST:
        raise _RefusedError(f"has more than {2 * LARGEST // 10**6} million pixels; make it smaller")
    if pixels > most:
        raise _too_large(image)
    if image.info.get("progressive") and pixels * _scans(file) > MOST_SCANNED:
        raise _RefusedError("is a JPEG of too many scans; save it again from another program")


def _too_large(image: Image.Image) -> _RefusedError:
    millions = image.width * image.height / 1e6
    return _RefusedError(f"has {millions:.0f} million pixels; make it smaller")


def _scans(file: BinaryIO) -> int:
    """How often a JPEG goes over its picture."""
    place, found = file.tell(), 0
    file.seek(0)
    while block := file.read(2**20):
        found += block.count(b"\xff\xda")
    file.seek(place)
    return found


def _orientation(image: Image.Image) -> int:
    """1..8 as in EXIF; 1, upright, unless something else can be read."""
    told = image.info.get("orientation")
    if told is None:
        exif = image.info.get("exif")
        told = orientation.of_exif(exif) if isinstance(exif, bytes) else None
    if told is None:
        told = orientation.of_xmp(_xmp(image))
    return told if told in orientation.TURNS else orientation.UPRIGHT


def _turned_size(size: Size, turned: object) -> Size:
    return (size[1], size[0]) if turned in orientation.ON_ITS_SIDE else size


def _xmp(image: Image.Image) -> bytes:
    packet = image.info.get("xmp") or b""
    return packet.encode() if isinstance(packet, str) else packet


def _iptc(image: Image.Image) -> bytes:
    try:
        if not isinstance(image, ImageFile.ImageFile):
            return b""
        found: Any = (IptcImagePlugin.getiptcinfo(image) or {}).get(IPTC_CAPTION, b"")
    except Exception:  # what a stranger's program wrote there; the picture is good all the same
        return b""
    found = found[0] if isinstance(found, list) else found
    return found if isinstance(found, bytes) else b""


def _hurries(image: Image.Image) -> bool:
    return image.format in ("JPEG", "MPO")  # MPO is how many phones write JPEG


def _hurry(image: Image.Image, size: Size) -> None:
    """Let a JPEG be decoded at a fraction that is still as large as this."""
    if _hurries(image):
        image.draft(image.mode, size)


def _reduced(image: Image.Image, step: int) -> Image.Image:
    return image if step == 1 else image.reduce(step)


def _reason(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "is not a picture, or one of a kind that is not read; save it as PNG or JPEG"
    if isinstance(error, PermissionError | FileNotFoundError):
        return f"cannot be opened ({error.strerror})"
    if isinstance(error, MemoryError):
        return "needs more memory than there is; make it smaller"
    if "truncated" in str(error) or isinstance(error, EOFError):
        return "is cut short; copy it again"
    return "is damaged; save it again from another program"
