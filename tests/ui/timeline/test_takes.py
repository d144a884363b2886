"""The tree of takes beside the tracks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from studio.ui.timeline import Take, Timeline
from studio.ui.timeline.takes import TakeList

Make = Callable[..., Timeline]
TAKES = [Take(1, "One", 100), Take(2, "Two", 80, 1, 30), Take(3, "Three", 140, 1, 60)]


@pytest.fixture
def timeline(make: Make) -> Timeline:
    made = make(100)
    made.set_takes(TAKES)
    return made


@pytest.fixture
def takes(timeline: Timeline) -> TakeList:
    found = timeline.findChild(TakeList)
    assert found is not None
    return found


def line(takes: TakeList, row: int) -> QPoint:
    return takes.visualRect(takes.model().index(row, 0)).center()


def names(takes: TakeList) -> list[str]:
    return [takes.model().index(row, 0).data() for row in range(takes.model().rowCount())]


def rename_to(qtbot: QtBot, takes: TakeList, name: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
    editor = takes.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, name)
    qtbot.keyClick(editor, key)
    qtbot.waitUntil(lambda: takes.state() is not QAbstractItemView.State.EditingState)


def test_takes_are_listed_and_the_one_shown_is_current(timeline: Timeline, takes: TakeList) -> None:
    assert names(takes) == ["One", "Two", "Three"]
    assert takes.currentIndex().row() == 0
    timeline.show_take(3, [1.0] * 140)
    assert takes.currentIndex().row() == 2
    timeline.set_takes(TAKES[:2])
    assert takes.currentIndex().row() == -1


def test_a_click_asks_for_a_take(qtbot: QtBot, timeline: Timeline, takes: TakeList) -> None:
    asked: list[int] = []
    timeline.take_chosen.connect(asked.append)
    timeline.show_take(2, [1.0] * 80)
    for row in (1, 2, 2, 0):
        qtbot.mouseClick(takes.viewport(), Qt.MouseButton.LeftButton, pos=line(takes, row))
    assert asked == [3, 1]
    assert timeline.take() == 2


def test_arrows_ask_for_a_take(qtbot: QtBot, timeline: Timeline, takes: TakeList) -> None:
    with qtbot.waitSignal(timeline.take_chosen) as chosen:
        qtbot.keyClick(takes, Qt.Key.Key_Down)
    assert chosen.args == [2]


def test_letters_in_the_list_are_keys_of_the_timeline(
    qtbot: QtBot, timeline: Timeline, takes: TakeList
) -> None:
    timeline.set_position(50)
    qtbot.keyClick(takes, Qt.Key.Key_I)
    qtbot.keyClick(takes, Qt.Key.Key_Right)
    assert timeline.range() == (50, None)
    assert timeline.position() == 51


def test_a_double_click_renames(qtbot: QtBot, timeline: Timeline, takes: TakeList) -> None:
    told: list[tuple[int, str]] = []
    timeline.take_renamed.connect(lambda number, name: told.append((number, name)))
    qtbot.mouseClick(takes.viewport(), Qt.MouseButton.LeftButton, pos=line(takes, 0))
    qtbot.mouseDClick(takes.viewport(), Qt.MouseButton.LeftButton, pos=line(takes, 0))
    rename_to(qtbot, takes, "  Dawn ")
    assert told == [(1, "Dawn")]
    assert names(takes)[0] == "One", "the name is the document's to change"


@pytest.mark.parametrize("name", ["One", "   "])
def test_the_same_name_or_none_is_no_news(
    qtbot: QtBot, timeline: Timeline, takes: TakeList, name: str
) -> None:
    with qtbot.assertNotEmitted(timeline.take_renamed):
        qtbot.keyClick(takes, Qt.Key.Key_F2)
        rename_to(qtbot, takes, name)


def test_escape_keeps_the_name(qtbot: QtBot, timeline: Timeline, takes: TakeList) -> None:
    with qtbot.assertNotEmitted(timeline.take_renamed):
        qtbot.keyClick(takes, Qt.Key.Key_F2)
        rename_to(qtbot, takes, "Dusk", Qt.Key.Key_Escape)


def test_painting_does_not_close_the_editor(
    qtbot: QtBot, timeline: Timeline, takes: TakeList
) -> None:
    qtbot.keyClick(takes, Qt.Key.Key_F2)
    editor = takes.findChild(QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, "half a na")
    timeline.append_losses([0.5])
    timeline.set_takes(TAKES)
    assert editor.isVisible()
    assert editor.text() == "half a na"
    qtbot.keyClick(editor, Qt.Key.Key_Escape)


def test_the_menu_renames_branches_and_deletes(
    qtbot: QtBot, timeline: Timeline, takes: TakeList
) -> None:
    told: list[tuple[str, int, int]] = []
    timeline.branch_wanted.connect(lambda take, at: told.append(("branch", take, at)))
    timeline.take_deletion_wanted.connect(lambda take: told.append(("delete", take, 0)))
    timeline.set_position(90)
    takes.customContextMenuRequested.emit(line(takes, 1))
    menu = takes.findChild(QMenu)
    rename, branch, delete = [each for each in menu.actions() if not each.isSeparator()]
    branch.trigger()
    delete.trigger()
    assert told == [("branch", 2, 79), ("delete", 2, 0)]
    rename.trigger()
    assert takes.findChild(QLineEdit) is not None
    qtbot.keyClick(takes.findChild(QLineEdit), Qt.Key.Key_Escape)
    menu.close()


def test_delete_asks_for_a_deletion(qtbot: QtBot, timeline: Timeline, takes: TakeList) -> None:
    with qtbot.waitSignal(timeline.take_deletion_wanted) as asked:
        qtbot.keyClick(takes, Qt.Key.Key_Delete)
    assert asked.args == [1]


def test_a_take_is_described(timeline: Timeline, takes: TakeList) -> None:
    timeline.append_losses([0.5])
    model = takes.model()
    role = Qt.ItemDataRole.AccessibleTextRole
    assert model.index(0, 0).data(role) == "One, 101 iterations"
    assert model.index(1, 0).data(role) == "Two, 80 iterations, from One at 30"


def test_many_takes_scroll_with_their_tracks(make: Make, hand: Any, qtbot: QtBot) -> None:
    timeline = make(100)
    timeline.set_takes([Take(1, "1", 100), *(Take(n, str(n), 100, 1, n) for n in range(2, 40))])
    takes = timeline.findChild(TakeList)
    takes.verticalScrollBar().setValue(220)
    mouse = hand(timeline)
    at = mouse.at(50, "tracks")
    at.setY(mouse.board.rows().tracks.top + 11)
    with qtbot.waitSignal(timeline.take_chosen) as chosen:
        mouse.click(at)
    assert chosen.args == [11]
