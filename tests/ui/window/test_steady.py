"""Scrubbing changes what the fields say, and moves none of them."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from studio.core.efforts import EFFORTS
from studio.core.settings import Motion, Prompt
from tests.ui.window.conftest import Hand


def places(hand: Hand) -> dict[str, int]:
    """How far down each setting and each prompt is."""
    docks = hand.window.docks
    rows = docks.settings._forms.rows.items()
    found = {name: row.field.mapTo(docks.settings, QPoint()).y() for name, row in rows}
    prompts = docks.prompts.rows
    found |= {str(n): row.mapTo(docks.prompts, QPoint()).y() for n, row in enumerate(prompts)}
    return found


def test_no_setting_moves_while_the_painting_is_scrubbed(hand: Hand) -> None:
    window, timeline = hand.window, hand.window.docks.timeline
    window.resize(1280, 900)
    window.document.edit(EFFORTS["draft"].fields, "effort")
    hand.write_prompt("the sea")
    hand.paint(6)
    timeline.set_position(12)
    window.document.keys.add(12)
    turning = Motion(zoom=1.0123, angle=2.25, x=0.0111, y=-0.0222)
    sky = (Prompt(text="the sky"),)
    edits = {
        "prompts": sky,
        "cutouts": 5,
        "learning_rate": 0.7654321,
        "motion": turning,
        "optimizer": "rmsprop",
    }
    for name, value in edits.items():
        window.document.edit({name: value}, name)
    hand.wait(lambda: "motion" in window.document.keys.values_here())
    seen, said = [], set()
    for iteration in range(15):
        timeline.set_position(iteration)
        QApplication.processEvents()
        seen.append(places(hand))
        said.add(window.docks.settings._forms.motion._words.text())
    assert len(said) > 3
    assert all(each == seen[0] for each in seen)
