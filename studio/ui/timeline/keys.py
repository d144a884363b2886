"""Which key does what to the timeline, where no shortcut of the window takes it first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from studio.ui.timeline.timeline import Timeline

Key = Qt.Key
Modifier = Qt.KeyboardModifier
Chord = tuple[Modifier, Key]
ANYWHERE = Modifier.KeypadModifier | Modifier.GroupSwitchModifier
"""Modifiers that a keyboard needs for some signs, and that mean nothing here."""
SIGNS = (Key.Key_Plus, Key.Key_Minus, Key.Key_Backslash)
"""Signs that are on different levels of different keyboards."""
HELD = (Key.Key_J, Key.Key_K, Key.Key_L, Key.Key_Space, Key.Key_Backslash)
"""Keys that do not repeat while held."""


def chord(event: QKeyEvent) -> Chord:
    key = Key(event.key())
    modifiers = event.modifiers() & ~ANYWHERE
    if key in SIGNS:
        modifiers &= ~Modifier.ShiftModifier
    return modifiers, key


def is_repeat(event: QKeyEvent) -> bool:
    """Whether a key that must not repeat does."""
    return event.isAutoRepeat() and event.key() in HELD


def acts(timeline: Timeline) -> dict[Chord, Callable[[], None]]:
    plain, shift, alt = Modifier.NoModifier, Modifier.ShiftModifier, Modifier.AltModifier
    return {
        (plain, Key.Key_Left): timeline.step_back,
        (plain, Key.Key_Right): timeline.step_on,
        (shift, Key.Key_Left): partial(timeline.step, -10),
        (shift, Key.Key_Right): partial(timeline.step, 10),
        (plain, Key.Key_Comma): timeline.step_back,
        (plain, Key.Key_Period): timeline.step_on,
        (plain, Key.Key_PageUp): partial(timeline.step_seconds, -1),
        (plain, Key.Key_PageDown): partial(timeline.step_seconds, 1),
        (plain, Key.Key_Home): timeline.go_to_start,
        (plain, Key.Key_End): timeline.go_to_end,
        (plain, Key.Key_Space): timeline.toggle_play,
        (plain, Key.Key_J): timeline.shuttle_back,
        (plain, Key.Key_K): timeline.shuttle_stop,
        (plain, Key.Key_L): timeline.shuttle_forward,
        (plain, Key.Key_I): timeline.mark_in,
        (plain, Key.Key_O): timeline.mark_out,
        (alt, Key.Key_I): timeline.go_to_in,
        (alt, Key.Key_O): timeline.go_to_out,
        (alt, Key.Key_X): timeline.clear_range,
        (alt, Key.Key_Left): partial(timeline.go_to_keyframe, -1),
        (alt, Key.Key_Right): partial(timeline.go_to_keyframe, 1),
        (plain, Key.Key_Return): timeline.add_keyframe,
        (plain, Key.Key_Enter): timeline.add_keyframe,
        (plain, Key.Key_Backslash): timeline.cycle_mode,
        (plain, Key.Key_Plus): timeline.zoom_in,
        (plain, Key.Key_Equal): timeline.zoom_in,
        (plain, Key.Key_Minus): timeline.zoom_out,
        (plain, Key.Key_0): timeline.fit_all,
    }
