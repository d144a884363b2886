"""Odd pictures for tests: quadrants of known colours, made in odd ways."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image

RED, GREEN, BLUE, GREY = (200, 30, 30), (30, 180, 30), (30, 30, 200), (128, 128, 128)


def quadrants(width: int = 128, height: int = 96) -> Image.Image:
    """Red and green above, blue and grey below."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    image.paste(GREY, (width // 2, height // 2, width, height))
    return image


def corners(pixels: np.ndarray) -> list[list[int]]:
    """The colours of the four quadrants."""
    height, width, _ = pixels.shape
    return [
        [int(value) for value in pixels[y, x]]
        for y in (height // 4, height * 3 // 4)
        for x in (width // 4, width * 3 // 4)
    ]


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    """A picture as the bytes of a file."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def raw_png(
    width: int, height: int, depth: int, kind: int, rows: bytes, beside: bytes = b""
) -> bytes:
    """A PNG of a depth and colour type that Pillow does not write."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + head + beside
        + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )  # fmt: skip


def matrix_profile(
    primaries: Sequence[tuple[float, float]],
    gamma: float,
    *,
    space: bytes = b"",
    kind: bytes = b"mntr",
    lab: bool = False,
    tags: Mapping[bytes, bytes] | None = None,
) -> bytes:
    """An ICC profile (version 2) of three primaries, or of grey without any, and a gamma."""

    def fixed(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    curve = b"curv\0\0\0\0" + struct.pack(">IHxx", 1, round(gamma * 256))
    found = {b"wtpt": b"XYZ \0\0\0\0" + fixed(0.9642, 1, 0.8249)}
    if primaries:
        to_d50 = np.array([[1.0478112, 0.0228866, -0.050127], [0.0295424, 0.9904844, -0.0170491],
                           [-0.0092345, 0.0150436, 0.7521316]])  # fmt: skip
        columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in primaries]).T
        white = np.array([0.3127 / 0.329, 1, (1 - 0.3127 - 0.329) / 0.329])
        matrix = to_d50 @ (columns * np.linalg.solve(columns, white))
        for column, name in enumerate((b"r", b"g", b"b")):
            found[name + b"XYZ"] = b"XYZ \0\0\0\0" + fixed(*matrix[:, column])
            found[name + b"TRC"] = curve
    elif not tags:
        found[b"kTRC"] = curve
    found |= tags or {}
    found[b"desc"] = b"desc\0\0\0\0" + struct.pack(">I", 2) + b"x\0" + bytes(78)
    found[b"cprt"] = b"text\0\0\0\0none\0\0\0\0"
    table, body, start = b"", b"", 132 + 12 * len(found)
    for name, data in found.items():
        data += bytes(-len(data) % 4)
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data
    space = space or (b"RGB " if primaries else b"GRAY")
    head = struct.pack(">I4sI4s4s4s", start + len(body), b"none", 0x02100000, kind, space,
                       b"Lab " if lab else b"XYZ ")  # fmt: skip
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    head += fixed(0.9642, 1, 0.8249) + bytes(4)
    return head.ljust(128, b"\0") + struct.pack(">I", len(found)) + table + body


def exif(*entries: tuple[int, int, int, bytes], data: bytes = b"", order: str = "<") -> bytes:
    """An EXIF block of entries (tag, type, count, four bytes)."""
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HIH", 42, 8, len(entries))
    for tag, kind, count, value in entries:
        head += struct.pack(f"{order}HHI", tag, kind, count) + value
    return b"Exif\0\0" + head + bytes(4) + data


_SIDEWAYS = (0x112, 3, 1, struct.pack("<HH", 6, 0))
_BEHIND = struct.pack("<I", 8 + 2 + 24 + 4)
ODD_EXIF: Mapping[str, tuple[bytes, bool]] = {
    "negative": (exif(_SIDEWAYS, (0x11A, 10, 1, _BEHIND), data=struct.pack("<ii", -1, 0)), True),
    "text for a number": (exif(_SIDEWAYS, (0x11A, 2, 4, b"abc\0")), True),
    "numbers for a place": (exif(_SIDEWAYS, (0x8825, 3, 9, _BEHIND), data=bytes(18)), True),
    "a loop": (exif(_SIDEWAYS, (0x8769, 4, 1, struct.pack("<I", 8))), True),
    "behind the end": (exif(_SIDEWAYS, (0x11A, 5, 1, _BEHIND)), True),
    "without end": (exif(_SIDEWAYS, (0x11A, 5, 0xFFFFFFFF, _BEHIND), data=b"abc"), True),
    "no number": (exif(_SIDEWAYS, (0x11A, 11, 1, struct.pack("<f", float("nan")))), True),
    "no strips": (exif(_SIDEWAYS, (0x111, 2, 4, b"abc\0")), True),
    "the other order": (exif((0x112, 3, 1, struct.pack(">HH", 6, 0)), order=">"), True),
    "text for the orientation": (exif((0x112, 2, 2, b"6\0\0\0")), False),
    "a turn that is none": (exif((0x112, 3, 1, struct.pack("<HH", 99, 0))), False),
    "two turns": (exif((0x112, 3, 2, struct.pack("<HH", 6, 6))), False),
    "nothing": (b"Exif\0\0II*\0", False),
    "far away": (b"Exif\0\0II*\0\xff\xff\xff\xff", False),
}
"""Blocks by what is odd about them, and whether an orientation can be read in them."""
