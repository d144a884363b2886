"""What the timeline can be asked to do, and the keys for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from studio.ui.commands import Command

if TYPE_CHECKING:
    from studio.ui.timeline.timeline import Timeline

Row = tuple[str, str, str, str, str, Callable[[], object]]
"""Id, words, keys, icon, tip, act."""
REPEATS = frozenset(
    {"step_back", "step_on", "ten_back", "ten_on", "second_back", "second_on"}
    | {"timeline_in", "timeline_out"}
)
"""Those done again and again while their key is held."""


def timeline_commands(timeline: Timeline) -> tuple[Command, ...]:
    """In the order of its menu."""
    rows = (*_playing(timeline), *_moves(timeline), *_places(timeline), *_zooms(timeline))
    return (
        *(_soft(timeline, *row) for row in rows),
        Command(
            "live",
            timeline.tr("Follow the newest iteration"),
            "Ctrl+End",
            "live",
            timeline.tr("Keep the playhead at what is painted last"),
            act=partial(timeline.set_live, True),
        ),
    )


def _soft(
    timeline: Timeline,
    id: str,
    text: str,
    keys: str,
    icon: str,
    tip: str,
    act: Callable[[], object],
) -> Command:
    hold = timeline.hold_shuttle if id == "shuttle_stop" else None
    return Command(id, text, keys, icon, tip, True, act=act, hold=hold, repeats=id in REPEATS)


def _playing(timeline: Timeline) -> tuple[Row, ...]:
    tr = timeline.tr
    return (
        (
            "play",
            tr("&Play or pause"),
            "Space",
            "play",
            tr("Play the painted iterations, or rest"),
            timeline.toggle_play,
        ),
        (
            "shuttle_back",
            tr("Play &backwards, faster"),
            "J",
            "",
            tr("Play backwards; each press doubles the pace"),
            timeline.shuttle_back,
        ),
        (
            "shuttle_stop",
            tr("&Hold; with J and L step"),
            "K",
            "",
            tr("Rest; held down, J and L go one iteration"),
            timeline.shuttle_stop,
        ),
        (
            "shuttle_forward",
            tr("Play &forwards, faster"),
            "L",
            "",
            tr("Play forwards; each press doubles the pace"),
            timeline.shuttle_forward,
        ),
    )


def _moves(timeline: Timeline) -> tuple[Row, ...]:
    tr = timeline.tr
    return (
        (
            "step_back",
            tr("Previous iteration"),
            "Left; ,",
            "step-back",
            tr("See the iteration before this one"),
            timeline.step_back,
        ),
        (
            "step_on",
            tr("Next iteration"),
            "Right; .",
            "step-forward",
            tr("See the iteration after this one"),
            timeline.step_on,
        ),
        (
            "ten_back",
            tr("Ten back"),
            "Shift+Left",
            "",
            tr("Go ten iterations back"),
            partial(timeline.step, -10),
        ),
        (
            "ten_on",
            tr("Ten on"),
            "Shift+Right",
            "",
            tr("Go ten iterations on"),
            partial(timeline.step, 10),
        ),
        (
            "second_back",
            tr("A second back"),
            "PgUp",
            "",
            tr("Go back by what plays in a second"),
            partial(timeline.step_seconds, -1),
        ),
        (
            "second_on",
            tr("A second on"),
            "PgDown",
            "",
            tr("Go on by what plays in a second"),
            partial(timeline.step_seconds, 1),
        ),
    )


def _places(timeline: Timeline) -> tuple[Row, ...]:
    tr = timeline.tr
    return (
        (
            "go_to_start",
            tr("To the &start"),
            "Home",
            "to-start",
            tr("See the first iteration"),
            timeline.go_to_start,
        ),
        (
            "go_to_end",
            tr("To the &end"),
            "End",
            "to-end",
            tr("See the last iteration"),
            timeline.go_to_end,
        ),
        (
            "previous_keyframe",
            tr("Previous keyframe"),
            "Alt+Left",
            "",
            tr("Go to the keyframe before the playhead"),
            partial(timeline.go_to_keyframe, -1),
        ),
        (
            "next_keyframe",
            tr("Next keyframe"),
            "Alt+Right",
            "",
            tr("Go to the keyframe after the playhead"),
            partial(timeline.go_to_keyframe, 1),
        ),
        (
            "mark_in",
            tr("Mark &in"),
            "I",
            "mark-in",
            tr("Play and export from this iteration on"),
            timeline.mark_in,
        ),
        (
            "mark_out",
            tr("Mark &out"),
            "O",
            "mark-out",
            tr("Play and export up to this iteration"),
            timeline.mark_out,
        ),
        (
            "go_to_in",
            tr("Go to in"),
            "Alt+I",
            "",
            tr("Go to where playing begins"),
            timeline.go_to_in,
        ),
        (
            "go_to_out",
            tr("Go to out"),
            "Alt+O",
            "",
            tr("Go to where playing ends"),
            timeline.go_to_out,
        ),
        (
            "clear_range",
            tr("&Clear in and out"),
            "Alt+X",
            "",
            tr("Play and export all iterations again"),
            timeline.clear_range,
        ),
        (
            "cycle_mode",
            tr("Once, &loop, ping-pong"),
            "\\",
            "loop",
            tr("Choose what playing does at the end"),
            timeline.cycle_mode,
        ),
    )


def _zooms(timeline: Timeline) -> tuple[Row, ...]:
    tr = timeline.tr
    return (
        (
            "timeline_in",
            tr("Zoom the timeline in"),
            "+; =",
            "",
            tr("See fewer iterations, larger"),
            timeline.zoom_in,
        ),
        (
            "timeline_out",
            tr("Zoom the timeline out"),
            "-",
            "",
            tr("See more iterations, smaller"),
            timeline.zoom_out,
        ),
        (
            "timeline_all",
            tr("The whole timeline"),
            "0",
            "",
            tr("See all iterations side by side"),
            timeline.fit_all,
        ),
    )
