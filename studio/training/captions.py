"""Captions that lie beside a picture or in it: a text file of the same name, IPTC, XMP."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

from studio.pictures.decoder import Looked

LONGEST = 300
"""Letters of a caption that are kept; CLIP reads fewer."""
MOST_BYTES = 16 * LONGEST
ENDINGS = (".txt", ".caption")
"""Of files that hold captions, in place of the picture's ending or behind it."""
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
"""How texts begin that say how they are written; those of four bytes before those of two."""
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ufeff]")
SIDES = re.compile(r"\b(left|right|west|east)", re.IGNORECASE)


def caption_of(path: Path, picture: Looked) -> str | None:
    """The caption of a picture; what lies beside it counts before what lies in it."""
    return next(filter(None, _found(path, picture)), None)


def has_sides(caption: str | None) -> bool:
    """Whether a caption would be wrong of the mirrored picture."""
    return caption is not None and SIDES.search(caption) is not None


def _found(path: Path, picture: Looked) -> Iterator[str]:
    for beside in _beside(path):
        with suppress(OSError):
            yield _tidy(_read(beside))
    yield _tidy(picture.iptc)
    # what a stranger's program wrote there may fail in any way; the picture is good all the same
    with suppress(Exception):
        yield _xmp(picture.xmp)


def _beside(path: Path) -> Iterator[Path]:
    for ending in ENDINGS:
        for written in (ending, ending.upper()):
            yield path.with_suffix(written)
            yield path.with_name(path.name + written)


def _read(path: Path) -> bytes:
    if not path.is_file():  # reading from anything else might never end
        return b""
    with path.open("rb") as file:
        return file.read(MOST_BYTES)


def _xmp(packet: bytes) -> str:
    """The text of dc:description, in whichever language comes first."""
    if b"<!" in packet:  # XMP has no need of declarations, and those who mean harm have
        return ""
    root = ElementTree.fromstring(packet.strip(b"\0 \n\r\t"))
    for description in root.iter(f"{DUBLIN_CORE}description"):
        text = _tidy(" ".join(description.itertext()).encode())
        if text:
            return text
    return ""


def _tidy(raw: bytes) -> str:
    text = CONTROLS.sub(" ", _decoded(raw))
    return " ".join(text.split())[:LONGEST].strip()


def _decoded(raw: bytes) -> str:
    """A text in whatever way it is written; it may be cut off within a letter."""
    for mark, name in MARKS.items():
        if raw.startswith(mark):
            return _by(name, raw.removeprefix(mark), "ignore")
    try:
        if b"\0" in raw:  # no text in bytes has that: it is written in pairs of them
            return _by("utf-16-be" if raw[:1] == b"\0" else "utf-16-le", raw, "strict")
        return _by("utf-8", raw, "strict")
    except UnicodeDecodeError:
        return raw.replace(b"\0", b"").decode("cp1252", "ignore")


def _by(name: str, raw: bytes, errors: str) -> str:
    return codecs.getincrementaldecoder(name)(errors).decode(raw)
