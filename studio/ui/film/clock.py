"""Which frame of a film is on at what time; frames that come too late are left out."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal


class FilmClock(QObject):
    """Plays by the clock from a frame on, round and round or once."""

    moved = Signal(int)
    """The frame that is on now."""
    playing_changed = Signal(bool)

    def __init__(
        self, parent: QObject | None = None, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._started, self._from = 0.0, 0
        self._count, self._fps = 0, 30.0
        self._repeats = True
        self._timer = QTimer(self, interval=16, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    @property
    def is_playing(self) -> bool:
        """Whether it runs."""
        return self._timer.isActive()

    def use(self, count: int, fps: float) -> None:
        """Play a film of so many frames at that rate; what plays goes on where it is."""
        here = self._frame()
        self._count, self._fps = count, fps
        self._anchor(min(here, max(count - 1, 0)))
        if not count:
            self.pause()

    def set_repeats(self, repeats: bool) -> None:
        """Whether the first frame comes after the last one."""
        self._anchor(self._frame())
        self._repeats = repeats

    def play(self, frame: int) -> None:
        """Run from a frame on."""
        if self._count:
            self._anchor(frame)
            if not self.is_playing:
                self._timer.start()
                self.playing_changed.emit(True)

    def pause(self) -> None:
        """Stand still."""
        if self.is_playing:
            self._timer.stop()
            self.playing_changed.emit(False)

    def _anchor(self, frame: int) -> None:
        self._from, self._started = frame, self._clock()

    def _frame(self) -> int:
        """The frame that is on, not before the first nor after the last."""
        gone = self._from + int((self._clock() - self._started) * self._fps + 1e-6)
        if not self._count:
            return 0
        return gone % self._count if self._repeats else min(gone, self._count - 1)

    def _tick(self) -> None:
        frame = self._frame()
        if not self._repeats and frame == self._count - 1:
            self.pause()
        self.moved.emit(frame)
