"""The timeline under the mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QScrollBar
from pytestqt.qtbot import QtBot

from studio.ui.timeline import Keyframe, Marker, Take, Timeline

Make = Callable[..., Timeline]
Control = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize("lane", ["ruler", "markers", "film", "curve", "tracks"])
def test_a_click_moves_the_playhead(make: Make, hand: Any, lane: str) -> None:
    timeline = make(100)
    mouse = hand(timeline)
    mouse.click(mouse.at(63, lane))
    assert timeline.position() == 63


def test_a_drag_scrubs(make: Make, hand: Any) -> None:
    timeline = make(100, live=True)
    mouse = hand(timeline)
    heard: list[int] = []
    timeline.position_changed.connect(heard.append)
    mouse.press(mouse.at(10))
    for each in (20, 30, 25):
        mouse.move(mouse.at(each))
    mouse.release(mouse.at(25))
    mouse.move(mouse.at(90))
    assert heard == [10, 20, 30, 25]
    assert not timeline.is_live()


def test_a_scrub_stays_inside_and_takes_the_view_along(make: Make, hand: Any) -> None:
    timeline = make(20_000)
    timeline.zoom_in()
    timeline.zoom_in()
    mouse = hand(timeline)
    mouse.press(mouse.at(100))
    mouse.move(QPoint(-500, 60))
    assert timeline.position() == 0
    mouse.move(QPoint(5000, 60))
    here = timeline.position()
    assert 0 < mouse.board.axis().x(here) < mouse.board.width()
    mouse.move(QPoint(50_000, 60))
    assert timeline.position() == 19_999
    mouse.release(QPoint(50_000, 60))


def test_a_keyframe_is_dragged(make: Make, hand: Any, qtbot: QtBot) -> None:
    timeline = make(100)
    timeline.set_keyframes([Keyframe(20), Keyframe(50)])
    mouse = hand(timeline)
    with qtbot.waitSignal(timeline.keyframe_moved) as moved:
        mouse.drag(mouse.at(50, "markers"), mouse.at(71, "markers"))
    assert moved.args == [50, 71]
    assert timeline.position() == 0


def test_a_click_on_a_keyframe_goes_to_it(make: Make, hand: Any, qtbot: QtBot) -> None:
    timeline = make(1000)
    timeline.set_keyframes([Keyframe(503)])
    mouse = hand(timeline)
    with qtbot.assertNotEmitted(timeline.keyframe_moved):
        mouse.click(mouse.at(503, "markers") + QPoint(3, 0))
    assert timeline.position() == 503


def test_a_drag_back_to_where_it_was_moves_nothing(make: Make, hand: Any, qtbot: QtBot) -> None:
    timeline = make(100)
    timeline.set_keyframes([Keyframe(50)])
    mouse = hand(timeline)
    with qtbot.assertNotEmitted(timeline.keyframe_moved):
        mouse.press(mouse.at(50, "markers"))
        mouse.move(mouse.at(80, "markers"))
        mouse.move(mouse.at(50, "markers"))
        mouse.release(mouse.at(50, "markers"))


def test_a_keyframe_is_not_dragged_before_the_start(make: Make, hand: Any, qtbot: QtBot) -> None:
    timeline = make(100)
    timeline.set_keyframes([Keyframe(50)])
    mouse = hand(timeline)
    with qtbot.waitSignal(timeline.keyframe_moved) as moved:
        mouse.drag(mouse.at(50, "markers"), QPoint(-900, 30))
    assert moved.args == [50, 0]


def test_escape_gives_a_dragged_keyframe_back(make: Make, hand: Any, qtbot: QtBot) -> None:
    timeline = make(100)
    timeline.set_keyframes([Keyframe(50)])
    mouse = hand(timeline)
    with qtbot.assertNotEmitted(timeline.keyframe_moved):
        mouse.press(mouse.at(50, "markers"))
        mouse.move(mouse.at(80, "markers"))
        qtbot.keyClick(mouse.board, Qt.Key.Key_Escape)
        mouse.release(mouse.at(80, "markers"))
    assert timeline.position() == 0


def test_the_points_in_and_out_are_dragged(make: Make, hand: Any) -> None:
    timeline = make(100)
    timeline.set_range(20, 60)
    mouse = hand(timeline)
    told: list[tuple[int, int]] = []
    timeline.range_changed.connect(lambda first, last: told.append((first, last)))
    mouse.drag(mouse.at(19.5, "ruler"), mouse.at(29.5, "ruler"))
    assert timeline.range() == (30, 60)
    mouse.drag(mouse.at(60.5, "ruler"), mouse.at(80.5, "ruler"))
    assert timeline.range() == (30, 80)
    mouse.drag(mouse.at(29.5, "ruler"), mouse.at(99, "ruler"))
    assert timeline.range() == (80, 80)
    assert told == [(30, 60), (30, 80), (80, 80)]
    assert timeline.position() == 0


def test_marks_say_what_they_are(make: Make, hand: Any) -> None:
    timeline = make(100)
    timeline.set_keyframes([Keyframe(20, "dawn"), Keyframe(40)])
    timeline.set_markers([Marker(60, "step size 0.1")])
    mouse = hand(timeline)

    def tip(iteration: int, lane: str = "markers") -> str:
        return mouse.board.tip_at(mouse.at(iteration, lane).toPointF())

    assert tip(20) == "Keyframe dawn at iteration 20"
    assert tip(40) == "Keyframe at iteration 40"
    assert tip(60) == "Iteration 60: step size 0.1"
    assert tip(80) == ""
    assert tip(20, "film") == ""


def test_a_click_on_a_marker_goes_to_it(make: Make, hand: Any) -> None:
    timeline = make(1000)
    timeline.set_markers([Marker(603, "x")])
    mouse = hand(timeline)
    mouse.click(mouse.at(603, "markers") + QPoint(4, 0))
    assert timeline.position() == 603


def menu(timeline: Timeline, mouse: Any, at: QPoint, by_key: bool = False) -> None:
    reason = QContextMenuEvent.Reason.Keyboard if by_key else QContextMenuEvent.Reason.Mouse
    event = QContextMenuEvent(reason, at, mouse.board.mapToGlobal(at))
    QApplication.sendEvent(mouse.board, event)


def test_menus_are_asked_for(make: Make, hand: Any) -> None:
    timeline = make(100)
    timeline.set_keyframes([Keyframe(20)])
    mouse = hand(timeline)
    asked: list[tuple[str, int]] = []
    timeline.keyframe_menu_wanted.connect(lambda at, where: asked.append(("keyframe", at)))
    timeline.iteration_menu_wanted.connect(lambda at, where: asked.append(("iteration", at)))
    menu(timeline, mouse, mouse.at(20, "markers"))
    menu(timeline, mouse, mouse.at(44))
    menu(timeline, mouse, QPoint(), by_key=True)
    timeline.set_position(20)
    menu(timeline, mouse, QPoint(), by_key=True)
    assert asked == [("keyframe", 20), ("iteration", 44), ("iteration", 0), ("keyframe", 20)]


def test_a_press_on_another_track_asks_for_its_take(make: Make, hand: Any, qtbot: QtBot) -> None:
    timeline = make(100)
    timeline.set_takes([Take(1, "One", 100), Take(2, "Two", 80, 1, 30)])
    mouse = hand(timeline)
    second = mouse.at(50, "tracks")
    second.setY(mouse.board.rows().tracks.top + 30)
    with qtbot.waitSignal(timeline.take_chosen) as chosen:
        mouse.click(second)
    assert chosen.args == [2]
    assert timeline.position() == 0
    assert timeline.take() == 1


@pytest.mark.parametrize(("lane", "modifiers"), [("film", Control), ("ruler", None)])
def test_the_wheel_zooms_about_the_mouse(
    make: Make, hand: Any, lane: str, modifiers: Qt.KeyboardModifier | None
) -> None:
    timeline = make(20_000)
    mouse = hand(timeline)
    at = mouse.at(15_000, lane)
    before = mouse.board.axis()
    mouse.wheel(at, 240, modifiers or Qt.KeyboardModifier.NoModifier)
    after = mouse.board.axis()
    assert after.scale > before.scale
    assert after.cell(at.x()) == pytest.approx(before.cell(at.x()))
    mouse.wheel(at, -2400, modifiers or Qt.KeyboardModifier.NoModifier)
    assert mouse.board.axis().is_whole


def test_the_plain_wheel_scrolls(make: Make, hand: Any) -> None:
    timeline = make(20_000)
    mouse = hand(timeline)
    mouse.wheel(mouse.at(10_000), 480, Control)
    before = mouse.board.axis()
    mouse.wheel(mouse.at(10_000), -120)
    after = mouse.board.axis()
    assert after.scale == before.scale
    assert after.start == pytest.approx(before.start + 120 / before.scale)


def test_the_middle_button_pans(make: Make, hand: Any) -> None:
    timeline = make(20_000)
    mouse = hand(timeline)
    mouse.wheel(mouse.at(10_000), 480, Control)
    start = mouse.board.axis().start
    at = mouse.at(10_000)
    mouse.drag(at, at - QPoint(100, 0), Qt.MouseButton.MiddleButton)
    axis = mouse.board.axis()
    assert axis.start == pytest.approx(start + 100 / axis.scale)
    assert timeline.position() == 0


def test_the_scroll_bar_and_the_view_go_together(make: Make, hand: Any) -> None:
    timeline = make(20_000)
    mouse = hand(timeline)
    bar = next(
        each for each in timeline.findChildren(QScrollBar)
        if each.accessibleName() == "Iterations in sight"
    )  # fmt: skip
    assert not bar.isVisible()
    timeline.zoom_in()
    assert bar.isVisible()
    bar.setValue(bar.maximum())
    axis = mouse.board.axis()
    assert axis.start + axis.shown == pytest.approx(20_000, abs=2 / axis.scale)
    timeline.set_position(0)
    assert bar.value() == 0


def test_keys_zoom_about_the_playhead(make: Make, hand: Any, qtbot: QtBot) -> None:
    timeline = make(20_000)
    timeline.set_position(9_000)
    mouse = hand(timeline)
    x = mouse.board.axis().x(9_000)
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
        qtbot.keyClick(timeline.focusWidget(), key)
    assert mouse.board.axis().x(9_000) == pytest.approx(x, abs=0.01)
    near = mouse.board.axis().scale
    qtbot.keyClick(timeline.focusWidget(), Qt.Key.Key_Minus)
    assert mouse.board.axis().scale < near
    qtbot.keyClick(timeline.focusWidget(), Qt.Key.Key_0)
    assert mouse.board.axis().is_whole


def test_the_view_follows_playhead_and_growth(make: Make, hand: Any) -> None:
    timeline = make(20_000, live=True)
    timeline.set_takes([Take(1, "One", 20_000), Take(2, "Two", 90_000)])
    mouse = hand(timeline)
    for _ in range(20):
        timeline.zoom_in()

    def is_in_sight() -> bool:
        return 0 <= mouse.board.axis().x(timeline.position()) <= mouse.board.width()

    for _ in range(5):
        timeline.append_losses([0.5] * 400)
        assert is_in_sight()
    timeline.set_position(3)
    assert is_in_sight()


def test_what_grows_keeps_its_axis_for_a_while(make: Make, hand: Any) -> None:
    timeline = make(1000, live=True)
    mouse = hand(timeline)
    seen = set()
    for _ in range(100):
        timeline.append_losses([0.5])
        seen.add(mouse.board.axis())
        assert mouse.board.axis().extent >= timeline.length()
    assert len(seen) <= 3
    timeline.fit_all()
    assert mouse.board.axis().extent == timeline.length()
