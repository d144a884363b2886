"""Playing by a clock that the test winds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from studio.ui.timeline import PlayMode, Timeline

Make = Callable[..., Timeline]
Key = Qt.Key


@pytest.fixture
def wait(qtbot: QtBot, clock: Any) -> Callable[[Timeline, float, int], None]:
    """Lets seconds pass, and waits for the iteration that then has to be on."""

    def until(timeline: Timeline, seconds: float, expected: int) -> None:
        clock.now += seconds
        qtbot.waitUntil(lambda: timeline.position() == expected)

    return until


Wait = Callable[[Timeline, float, int], None]


def test_playing_goes_by_the_clock_and_stops_at_the_end(make: Make, wait: Wait) -> None:
    timeline = make(100)
    told: list[bool] = []
    timeline.playing_changed.connect(told.append)
    timeline.set_pace(10)
    timeline.play()
    wait(timeline, 1.0, 10)
    wait(timeline, 0.5, 15)
    wait(timeline, 100.0, 99)
    assert not timeline.is_playing()
    assert told == [True, False]


def test_space_plays_and_pauses(qtbot: QtBot, make: Make, wait: Wait) -> None:
    timeline = make(100)
    qtbot.keyClick(timeline.focusWidget(), Key.Key_Space)
    wait(timeline, 1.0, 30)
    qtbot.keyClick(timeline.focusWidget(), Key.Key_Space)
    assert not timeline.is_playing()
    assert timeline.position() == 30


def test_the_button_says_what_it_does(qtbot: QtBot, make: Make) -> None:
    timeline = make(100)
    button = next(b for b in timeline.findChildren(QToolButton) if b.accessibleName() == "Play")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert timeline.is_playing()
    assert button.accessibleName() == "Pause"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not timeline.is_playing()
    assert button.accessibleName() == "Play"


def test_playing_at_the_end_begins_again(make: Make) -> None:
    timeline = make(100)
    timeline.set_position(99)
    timeline.play()
    assert timeline.is_playing()
    assert timeline.position() == 0


def test_only_the_range_is_played(make: Make, wait: Wait) -> None:
    timeline = make(100)
    timeline.set_range(20, 30)
    timeline.set_position(80)
    timeline.set_pace(10)
    timeline.play()
    assert timeline.position() == 20
    wait(timeline, 0.5, 25)
    wait(timeline, 9.0, 30)
    assert not timeline.is_playing()


@pytest.mark.parametrize(
    ("mode", "expected"), [(PlayMode.LOOP, 4), (PlayMode.PING_PONG, 6), (PlayMode.ONCE, 9)]
)
def test_what_happens_at_the_end(make: Make, wait: Wait, mode: PlayMode, expected: int) -> None:
    timeline = make(10)
    timeline.set_mode(mode)
    timeline.set_pace(1)
    timeline.play()
    wait(
        timeline,
        {PlayMode.LOOP: 14.0, PlayMode.PING_PONG: 12.0, PlayMode.ONCE: 50.0}[mode],
        expected,
    )
    assert timeline.is_playing() == (mode is not PlayMode.ONCE)
    timeline.pause()


def test_l_doubles_up_to_eight_times(qtbot: QtBot, make: Make, wait: Wait) -> None:
    timeline = make(1000)
    timeline.set_pace(10)
    where = 0
    for factor in (1, 2, 4, 8, 8):
        qtbot.keyClick(timeline.focusWidget(), Key.Key_L)
        where += 10 * factor
        wait(timeline, 1.0, where)


def test_j_plays_backwards_and_k_stops(qtbot: QtBot, make: Make, wait: Wait) -> None:
    timeline = make(1000)
    timeline.set_pace(10)
    timeline.set_position(500)
    timeline.shuttle_forward()
    wait(timeline, 1.0, 510)
    qtbot.keyClick(timeline.focusWidget(), Key.Key_J)
    wait(timeline, 1.0, 500)
    qtbot.keyClick(timeline.focusWidget(), Key.Key_J)
    wait(timeline, 1.0, 480)
    qtbot.keyClick(timeline.focusWidget(), Key.Key_K)
    assert not timeline.is_playing()


def test_j_at_the_start_does_nothing(make: Make) -> None:
    timeline = make(100)
    timeline.shuttle_back()
    assert not timeline.is_playing()


def test_with_k_held_j_and_l_step(qtbot: QtBot, make: Make) -> None:
    timeline = make(100)
    timeline.set_position(50)
    at = timeline.focusWidget()
    qtbot.keyPress(at, Key.Key_K)
    qtbot.keyClick(at, Key.Key_L)
    qtbot.keyClick(at, Key.Key_L)
    qtbot.keyClick(at, Key.Key_J)
    assert timeline.position() == 51
    assert not timeline.is_playing()
    qtbot.keyRelease(at, Key.Key_K)
    qtbot.keyClick(at, Key.Key_L)
    assert timeline.is_playing()


def test_the_pace_may_change_while_playing(make: Make, wait: Wait) -> None:
    timeline = make(1000)
    timeline.set_pace(10)
    timeline.play()
    wait(timeline, 1.0, 10)
    timeline.set_pace(100)
    wait(timeline, 1.0, 110)


def test_slow_playing_goes_on_while_the_take_grows(make: Make, wait: Wait, clock: Any) -> None:
    """Every append starts the playback anew; fractions of an iteration must not be lost."""
    timeline = make(100)
    timeline.set_pace(1)
    timeline.play()
    for _ in range(20):
        clock.now += 0.1
        timeline.append_losses([0.5])
    wait(timeline, 0.0, 2)


def test_playing_reaches_what_was_painted_meanwhile(make: Make, wait: Wait) -> None:
    timeline = make(10)
    timeline.set_pace(1)
    timeline.play()
    timeline.append_losses([0.5] * 10)
    wait(timeline, 15.0, 15)
    assert timeline.is_playing()


@pytest.mark.parametrize(
    "act",
    [
        lambda timeline: timeline.set_position(5),
        lambda timeline: timeline.set_live(True),
        lambda timeline: timeline.show_take(2, [1.0] * 10),
        lambda timeline: timeline.step(1),
        lambda timeline: timeline.hide(),
        lambda timeline: timeline.close(),
    ],
)
def test_what_stops_playing(make: Make, act: Callable[[Timeline], object]) -> None:
    timeline = make(100)
    timeline.play()
    act(timeline)
    assert not timeline.is_playing()


def test_playing_ends_live(make: Make) -> None:
    timeline = make(100, live=True)
    timeline.play()
    assert not timeline.is_live()
    assert timeline.position() == 0


def test_a_hidden_timeline_does_not_play(make: Make) -> None:
    timeline = make(100)
    timeline.hide()
    timeline.play()
    assert not timeline.is_playing()
