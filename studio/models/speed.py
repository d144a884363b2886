"""How far a download is, how fast it goes, and how long it will take."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Phase = Literal["checking", "fetching", "waiting", "converting"]
"""Hashing what is here, taking bytes in, pausing before it tries again, or turning a whole
checkpoint into the form that the program runs from."""


@dataclass(frozen=True)
class Progress:
    """How far a file is."""

    phase: Phase
    done: int
    """Bytes that are here."""
    total: int | None
    """Bytes of the whole file; None as long as nobody has said."""
    rate: float | None
    """Bytes per second, smoothed; None while nothing comes."""
    left: float | None
    """Seconds until the end at this rate; None when that cannot be told."""
    host: str
    """The server that is asked; empty when none is."""


Told = Callable[[Progress], None]

MEMORY = 5.0
"""Seconds over which the rate is smoothed."""
PAUSE = 0.1
"""Seconds between two reports at least."""


class Meter:
    """Tells of a file in regular reports: at most ten a second, and each change of the phase."""

    def __init__(self, told: Told, total: int | None) -> None:
        self._told, self.total, self.host = told, total, ""
        self._phase: Phase | None = None
        self._rate: float | None = None
        self._bytes = 0
        self._since = self._said = 0.0

    def report(self, phase: Phase, done: int) -> None:
        """So many bytes are here. Call it often."""
        now = time.monotonic()
        if phase != self._phase:
            self._phase, self._rate, self._bytes, self._since = phase, None, done, now
        elif now - self._said < PAUSE and done != self.total:
            return
        elif phase == "fetching":
            self._smooth(done, now)
        self._said = now
        self._told(Progress(phase, done, self.total, self._rate, self._left(done), self.host))

    def _smooth(self, done: int, now: float) -> None:
        seconds = now - self._since
        if seconds <= 0:
            return
        latest = max(0.0, (done - self._bytes) / seconds)
        weight = 1.0 if self._rate is None else 1 - math.exp(-seconds / MEMORY)
        self._rate = latest * weight + (self._rate or 0.0) * (1 - weight)
        self._bytes, self._since = done, now

    def _left(self, done: int) -> float | None:
        if not self._rate or self.total is None:
            return None
        return max(0, self.total - done) / self._rate
