"""An effort is one step of the undo list, with its number of iterations."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from studio.core.efforts import EFFORTS
from tests.ui.window.conftest import Hand


def choose(hand: Hand, name: str) -> None:
    buttons = hand.window.docks.settings.findChildren(QPushButton)
    [button] = [each for each in buttons if each.accessibleName() == name]
    hand.click(button)


def state(hand: Hand) -> tuple[int, float, int]:
    window = hand.window
    assert window.docks.bar.count.value() == window.counting.asked
    settings = window.document.settings
    return settings.cutouts, settings.learning_rate, window.counting.asked


def test_an_effort_is_taken_back_at_once_and_painted_from_then_on(hand: Hand) -> None:
    before, undo = state(hand), hand.window.document.undo
    steps = undo.count()
    choose(hand, "Draft")
    assert state(hand) == EFFORTS["draft"]
    assert undo.count() == steps + 1
    choose(hand, "Draft")
    assert undo.count() == steps + 1
    hand.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert state(hand) == before
    hand.press(
        Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert state(hand) == EFFORTS["draft"]

    hand.write_prompt("sea")
    hand.paint(EFFORTS["draft"].iterations)
    document = hand.window.document
    assert document.length == EFFORTS["draft"].iterations
    choose(hand, "Balanced")
    assert [change.iteration for change in document.changes] == [0, document.length]
    assert document.changes[0].settings.cutouts == EFFORTS["draft"].cutouts
    assert document.changes[1].settings.cutouts == EFFORTS["balanced"].cutouts
