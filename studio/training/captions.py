"""Captions that lie beside a picture or in it: a .txt of the same name, IPTC, XMP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from PIL import Image, ImageFile, IptcImagePlugin

LONGEST = 300
"""Letters of a caption that are kept; CLIP reads fewer."""
IPTC_CAPTION = (2, 120)
"""Record and dataset of "Caption/Abstract" in IPTC's IIM 4.2."""
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
SIDES = re.compile(r"\b(left|right|west|east)", re.IGNORECASE)


def caption_of(path: Path, image: Image.Image) -> str | None:
    """The caption of an opened picture; what lies beside it counts before what lies in it."""
    return next(filter(None, _found(path, image)), None)


def has_sides(caption: str | None) -> bool:
    """Whether a caption would be wrong of the mirrored picture."""
    return caption is not None and SIDES.search(caption) is not None


def _found(path: Path, image: Image.Image) -> Iterator[str]:
    for beside in (path.with_suffix(".txt"), path.with_suffix(".TXT")):
        with suppress(OSError):
            yield _tidy(beside.read_bytes()[: 8 * LONGEST])
    # what a stranger's program wrote there may fail in any way; the picture is good all the same
    with suppress(Exception):
        yield _iptc(image)
    with suppress(Exception):
        yield _xmp(image)


def _iptc(image: Image.Image) -> str:
    if not isinstance(image, ImageFile.ImageFile):
        return ""
    found: Any = (IptcImagePlugin.getiptcinfo(image) or {}).get(IPTC_CAPTION, b"")
    return _tidy(found[0] if isinstance(found, list) else found)


def _xmp(image: Image.Image) -> str:
    """The text of dc:description, in whichever language comes first."""
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    packet = packet.encode() if isinstance(packet, str) else packet
    if b"<!" in packet:  # XMP has no need of declarations, and those who mean harm have
        return ""
    root = ElementTree.fromstring(packet.strip(b"\0 \n\r\t"))
    for description in root.iter(f"{DUBLIN_CORE}description"):
        text = _tidy(" ".join(description.itertext()).encode())
        if text:
            return text
    return ""


def _tidy(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return " ".join(text.split())[:LONGEST].strip()
