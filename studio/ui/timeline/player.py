"""Plays: moves a position by the clock, so that late frames are dropped instead of delayed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from studio.ui.timeline.facts import PlayMode
from studio.ui.timeline.playback import Playback

FASTEST = 8
"""How many times the pace J and L go up to."""


class Player(QObject):
    """Tells which iteration is on while it plays; others set how and where."""

    moved = Signal(int)
    playing_changed = Signal(bool)

    def __init__(
        self, clock: Callable[[], float] = time.perf_counter, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._started = 0.0
        self._playback = Playback(0.0, 0.0, 0, 0, PlayMode.ONCE)
        self._pace = 30.0
        self._factor = 1
        self._timer = QTimer(self, interval=16, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def is_playing(self) -> bool:
        return self._timer.isActive()

    def is_backwards(self) -> bool:
        return self._playback.speed < 0

    def pace(self) -> float:
        return self._pace

    def set_pace(self, pace: float) -> None:
        self._anchor()
        self._pace = pace
        self._anchor(speed=self._speed(self.is_backwards()))

    def play(self, position: int, first: int, last: int, mode: PlayMode, back: bool) -> None:
        """Play from a position within two others; pressed again in the same direction, faster."""
        was_playing = self.is_playing()
        again = was_playing and self.is_backwards() == back
        self._factor = min(self._factor * 2, FASTEST) if again else 1
        self._started = self._clock()
        self._playback = Playback(float(position), self._speed(back), first, last, mode)
        self._timer.start()
        if not was_playing:
            self.playing_changed.emit(True)

    def stop(self) -> None:
        if self.is_playing():
            self._timer.stop()
            self.playing_changed.emit(False)

    def play_within(self, first: int, last: int, mode: PlayMode) -> None:
        """Go on playing between other ends or otherwise at the ends."""
        self._anchor(first=first, last=last, mode=mode)

    def _speed(self, back: bool) -> float:
        return self._pace * self._factor * (-1 if back else 1)

    def _anchor(self, **otherwise: Any) -> None:
        """Go on from here and now with some of the playback otherwise."""
        now = self._clock()
        moment = self._playback.at(now - self._started)
        self._started = now
        here = replace(self._playback, start=moment.position, speed=moment.speed)
        self._playback = replace(here, **otherwise)

    def _tick(self) -> None:
        moment = self._playback.at(self._clock() - self._started)
        if moment.is_over:
            self.stop()
        self.moved.emit(moment.iteration)
