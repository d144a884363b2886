"""Bytes that notice when they are damaged: SQLite itself keeps no checksums."""

from __future__ import annotations

import zlib

_LENGTH = 4


class BrokenSealError(Exception):
    """The bytes are not those that were sealed in this place."""


def seal(data: bytes, *place: object) -> bytes:
    """`data` and, behind it, a CRC-32 of it and of the place (table, key) it belongs to."""
    return data + _check(data, place)


def unseal(sealed: object, *place: object) -> bytes:
    """What was sealed there; raises BrokenSealError if this is anything else."""
    if not isinstance(sealed, bytes) or len(sealed) < _LENGTH:
        raise BrokenSealError
    data = sealed[:-_LENGTH]
    if sealed[-_LENGTH:] != _check(data, place):
        raise BrokenSealError
    return data


def _check(data: bytes, place: tuple[object, ...]) -> bytes:
    return zlib.crc32(data, zlib.crc32(repr(place).encode())).to_bytes(_LENGTH, "little")
