"""A branch begins after the iteration that is shown, whichever way it is asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QMenu

from studio.ui.timeline.takes import TakeList
from studio.ui.timeline.tree import Track
from tests.ui.window.conftest import Hand

Way = Callable[[Hand], None]


def by_key(hand: Hand) -> None:
    hand.press(Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)


def by_button(hand: Hand) -> None:
    [button] = [
        each
        for each in hand.window.docks.timeline.findChildren(QAbstractButton)
        if each.accessibleName() == "Branch from here"
    ]
    hand.click(button)


def by_list_of_takes(hand: Hand) -> None:
    timeline = hand.window.docks.timeline
    [takes] = timeline.findChildren(TakeList)
    track: Track = timeline._scene.tracks[0]
    pick(takes.menu_for(track))


def by_menu_of_iteration(hand: Hand) -> None:
    window = hand.window
    window.menus.show_iteration_menu(window.docks.timeline.position(), QPoint())
    [menu] = [each for each in window.findChildren(QMenu) if each.isVisible()]
    pick(menu)


def pick(menu: QMenu) -> None:
    [action] = [each for each in menu.actions() if "ranch from here" in each.text()]
    action.trigger()
    menu.close()


@pytest.mark.parametrize("way", [by_key, by_button, by_list_of_takes, by_menu_of_iteration])
def test_while_it_paints(hand: Hand, way: Way) -> None:
    window, document = hand.window, hand.window.document
    window.counting.ask(10_000)
    hand.write_prompt("sea")
    hand.click(window.docks.bar.paint)
    hand.wait(lambda: document.length > 4)
    document.edit({"learning_rate": 0.05}, "Learning rate")
    hand.wait(lambda: not document._answers and document.length > document.changes[-1].iteration)
    window.docks.timeline.set_position(1)
    way(hand)
    hand.wait(lambda: document.contents is not None and document.take == 2 and hand.is_at_rest())
    assert document.contents is not None
    assert document.contents.takes[1].branched_at == document.length == 2
    assert document.settings.learning_rate == 0.2  # as it was painted there


def test_of_another_take_it_goes_on_as_that_was_painted(hand: Hand) -> None:
    window, document = hand.window, hand.window.document
    hand.write_prompt("sea")
    hand.paint(6)
    window.docks.timeline.set_position(1)
    by_key(hand)
    hand.wait(lambda: document.contents is not None and document.take == 2)
    document.edit({"learning_rate": 0.05}, "Learning rate")
    hand.wait(lambda: not document._answers)
    by_list_of_takes(hand)  # of the first take, while the second is shown
    hand.wait(lambda: document.contents is not None and document.take == 3)
    assert document.settings.learning_rate == 0.2
