"""Strokes by mouse and pen on the real canvas."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from studio.ui.brushes.look import Layer, Manner
from studio.ui.brushes.tools import Shape, Tool
from tests.ui.brushes.conftest import Sheet

PRESS, MOVE, LIFT = QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletRelease
SHIFT = Qt.KeyboardModifier.ShiftModifier


def covered(sheet: Sheet) -> int:
    return int((sheet.layer.mask > 128).sum())


def test_a_stroke_of_the_mouse_covers_its_way_and_is_told_once(sheet: Sheet) -> None:
    sheet.stroke([(10, 30), (50, 30)])
    assert (sheet.layer.mask[30, 10:50] == 255).all()
    assert sheet.layer.mask[45].max() == 0
    assert sheet.done == [sheet.layer]


def test_escape_leaves_nothing_of_a_stroke(sheet: Sheet) -> None:
    sheet.layer.mask[5, 5] = 77
    before = sheet.layer.mask.copy()
    sheet.press([(10, 30), (50, 30)])
    assert covered(sheet) > 200
    QTest.keyClick(sheet.canvas, Qt.Key.Key_Escape)
    assert np.array_equal(sheet.layer.mask, before)
    QTest.mouseMove(sheet.canvas, sheet.at((50, 50)))
    sheet.release((50, 50))
    assert np.array_equal(sheet.layer.mask, before)
    assert sheet.done == []


def test_erasing_takes_away(sheet: Sheet) -> None:
    sheet.layer.mask[:] = 255
    sheet.canvas.toolbox.swap()
    sheet.stroke([(10, 30), (50, 30)])
    assert sheet.layer.mask[30, 30] == 0
    assert sheet.layer.mask[50, 30] == 255


def test_shift_and_a_drag_set_the_size_and_paint_nothing(sheet: Sheet) -> None:
    sheet.stroke([(10, 30), (22, 30)], SHIFT)
    assert sheet.canvas.toolbox.size == 20
    assert covered(sheet) == 0
    sheet.press([(10, 30), (40, 30)], SHIFT)
    QTest.keyClick(sheet.canvas, Qt.Key.Key_Escape)
    assert sheet.canvas.toolbox.size == 20


@pytest.mark.parametrize("shape", [Shape.RECTANGLE, Shape.LASSO])
def test_large_areas_are_covered_by_a_line_around_them(sheet: Sheet, shape: Shape) -> None:
    sheet.canvas.toolbox.shape_with(shape)
    corners = [(10, 10), (50, 10), (50, 40), (10, 40)]
    sheet.stroke([corners[0], corners[2]] if shape is Shape.RECTANGLE else corners)
    assert abs(covered(sheet) - 40 * 30) < 30
    assert sheet.layer.mask[25, 30] == 255
    assert len(sheet.done) == 1


def test_ctrl_and_a_drag_move_what_is_covered(sheet: Sheet) -> None:
    keys = Qt.KeyboardModifier.ControlModifier
    sheet.layer.mask[10:20, 10:20] = 255
    sheet.stroke([(15, 15), (25, 40)], keys)
    assert (sheet.layer.mask[35:45, 20:30] == 255).all()
    assert covered(sheet) == 100
    assert sheet.what == "move"
    sheet.press([(25, 40), (60, 40)], keys)
    assert covered(sheet) == 90
    QTest.keyClick(sheet.canvas, Qt.Key.Key_Escape)
    assert covered(sheet) == 100
    assert len(sheet.done) == 1


def test_the_eyedropper_takes_the_colour_under_it(sheet: Sheet) -> None:
    sheet.canvas.toolbox.take(Tool.PICK)
    sheet.stroke([(10.5, 20.5)])
    assert sheet.canvas.toolbox.colour == QColor(250, 10, 20)
    sheet.canvas.toolbox.take(Tool.COLOUR)
    sheet.stroke([(30.5, 20.5)], Qt.KeyboardModifier.ControlModifier)
    assert sheet.canvas.toolbox.colour == QColor(90, 120, 150)
    assert covered(sheet) == 0


def test_moving_and_panning_stay_what_they_are(sheet: Sheet) -> None:
    QTest.keyPress(sheet.canvas, Qt.Key.Key_Space)
    sheet.stroke([(30, 30), (50, 40)])
    QTest.keyRelease(sheet.canvas, Qt.Key.Key_Space)
    assert covered(sheet) == 0
    sheet.canvas.toolbox.take(Tool.MOVE)
    sheet.press([(30, 30)])
    sheet.release((30, 30))
    assert covered(sheet) == 0


def test_a_pen_presses_hard_and_lightly(sheet: Sheet) -> None:
    sheet.canvas.toolbox.set(size=20.0)
    assert sheet.pen(PRESS, (10, 30), 0.1)
    for n in range(11, 55):
        assert sheet.pen(MOVE, (n, 30), n / 55)
    assert sheet.pen(LIFT, (54, 30), 0.0)
    wide = (sheet.layer.mask > 128).sum(0)
    assert 0 < wide[14] < 9 < 14 < wide[46]
    assert len(sheet.done) == 1


def test_a_pressure_that_fails_is_the_last_good_one(sheet: Sheet) -> None:
    sheet.canvas.toolbox.set(size=16.0)
    sheet.pen(PRESS, (10, 30), 0.0)
    assert covered(sheet) == 0
    for n in range(11, 55):
        sheet.pen(MOVE, (n, 30), 0.0 if n % 3 else 1.0)
    sheet.pen(LIFT, (54, 30), 0.0)
    wide = (sheet.layer.mask > 128).sum(0)
    assert set(wide[20:46].tolist()) <= {15, 16, 17}


def test_a_pen_without_pressure_draws_like_a_mouse(sheet: Sheet) -> None:
    sheet.pen(PRESS, (30, 30), 0.0, feels=False)
    sheet.pen(LIFT, (30, 30), 0.0, feels=False)
    assert covered(sheet) == pytest.approx(3.14 * 16, rel=0.15)


def test_the_mouse_that_a_pen_is_told_again_as_does_nothing(sheet: Sheet) -> None:
    sheet.pen(PRESS, (10, 10), 1.0)
    sheet.press([(50, 50), (50, 60)])
    sheet.pen(MOVE, (20, 10), 1.0)
    sheet.release((50, 60))
    sheet.pen(MOVE, (30, 10), 1.0)
    sheet.pen(LIFT, (30, 10), 0.0)
    sheet.stroke([(50, 50), (50, 60)])
    assert sheet.layer.mask[10, 10:30].min() == 255
    assert sheet.layer.mask[50:].max() == 0
    assert len(sheet.done) == 1


def test_a_pen_that_hovers_moves_the_circle_and_paints_nothing(sheet: Sheet) -> None:
    away = sheet.canvas.grab().toImage()
    assert sheet.pen(MOVE, (32, 32), 0.0)
    assert covered(sheet) == 0
    over = sheet.canvas.grab().toImage()
    edge = sheet.at((36, 32))
    assert over.pixelColor(edge) != away.pixelColor(edge)
    assert over.pixelColor(sheet.at((32, 32))) == away.pixelColor(sheet.at((32, 32)))


def test_the_other_end_of_the_pen_erases(sheet: Sheet) -> None:
    sheet.layer.mask[:] = 255
    sheet.pen(PRESS, (30, 30), 1.0, eraser=True)
    sheet.pen(LIFT, (30, 30), 0.0, eraser=True)
    assert sheet.layer.mask[30, 30] == 0
    assert sheet.what == "erase"
    assert not sheet.canvas.toolbox.erases


def test_with_the_hand_to_move_a_pen_is_left_to_be_a_mouse(sheet: Sheet) -> None:
    sheet.canvas.toolbox.take(Tool.MOVE)
    assert not sheet.pen(PRESS, (30, 30), 1.0)


def test_another_picture_of_another_size_ends_the_stroke(sheet: Sheet) -> None:
    picture = sheet.canvas.picture()
    assert picture is not None
    sheet.press([(10, 30), (30, 30)])
    sheet.canvas.show_picture(picture.copy())
    assert sheet.canvas.is_busy
    sheet.canvas.show_picture(picture.copy(0, 0, 32, 64))
    assert not sheet.canvas.is_busy
    assert covered(sheet) == 0


@pytest.mark.parametrize("manner", list(Manner))
def test_a_mask_is_seen_where_it_is_and_nowhere_else(sheet: Sheet, manner: Manner) -> None:
    bare = sheet.canvas.grab().toImage()
    layer = Layer(np.zeros((64, 64), np.uint8), QColor(255, 0, 0), manner)
    layer.mask[20:40, 20:40] = 255
    sheet.canvas.show_masks([layer])
    seen = sheet.canvas.grab().toImage()
    middle, beyond = sheet.at((30, 30)), sheet.at((50, 50))
    assert seen.pixelColor(middle) != bare.pixelColor(middle)
    assert seen.pixelColor(beyond) == bare.pixelColor(beyond)
    sheet.canvas.toolbox.set(shows_masks=False)
    assert sheet.canvas.grab().toImage() == bare


def test_an_edge_marches_and_rests_where_stillness_is_wanted(
    sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = Layer(np.zeros((64, 64), np.uint8), QColor(255, 0, 0), marches=True)
    layer.mask[20:40, 20:40] = 255
    sheet.canvas.show_masks([layer])
    first = sheet.canvas.grab().toImage()
    sheet.canvas._march_on()
    assert sheet.canvas.grab().toImage() != first
    assert sheet.canvas._march.isActive()
    monkeypatch.setattr("studio.ui.brushes.canvas.may_move", lambda: False)
    sheet.canvas.show_masks([layer])
    assert not sheet.canvas._march.isActive()


def test_the_live_stroke_is_drawn_where_it_will_stay(sheet: Sheet) -> None:
    sheet.canvas.show_masks([sheet.layer])
    sheet.press([(10, 30), (30, 30), (50, 40)])
    sheet.canvas.repaint()
    during = sheet.canvas.grab().toImage()
    sheet.release((50, 40))
    QTest.mouseMove(sheet.canvas, QPoint(2, 2))
    after = sheet.canvas.grab().toImage()
    spots = [sheet.at(each) for each in ((12, 30), (25, 30), (60, 60))]
    assert [during.pixelColor(each) for each in spots] == [after.pixelColor(each) for each in spots]
