"""The widget that holds transport, takes and tracks together."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from studio.ui.commands import Commands
from studio.ui.timeline.board import ZOOM_STEP
from studio.ui.timeline.commands import timeline_commands
from studio.ui.timeline.facts import Keyframe, Marker, Take, Way
from studio.ui.timeline.head import Playhead
from studio.ui.timeline.losses import Losses
from studio.ui.timeline.painted import Lane
from studio.ui.timeline.wishes import Wishes


class Timeline(Playhead):
    """Every iteration of a take, to scrub, play, mark and branch from.

    It plays only while it is on the screen.
    """

    previews_wanted = Signal(list)
    keyframe_moved = Signal(int, int)
    """From, to."""
    keyframe_copied = Signal(int, int)
    """From, to."""
    keyframe_opened = Signal(int, QPoint)
    """The keyframe's iteration, where on the screen."""
    keyframe_added = Signal(int)
    """The iteration; -1 is where the playhead is."""
    record_wanted = Signal(bool)
    keyframe_menu_wanted = Signal(int, QPoint)
    """The keyframe's iteration, where on the screen."""
    iteration_menu_wanted = Signal(int, QPoint)
    """An iteration, where on the screen."""
    take_chosen = Signal(int)
    take_renamed = Signal(int, str)
    take_deletion_wanted = Signal(int)
    branch_wanted = Signal(int, int)
    """The take, the iteration to branch at."""

    def __init__(
        self, parent: QWidget | None = None, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        super().__init__(parent, clock)
        self._wishes = Wishes(self._board.missing, self)
        self._wishes.wanted.connect(self.previews_wanted)
        self.commands = Commands(self, timeline_commands(self))
        self.setFocusProxy(self._board)
        self._connect_board()
        self._connect_takes()
        self._connect_transport()
        self._transport.show_live(self.is_live())
        self._show_length()

    # What is shown
    def set_takes(self, takes: Sequence[Take]) -> None:
        """The whole tree, parents before their children."""
        self._scene.set_takes(takes)
        self._takes.show_tracks(self._scene.tracks, self._scene.take)
        self._board.refit()
        self._board.redraw(Lane.TRACKS, Lane.CURVE)

    def show_take(self, number: int, losses: ArrayLike) -> None:
        self._player.stop()
        scene = self._scene
        scene.take, scene.losses = number, Losses(losses)
        scene.previews.clear()
        self._wishes.forget()
        scene.measure()
        self._takes.show_tracks(scene.tracks, number)
        self._board.refit()
        self._board.redraw()
        self._settle()
        self._show_length()

    def take(self) -> int | None:
        return self._scene.take

    def append_losses(self, losses: ArrayLike) -> None:
        """The take shown has grown."""
        self._scene.losses.append(losses)
        self._scene.measure()
        self._takes.show_tracks(self._scene.tracks, self._scene.take)
        self._board.refit(is_growing=True)
        self._board.redraw(Lane.RULER, Lane.MARKERS, Lane.FILM, Lane.CURVE, Lane.TRACKS)
        self._play_within()
        self._settle()
        self._show_length()

    def set_preview(self, iteration: int, picture: QImage) -> None:
        self._wishes.met(iteration)
        if 0 <= iteration < self.length():
            self._scene.previews.put(iteration, picture, self._board.preview_height())
            self._board.redraw(Lane.FILM)
            self._look_for_previews()

    def set_keyframes(self, keyframes: Sequence[Keyframe], ways: Sequence[Way] = ()) -> None:
        """The diamonds, and the ways between them."""
        self._scene.keyframes = sorted(keyframes, key=lambda each: each.iteration)
        self._scene.ways = tuple(ways)
        self._board.refit()
        self._board.redraw(Lane.MARKERS)

    def set_markers(self, markers: Sequence[Marker]) -> None:
        self._scene.markers = tuple(markers)
        self._board.refit()
        self._board.redraw(Lane.MARKERS)

    def set_planned(self, count: int) -> None:
        """How many iterations there will be; the playhead can be put ahead of what is painted."""
        if count != self._scene.planned:
            self._scene.planned = count
            self._board.refit()
            self._board.redraw()
            self._move(self.position())
            self._show_length()
            self._show_position()

    def set_recording(self, recording: bool) -> None:
        """Whether changes become keyframes."""
        self._transport.show_recording(recording)

    def add_keyframe(self) -> None:
        """Ask for one where the playhead is."""
        self.keyframe_added.emit(-1)

    # Zoom
    def zoom_in(self) -> None:
        self._board.zoom(ZOOM_STEP)

    def zoom_out(self) -> None:
        self._board.zoom(1 / ZOOM_STEP)

    def fit_all(self) -> None:
        self._board.fit()

    # The parts
    def _connect_board(self) -> None:
        board = self._board
        board.scrubbed.connect(self.set_position)
        board.range_dragged.connect(self._change_range)
        board.take_pressed.connect(self.take_chosen)
        board.keyframe_moved.connect(self.keyframe_moved)
        board.keyframe_copied.connect(self.keyframe_copied)
        board.keyframe_opened.connect(self.keyframe_opened)
        board.keyframe_added.connect(self.keyframe_added)
        board.keyframe_menu_wanted.connect(self.keyframe_menu_wanted)
        board.iteration_menu_wanted.connect(self.iteration_menu_wanted)
        board.axis_changed.connect(self._look_for_previews)
        board.rows_changed.connect(self._look_for_previews)
        self.position_changed.connect(self._look_for_previews)

    def _connect_takes(self) -> None:
        self._takes.take_chosen.connect(self.take_chosen)
        self._takes.take_renamed.connect(self.take_renamed)
        self._takes.deletion_wanted.connect(self.take_deletion_wanted)
        self._takes.branch_wanted.connect(self._branch)

    def _connect_transport(self) -> None:
        bar = self._transport
        bar.start_pressed.connect(self.go_to_start)
        bar.back_pressed.connect(self.step_back)
        bar.play_pressed.connect(self.toggle_play)
        bar.forward_pressed.connect(self.step_on)
        bar.end_pressed.connect(self.go_to_end)
        bar.mode_pressed.connect(self.cycle_mode)
        bar.in_pressed.connect(self.mark_in)
        bar.out_pressed.connect(self.mark_out)
        bar.branch_pressed.connect(self._branch_shown)
        bar.live_pressed.connect(self.set_live)
        bar.keyframe_pressed.connect(self.add_keyframe)
        bar.record_pressed.connect(self.record_wanted)
        bar.zoom_in_pressed.connect(self.zoom_in)
        bar.zoom_out_pressed.connect(self.zoom_out)
        bar.fit_pressed.connect(self.fit_all)
        bar.position_entered.connect(self.set_position)
        bar.pace_entered.connect(self._enter_pace)
        bar.done_entering.connect(self._board.setFocus)

    def _branch_shown(self) -> None:
        if self._scene.take is not None and self.length():
            self.branch_wanted.emit(self._scene.take, self._painted_position())

    def _branch(self, number: int) -> None:
        """From a take that need not be as long as the one shown."""
        lengths = {each.take.number: each.take.length for each in self._scene.tracks}
        self.branch_wanted.emit(number, max(min(self.position(), lengths[number] - 1), 0))

    def _look_for_previews(self) -> None:
        if self.isVisible():
            self._wishes.look_again()

    def _show_length(self) -> None:
        self._transport.show_empty(not self.length(), not self._scene.reach())
        self._look_for_previews()

    # Events
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.commands.press(event):
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.add_keyframe()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self.commands.release(event)
        super().keyReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self._k_is_held = False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look_for_previews()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._wishes.rest()
