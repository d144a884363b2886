"""The models that others have published: what they are, where from, and how to know them."""

from __future__ import annotations

from typing import Literal

import msgspec

from studio import places

Kind = Literal["vqgan", "clip"]


class ConfigFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The yaml file that comes with published VQGAN weights."""

    sha256: str
    urls: tuple[str, ...]


class Published(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One published model. Only models whose sha256 is known are in the catalogue."""

    name: str
    kind: Kind
    title: str
    bytes: int | None
    """Size of the download; None where nobody has written it down."""
    sha256: str
    """Of the weights as published."""
    urls: tuple[str, ...]
    """Where the weights are, the likeliest first."""
    config: ConfigFile | None = None
    architecture: str
    licence: str
    draws: str
    """One line: what it can and cannot draw, or for a CLIP read."""


def published() -> tuple[Published, ...]:
    """All models of the catalogue, in its order."""
    data = (places.resources() / "models" / "catalogue.json").read_bytes()
    return msgspec.json.decode(data, type=tuple[Published, ...])
