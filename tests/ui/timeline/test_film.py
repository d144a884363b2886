"""The filmstrip: which previews are asked for, which are kept, and what is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studio.ui.timeline import Keyframe, Marker, Timeline
from studio.ui.timeline.previews import Previews

Make = Callable[..., Timeline]


def picture(colour: str = "red", width: int = 32, height: int = 32) -> QImage:
    made = QImage(width, height, QImage.Format.Format_RGB32)
    made.fill(QColor(colour))
    return made


def ask(qtbot: QtBot, timeline: Timeline, act: Callable[[], object]) -> list[int]:
    with qtbot.waitSignal(timeline.previews_wanted) as wanted:
        act()
    return list(wanted.args[0])


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 60)), max_size=120), st.integers(0, 60))
def test_previews_keep_what_was_used_last(acts: list[tuple[bool, int]], near: int) -> None:
    previews = Previews(kept=10)
    used: list[int] = []
    red = picture()
    for is_put, iteration in acts:
        if is_put:
            previews.put(iteration, red, 20)
        if is_put or iteration in used:
            assert previews.get(iteration) is not None
            used = [*[each for each in used if each != iteration][-9:], iteration]
        else:
            assert previews.get(iteration) is None
    assert len(previews) == len(used)
    assert all(each in previews for each in used)
    assert (previews.nearest(near) is None) == (not used)


def test_the_nearest_preview_stands_in() -> None:
    previews = Previews()
    for iteration, colour in ((10, "red"), (20, "lime")):
        previews.put(iteration, picture(colour), 20)
    assert previews.nearest(12).pixelColor(0, 0) == QColor("red")
    assert previews.nearest(400).pixelColor(0, 0) == QColor("lime")


def test_previews_are_kept_small_and_bad_ones_not_at_all() -> None:
    previews = Previews()
    previews.put(1, picture(width=1024, height=512), 64)
    previews.put(2, QImage(), 64)
    assert (previews.get(1).width(), previews.get(1).height()) == (128, 64)
    assert previews.aspect() == 2.0
    assert 2 not in previews


def test_only_what_is_in_sight_is_wanted_nearest_first(qtbot: QtBot, make: Make) -> None:
    timeline = make(20_000)
    wanted = ask(qtbot, timeline, lambda: timeline.set_position(15_000))
    assert 3 <= len(wanted) <= 815 / 20
    assert len(set(wanted)) == len(wanted)
    distances = [abs(each - 15_000) for each in wanted]
    assert distances == sorted(distances)
    for _ in range(8):
        timeline.zoom_in()
    near = ask(qtbot, timeline, lambda: timeline.zoom_in())
    assert all(abs(each - 15_000) < 3_000 for each in near)


def test_what_has_come_is_not_asked_for_again(qtbot: QtBot, make: Make) -> None:
    timeline = make(20_000)
    timeline.set_preview(0, picture())
    wanted = ask(qtbot, timeline, lambda: timeline.set_position(9_000))
    for each in wanted[:3]:
        timeline.set_preview(each, picture())
    again = ask(qtbot, timeline, lambda: timeline.set_position(4_000))
    assert set(again) == set(wanted[3:])


def test_when_all_is_there_an_empty_list_calls_the_rest_off(qtbot: QtBot, make: Make) -> None:
    timeline = make(20_000)
    timeline.set_preview(0, picture())
    wanted = ask(qtbot, timeline, lambda: timeline.set_position(9_000))
    timeline.zoom_in()
    near = ask(qtbot, timeline, timeline.zoom_in)
    for each in wanted:
        timeline.set_preview(each, picture())
    if missing := [each for each in near if each not in wanted]:
        assert set(ask(qtbot, timeline, timeline.zoom_in)) != set(missing)
    assert ask(qtbot, timeline, timeline.fit_all) == []


def test_another_take_wants_its_own(qtbot: QtBot, make: Make) -> None:
    timeline = make(50)
    wanted = ask(qtbot, timeline, lambda: timeline.set_position(1))
    for each in wanted:
        timeline.set_preview(each, picture())
    again = ask(qtbot, timeline, lambda: timeline.show_take(2, [1.0] * 50))
    assert set(again) == set(wanted)


def test_what_was_never_answered_is_asked_for_again_for_another_take(
    qtbot: QtBot, make: Make
) -> None:
    timeline = make(50)
    wanted = ask(qtbot, timeline, lambda: timeline.set_position(0))
    assert ask(qtbot, timeline, lambda: timeline.show_take(2, [1.0] * 50)) == wanted


def test_a_wide_picture_makes_fewer_places(qtbot: QtBot, make: Make) -> None:
    timeline = make(20_000)
    square = ask(qtbot, timeline, lambda: timeline.set_position(1))
    wide = ask(qtbot, timeline, lambda: timeline.set_preview(0, picture(width=96, height=32)))
    assert len(wide) < len(square) / 2


def test_a_hidden_timeline_wants_nothing(qtbot: QtBot, make: Make) -> None:
    timeline = make(100)
    ask(qtbot, timeline, lambda: timeline.set_position(3))
    timeline.set_position(60)
    with qtbot.assertNotEmitted(timeline.previews_wanted, wait=60):
        timeline.hide()
        timeline.show_take(2, [1.0] * 70)
        timeline.set_position(30)


def test_a_preview_from_nowhere_is_dropped(make: Make) -> None:
    timeline = make(10)
    for each in (-1, 10, 4000):
        timeline.set_preview(each, picture())
    timeline.set_preview(3, QImage())


def colour_at(timeline: Timeline, board: QWidget, at: QPoint) -> QColor:
    return board.grab().toImage().pixelColor(at * board.devicePixelRatioF())


def test_pictures_are_drawn_where_they_belong(qtbot: QtBot, make: Make, hand: Any) -> None:
    timeline = make(20_000)
    timeline.set_position(19_999)
    mouse = hand(timeline)
    timeline.set_preview(0, picture())
    for each in ask(qtbot, timeline, lambda: timeline.set_position(19_998)):
        timeline.set_preview(each, picture("red" if each < 10_000 else "lime"))
    assert colour_at(timeline, mouse.board, mouse.at(3_000)) == QColor("red")
    assert colour_at(timeline, mouse.board, mouse.at(17_000)) == QColor("lime")


def test_a_stand_in_is_dimmed(make: Make, hand: Any) -> None:
    timeline = make(20_000)
    mouse = hand(timeline)
    empty = colour_at(timeline, mouse.board, mouse.at(15_000))
    timeline.set_preview(2, picture())
    dimmed = colour_at(timeline, mouse.board, mouse.at(15_000))
    assert dimmed not in (empty, QColor("red"))
    assert dimmed.red() > dimmed.green()


def test_the_playhead_moves_without_drawing_the_lanes_again(make: Make, hand: Any) -> None:
    timeline = make(20_000)
    timeline.set_keyframes([Keyframe(50)])
    timeline.set_markers([Marker(70, "x")])
    board = hand(timeline).board
    board.grab()
    before = {lane: still.cacheKey() for lane, still in board._stills.items()}
    for each in range(0, 20_000, 977):
        timeline.set_position(each)
        board.grab()
    assert {lane: still.cacheKey() for lane, still in board._stills.items()} == before
    assert len(before) == 5


@pytest.mark.parametrize("losses", [[], [float("nan")] * 5, [1.0], [1.0, 1.0], [float("inf"), 2]])
def test_odd_losses_are_drawn(make: Make, hand: Any, losses: list[float], capsys: Any) -> None:
    timeline = make(10)
    timeline.show_take(1, losses)
    timeline.grab()
    assert capsys.readouterr().err == ""
