"""PNG files: the picture apart from what is told beside it, and pictures written as everybody sees.

What lies beside the pixels (texts, profiles, EXIF, animations) comes from many programs and may be
large or broken; the picture is good all the same, so a decoder is given the picture alone.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PIXELS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
"""The chunks that hold the picture itself."""
BESIDE = (b"tEXt", b"zTXt", b"iTXt", b"iCCP", b"eXIf", b"gAMA")
"""Those that say something about it."""
LONGEST = 2**24
"""Bytes of a text or a profile, packed or not; what is longer is passed by."""
XMP = "XML:com.adobe.xmp"
OLD_EXIF = "Raw profile type exif"
"""Where ImageMagick kept EXIF before PNG had a chunk for it: hexadecimal after three lines."""
AS_IN_SRGB = b"\0"
"""The sRGB chunk, perceptual: what the numbers of the pixels mean."""


def encoded(
    pixels: NDArray[np.uint8] | Image.Image,
    texts: Mapping[str, str] | None = None,
    *,
    effort: int = 6,
) -> bytes:
    """A picture as a PNG that says its colours are sRGB, and these texts; effort is zlib's."""
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    about, file = PngInfo(), io.BytesIO()
    about.add(b"sRGB", AS_IN_SRGB)
    for name, text in (texts or {}).items():
        about.add_text(name, text)
    image.save(file, "PNG", pnginfo=about, compress_level=effort)
    return file.getvalue()


def texts(file: BinaryIO) -> dict[str, str]:
    """The texts in a PNG by their names; none of a file that is no PNG."""
    if file.read(len(SIGNATURE)) != SIGNATURE:
        return {}
    found: dict[str, str] = {}
    for kind, data in _chunks(file, BESIDE):
        with suppress(ValueError, zlib.error):
            if kind in (b"tEXt", b"zTXt", b"iTXt"):
                name, text = _text(kind, data)
                found[name] = text
    return found


def apart(file: BinaryIO) -> tuple[bytes, dict[str, Any]]:
    """A PNG of nothing but the picture, and what is told beside it, named as Pillow does."""
    file.seek(len(SIGNATURE))
    alone: list[bytes] = [SIGNATURE]
    told: dict[str, Any] = {}
    for kind, data in _chunks(file, PIXELS + BESIDE, PIXELS):
        if kind in PIXELS:
            alone.append(data)
        else:
            with suppress(ValueError, zlib.error, struct.error):
                told |= _told(kind, data)
    return b"".join(alone), told


def _chunks(
    file: BinaryIO, wanted: tuple[bytes, ...], as_they_are: tuple[bytes, ...] = ()
) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of these kinds with their data, some with length and checksum around it."""
    while len(head := file.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        if kind in as_they_are:
            yield kind, head + file.read(length + 4)
        elif kind in wanted and length <= LONGEST:
            data = file.read(length)
            if len(data) == length:
                yield kind, data
            file.seek(4, io.SEEK_CUR)
        else:
            file.seek(length + 4, io.SEEK_CUR)
        if kind == b"IEND":
            return


def _told(kind: bytes, data: bytes) -> dict[str, Any]:
    if kind == b"gAMA":
        return {"gamma": struct.unpack(">I", data)[0] / 100_000}
    if kind == b"eXIf":
        return {"exif": data}
    if kind == b"iCCP":
        return {"icc_profile": _unpacked(data.partition(b"\0")[2][1:])}
    name, text = _text(kind, data)
    if name == OLD_EXIF:
        return {"exif": bytes.fromhex("".join(text.split("\n")[3:]))}
    return {"xmp": text.encode()} if name == XMP else {}


def _text(kind: bytes, data: bytes) -> tuple[str, str]:
    name, _, rest = data.partition(b"\0")
    if kind == b"tEXt":
        return name.decode("latin-1"), rest.decode("latin-1")
    if kind == b"zTXt":
        return name.decode("latin-1"), _unpacked(rest[1:]).decode("latin-1")
    _, _, packed_text = rest[2:].split(b"\0", 2)
    text = _unpacked(packed_text) if rest[:1] == b"\1" else packed_text
    return name.decode("latin-1"), text.decode()


def _unpacked(packed: bytes) -> bytes:
    """What zlib has packed. Raises ValueError when it is longer than anybody needs."""
    unpacking = zlib.decompressobj()
    data = unpacking.decompress(packed, LONGEST)
    if unpacking.unconsumed_tail:
        raise ValueError("it is too long")
    return data
