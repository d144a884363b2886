"""Regions are painted by hand in the whole window, and belong to the painting."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from studio.core.settings import Prompt
from studio.ui.brushes import masks
from studio.ui.brushes.tools import Shape, Tool
from studio.ui.panels.region_button import RegionButton
from tests.ui.window.conftest import Hand

LEFT, BARE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
TWO = (Prompt(text="red sky"), Prompt(text="blue sea"))


def at(hand: Hand, across: float, down: float) -> QPoint:
    """A point of the picture, in shares of its sides."""
    whole = hand.window.canvas.covered()
    return QPoint(
        round(whole.x() + across * whole.width()), round(whole.y() + down * whole.height())
    )


def stroke(hand: Hand, *places: tuple[float, float]) -> None:
    canvas = hand.window.canvas
    QTest.mousePress(canvas, LEFT, BARE, at(hand, *places[0]))
    for place in places[1:]:
        QTest.mouseMove(canvas, at(hand, *place))
    QTest.mouseRelease(canvas, LEFT, BARE, at(hand, *places[-1]))


def region(hand: Hand, place: int) -> np.ndarray | None:
    document = hand.window.document
    name = document.prompts[place].mask
    if name is None:
        return None
    return masks.read(document.pictures[name], masks.size_for(document.settings.size))


@pytest.fixture
def two(hand: Hand) -> Hand:
    """Two prompts, nothing painted yet, and the region brush of the first at hand."""
    hand.window.document.edit({"prompts": TWO}, "two")
    hand.window.show_canvas()
    hand.window.canvas.setFocus()
    hand.press(Qt.Key.Key_B)
    hand.window.canvas.toolbox.set(size=8.0, hardness=1.0)
    return hand


def test_a_region_can_be_painted_before_there_is_a_picture(two: Hand) -> None:
    window = two.window
    stroke(two, (0.1, 0.5), (0.9, 0.5))
    mask = region(two, 0)
    assert mask is not None
    assert (mask[16, 4:28] > 250).all()
    assert mask[2].max() == 0
    assert region(two, 1) is None
    assert "red sky" in window.document.undo.undoText()
    two.paint(6)
    assert window.document.contents is not None
    assert window.document.prompts[0].mask in window.document.contents.pictures
    every_stroke_is_one_step_back_and_forth(two)


def every_stroke_is_one_step_back_and_forth(two: Hand) -> None:
    two.window.actions_["mask_clear"].trigger()
    two.window.canvas.setFocus()
    undo = two.window.document.undo
    first = undo.index()
    stroke(two, (0.1, 0.2), (0.9, 0.2))
    one = region(two, 0)
    stroke(two, (0.1, 0.8), (0.9, 0.8))
    both = region(two, 0)
    assert undo.index() == first + 2
    two.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert np.array_equal(region(two, 0), one)
    two.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert region(two, 0) is None
    undo.redo()
    undo.redo()
    assert np.array_equal(region(two, 0), both)


def test_escape_leaves_neither_mask_nor_step(two: Hand) -> None:
    canvas, undo = two.window.canvas, two.window.document.undo
    before, index = two.window.document.prompts, undo.index()
    QTest.mousePress(canvas, LEFT, BARE, at(two, 0.2, 0.5))
    QTest.mouseMove(canvas, at(two, 0.8, 0.5))
    two.press(Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas, LEFT, BARE, at(two, 0.8, 0.5))
    assert two.window.document.prompts == before
    assert undo.index() == index
    assert all(not layer.mask.any() for layer in canvas._layers)
    erasing_begins_with_the_whole_picture_and_ends_with_it(two)


def test_all_is_done_by_keys_that_can_be_changed(two: Hand) -> None:
    toolbox = two.window.canvas.toolbox
    keys = Qt.Key
    for key, tool in (
        (keys.Key_H, Tool.KEEP),
        (keys.Key_C, Tool.COLOUR),
        (keys.Key_S, Tool.SCRAMBLE),
        (keys.Key_Y, Tool.PICK),
        (keys.Key_V, Tool.MOVE),
        (keys.Key_B, Tool.REGION),
    ):
        two.press(key)
        assert toolbox.tool is tool
    two.press(keys.Key_BracketRight)
    assert toolbox.size > 8
    two.press(keys.Key_BracketLeft)
    assert toolbox.size == 8
    two.press(keys.Key_X)
    assert toolbox.erases
    two.press(keys.Key_E)
    assert not toolbox.erases
    two.press(keys.Key_M)
    assert toolbox.shape is Shape.RECTANGLE
    two.press(keys.Key_M)
    assert toolbox.shape is Shape.FREE
    two.press(keys.Key_G)
    assert not toolbox.shows_masks
    a_mask_is_changed_as_a_whole(two)


def a_mask_is_changed_as_a_whole(two: Hand) -> None:
    actions, undo = two.window.actions_, two.window.document.undo
    stroke(two, (0.25, 0.25), (0.75, 0.25))
    painted = region(two, 0)
    assert painted is not None
    actions["mask_invert"].trigger()
    turned = region(two, 0)
    assert turned is not None
    assert np.abs(turned.astype(int) + painted - 255).max() <= 4
    undo.undo()
    actions["mask_grow"].trigger()
    grown = region(two, 0)
    assert grown is not None
    assert int(grown.sum()) > int(painted.sum())
    actions["mask_clear"].trigger()
    assert region(two, 0) is None
    actions["mask_fill"].trigger()
    filled = region(two, 0)
    assert filled is not None
    assert filled.min() == 255


def erasing_begins_with_the_whole_picture_and_ends_with_it(two: Hand) -> None:
    two.press(Qt.Key.Key_X)
    stroke(two, (0.1, 0.5), (0.9, 0.5))
    mask = region(two, 0)
    assert mask is not None
    assert mask[16, 16] == 0
    assert mask[2, 2] == 255
    two.window.canvas.toolbox.set(size=900.0)
    stroke(two, (0.5, 0.5))
    assert region(two, 0) is None


def test_the_menu_of_a_row_copies_saves_loads_and_clears(two: Hand, tmp_path: Path) -> None:
    window = two.window
    window.document.undo.undo()
    stroke(two, (0.1, 0.2), (0.9, 0.2))
    assert "Write a prompt first" in window.status.currentMessage()
    window.document.undo.redo()
    stroke(two, (0.1, 0.5), (0.9, 0.5))
    painted = region(two, 0)
    buttons = [each for each in window.docks.prompts.findChildren(RegionButton) if each.isVisible()]
    assert len(buttons) == 2
    buttons[0].copy_wanted.emit(1)
    assert np.array_equal(region(two, 1), painted)
    buttons[1].wanted.emit("clear")
    assert region(two, 1) is None
    file = tmp_path / "where é.png"
    buttons[0].wanted.emit("save")
    answer(two, file)
    assert np.array_equal(np.asarray(Image.open(file)), painted)
    buttons[1].wanted.emit("load")
    answer(two, file)
    assert np.array_equal(region(two, 1), painted)
    Image.new("L", (9, 9)).save(file)
    buttons[1].wanted.emit("load")
    answer(two, file)
    assert np.array_equal(region(two, 1), painted)
    assert "black all over" in window.status.currentMessage()
    file.write_bytes(b"no picture")
    buttons[1].wanted.emit("load")
    answer(two, file)
    assert np.array_equal(region(two, 1), painted)
    buttons[1].wanted.emit("paint")
    stroke(two, (0.5, 0.1), (0.5, 0.9))
    assert not np.array_equal(region(two, 1), painted)


def answer(hand: Hand, file: Path) -> None:
    """Choose a file in the dialog that is open."""
    dialog = next(each for each in hand.window.findChildren(QFileDialog) if each.isVisible())
    dialog.fileSelected.emit(str(file))
    dialog.close()


def test_regions_show_as_they_were_where_the_playhead_is(two: Hand) -> None:
    window = two.window
    two.paint(6)
    stroke(two, (0.1, 0.2), (0.9, 0.2))
    two.paint(12)
    stroke(two, (0.1, 0.8), (0.9, 0.8))
    two.paint(18)
    both = region(two, 0)
    timeline = window.docks.timeline
    timeline.set_position(1)
    assert region(two, 0) is None
    assert window.canvas._layers == []
    timeline.set_position(8)
    mask = region(two, 0)
    assert mask is not None
    assert mask[6].max() == 255
    assert mask[26].max() == 0
    assert np.array_equal(window.canvas._layers[0].mask > 0, mask > 0)
    timeline.set_position(14)
    assert np.array_equal(region(two, 0), both)


def test_the_timeline_marks_where_the_brush_was_at_work(two: Hand) -> None:
    window = two.window
    two.paint(6)
    stroke(two, (0.1, 0.2), (0.9, 0.2))
    two.paint(12)
    window.document.edit({"smooth": 0.2}, "smooth")
    two.paint(18)
    marks = window.viewer._marks
    assert [(each.iteration, each.text, each.is_brush) for each in marks.flags()] == [
        (6, "Region of “red sky”", True),
        (12, "smooth 0.2", False),
    ]
    assert [each.iteration for each in marks.diamonds()] == [0]
