"""A heartbeat in the window's thread: how late it is tells how long the thread was blocked."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer, Slot

BEAT = 1
"""Milliseconds."""


@dataclass(frozen=True)
class Delays:
    """How many milliseconds an event waits that comes at any time, a click for instance."""

    median: float
    p99: float
    longest: float
    seconds: float
    """For how long it was measured."""


class Heartbeat(QObject):
    """Beats once a millisecond while it runs, if the thread lets it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._times: list[float] = []
        self._timer = QTimer(self, interval=BEAT, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Count from now on."""
        self._times = [time.perf_counter()]
        self._timer.start()

    def stop(self) -> Delays:
        """What was counted."""
        self._timer.stop()
        self._beat()
        return delays(self._times)

    @Slot()
    def _beat(self) -> None:
        self._times.append(time.perf_counter())


def delays(beats: Sequence[float]) -> Delays:
    """The delays that the times of beats, in seconds, tell of.

    A thread that is blocked for 50 ms misses 50 beats, not one: each of them counts with what it
    would have waited, or the longest pauses would hide behind the many short ones between them.
    """
    late = np.maximum(np.diff(np.asarray(beats)) * 1000 - BEAT, 0)
    waits = np.concatenate([late, *(_missed(float(each)) for each in late[late > BEAT])])
    median, p99 = np.percentile(waits, (50, 99))
    return Delays(float(median), float(p99), float(late.max()), beats[-1] - beats[0])


def _missed(late: float) -> NDArray[np.float64]:
    return np.arange(late - BEAT, 0, -BEAT)
