"""Commands: one table of keys for the whole window."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from studio.ui.dialogs.palette import Palette
from studio.ui.window import MainWindow
from tests.ui.window.conftest import Hand

Key = Qt.Key


def rebind(window: MainWindow, **keys: str) -> None:
    window.use(msgspec.structs.replace(window.preferences, keys=keys))


@pytest.mark.parametrize("where", ["timeline", "canvas"])
def test_a_rebound_key_works_and_its_old_one_does_not(hand: Hand, where: str) -> None:
    window, timeline = hand.window, hand.window.docks.timeline
    window.show_canvas()
    window.counting.ask(50)
    rebind(window, step_on="G", wipe="", ten_on="Shift+.")
    (timeline if where == "timeline" else window.canvas).setFocus()
    timeline.set_position(10)
    hand.press(Key.Key_G)
    assert timeline.position() == 11
    hand.press(Key.Key_Period)
    assert timeline.position() == 11
    hand.press(Key.Key_Period, Qt.KeyboardModifier.ShiftModifier)
    assert timeline.position() == 21


def test_a_key_of_the_timeline_may_be_given_to_the_window(hand: Hand) -> None:
    window, timeline = hand.window, hand.window.docks.timeline
    window.show_canvas()
    window.counting.ask(50)
    rebind(window, go_to_end="", record="End")
    timeline.setFocus()
    timeline.set_position(10)
    hand.press(Key.Key_End)
    assert timeline.position() == 10
    assert window.actions_["record"].isChecked()


def open_palette(hand: Hand) -> Palette:
    hand.window.activateWindow()
    hand.wait(hand.window.isActiveWindow)
    hand.press(Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    found = [each for each in hand.window.findChildren(Palette) if each.isVisible()]
    assert len(found) == 1
    hand.wait(found[0].isActiveWindow)
    return found[0]


def test_the_palette_finds_by_beginnings_in_any_order_and_does_it(hand: Hand) -> None:
    window, timeline = hand.window, hand.window.docks.timeline
    window.show_canvas()
    window.counting.ask(50)
    timeline.set_position(10)
    palette = open_palette(hand)
    assert "Ten on" in palette.shown()
    hand.type("iter nex")
    assert palette.shown() == ["Next iteration"]
    hand.press(Key.Key_Return)
    assert not palette.isVisible()
    assert timeline.position() == 11


def test_arrows_choose_in_the_palette_and_escape_closes_it(hand: Hand) -> None:
    window, timeline = hand.window, hand.window.docks.timeline
    window.show_canvas()
    window.counting.ask(50)
    timeline.set_position(20)
    palette = open_palette(hand)
    hand.type("ten")
    assert palette.shown() == ["Ten back", "Ten on"]
    hand.press(Key.Key_Down)
    hand.press(Key.Key_Return)
    assert timeline.position() == 30
    palette = open_palette(hand)
    hand.press(Key.Key_Escape)
    assert not palette.isVisible()


def test_the_palette_refuses_what_cannot_be_done(hand: Hand) -> None:
    hand.click(hand.fields()[0])
    palette = open_palette(hand)
    hand.type("branch from")
    assert palette.shown() == ["Branch from here"]
    hand.press(Key.Key_Return)
    assert palette.isVisible()


def test_the_menu_of_an_empty_canvas_and_of_a_picture(hand: Hand) -> None:
    window = hand.window
    window.show_empty()
    assert menu_over_canvas(window) == ["write_prompt", "paint", "open"]
    hand.write_prompt("sea")
    hand.paint(2)
    ids = menu_over_canvas(window)
    assert {"copy", "export_picture", "branch", "pin", "wipe", "difference", "fit"} <= set(ids)


def menu_over_canvas(window: MainWindow) -> list[str]:
    """The ids of the commands in the context menu."""
    reason, place = QContextMenuEvent.Reason.Mouse, QPoint(50, 50)
    event = QContextMenuEvent(reason, place, window.canvas.mapToGlobal(place))
    QApplication.sendEvent(window.canvas, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    ids = {window.actions_[id]: id for id in window.actions_}
    held = [ids[each] for each in menu.actions() if not each.isSeparator()]
    menu.close()
    return held


def test_space_on_the_canvas_does_what_space_is_bound_to(hand: Hand) -> None:
    window = hand.window
    window.show_canvas()
    rebind(window, play="", record="Space")
    window.canvas.setFocus()
    hand.press(Key.Key_Space)
    assert window.actions_["record"].isChecked()
