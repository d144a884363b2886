"""Animated WebP, put together from pictures that Pillow encodes one by one.

ffmpeg and Pillow join frames that look alike, and keep all of them in memory; a film promises how
many it has. The container is that of https://developers.google.com/speed/webp/docs/riff_container.
"""

from __future__ import annotations

import io
import struct
from typing import BinaryIO
from xml.sax.saxutils import escape

from PIL import Image

from studio.core.film import Quality
from studio.film.spec import About

QUALITY: dict[Quality, tuple[int, int]] = {"draft": (60, 2), "good": (82, 4), "best": (96, 4)}
"""Quality 0..100 and effort 0..6."""
_HAS_XMP, _ANIMATED = 0x04, 0x02
_NOT_BLENDED = 0x02


def encoded(frame: bytes, size: tuple[int, int], quality: Quality) -> bytes:
    """A frame (RGB) as the chunks of a still WebP that hold the picture."""
    file = io.BytesIO()
    level, effort = QUALITY[quality]
    Image.frombytes("RGB", size, frame).save(file, "WEBP", quality=level, method=effort)
    return _pictures(file.getvalue())


class Writer:
    """Writes frames behind each other; the file is a WebP once it is finished."""

    def __init__(self, file: BinaryIO, size: tuple[int, int], *, repeats: bool) -> None:
        self._file, self._size = file, size
        file.write(b"RIFF\0\0\0\0WEBP")
        width, height = size
        flags = struct.pack("<B3x", _HAS_XMP | _ANIMATED)
        file.write(_chunk(b"VP8X", flags + _uint24(width - 1) + _uint24(height - 1)))
        file.write(_chunk(b"ANIM", struct.pack("<IH", 0xFF000000, 0 if repeats else 1)))

    def add(self, picture: bytes, milliseconds: int) -> None:
        """One frame more, as `encoded` gives it."""
        width, height = self._size
        place = _uint24(0) * 2 + _uint24(width - 1) + _uint24(height - 1)
        shown = place + _uint24(milliseconds) + bytes([_NOT_BLENDED])
        self._file.write(_chunk(b"ANMF", shown + picture))

    def finish(self, about: About) -> None:
        """Say what was painted, and how long the file is."""
        self._file.write(_chunk(b"XMP ", xmp(about).encode()))
        length = self._file.tell()
        self._file.seek(4)
        self._file.write(struct.pack("<I", length - 8))


def xmp(about: About) -> str:
    """What the file says about the painting as XMP (ISO 16684-1)."""
    rest = escape("; ".join(f"{n}: {v}" for n, v in about.words().items() if n != "prompt"))
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(about.prompt)}</rdf:li>'
        "</rdf:Alt></dc:title>"
        f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{rest}</rdf:li>'
        "</rdf:Alt></dc:description>"
        f"<xmp:CreatorTool>{escape(about.program)}</xmp:CreatorTool>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )


def _pictures(still: bytes) -> bytes:
    """The chunks of a still WebP but for its header."""
    at, kept = 12, b""
    while at + 8 <= len(still):
        name, length = struct.unpack("<4sI", still[at : at + 8])
        end = at + 8 + length + length % 2
        if name in (b"VP8 ", b"VP8L", b"ALPH"):
            kept += still[at:end]
        at = end
    return kept


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _uint24(number: int) -> bytes:
    return struct.pack("<I", number)[:3]
