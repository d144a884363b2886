"""One iteration as the bytes that the file holds: what was measured, the codes and the proxy."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from studio.project.document import Iteration
from studio.project.seal import BrokenSealError, seal, unseal

Codes = NDArray[np.uint16]
"""Codebook indices, (height, width) in latent cells."""

LOST = float("nan")
YEAR_9999 = 253_370_764_800.0
"""As Unix time: beyond it there are no dates."""


def pack_measured(take: int, iteration: Iteration, time: float) -> bytes:
    """Unix time, seconds, total and losses as float64, sealed; keeps NaN and infinities."""
    numbers = (time, iteration.seconds, iteration.total, *iteration.losses)
    data = struct.pack(f"<{len(numbers)}d", *numbers)
    return seal(data, "measured", take, iteration.number)


def unpack_measured(take: int, number: int, sealed: object) -> tuple[float, Iteration]:
    """The Unix time at which the iteration was recorded, and the iteration."""
    data = unseal(sealed, "measured", take, number)
    if len(data) < 24 or len(data) % 8:
        raise BrokenSealError
    time, seconds, total, *losses = struct.unpack(f"<{len(data) // 8}d", data)
    if not (0 <= time < YEAR_9999 and seconds >= 0):  # NaN is neither
        raise BrokenSealError
    return time, Iteration(number, tuple(losses), total, seconds)


def lost(number: int) -> Iteration:
    """What stands for an iteration whose measurements cannot be read."""
    return Iteration(number, (), LOST, LOST)


def pack_codes(take: int, number: int, codes: Codes) -> bytes:
    """Height, width and the codes row by row as uint16, sealed.

    Raises ValueError unless the codes are uint16 and two-dimensional.
    """
    if codes.dtype != np.uint16 or codes.ndim != 2:
        raise ValueError(f"codes are uint16 (height, width), not {codes.dtype} {codes.shape}")
    data = struct.pack("<2H", *codes.shape) + codes.astype("<u2").tobytes()
    return seal(data, "codes", take, number)


def unpack_codes(take: int, number: int, sealed: object) -> Codes:
    """The codes (height, width); raises BrokenSealError when they are damaged."""
    data = unseal(sealed, "codes", take, number)
    height, width = struct.unpack("<2H", data[:4].ljust(4, b"\0"))
    if len(data) != 4 + 2 * height * width:
        raise BrokenSealError
    return np.frombuffer(data, "<u2", offset=4).astype(np.uint16).reshape(height, width)
