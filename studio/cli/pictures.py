"""Pictures that a person names: looked at with care, then made into what a project keeps."""

from __future__ import annotations

import hashlib
import io
import warnings
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from studio.errors import RequestError
from studio.log import log

KINDS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
LARGEST = 64_000_000
"""Pixels; a picture that says it has more is not decoded."""
BEHIND = (255, 255, 255)
"""Colour that shows through a transparent picture."""


def embedded(path: Path) -> tuple[str, bytes]:
    """A picture as a project keeps it, and its sha256. Raises RequestError unless it is one.

    The file's own bytes where they mean the same to everybody; otherwise, turned upright and
    opaque, a PNG.
    """
    data = _read(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of large pictures; they are refused here
            with Image.open(io.BytesIO(data), formats=KINDS) as image:
                _check_size(path, image)
                image.load()
                kept = data if _plain(image) else _as_png(path, image)
    except Image.DecompressionBombError as error:
        raise _too_large(path) from error
    except UnidentifiedImageError as error:
        raise RequestError(f"{path} is not a picture; name a PNG, JPEG or WebP file.") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise RequestError(
            f"The picture {path} is damaged; save it again from another program."
        ) from error
    return hashlib.sha256(kept).hexdigest(), kept


def _read(path: Path) -> bytes:
    if path.is_dir():
        raise RequestError(f"{path} is a folder; name a picture in it.")
    if not path.exists():
        raise RequestError(f"There is no picture {path}; check the name and the folder.")
    if not path.is_file():
        raise RequestError(f"{path} is not an ordinary file; name a picture.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise RequestError(f"The picture {path} cannot be read ({error.strerror}).") from error


def _check_size(path: Path, image: Image.Image) -> None:
    if image.width * image.height > LARGEST:
        raise _too_large(path)


def _too_large(path: Path) -> RequestError:
    return RequestError(
        f"The picture {path} has more than {LARGEST // 10**6} million pixels; shrink it first."
    )


def _plain(image: Image.Image) -> bool:
    """Whether a decoder needs to know nothing but how to decode it."""
    upright = image.getexif().get(ExifTags.Base.Orientation, 1) == 1
    return upright and image.mode in ("RGB", "L") and not image.has_transparency_data


def _as_png(path: Path, image: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        log.warning("%s is transparent; white shows through.", path)
        over = Image.new("RGBA", upright.size, (*BEHIND, 255))
        upright = Image.alpha_composite(over, upright.convert("RGBA"))
    elif upright.mode.startswith(("I", "F")):
        upright = _eight_bit(upright)
    file = io.BytesIO()
    upright.convert("RGB").save(file, "PNG")
    return file.getvalue()


def _eight_bit(image: Image.Image) -> Image.Image:
    """A picture of deep greys (16 bits, or numbers of any size) in 8 bits."""
    deep = np.asarray(image).astype(np.float64)
    white = 65535.0 if image.mode.startswith("I") else max(1.0, float(deep.max()))
    return Image.fromarray((deep / white * 255).clip(0, 255).round().astype(np.uint8))
