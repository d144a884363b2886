"""What fails in the engine pauses the painting, is told in words, and loses nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from studio.project.file import Project
from studio.ui.dialogs.error import ErrorDialog
from tests.fakes import Fault
from tests.ui.window.conftest import Hand

WORDS = {"memory": "memory", "nan": "learning rate", "device": "graphics card", "any": "kept"}
"""What the sentence must speak of."""


def told(hand: Hand) -> ErrorDialog:
    """The dialog, once it is there."""
    hand.wait(lambda: bool(dialogs(hand)))
    [dialog] = dialogs(hand)
    return dialog


def dialogs(hand: Hand) -> list[ErrorDialog]:
    return [each for each in hand.window.findChildren(ErrorDialog) if each.isVisible()]


@pytest.mark.parametrize("kind", sorted(WORDS))
def test_a_fault_pauses_and_loses_nothing(hand: Hand, fault: Fault, kind: str) -> None:
    window, document = hand.window, hand.window.document
    fault.kind, fault.at = kind, 3
    hand.write_prompt("sea")
    hand.click(window.docks.bar.paint)
    dialog = told(hand)
    assert WORDS[kind] in " ".join(dialog_words(dialog)).lower()
    assert window.studio.activity == "paused"
    assert document.length == 3
    assert document.contents is not None
    with Project.open(document.contents.path, read_only=True) as project:
        assert project.length(1) == 3

    fault.kind = None
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    hand.wait(lambda: not dialogs(hand))
    assert window.docks.bar.paint.text() == "Go on"
    hand.click(window.docks.bar.paint)
    hand.wait(lambda: document.length == 6 and window.studio.activity == "idle")


def dialog_words(dialog: ErrorDialog) -> list[str]:
    return [each.text() for each in dialog.findChildren(QLabel)]


def test_a_fault_at_the_first_iteration_can_be_painted_after(hand: Hand, fault: Fault) -> None:
    fault.kind = "any"
    hand.write_prompt("sea")
    hand.click(hand.window.docks.bar.paint)
    dialog = told(hand)
    fault.kind = None
    dialog.close()
    hand.paint(6)
    assert hand.window.document.length == 6


def test_further_faults_wait_while_one_is_read(hand: Hand) -> None:
    hand.window.studio.open(hand.window.files._folder / "none.vqproj")
    dialog = told(hand)
    hand.window.studio.open(hand.window.files._folder / "nor this.vqproj")
    hand.wait(lambda: "nor this" in hand.window.status.currentMessage())
    assert dialogs(hand) == [dialog]
    dialog.close()
