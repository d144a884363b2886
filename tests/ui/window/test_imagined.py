"""The window with a model that imagines what a painting starts from."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from tests.ui.window.conftest import Hand


def test_a_new_painting_starts_from_what_is_imagined_unless_told_otherwise(hand: Hand) -> None:
    document = hand.window.document
    assert document.settings.start == "codes"
    document.set_imagining(frozenset({"starter"}))
    assert document.settings.start == "imagined"
    document.edit({"start": "fractal"}, "Start")
    document.set_imagining(frozenset({"starter"}))
    assert document.settings.start == "fractal"
    document.edit({"start": "codes"}, "Start")
    assert document.settings.start == "codes"
    document.edit({"start": "imagined"}, "Start")
    document.set_imagining(frozenset())
    assert document.settings.start == "codes"


def test_the_panel_offers_it_where_the_model_can(hand: Hand) -> None:
    panel = hand.window.docks.settings
    (box,) = (b for b in panel.findChildren(QComboBox) if b.accessibleName() == "Start")
    assert box.findData("imagined") == -1
    panel.set_models([("starter", "")], [("starter", "")], {"starter": 8}, {"starter"})
    assert box.findData("imagined") == 0


def test_again_is_the_next_seed_from_the_beginning_as_a_take_of_its_own(hand: Hand) -> None:
    hand.write_prompt("a red circle")
    hand.paint(2)
    document = hand.window.document
    seed = document.settings.seed
    hand.press(Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    hand.wait(lambda: document.take == 2 and document.length == 1 and hand.is_at_rest())
    assert document.settings.seed == seed + 1
    assert document.settings.prompts[0].text == "a red circle"
    hand.press(Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    hand.wait(lambda: document.take == 3 and document.length == 1 and hand.is_at_rest())
    assert document.settings.seed == seed + 2
    assert document.contents is not None
    assert len(document.contents.takes) == 3
