"""What is kept, painted over and made new by hand, in the whole window, while it paints."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.core.schedule import Keyframe
from studio.core.settings import Prompt
from studio.project.file import Project
from studio.ui.brushes.look import Manner
from studio.ui.brushes.tools import Tool
from tests.ui.window.conftest import Hand
from tests.ui.window.test_regions import at, stroke

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def painted(hand: Hand) -> Hand:
    """Six iterations, and a brush of 8 pixels."""
    hand.window.document.edit({"prompts": (Prompt(text="red sky"),)}, "one")
    hand.paint(6)
    hand.window.canvas.setFocus()
    hand.window.canvas.toolbox.set(size=8.0, hardness=1.0)
    return hand


def strokes(hand: Hand) -> list[tuple[int, str]]:
    """Which lie where, as the document knows."""
    changes = hand.window.document.changes
    return [(each.iteration, stroke.kind) for each in changes for stroke in each.strokes]


def manners(hand: Hand) -> list[Manner]:
    return [layer.manner for layer in hand.window.canvas._layers]


def codes(hand: Hand) -> list[np.ndarray]:
    """Of every iteration, as the file has them."""
    document = hand.window.document
    assert document.contents is not None
    with Project.open(document.contents.path, read_only=True) as project:
        return [project.codes(document.take, n) for n in range(document.length)]


def test_strokes_wait_for_the_next_iteration_and_can_be_taken_back(painted: Hand) -> None:
    window, undo = painted.window, painted.window.document.undo
    window.canvas.toolbox.take(Tool.COLOUR)
    stroke(painted, (0.2, 0.5), (0.8, 0.5))
    painted.wait(lambda: strokes(painted) == [(6, "colour")])
    window.canvas.toolbox.take(Tool.SCRAMBLE)
    stroke(painted, (0.5, 0.2), (0.5, 0.8))
    painted.wait(lambda: strokes(painted) == [(6, "colour"), (6, "scramble")])
    assert manners(painted) == [Manner.PAINT, Manner.CHECKS]
    undo.undo()
    painted.wait(lambda: strokes(painted) == [(6, "colour")])
    painted.wait(lambda: manners(painted) == [Manner.PAINT])
    undo.undo()
    painted.wait(lambda: strokes(painted) == [])
    undo.redo()
    painted.wait(lambda: strokes(painted) == [(6, "colour")])
    painted.paint(12)
    assert manners(painted) == []
    marks = [(each.iteration, each.is_brush) for each in window.viewer._marks.flags()]
    assert marks == [(6, True)]


def test_a_stroke_that_is_painted_is_taken_back_by_a_new_take_from_before_it(painted: Hand) -> None:
    document = painted.window.document
    painted.window.canvas.toolbox.take(Tool.COLOUR)
    stroke(painted, (0.2, 0.5), (0.8, 0.5))
    painted.wait(lambda: strokes(painted) == [(6, "colour")])
    painted.paint(12)
    document.undo.undo()
    painted.wait(lambda: document.take == 2 and document.length == 6)
    assert strokes(painted) == []


def test_a_stroke_waits_on_while_keyframes_are_planned(painted: Hand) -> None:
    window = painted.window
    window.canvas.toolbox.take(Tool.COLOUR)
    stroke(painted, (0.2, 0.5), (0.8, 0.5))
    painted.wait(lambda: strokes(painted) == [(6, "colour")])
    window.document.put_keyframes(1, (Keyframe(iteration=9, learning_rate=0.1),))
    assert strokes(painted) == [(6, "colour")]  # at once, before the file has it
    painted.wait(lambda: not window.document._answers)
    assert strokes(painted) == [(6, "colour")]


def test_what_is_kept_is_an_edit_that_shows_as_hatching(painted: Hand) -> None:
    window = painted.window
    painted.press(Qt.Key.Key_H)
    stroke(painted, (0.2, 0.5), (0.8, 0.5))
    assert window.document.settings.keep is not None
    assert manners(painted) == [Manner.HATCHING]
    painted.press(Qt.Key.Key_Z, CTRL)
    assert window.document.settings.keep is None
    assert manners(painted) == []
    window.actions_["mask_fill"].trigger()
    painted.paint(12)
    found = codes(painted)
    assert all(np.array_equal(each, found[6]) for each in found[7:])
    assert [each.text for each in window.viewer._marks.flags()] == ["What is kept"]


def test_it_is_painted_by_hand_while_it_paints_and_opens_again_the_same(
    painted: Hand, tmp_path: Path
) -> None:
    window, timeline = painted.window, painted.window.docks.timeline
    window.canvas.toolbox.take(Tool.COLOUR)
    window.counting.ask(40)
    window.conduct.paint_or_pause()
    painted.wait(lambda: window.document.length > 10)
    stroke(painted, (0.2, 0.5), (0.8, 0.5))
    painted.wait(lambda: bool(strokes(painted)) and painted.is_at_rest())
    ((at, kind),) = strokes(painted)
    assert (window.document.take, kind) == (1, "colour")
    assert 10 < at < 46
    found = codes(painted)
    timeline.set_position(at - 2)
    window.document.branch()
    painted.wait(lambda: window.document.take == 2)
    assert strokes(painted) == []
    file = tmp_path / "by hand.vqproj"
    window.studio.save_as(file, replace=True)
    painted.wait(lambda: window.document.contents.path == file)
    with Project.open(file, read_only=True) as project:
        kept = [project.codes(1, n) for n in range(46)]
        assert [change.iteration for change in project.changes(1) if change.strokes] == [at]
    assert all(map(np.array_equal, kept, found))


def test_why_is_told_of_each_place(painted: Hand) -> None:
    window = painted.window
    window.actions_["why"].trigger()
    assert window.canvas._over is not None
    QTest.mouseMove(window.canvas, at(painted, 0.5, 0.5))
    assert window.canvas._told == "Here: “red sky” 100 %"
    why = window.brushes.why
    why._serve(0, "why_region")
    assert window.document.prompts[0].mask is not None
    window.docks.timeline.set_position(2)
    assert window.canvas._over is None
    window.docks.timeline.set_position(5)
    assert window.canvas._over is not None
    window.actions_["why"].trigger()
    assert window.canvas._over is None


def test_before_there_is_a_picture_colour_is_refused_in_words(hand: Hand) -> None:
    hand.window.document.edit({"prompts": (Prompt(text="red sky"),)}, "one")
    hand.window.show_canvas()
    hand.window.canvas.toolbox.take(Tool.COLOUR)
    stroke(hand, (0.2, 0.5), (0.8, 0.5))
    assert "no picture yet" in hand.window.status.currentMessage()
