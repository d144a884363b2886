"""Pictures in the form in which a project keeps them: what every decoder shows alike, not huge."""

from __future__ import annotations

from studio.errors import shown
from studio.log import log
from studio.pictures import png
from studio.pictures.decoder import Looked, Size, Source, look, rgb

AS_THEY_ARE = ("PNG", "JPEG", "MPO", "WEBP")
"""Files that are kept byte for byte, as long as they mean the same to everybody."""
LARGEST = 64_000_000
"""Pixels of a picture that is looked at."""
MOST_PIXELS = 2**24
"""No painting is larger; what has more pixels is shrunk."""
MOST_BYTES = 32_000_000


def keepable(source: Source) -> bytes:
    """A picture as a project keeps it. Raises UnreadableError unless it is one.

    The file's own bytes where they mean the same to everybody; otherwise a PNG, upright, opaque
    and in sRGB.
    """
    found = look(source, most=LARGEST)
    if found.transparent:
        what = "What was dropped" if isinstance(source, bytes) else shown(source)
        log.warning("%s is transparent; white shows through.", what)
    if _stays(found):
        data = source if isinstance(source, bytes) else source.read_bytes()
        if len(data) <= MOST_BYTES:
            return data
    return png.encoded(rgb(source, within), effort=1)


def _stays(found: Looked) -> bool:
    small = found.size[0] * found.size[1] <= MOST_PIXELS
    return found.meant and found.format in AS_THEY_ARE and small


def within(width: int, height: int) -> Size:
    """The size, whole times smaller."""
    step = 1
    while -(-width // step) * -(-height // step) > MOST_PIXELS:
        step += 1
    return -(-width // step), -(-height // step)
