"""JSON that anybody may have written: it is what it should be, or it is unreadable."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from studio.errors import StudioError

Kind = TypeVar("Kind")


class UnreadableError(Exception):
    """Something else than was expected."""


def read(data: bytes, kind: type[Kind]) -> Kind:
    """What the bytes say, every value of it checked. Raises UnreadableError."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, StudioError, ValueError, RecursionError) as error:
        raise UnreadableError(str(error)) from error


def convert(found: Any, kind: type[Kind]) -> Kind:
    """Plain values as what they should be, every one checked. Raises UnreadableError."""
    try:
        return msgspec.convert(found, kind)
    except (msgspec.MsgspecError, StudioError, ValueError, RecursionError) as error:
        raise UnreadableError(str(error)) from error
