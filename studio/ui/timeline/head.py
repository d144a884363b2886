"""The timeline's playhead: where it is, how it plays, the points in and out."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from studio.ui.timeline.facts import PlayMode
from studio.ui.timeline.painted import Lane
from studio.ui.timeline.panes import Panes
from studio.ui.timeline.player import Player
from studio.ui.timeline.scene import Scene


class Playhead(Panes):
    """Moves the playhead by hand, by the clock, or with the newest iteration."""

    position_changed = Signal(int)
    live_changed = Signal(bool)
    playing_changed = Signal(bool)
    mode_changed = Signal(object)
    """The `PlayMode`."""
    pace_changed = Signal(float)
    """Iterations a second."""
    range_changed = Signal(object, object)
    """The points in and out; None where there is none."""

    def __init__(
        self, parent: QWidget | None = None, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        super().__init__(Scene(), parent)
        self._is_live = True
        self._mode = PlayMode.ONCE
        self._k_is_held = False
        self._player = Player(clock, self)
        self._player.moved.connect(self._play_at)
        self._player.playing_changed.connect(self._transport.show_playing)
        self._player.playing_changed.connect(self.playing_changed)
        self.set_mode(PlayMode.ONCE)
        self.set_pace(self._player.pace())

    def length(self) -> int:
        """Iterations of the take shown."""
        return len(self._scene.losses)

    # Where the playhead is
    def position(self) -> int:
        return self._scene.position

    def set_position(self, iteration: int) -> None:
        """Go to an iteration, as a scrub does: playing stops, live ends."""
        self._player.stop()
        self._end_live()
        self._move(iteration)
        self._board.follow(self.position(), lead=1.0)

    def _painted_position(self) -> int:
        """Where the playhead is, or the last iteration if it is ahead of that."""
        return min(self.position(), max(self.length() - 1, 0))

    def step(self, iterations: int) -> None:
        self.set_position(self.position() + iterations)

    def step_seconds(self, seconds: int) -> None:
        """As far as playing would get."""
        self.step(seconds * max(round(self.pace()), 1))

    def step_back(self) -> None:
        self.step(-1)

    def step_on(self) -> None:
        self.step(1)

    def go_to_start(self) -> None:
        """The first iteration; pressed after the point in, the point in."""
        first, _ = self._scene.playable()
        self.set_position(first if self.position() > first else 0)

    def go_to_end(self) -> None:
        """The last iteration; pressed before the point out, the point out."""
        _, last = self._scene.playable()
        self.set_position(last if self.position() < last else self.length() - 1)

    def go_to_in(self) -> None:
        """The point in, if there is one."""
        if self._scene.first is not None:
            self.set_position(self._scene.first)

    def go_to_out(self) -> None:
        """The point out, if there is one."""
        if self._scene.last is not None:
            self.set_position(self._scene.last)

    def go_to_keyframe(self, direction: int) -> None:
        """The next keyframe (1) or the previous one (-1)."""
        here = self.position()
        places = [each.iteration for each in self._scene.keyframes]
        ahead = [at for at in places if (at - here) * direction > 0 and at < self._scene.reach()]
        if ahead:
            self.set_position(min(ahead, key=lambda at: abs(at - here)))

    def is_live(self) -> bool:
        return self._is_live

    def set_live(self, live: bool) -> None:
        """Follow the newest iteration, or stop following."""
        if not live:
            self._end_live()
        elif not self._is_live:
            self._player.stop()
            self._is_live = True
            self._transport.show_live(True)
            self._settle()
            self.live_changed.emit(True)

    # Playing
    def play(self) -> None:
        """Forwards at the pace; from the start again where there is nothing left to play."""
        if not self.is_playing():
            self._shuttle(back=False)

    def pause(self) -> None:
        self._player.stop()

    def toggle_play(self) -> None:
        if self.is_playing():
            self.pause()
        else:
            self.play()

    def is_playing(self) -> bool:
        return self._player.is_playing()

    def shuttle_back(self) -> None:
        """J: play backwards; each further press doubles the speed, up to eight times."""
        if self._k_is_held:
            self.step(-1)
        else:
            self._shuttle(back=True)

    def shuttle_stop(self) -> None:
        """K."""
        self.pause()

    def hold_shuttle(self, held: bool) -> None:
        """While K is held, J and L step."""
        self._k_is_held = held

    def shuttle_forward(self) -> None:
        """L."""
        if self._k_is_held:
            self.step(1)
        else:
            self._shuttle(back=False)

    def set_mode(self, mode: PlayMode) -> None:
        self._mode = mode
        self._transport.show_mode(mode)
        self._play_within()

    def mode(self) -> PlayMode:
        return self._mode

    def cycle_mode(self) -> None:
        modes = list(PlayMode)
        self.set_mode(modes[(modes.index(self._mode) + 1) % len(modes)])
        self.mode_changed.emit(self._mode)

    def set_pace(self, pace: float) -> None:
        self._player.set_pace(pace)
        self._transport.show_pace(pace)

    def pace(self) -> float:
        return self._player.pace()

    def _shuttle(self, back: bool) -> None:
        first, last = self._scene.playable()
        if not self.length() or not self.isVisible():
            return
        here = min(max(self.position(), first), last)
        is_spent = self._mode is PlayMode.ONCE and here == (first if back else last)
        if is_spent and back:
            return
        if is_spent or self.position() > last:
            here = last if back else first
        self._end_live()
        self._move(here)
        self._player.play(here, first, last, self._mode, back)

    def _play_at(self, iteration: int) -> None:
        self._move(iteration)
        self._board.follow(self.position(), lead=0.1)

    def _play_within(self) -> None:
        self._player.play_within(*self._scene.playable(), self._mode)

    def _enter_pace(self, pace: float) -> None:
        if pace != self.pace():
            self.set_pace(pace)
            self.pace_changed.emit(pace)

    # In and out
    def mark_in(self) -> None:
        """The point in is here; a point out before it is gone."""
        here, (_, last) = self._painted_position(), self.range()
        self._change_range(here, last if last is None or last >= here else None)

    def mark_out(self) -> None:
        """The point out is here; a point in after it is gone."""
        here, (first, _) = self._painted_position(), self.range()
        self._change_range(first if first is None or first <= here else None, here)

    def clear_range(self) -> None:
        self._change_range(None, None)

    def set_range(self, first: int | None, last: int | None) -> None:
        self._scene.first, self._scene.last = first, last
        self._board.redraw(Lane.RULER)
        self._play_within()

    def range(self) -> tuple[int | None, int | None]:
        return self._scene.first, self._scene.last

    def _change_range(self, first: int | None, last: int | None) -> None:
        if self.length() and (first, last) != self.range():
            self.set_range(first, last)
            self.range_changed.emit(first, last)

    # What all of it comes down to
    def _move(self, iteration: int) -> None:
        position = max(0, min(iteration, self._scene.reach() - 1))
        if position != self.position():
            self._board.move_playhead(position)
            self._show_position()
            self.position_changed.emit(position)

    def _settle(self) -> None:
        """The take has another length: follow its end, or stay within it."""
        self._move(self.length() - 1 if self._is_live else self.position())
        self._board.follow(self.position(), lead=0.9)
        self._show_position()

    def _show_position(self) -> None:
        self._transport.show_position(self.position(), self.length(), self._scene.reach())
        self._headers.update()

    def _end_live(self) -> None:
        if self._is_live:
            self._is_live = False
            self._transport.show_live(False)
            self.live_changed.emit(False)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._k_is_held = False
        self._player.stop()
