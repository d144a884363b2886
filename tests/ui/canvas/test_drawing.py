"""What is drawn around the picture and over it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPalette
from pytestqt.qtbot import QtBot

from studio.ui.canvas import Canvas, Pixel


def checked(canvas: Canvas, zoom: float) -> QImage:
    """A grey picture at a zoom, on which every line can be seen."""
    picture = QImage(64, 64, QImage.Format.Format_RGB888)
    picture.fill(QColor("white"))
    canvas.show_picture(picture)
    canvas.set_zoom(zoom)
    return canvas.grab().toImage()


def dark_columns(seen: QImage, y: int) -> list[int]:
    return [x for x in range(seen.width()) if seen.pixelColor(x, y) != QColor("white")]


@pytest.mark.parametrize("zoom", [6, 7.9])
def test_no_grid_below_800_percent(canvas: Canvas, zoom: float) -> None:
    assert dark_columns(checked(canvas, zoom).copy(20, 20, 360, 260), 9) == []


@pytest.mark.parametrize("zoom", [8, 12, 24])
def test_a_grid_between_the_pixels_from_800_percent(canvas: Canvas, zoom: int) -> None:
    seen = checked(canvas, zoom)
    row = 151  # the middle of the picture lies on 150, a line of the grid
    lines = dark_columns(seen, row)
    assert lines == [x for x in range(400) if (x - 200) % zoom == 0]
    assert len(dark_columns(seen, 150)) == 400


def test_the_grid_has_no_line_around_the_picture(canvas: Canvas) -> None:
    picture = QImage(16, 16, QImage.Format.Format_RGB888)
    picture.fill(QColor("white"))
    canvas.show_picture(picture)
    canvas.set_zoom(10)
    seen = canvas.grab().toImage().copy(120, 70, 160, 160)
    assert seen.pixelColor(0, 5) == QColor("white")
    assert dark_columns(seen, 5) == list(range(10, 160, 10))


def test_the_grid_separates_what_differs(canvas: Canvas, numbered: QImage) -> None:
    canvas.show_picture(numbered)
    canvas.set_zoom(10)
    seen = canvas.grab().toImage()
    for x in range(201, 209):
        assert seen.pixelColor(x, 155) == numbered.pixelColor(32, 32)
    assert seen.pixelColor(211, 155) == numbered.pixelColor(33, 32)
    assert seen.pixelColor(199, 155) == numbered.pixelColor(31, 32)


def test_near_pixels_are_sharp_and_far_ones_smooth(canvas: Canvas) -> None:
    picture = QImage(64, 64, QImage.Format.Format_RGB888)
    picture.fill(QColor("black"))
    for x in range(0, 64, 2):
        for y in range(64):
            picture.setPixelColor(x, y, QColor("white"))
    canvas.show_picture(picture)
    canvas.set_zoom(4)
    row = [canvas.grab().toImage().pixelColor(x, 150).red() for x in range(180, 220)]
    assert set(row) == {0, 255}
    canvas.set_zoom(0.5)
    assert 100 < canvas.grab().toImage().pixelColor(200, 150).red() < 155


def test_around_the_picture_it_is_neutral(canvas: Canvas, numbered: QImage) -> None:
    palette = canvas.palette()
    palette.setColor(QPalette.ColorRole.Window, QColor(40, 44, 60))
    canvas.setPalette(palette)
    canvas.show_picture(numbered)
    ground = canvas.grab().toImage().pixelColor(3, 3)
    assert ground.red() == ground.green() == ground.blue()


def test_the_empty_state_is_drawn_and_says_what_it_is_told(canvas: Canvas) -> None:
    canvas.set_empty_text("Describe a picture", "Then press Paint")
    one = canvas.grab().toImage()
    canvas.set_empty_text("No project", "Open one")
    other = canvas.grab().toImage()
    assert one.pixelColor(200, 40) == other.pixelColor(200, 40)
    assert one != other


def test_a_font_in_pixels_is_drawn_too(canvas: Canvas) -> None:
    font = canvas.font()
    font.setPixelSize(20)
    canvas.setFont(font)
    canvas.grab()


def test_the_empty_state_returns(canvas: Canvas, numbered: QImage) -> None:
    before = canvas.grab().toImage()
    canvas.show_picture(numbered)
    assert canvas.grab().toImage() != before
    canvas.show_picture(None)
    assert canvas.picture() is None
    assert canvas.grab().toImage() == before


@pytest.mark.parametrize("size", [(1, 1), (30, 400), (400, 30)])
def test_any_size_can_be_drawn(canvas: Canvas, numbered: QImage, size: tuple[int, int]) -> None:
    canvas.setMinimumSize(1, 1)
    canvas.resize(*size)
    canvas.grab()
    canvas.show_picture(numbered)
    canvas.grab()
    canvas.set_zoom(64)
    canvas.grab()


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1)])
def test_pictures_of_any_shape_are_drawn(canvas: Canvas, size: tuple[int, int]) -> None:
    picture = QImage(*size, QImage.Format.Format_RGB888)
    picture.fill(QColor("red"))
    canvas.show_picture(picture)
    assert canvas.grab().toImage().pixelColor(200, 150) == QColor("red")


def test_a_null_picture_is_none(canvas: Canvas) -> None:
    canvas.show_picture(QImage())
    assert canvas.picture() is None


def test_a_picture_around_an_array_is_left_as_it_is(canvas: Canvas) -> None:
    array = np.full((64, 64, 3), 200, np.uint8)
    array.setflags(write=False)
    picture = QImage(array.data, 64, 64, 192, QImage.Format.Format_RGB888)
    canvas.show_picture(picture)
    del picture
    for zoom in (0.5, 1, 3, 12):
        canvas.set_zoom(zoom)
        assert canvas.grab().toImage().pixelColor(202, 152) == QColor(200, 200, 200)
    assert (array == 200).all()


def test_the_focus_is_shown_to_those_who_come_by_keyboard(canvas: Canvas, qtbot: QtBot) -> None:
    highlight = canvas.palette().color(QPalette.ColorRole.Highlight)
    canvas.setFocus(Qt.FocusReason.MouseFocusReason)
    assert canvas.grab().toImage().pixelColor(0, 150) != highlight
    canvas.clearFocus()
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    assert canvas.grab().toImage().pixelColor(0, 150) == highlight
    canvas.clearFocus()
    assert canvas.grab().toImage().pixelColor(0, 150) != highlight


def test_the_pixel_under_the_cursor_is_told(canvas: Canvas, numbered: QImage, qtbot: QtBot) -> None:
    told: list[Pixel | None] = []
    canvas.pixel_changed.connect(told.append)
    canvas.show_picture(numbered)
    canvas.set_zoom(4)
    qtbot.mouseMove(canvas, QPoint(200, 150))
    qtbot.mouseMove(canvas, QPoint(202, 151))
    qtbot.mouseMove(canvas, QPoint(205, 150))
    qtbot.mouseMove(canvas, QPoint(5, 5))
    assert told == [
        Pixel(32, 32, QColor(128, 128, 128)),
        Pixel(33, 32, QColor(132, 128, 128)),
        None,
    ]


def test_the_pixel_under_a_resting_cursor_changes_with_the_painting(
    canvas: Canvas, numbered: QImage, qtbot: QtBot
) -> None:
    canvas.show_picture(numbered)
    qtbot.mouseMove(canvas, QPoint(200, 150))
    with qtbot.waitSignal(canvas.pixel_changed) as told:
        canvas.show_picture(numbered.flipped(Qt.Orientation.Horizontal))
    assert told.args == [Pixel(32, 32, QColor(4 * 31, 128, 128))]
    with qtbot.waitSignal(canvas.pixel_changed) as told:
        canvas.show_picture(None)
    assert told.args == [None]


def test_the_canvas_has_a_name_and_tells_its_keys(canvas: Canvas) -> None:
    assert canvas.accessibleName()
    assert "0 fits" in canvas.accessibleDescription()
