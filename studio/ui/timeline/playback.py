"""Which iteration is on at what time while playing."""

from __future__ import annotations

import math
from dataclasses import dataclass

from studio.ui.timeline.facts import PlayMode


@dataclass(frozen=True)
class Moment:
    """Where playing has got to."""

    position: float
    speed: float
    """Iterations a second; below zero on the way back."""
    is_over: bool = False

    @property
    def iteration(self) -> int:
        return math.floor(self.position + 0.5)


@dataclass(frozen=True)
class Playback:
    """Playing from `start` at `speed` between two iterations, both included."""

    start: float
    speed: float
    first: int
    last: int
    mode: PlayMode

    def at(self, seconds: float) -> Moment:
        beyond = 0.499 if self.mode is PlayMode.LOOP else 0.0
        start = min(max(self.start, self.first - beyond), self.last + beyond)
        gone = start + self.speed * seconds
        if self.mode is PlayMode.LOOP:
            return self._looped(gone)
        if self.mode is PlayMode.PING_PONG:
            return self._bounced(gone)
        return self._once(gone)

    def _once(self, gone: float) -> Moment:
        is_over = gone >= self.last if self.speed > 0 else gone <= self.first
        return Moment(min(max(gone, self.first), self.last), self.speed, is_over)

    def _looped(self, gone: float) -> Moment:
        count = self.last - self.first + 1
        inside = (gone - self.first + 0.5) % count
        return Moment(self.first - 0.5 + min(inside, math.nextafter(count, 0)), self.speed)

    def _bounced(self, gone: float) -> Moment:
        span = self.last - self.first
        if span == 0:
            return Moment(float(self.first), self.speed)
        if self.first <= gone <= self.last:
            return Moment(gone, self.speed)
        folded = (gone - self.first) % (2 * span)
        turned = folded > span
        position = self.first + (2 * span - folded if turned else folded)
        return Moment(position, -self.speed if turned else self.speed)
