"""The models that others have published: what they are, where from, and how to know them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from studio import places
from studio.errors import StudioError

Kind = Literal["vqgan", "clip"]
VARIABLE = "VQGAN_CLIP_STUDIO_CATALOGUE"
"""Names a catalogue to use instead of the shipped one, for those with mirrors of their own."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""Hosts that are this machine itself: nobody stands between, so they need no https."""


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file to be fetched; what nobody has written down about it is None."""

    urls: tuple[str, ...]
    """Where it is, the likeliest first."""
    bytes: int | None
    sha256: str | None
    """Of the file as published. Without it nobody can say that a file is the right one."""

    def __post_init__(self) -> None:
        _check(self.urls, self.bytes, self.sha256)


class Memory(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bytes that a model takes while it paints, estimated for two sizes of the canvas.

    The sum of its parameters and of what its forward pass keeps for the gradient, both in float32:
    of a VQGAN, one decoding; of a CLIP, eight cutouts at once, as many as go through it together on
    a CPU. The program takes about 0.5 GB besides: of imagenet-f16-16384 and ViT-B/32 at 256x256 the
    sum is 1.8 GB where 2.2 GB were measured.
    """

    at_256: int
    at_512: int


class Published(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One published model. What nobody has written down about it is None."""

    name: str
    kind: Kind
    title: str
    bytes: int | None
    """Size of the download."""
    sha256: str | None
    """Of the weights as published; without it they are fetched only on the person's word."""
    urls: tuple[str, ...]
    """Where the weights are, the likeliest first."""
    config: Source | None = None
    """The yaml file that comes with the weights of a VQGAN."""
    architecture: str
    factor: int | None
    """Pixels along one side of the square that one code of a VQGAN stands for."""
    codes: int | None
    """Entries of a VQGAN's codebook."""
    input_size: int | None
    """Side in pixels of the pictures that a CLIP reads."""
    memory: Memory
    recommended: bool = False
    """Whether it is of the pair to begin with."""
    licence: str
    draws: str
    """One line: what it can and cannot draw, or for a CLIP read."""

    def __post_init__(self) -> None:
        _check(self.urls, self.bytes, self.sha256)

    @property
    def source(self) -> Source:
        """The weights as a file to be fetched."""
        return Source(urls=self.urls, bytes=self.bytes, sha256=self.sha256)


def catalogue() -> Path:
    """The file with the catalogue."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else places.resources() / "models" / "catalogue.json"


def published() -> tuple[Published, ...]:
    """All models of the catalogue, in its order.

    Raises StudioError when its file is missing or says what no catalogue says.
    """
    try:
        return msgspec.json.decode(catalogue().read_bytes(), type=tuple[Published, ...])
    except (OSError, msgspec.MsgspecError) as error:
        raise StudioError(
            f"The catalogue of models {catalogue()} cannot be read ({error}); "
            f"install the program again, or correct {VARIABLE}."
        ) from error


def is_safe(url: str) -> bool:
    """Whether a file may be fetched from there: https, or this machine itself."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def _check(urls: tuple[str, ...], size: int | None, sha256: str | None) -> None:
    if not urls or not all(is_safe(url) for url in urls):
        raise ValueError("a file needs addresses, all with https")
    if size is not None and size < 1:
        raise ValueError("a file has 1 byte or more")
    if sha256 is not None and not re.fullmatch("[0-9a-f]{64}", sha256):
        raise ValueError(f"{sha256!r} is no sha256")
