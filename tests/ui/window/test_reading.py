"""The likeness beside a prompt is that of the picture shown."""

from __future__ import annotations

import pytest

from studio.core.likeness import likeness_in
from studio.core.schedule import Keyframe, settings_at
from studio.core.settings import Prompt
from tests.ui.window.conftest import Hand


def shown(hand: Hand) -> float:
    return hand.window.docks.prompts.rows[0].notes.similarity


def likeness_at(hand: Hand, iteration: int) -> float | None:
    document = hand.window.document
    settings = settings_at(document.changes, iteration)
    losses = document.iterations[iteration].losses
    return likeness_in(losses, settings, document.prompts[0])


def test_while_it_paints_it_stays_with_the_playhead(hand: Hand) -> None:
    window, document = hand.window, hand.window.document
    window.counting.ask(10_000)
    hand.write_prompt("sea")
    hand.click(window.docks.bar.paint)
    hand.wait(lambda: document.length > 4)
    window.docks.timeline.set_position(2)
    hand.wait(lambda: shown(hand) == pytest.approx(likeness_at(hand, 2)))
    seen = document.length
    hand.wait(lambda: document.length > seen + 4)
    assert shown(hand) == pytest.approx(likeness_at(hand, 2))
    window.docks.timeline.set_live(True)
    hand.click(window.docks.bar.stop)
    hand.wait(hand.is_at_rest)
    assert shown(hand) == pytest.approx(likeness_at(hand, document.length - 1))


def test_it_is_there_while_prompts_cross(hand: Hand) -> None:
    window, document = hand.window, hand.window.document
    hand.write_prompt("sea")
    window.docks.prompts.commit()
    document.put_keyframes(None, (Keyframe(iteration=5, prompts=(Prompt(text="sky"),)),))
    hand.paint(6)
    for iteration in (1, 3):
        window.docks.timeline.set_position(iteration)
        expected = likeness_at(hand, iteration)
        assert expected is not None
        hand.wait(lambda value=expected: shown(hand) == pytest.approx(value))  # type: ignore[misc]
