"""What a PNG tells about how it was painted: written with the picture, and read again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from studio import __version__
from studio.core.pictured import named_pictures, with_pictures
from studio.core.prompt import write
from studio.core.settings import Settings
from studio.errors import StudioError
from studio.log import log
from studio.painting import jpeg
from studio.pictures import png
from studio.pictures.decoder import UnreadableError, kept
from studio.pictures.keeping import keepable

SETTINGS, PICTURES = "settings", "pictures"
"""Texts in JSON: the settings, and the pictures that they name by sha256, in base64."""
SMALL_BYTES = 100_000
"""A picture of no more is carried along as it is."""
SMALL_SIDE = 512
"""Pixels along the longer side of one that is shrunk for it, or as many as the painting has."""


@dataclass(frozen=True)
class Told:
    """How a picture was painted."""

    settings: Settings
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """Those that the file carries along, by the names that the settings have for them."""


def texts(settings: Settings, picture: Callable[[str], bytes]) -> dict[str, str]:
    """All that a PNG tells; `picture` gives what settings name, by its sha256."""
    about = {
        "Software": f"VQGAN-CLIP Studio {__version__}",
        "prompt": written_prompts(settings),
        "seed": str(settings.seed),
        "model": settings.model,
        SETTINGS: msgspec.json.encode(settings).decode(),
    }
    carried = _carried(settings, picture)
    return about | ({PICTURES: msgspec.json.encode(carried).decode()} if carried else {})


def told_by(path: Path) -> Told | None:
    """How a PNG was painted; None where it does not say so."""
    try:
        with path.open("rb") as file:
            found = png.texts(file)
        settings = msgspec.json.decode(found.get(SETTINGS, ""), type=Settings)
    except (OSError, ValueError, RecursionError, msgspec.MsgspecError, StudioError) as error:
        log.info("A picture does not tell how it was painted: %s", error)
        return None
    return _renamed(settings, _pictures_in(found.get(PICTURES, "{}")))


def written_prompts(settings: Settings) -> str:
    """The prompts that pull, as the prompt field shows them; it has no words for masks."""
    pulling = [each for each in settings.prompts if each.on]
    return write([[msgspec.structs.replace(each, mask=None) for each in pulling]])


def _carried(settings: Settings, picture: Callable[[str], bytes]) -> dict[str, bytes]:
    masks = {each.mask for each in settings.prompts if each.mask}
    side, carried = max(SMALL_SIDE, *settings.size), {}
    for name in sorted(named_pictures(settings)):
        with suppress(StudioError):  # a picture that is lost is said to be when it is restored
            carried[name] = _small(picture(name), side, mask=name in masks)
    return carried


def _small(data: bytes, side: int, *, mask: bool) -> bytes:
    if len(data) <= SMALL_BYTES:
        return data
    return png.encoded(_within(data, side, "L")) if mask else jpeg(_within(data, side, "RGB"), side)


def _within(data: bytes, side: int, mode: str) -> NDArray[np.uint8]:
    def fit(width: int, height: int) -> tuple[int, int]:
        scale = min(1.0, side / max(width, height))
        return max(1, round(width * scale)), max(1, round(height * scale))

    return kept(data, mode, fit)


def _renamed(settings: Settings, carried: Mapping[str, bytes]) -> Told:
    """Small pictures have names of their own; those that were not carried along keep theirs."""
    names = {name: name for name in named_pictures(settings)}
    names |= {name: hashlib.sha256(data).hexdigest() for name, data in carried.items()}
    pictures = {names[name]: data for name, data in carried.items()}
    return Told(with_pictures(settings, names, settings.prompts), pictures)


def _pictures_in(written: str) -> dict[str, bytes]:
    try:
        found = msgspec.json.decode(written, type=dict[str, bytes])
    except (ValueError, RecursionError, msgspec.MsgspecError):
        return {}
    readable = {}
    for name, data in found.items():
        with suppress(UnreadableError):
            readable[name] = keepable(data)
    return readable
