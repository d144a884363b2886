"""How many iterations are painted: asked for in the window, kept by nobody, obeyed by Go on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.core.efforts import EFFORTS, effort_of
from studio.project import preferences
from tests.ui.window.conftest import Hand
from tests.ui.window.test_efforts import choose


def type_count(hand: Hand, count: int) -> None:
    box = hand.window.docks.bar.count
    hand.click(box.lineEdit())
    box.selectAll()
    QTest.keyClicks(box, str(count))
    QTest.keyClick(box, Qt.Key.Key_Return)


def test_what_is_asked_for_is_not_what_is_preferred(
    open_window: Callable[..., Hand], hand: Hand
) -> None:
    choose(hand, "Finest")
    assert hand.window.docks.bar.count.value() == EFFORTS["finest"].iterations
    type_count(hand, 77)
    assert hand.window.counting.asked == 77
    assert hand.window.preferences.iterations == 6
    hand.window.close()
    assert preferences.load().iterations == preferences.Preferences().iterations
    again = open_window()
    assert effort_of(again.window.document.settings) == "balanced"
    assert again.window.docks.bar.count.value() == 6


def test_go_on_paints_the_number_beside_it(hand: Hand) -> None:
    window, document = hand.window, hand.window.document
    type_count(hand, 10_000)
    hand.write_prompt("sea")
    hand.click(window.docks.bar.paint)
    hand.wait(lambda: document.length > 3)
    hand.click(window.docks.bar.paint)
    hand.wait(lambda: window.studio.activity == "paused")
    paused_at = document.length
    assert window.docks.bar.paint.text() == "Go on"
    assert window.docks.bar.count.value() == 10_000 - paused_at
    type_count(hand, 3)
    hand.click(window.docks.bar.paint)
    hand.wait(lambda: window.studio.activity == "idle")
    assert document.length == paused_at + 3
    assert window.docks.bar.count.value() == 10_000
