"""The window with a model that imagines what a painting starts from."""

from __future__ import annotations

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
