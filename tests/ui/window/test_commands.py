"""Commands: one table of keys for the whole window."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import Qt

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
