"""The queue through its panel: variations in, painted one after the other, opened when done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QListView, QPushButton

from studio.ui.dialogs.queue_add import VariationsDialog
from tests.ui.window.conftest import Hand


def add(hand: Hand, text: str) -> None:
    """Put the painting shown in the queue through the dialog, as it is proposed there."""
    hand.write_prompt(text)
    hand.window.docks.prompts.commit()
    hand.press(
        Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    [dialog] = [d for d in hand.window.findChildren(VariationsDialog) if d.isVisible()]
    before = len(hand.window.queue._jobs)
    [button] = [b for b in dialog.findChildren(QPushButton) if b.isDefault()]
    hand.click(button)
    hand.wait(lambda: len(hand.window.queue._jobs) > before)


def button(hand: Hand, text: str) -> QAbstractButton:
    """A button of the queue's panel, by what it says."""
    panel = hand.window.docks.queue
    [found] = [
        each
        for each in panel.findChildren(QAbstractButton)
        if text in (each.text(), each.accessibleName())
    ]
    return found


def test_the_queue_paints_what_was_put_in(hand: Hand) -> None:
    add(hand, "sea")
    hand.click(button(hand, "Start"))
    jobs = hand.window.queue._jobs
    hand.wait(lambda: all(job.state == "done" for job in hand.window.queue._jobs))
    assert all(job.done == job.count for job in hand.window.queue._jobs)
    assert len(hand.window.queue._jobs) == len(jobs)


def test_a_painting_of_the_queue_is_opened(hand: Hand) -> None:
    add(hand, "sea")
    hand.click(button(hand, "Start"))
    hand.wait(lambda: all(job.state == "done" for job in hand.window.queue._jobs))
    panel = hand.window.docks.queue
    view = panel.findChild(QListView)
    assert view is not None
    view.setCurrentIndex(view.model().index(0, 0))
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Return)
    hand.wait(lambda: hand.window.document.length == 6)


def test_the_queue_is_there_after_a_new_start(open_window: Callable[..., Hand], hand: Hand) -> None:
    add(hand, "sea")
    waiting = len(hand.window.queue._jobs)
    hand.window.close()
    again = open_window()
    again.wait(lambda: len(again.window.queue._jobs) == waiting)
    assert all(job.state == "waiting" for job in again.window.queue._jobs)
