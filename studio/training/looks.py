"""The same held-out pictures looked at now and then while a training goes on, growing better."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.engine.vqgan import VQGAN
from studio.training import verdict

STEPS, SECONDS = 50, 30.0
"""A look is due after so many steps or so many seconds, whichever comes first."""
SHARE = 0.05
"""Share of the time that may go into looks."""
Pictures = NDArray[np.uint8]


@dataclass(frozen=True)
class Look:
    """Held-out pictures and what is made of them, (n, side, side, 3) each."""

    step: int
    """Steps that were taken."""
    real: Pictures
    before: Pictures
    """As the model that it began with gives them back."""
    now: Pictures
    psnr: float
    """Decibels of `now`, the mean over the pictures."""
    psnr_before: float


class Looks:
    """Looks at the same pictures again and again; draws nothing random, so that nothing changes."""

    def __init__(
        self, real: Pictures, before: Pictures, sheet: Path, told: Callable[[Look], None]
    ) -> None:
        """`sheet` is a PNG that every look replaces; `told` hears of each."""
        self._real, self._before, self._sheet, self._told = real, before, sheet, told
        self._psnr_before = _psnr(before, real)
        self._last: tuple[int, float] | None = None
        self._rests_until = 0.0

    def due(self, step: int, *, last: bool = False) -> bool:
        """Whether to look after so many steps, which may be the last."""
        now = time.monotonic()
        if self._last is None:
            return True
        last_step, last_time = self._last
        if last:
            return step > last_step
        waited = step - last_step >= STEPS or now - last_time >= SECONDS
        return waited and now >= self._rests_until

    def take(self, vqgan: VQGAN, step: int) -> None:
        """Look, write the sheet, and tell."""
        began = time.monotonic()
        now = verdict.given_back(vqgan, self._real)
        look = Look(step, self._real, self._before, now, _psnr(now, self._real), self._psnr_before)
        verdict.contact_sheet(
            self._sheet,
            (
                ("held out: never trained on", self._real),
                (f"given back before: {look.psnr_before:.2f} dB", self._before),
                (f"given back after {step} steps: {look.psnr:.2f} dB", now),
            ),
        )
        self._told(look)
        ended = time.monotonic()
        self._last = step, ended
        self._rests_until = ended + (ended - began) / SHARE


def _psnr(made: Pictures, real: Pictures) -> float:
    return float(verdict.psnr(verdict.as_values(made), verdict.as_values(real)).mean())
