"""Where the playhead is: by hand, by key, live."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from studio.ui.panels.numbers import NumberBox
from studio.ui.timeline import Keyframe, PlayMode, Take, Timeline

Make = Callable[..., Timeline]
Key, Modifier = Qt.Key, Qt.KeyboardModifier


def heard(timeline: Timeline) -> list[int]:
    positions: list[int] = []
    timeline.position_changed.connect(positions.append)
    return positions


def button(timeline: Timeline, name: str) -> QToolButton:
    return next(b for b in timeline.findChildren(QToolButton) if b.accessibleName() == name)


def test_an_empty_timeline_is_at_nothing(qtbot: QtBot) -> None:
    timeline = Timeline()
    qtbot.addWidget(timeline)
    timeline.show()
    positions = heard(timeline)
    for act in (
        timeline.play, timeline.mark_in, timeline.go_to_end, timeline.go_to_start,
        timeline.shuttle_back, timeline.zoom_in, timeline.fit_all, timeline.go_to_in,
    ):  # fmt: skip
        act()
    timeline.set_position(5)
    timeline.go_to_keyframe(1)
    assert (timeline.length(), timeline.position(), timeline.take()) == (0, 0, None)
    assert not timeline.is_playing()
    assert timeline.range() == (None, None)
    assert positions == []
    assert not button(timeline, "Play").isEnabled()


def test_a_position_is_told_once_and_kept_inside(make: Make) -> None:
    timeline = make(100)
    positions = heard(timeline)
    for each in (40, 40, 1000, -3):
        timeline.set_position(each)
    assert positions == [40, 99, 0]
    assert timeline.position() == 0


@pytest.mark.parametrize(
    ("key", "modifier", "expected"),
    [
        (Key.Key_Left, Modifier.NoModifier, 49),
        (Key.Key_Right, Modifier.NoModifier, 51),
        (Key.Key_Left, Modifier.ShiftModifier, 40),
        (Key.Key_Right, Modifier.ShiftModifier, 60),
        (Key.Key_Left, Modifier.KeypadModifier, 49),
        (Key.Key_Comma, Modifier.NoModifier, 49),
        (Key.Key_Period, Modifier.NoModifier, 51),
        (Key.Key_PageUp, Modifier.NoModifier, 30),
        (Key.Key_PageDown, Modifier.NoModifier, 70),
        (Key.Key_Home, Modifier.NoModifier, 0),
        (Key.Key_End, Modifier.NoModifier, 99),
        (Key.Key_I, Modifier.AltModifier, 10),
        (Key.Key_O, Modifier.AltModifier, 90),
        (Key.Key_Left, Modifier.AltModifier, 33),
        (Key.Key_Right, Modifier.AltModifier, 66),
    ],
)
def test_keys_move_the_playhead(
    qtbot: QtBot, make: Make, key: Qt.Key, modifier: Qt.KeyboardModifier, expected: int
) -> None:
    timeline = make(100)
    timeline.set_pace(20)
    timeline.set_position(50)
    timeline.set_keyframes([Keyframe(66), Keyframe(33), Keyframe(5), Keyframe(80)])
    if Modifier.AltModifier & modifier:
        timeline.set_range(10, 90)
    qtbot.keyClick(timeline.focusWidget(), key, modifier)
    assert timeline.position() == expected


def test_home_and_end_stop_at_the_points_in_and_out_first(make: Make) -> None:
    timeline = make(100)
    timeline.set_range(20, 70)
    timeline.set_position(50)
    timeline.go_to_start()
    assert timeline.position() == 20
    timeline.go_to_start()
    assert timeline.position() == 0
    timeline.go_to_end()
    assert timeline.position() == 70
    timeline.go_to_end()
    assert timeline.position() == 99


def test_keyframes_beyond_the_end_are_not_gone_to(make: Make) -> None:
    timeline = make(100)
    timeline.set_keyframes([Keyframe(40), Keyframe(400)])
    timeline.set_position(40)
    timeline.go_to_keyframe(1)
    timeline.go_to_keyframe(-1)
    assert timeline.position() == 40


def test_the_transport_moves_the_playhead(qtbot: QtBot, make: Make) -> None:
    timeline = make(100)
    for name, expected in (
        ("One iteration on", 1), ("To the end", 99), ("One iteration back", 98),
        ("To the start", 0),
    ):  # fmt: skip
        qtbot.mouseClick(button(timeline, name), Qt.MouseButton.LeftButton)
        assert timeline.position() == expected


def test_a_number_that_is_typed_is_gone_to(qtbot: QtBot, make: Make) -> None:
    timeline = make(100)
    box = timeline.findChild(NumberBox)
    positions = heard(timeline)
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "42")
    assert positions == []
    qtbot.keyClick(box, Key.Key_Return)
    assert positions == [42]
    timeline.set_position(7)
    assert box.value() == 7


def test_typing_is_not_disturbed_by_what_is_painted(qtbot: QtBot, make: Make) -> None:
    timeline = make(100, live=True)
    box = timeline.findChild(NumberBox)
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "4")
    timeline.append_losses([0.5])
    assert box.lineEdit().text() == "4"


def test_live_follows_the_newest(make: Make) -> None:
    timeline = make(100, live=True)
    positions = heard(timeline)
    assert timeline.is_live()
    timeline.append_losses([0.5, 0.4])
    timeline.append_losses([0.3])
    assert positions == [101, 102]
    assert timeline.length() == 103


def test_scrubbing_back_leaves_live_and_the_button_returns(qtbot: QtBot, make: Make) -> None:
    timeline = make(100, live=True)
    told: list[bool] = []
    timeline.live_changed.connect(told.append)
    live = button(timeline, "Live")
    assert live.isChecked()
    timeline.set_position(30)
    timeline.append_losses([0.5])
    assert timeline.position() == 30
    assert not live.isChecked()
    qtbot.mouseClick(live, Qt.MouseButton.LeftButton)
    assert timeline.position() == 100
    assert live.isChecked()
    qtbot.mouseClick(live, Qt.MouseButton.LeftButton)
    assert told == [False, True, False]
    assert timeline.position() == 100


def test_live_can_be_set(make: Make) -> None:
    timeline = make(100)
    timeline.set_live(True)
    timeline.set_live(True)
    assert timeline.position() == 99
    timeline.set_live(False)
    timeline.append_losses([0.1])
    assert timeline.position() == 99


def test_another_take_keeps_the_place_as_far_as_it_goes(make: Make) -> None:
    timeline = make(100)
    timeline.set_position(80)
    positions = heard(timeline)
    timeline.show_take(2, [1.0] * 90)
    assert (timeline.take(), timeline.position(), positions) == (2, 80, [])
    timeline.show_take(3, [1.0] * 50)
    assert positions == [49]
    timeline.show_take(4, [])
    assert (timeline.position(), timeline.length()) == (0, 0)


def test_another_take_is_shown_at_its_newest_while_live(make: Make) -> None:
    timeline = make(100, live=True)
    timeline.show_take(2, [1.0] * 40)
    assert timeline.position() == 39


def test_the_points_in_and_out(qtbot: QtBot, make: Make) -> None:
    timeline = make(100)
    told: list[tuple[int | None, int | None]] = []
    timeline.range_changed.connect(lambda first, last: told.append((first, last)))
    timeline.set_position(20)
    qtbot.keyClick(timeline.focusWidget(), Key.Key_I)
    timeline.set_position(60)
    qtbot.keyClick(timeline.focusWidget(), Key.Key_O)
    timeline.set_position(70)
    timeline.mark_in()
    timeline.set_position(30)
    timeline.mark_out()
    qtbot.keyClick(timeline.focusWidget(), Key.Key_X, Modifier.AltModifier)
    assert told == [(20, None), (20, 60), (70, None), (None, 30), (None, None)]


def test_a_range_that_is_set_is_not_told(make: Make) -> None:
    timeline = make(100)
    told: list[object] = []
    timeline.range_changed.connect(lambda *words: told.append(words))
    timeline.set_range(3, 9)
    timeline.clear_range()
    timeline.clear_range()
    assert told == [(None, None)]


def test_modes_and_pace_are_told_when_a_person_changes_them(qtbot: QtBot, make: Make) -> None:
    timeline = make(100)
    told: list[object] = []
    timeline.mode_changed.connect(told.append)
    timeline.pace_changed.connect(told.append)
    timeline.set_mode(PlayMode.LOOP)
    timeline.set_pace(12.5)
    assert told == []
    assert (timeline.mode(), timeline.pace()) == (PlayMode.LOOP, 12.5)
    qtbot.keyClick(timeline.focusWidget(), Key.Key_Backslash)
    timeline.cycle_mode()
    assert told == [PlayMode.PING_PONG, PlayMode.ONCE]


def test_branching_from_here(qtbot: QtBot, make: Make) -> None:
    timeline = make(100)
    timeline.set_takes([Take(1, "Take 1", 100), Take(2, "Take 2", 120, 1, 50)])
    timeline.set_position(33)
    with qtbot.waitSignal(timeline.branch_wanted) as branch:
        qtbot.mouseClick(button(timeline, "Branch from here"), Qt.MouseButton.LeftButton)
    assert branch.args == [1, 33]


def test_keys_the_timeline_does_not_know_go_on(qtbot: QtBot, make: Make) -> None:
    timeline = make(100)
    timeline.set_position(10)
    qtbot.keyClick(timeline.focusWidget(), Key.Key_Right, Modifier.ControlModifier)
    qtbot.keyClick(timeline.focusWidget(), Key.Key_Q)
    assert timeline.position() == 10
