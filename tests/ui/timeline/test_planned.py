"""What lies ahead of the painted iterations: the plan, and the keyframes in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from studio.ui.panels.numbers import NumberBox
from studio.ui.timeline import Keyframe, Timeline, Way

Make = Callable[..., Timeline]


def test_the_playhead_goes_ahead_as_far_as_is_planned(make: Make, hand: Any, qtbot: QtBot) -> None:
    timeline = make(40)
    mouse = hand(timeline)
    timeline.set_position(100)
    assert timeline.position() == 39
    timeline.set_planned(60)
    mouse.click(mouse.at(52))
    assert timeline.position() == 52
    timeline.step(100)
    assert timeline.position() == 59
    [box] = timeline.findChildren(NumberBox)
    assert (box.value(), box.maximum()) == (59, 59)
    timeline.mark_out()
    assert timeline.range() == (None, 39)
    timeline.set_planned(50)
    assert timeline.position() == 49


def test_nothing_plays_ahead(make: Make, hand: Any) -> None:
    timeline = make(40)
    timeline.set_planned(60)
    timeline.set_position(55)
    timeline.play()
    assert timeline.position() == 0
    timeline.pause()


def test_growth_keeps_the_playhead_ahead_until_it_is_reached(make: Make) -> None:
    timeline = make(10)
    timeline.set_planned(20)
    timeline.set_position(12)
    for _ in range(5):
        timeline.append_losses([0.5])
    assert (timeline.position(), timeline.length()) == (12, 15)
    timeline.set_live(True)
    assert timeline.position() == 14


def colours(timeline: Timeline, mouse: Any, at: QPoint) -> QColor:
    return QColor(mouse.board.grab().toImage().pixelColor(at))


def test_a_keyframe_is_hollow_ahead_and_filled_once_it_is_passed(make: Make, hand: Any) -> None:
    timeline = make(10)
    timeline.set_planned(20)
    mouse = hand(timeline)
    timeline.set_keyframes([Keyframe(5), Keyframe(14)])
    passed, ahead = (colours(timeline, mouse, mouse.at(at, "markers")) for at in (5, 14))
    assert passed != ahead
    timeline.append_losses([0.5] * 10)
    assert colours(timeline, mouse, mouse.at(14, "markers")) == passed


def test_the_way_between_keyframes_is_drawn_as_it_eases(make: Make, hand: Any) -> None:
    timeline = make(4)
    timeline.set_planned(40)
    mouse = hand(timeline)
    keyframes = [Keyframe(10), Keyframe(30)]
    pictures = []
    for ways in ([], [Way(10, 30, "linear")], [Way(10, 30, "in")], [Way(10, 30, "step")]):
        timeline.set_keyframes(keyframes, ways)
        pictures.append(mouse.board.grab().toImage())
    assert all(
        one != other for place, one in enumerate(pictures) for other in pictures[place + 1 :]
    )


def test_its_card_says_what_a_keyframe_sets(make: Make, hand: Any) -> None:
    timeline = make(10)
    timeline.set_planned(20)
    mouse = hand(timeline)
    timeline.set_keyframes([Keyframe(14, "dawn", ("Cutouts: 8", "To the next: Linear"))])
    tip = mouse.board.tip_at(mouse.at(14, "markers").toPointF())
    assert tip == "Keyframe dawn at iteration 14\nCutouts: 8\nTo the next: Linear"


def test_a_keyframe_ahead_is_dragged_to_free_places_ahead_only(make: Make, hand: Any) -> None:
    timeline = make(10)
    timeline.set_planned(30)
    timeline.set_keyframes([Keyframe(15), Keyframe(20)])
    mouse = hand(timeline)
    moves: list[tuple[int, int]] = []
    timeline.keyframe_moved.connect(lambda one, other: moves.append((one, other)))
    for wanted in (25, 20, 3):
        mouse.drag(mouse.at(15, "markers"), mouse.at(wanted, "markers"))
    assert moves == [(15, 25), (15, 19), (15, 10)]


def test_with_control_a_copy_is_dragged(make: Make, hand: Any) -> None:
    timeline = make(10)
    timeline.set_planned(30)
    timeline.set_keyframes([Keyframe(15)])
    mouse = hand(timeline)
    copies: list[tuple[int, int]] = []
    timeline.keyframe_copied.connect(lambda one, other: copies.append((one, other)))
    mouse.press(mouse.at(15, "markers"))
    mouse.move(mouse.at(22, "markers"))
    end, control = mouse.at(22, "markers").toPointF(), Qt.KeyboardModifier.ControlModifier
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    release = QMouseEvent(
        QEvent.Type.MouseButtonRelease, end, mouse.board.mapToGlobal(end), left, none, control
    )
    QApplication.sendEvent(mouse.board, release)
    assert copies == [(15, 22)]


def test_a_double_click_opens_a_keyframe_or_adds_one_ahead(make: Make, hand: Any) -> None:
    timeline = make(10)
    timeline.set_planned(30)
    timeline.set_keyframes([Keyframe(15)])
    mouse = hand(timeline)
    told: list[tuple[str, int]] = []
    timeline.keyframe_opened.connect(lambda at, where: told.append(("open", at)))
    timeline.keyframe_added.connect(lambda at: told.append(("add", at)))
    for at in (15, 25, 5):
        QTest.mouseDClick(mouse.board, Qt.MouseButton.LeftButton, pos=mouse.at(at, "markers"))
    assert told == [("open", 15), ("add", 25)]


def test_enter_asks_for_a_keyframe_and_the_dot_for_recording(make: Make, qtbot: QtBot) -> None:
    timeline = make(10)
    added: list[int] = []
    timeline.keyframe_added.connect(added.append)
    qtbot.keyClick(timeline.focusWidget(), Qt.Key.Key_Return)
    assert added == [-1]
    buttons = {each.accessibleName(): each for each in timeline.findChildren(QAbstractButton)}
    qtbot.mouseClick(buttons["Add a keyframe"], Qt.MouseButton.LeftButton)
    assert added == [-1, -1]
    wanted: list[bool] = []
    timeline.record_wanted.connect(wanted.append)
    qtbot.mouseClick(buttons["Record keyframes"], Qt.MouseButton.LeftButton)
    assert wanted == [True]
    timeline.set_recording(False)
    assert wanted == [True]
    assert not buttons["Record keyframes"].isChecked()


def test_a_plan_alone_can_be_gone_through(make: Make, hand: Any) -> None:
    timeline = make(0)
    timeline.set_planned(50)
    mouse = hand(timeline)
    mouse.click(mouse.at(30))
    assert timeline.position() == 30
    timeline.play()
    assert not timeline.is_playing()
