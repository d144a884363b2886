"""How a camera was held, read from the EXIF of a picture and nothing else of it.

EXIF comes from cameras, phones and many programs, and the rest of a block may be broken in any way.
"""

from __future__ import annotations

import re
import struct

from PIL import Image

TAG, SHORT = 0x0112, 3
UPRIGHT = 1
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture of each orientation stand upright."""
ON_ITS_SIDE = (5, 6, 7, 8)
IN_XMP = re.compile(rb'tiff:Orientation(?:="|>)([1-8])')


def of_exif(block: bytes) -> int | None:
    """The orientation 1..8 that an EXIF block tells, None when it tells none."""
    tiff = block.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return None
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for at in range(start + 2, start + 2 + 12 * count, 12):
            tag, form, values = struct.unpack_from(f"{order}HHI", tiff, at)
            if (tag, form, values) == (TAG, SHORT, 1):
                (value,) = struct.unpack_from(f"{order}H", tiff, at + 8)
                return value if value == UPRIGHT or value in TURNS else None
    except struct.error:
        pass
    return None


def of_xmp(packet: bytes) -> int | None:
    """The orientation that an XMP packet tells, None when it tells none."""
    found = IN_XMP.search(packet)
    return None if found is None else int(found[1])


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """The picture turned so that it stands upright."""
    turn = TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)
