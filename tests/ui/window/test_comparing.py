"""What the picture is compared with has a name; what the studio brings along is told by itself."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from studio.ui.dialogs.about import AboutDialog
from studio.work.clerk import Shelved
from tests.ui.window.conftest import Hand


def test_the_reference_says_which_iteration_it_is(hand: Hand) -> None:
    hand.write_prompt("the sea")
    hand.paint(6)
    window, timeline = hand.window, hand.window.docks.timeline
    hand.wait(lambda: window.canvas.reference() is not None)
    assert window.canvas.reference_name() == "Keyframe at 0"
    timeline.set_position(3)
    window.actions_["pin"].trigger()
    assert window.canvas.reference_name() == "Pinned iteration 3"
    timeline.set_position(5)
    assert window.canvas.reference_name() == "Pinned iteration 3"
    window.actions_["pin"].trigger()
    assert window.canvas.reference_name() == "Keyframe at 0"


def test_only_what_the_studio_brings_along_is_told_as_its_own(hand: Hand) -> None:
    window = hand.window
    shipped = frozenset({("starter", "vqgan"), ("starter", "clip")})
    told = (("mine", "my cats"), ("starter", "seas"))
    window.studio.models.emit(
        Shelved(told, (("starter", "judges"),), {"mine": 4}, frozenset(), shipped)
    )
    window.actions_["about"].trigger()
    dialog = window.findChild(AboutDialog)
    assert dialog is not None
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert "starter: seas" in said
    assert "starter: judges" in said
    assert not any("my cats" in text for text in said)
    dialog.accept()
