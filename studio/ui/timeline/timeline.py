"""The widget that holds transport, takes and tracks together."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.typing import ArrayLike
from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from studio.ui.timeline.facts import Keyframe, Marker, PlayMode, Take


class Timeline(QWidget):
    """Every iteration of a take, to scrub, play, mark and branch from."""

    position_changed = Signal(int)
    live_changed = Signal(bool)
    playing_changed = Signal(bool)
    mode_changed = Signal(object)
    """The `PlayMode`."""
    pace_changed = Signal(float)
    """Iterations a second."""
    range_changed = Signal(object, object)
    """The points in and out; None where there is none."""
    previews_wanted = Signal(list)
    keyframe_moved = Signal(int, int)
    """From, to."""
    keyframe_menu_wanted = Signal(int, QPoint)
    """The keyframe's iteration, where on the screen."""
    iteration_menu_wanted = Signal(int, QPoint)
    """An iteration, where on the screen."""
    take_chosen = Signal(int)
    take_renamed = Signal(int, str)
    take_deletion_wanted = Signal(int)
    branch_wanted = Signal(int, int)
    """The take, the iteration to branch at."""

    # What is shown
    def set_takes(self, takes: Sequence[Take]) -> None:
        """The whole tree, parents before their children."""

    def show_take(self, number: int, losses: ArrayLike) -> None: ...

    def take(self) -> int | None: ...

    def append_losses(self, losses: ArrayLike) -> None:
        """The take shown has grown."""

    def length(self) -> int: ...

    def set_preview(self, iteration: int, picture: QImage) -> None: ...

    def set_keyframes(self, keyframes: Sequence[Keyframe]) -> None: ...

    def set_markers(self, markers: Sequence[Marker]) -> None: ...

    # Where the playhead is
    def position(self) -> int: ...

    def set_position(self, iteration: int) -> None:
        """Go to an iteration, as a scrub does: playing stops, live ends."""

    def step(self, iterations: int) -> None: ...

    def go_to_start(self) -> None:
        """The first iteration; pressed at the point in or after it, the point in."""

    def go_to_end(self) -> None: ...

    def go_to_keyframe(self, direction: int) -> None:
        """The next keyframe (1) or the previous one (-1)."""

    def is_live(self) -> bool: ...

    def set_live(self, live: bool) -> None:
        """Follow the newest iteration, or stop following."""

    # Playing
    def play(self) -> None: ...

    def pause(self) -> None: ...

    def toggle_play(self) -> None: ...

    def is_playing(self) -> bool: ...

    def shuttle_back(self) -> None:
        """J: play backwards; each further press doubles the speed, up to eight times."""

    def shuttle_stop(self) -> None:
        """K."""

    def shuttle_forward(self) -> None:
        """L."""

    def set_mode(self, mode: PlayMode) -> None: ...

    def mode(self) -> PlayMode: ...

    def cycle_mode(self) -> None: ...

    def set_pace(self, pace: float) -> None: ...

    def pace(self) -> float: ...

    # In and out
    def mark_in(self) -> None: ...

    def mark_out(self) -> None: ...

    def set_range(self, first: int | None, last: int | None) -> None: ...

    def range(self) -> tuple[int | None, int | None]: ...

    # Zoom
    def zoom_in(self) -> None: ...

    def zoom_out(self) -> None: ...

    def fit_all(self) -> None: ...
