"""Another painting after one that was looked through: it begins at its beginning."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from studio.core.schedule import Change
from studio.core.settings import Prompt, Settings
from studio.project.file import Project
from tests.film.conftest import rows
from tests.ui.window.conftest import Hand

SMALL = Settings(prompts=(Prompt(text="sea"),), size=(32, 32), cutouts=2)


@pytest.fixture
def looked_through(open_window: Callable[..., Hand], tmp_path: Path) -> Hand:
    """A person who has scrubbed in a painting of thirty iterations."""
    path = tmp_path / "long.vqproj"
    with Project.create(path, models=(), changes=[Change(0, SMALL)]) as project:
        project.record_all(1, rows(0, 30, (32, 32)))
    hand = open_window(path)
    hand.wait(lambda: hand.window.document.length == 30)
    hand.window.docks.timeline.set_position(17)
    return hand


def write(hand: Hand, text: str) -> None:
    hand.write_prompt(text)
    hand.window.docks.prompts.commit()


def begins_with(hand: Hand, text: str) -> bool:
    """Whether Paint would paint this, from the beginning and without keyframes."""
    document = hand.window.document
    [prompt] = document.next_settings.prompts
    return prompt.text == text and document.position == -1 and not document.keys.planned


@pytest.mark.slow
@pytest.mark.parametrize("by", ["new", "close"])
def test_the_prompt_of_a_new_painting_is_no_keyframe_where_the_playhead_was(
    looked_through: Hand, by: str
) -> None:
    hand = looked_through
    hand.window.actions_[by].trigger()
    hand.wait(lambda: hand.window.document.contents is None)
    write(hand, "a red circle")
    assert begins_with(hand, "a red circle")
    hand.paint(6)
    assert hand.window.docks.timeline.position() == 5


@pytest.mark.slow
def test_neither_is_one_after_a_draft_that_was_planned_ahead(hand: Hand) -> None:
    write(hand, "sea")
    hand.window.docks.timeline.set_position(4)
    assert hand.window.document.ahead == 4
    hand.window.actions_["new"].trigger()
    write(hand, "a red circle")
    assert begins_with(hand, "a red circle")


@pytest.mark.slow
def test_the_first_prompt_is_what_a_painting_begins_with_wherever_the_playhead_is(
    hand: Hand,
) -> None:
    hand.window.show_canvas()
    hand.window.docks.timeline.set_position(4)
    write(hand, "a red")
    hand.type(" circle")
    hand.window.docks.prompts.commit()
    assert begins_with(hand, "a red circle")
