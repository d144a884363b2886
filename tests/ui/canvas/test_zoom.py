"""Zoom, pan and fit, by every device."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QNativeGestureEvent,
    QPointingDevice,
    QShortcut,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.ui.canvas import Canvas, Pixel

KEY = Qt.Key
LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
FITTED = (300 - 32) / 64
"""What a picture of 64 pixels fits the canvas at."""


def wheel(
    canvas: Canvas,
    turn: int,
    at: tuple[float, float] = (200, 150),
    pixels: tuple[int, int] = (0, 0),
    keys: Qt.KeyboardModifier = NONE,
) -> None:
    place = QPointF(*at)
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(
        place, place, QPoint(*pixels), QPoint(0, turn), Qt.MouseButton.NoButton, keys, phase, False
    )
    QApplication.sendEvent(canvas, event)


def pinch(canvas: Canvas, value: float, at: tuple[float, float]) -> None:
    place = QPointF(*at)
    kind = Qt.NativeGestureType.ZoomNativeGesture
    device = QPointingDevice.primaryPointingDevice()
    event = QNativeGestureEvent(kind, device, 2, place, place, place, value, QPointF())
    QApplication.sendEvent(canvas, event)


def pixel_at(canvas: Canvas, x: int, y: int) -> Pixel | None:
    """What the canvas says is under the cursor there."""
    told: list[Pixel | None] = []
    canvas.pixel_changed.connect(told.append)
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    place, free = QPointF(x, y), Qt.MouseButton.NoButton
    QApplication.sendEvent(
        canvas, QMouseEvent(QEvent.Type.MouseMove, place, place, free, free, NONE)
    )
    canvas.pixel_changed.disconnect(told.append)
    return told[-1] if told else None


@pytest.mark.parametrize("at", [(100, 60), (200, 150), (290, 270)])
@pytest.mark.parametrize("turns", [(120,), (-120,), (120,) * 5, (120, 120, -120, 120)])
def test_the_wheel_keeps_the_pixel_under_the_cursor(
    canvas: Canvas, numbered: QImage, at: tuple[int, int], turns: tuple[int, ...]
) -> None:
    canvas.show_picture(numbered)
    before = pixel_at(canvas, *at)
    for turn in turns:
        wheel(canvas, turn, at)
    after = pixel_at(canvas, *at)
    assert canvas.zoom() != FITTED
    assert before is not None
    assert after is not None
    # The corner of the picture is drawn on whole pixels, half of one may be lost on the way.
    assert abs(after.x - before.x) <= 1
    assert abs(after.y - before.y) <= 1
    if canvas.zoom() >= 4:
        drawn = canvas.grab().toImage().pixelColor(*at)
        assert abs(drawn.red() - after.colour.red()) <= 48  # the grid may lie on it


def test_the_wheel_goes_through_the_usual_scales(canvas: Canvas, numbered: QImage) -> None:
    canvas.show_picture(numbered)
    wheel(canvas, 120)
    assert canvas.zoom() == 6
    wheel(canvas, 240)
    assert canvas.zoom() == 12
    wheel(canvas, -120)
    assert canvas.zoom() == 8


def test_a_fine_wheel_adds_up_to_a_notch(canvas: Canvas, numbered: QImage) -> None:
    canvas.show_picture(numbered)
    for _ in range(3):
        wheel(canvas, 30)
    assert canvas.zoom() == FITTED
    wheel(canvas, 30)
    assert canvas.zoom() == 6


def test_a_fine_wheel_that_turns_back_starts_anew(canvas: Canvas, numbered: QImage) -> None:
    canvas.show_picture(numbered)
    wheel(canvas, 90)
    wheel(canvas, -30)
    wheel(canvas, 60)
    assert canvas.zoom() == FITTED


def test_a_trackpad_pans(canvas: Canvas, numbered: QImage) -> None:
    canvas.show_picture(numbered)
    canvas.set_zoom(8)
    before = pixel_at(canvas, 200, 150)
    wheel(canvas, 80, pixels=(16, -24))
    assert canvas.zoom() == 8
    assert before is not None
    assert pixel_at(canvas, 216, 126) == before


def test_a_trackpad_zooms_with_control(canvas: Canvas, numbered: QImage) -> None:
    canvas.show_picture(numbered)
    wheel(canvas, 120, pixels=(0, 20), keys=CONTROL)
    assert canvas.zoom() == 6


def test_a_pinch_zooms_at_the_fingers(canvas: Canvas, numbered: QImage) -> None:
    canvas.show_picture(numbered)
    before = pixel_at(canvas, 260, 100)
    pinch(canvas, 0.5, (260, 100))
    assert canvas.zoom() == pytest.approx(FITTED * 1.5)
    assert pixel_at(canvas, 260, 100) == before


def test_a_picture_fits_at_first(canvas: Canvas, numbered: QImage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(canvas.zoom_changed) as zoomed:
        canvas.show_picture(numbered)
    assert zoomed.args == [FITTED]
    seen = canvas.grab().toImage()
    assert seen.pixelColor(200, 10) == seen.pixelColor(2, 2)
    assert seen.pixelColor(200, 20).blue() == 128


def test_resizing_keeps_it_fitting(canvas: Canvas, numbered: QImage) -> None:
    canvas.show_picture(numbered)
    canvas.resize(800, 700)
    assert canvas.zoom() == (700 - 32) / 64


def test_resizing_after_a_zoom_keeps_the_zoom_and_the_middle(
    canvas: Canvas, numbered: QImage
) -> None:
    canvas.show_picture(numbered)
    canvas.set_zoom(8)
    before = pixel_at(canvas, 200, 150)
    canvas.resize(500, 380)
    assert canvas.zoom() == 8
    assert pixel_at(canvas, 250, 190) == before


def test_zooming_ends_fitting_and_fit_resumes_it(canvas: Canvas, numbered: QImage) -> None:
    canvas.show_picture(numbered)
    told: list[bool] = []
    canvas.fitting_changed.connect(told.append)
    canvas.zoom_in()
    canvas.zoom_in()
    canvas.fit()
    canvas.fit()
    assert told == [False, True]
    assert canvas.zoom() == FITTED


def test_actual_size_shows_each_pixel_as_one(canvas: Canvas, numbered: QImage) -> None:
    canvas.show_picture(numbered)
    canvas.actual_size()
    assert canvas.zoom() == 1
    seen = canvas.grab().toImage().copy(200 - 32, 150 - 32, 64, 64)
    assert seen.convertToFormat(numbered.format()) == numbered


def test_zoom_stays_within_bounds(canvas: Canvas, numbered: QImage) -> None:
    canvas.show_picture(numbered)
    canvas.set_zoom(1000)
    assert canvas.zoom() == 64
    canvas.set_zoom(0)
    assert canvas.zoom() == 1 / 64
    canvas.grab()


def test_a_zoom_that_is_none_is_not_told(canvas: Canvas, numbered: QImage) -> None:
    canvas.show_picture(numbered)
    told: list[float] = []
    canvas.zoom_changed.connect(told.append)
    canvas.set_zoom(canvas.zoom())
    assert told == []


def test_without_a_picture_there_is_nothing_to_zoom(canvas: Canvas, numbered: QImage) -> None:
    canvas.set_zoom(3)
    canvas.zoom_in()
    wheel(canvas, 120)
    canvas.show_picture(numbered)
    assert canvas.zoom() == FITTED


def test_fit_counts_also_while_there_is_no_picture(canvas: Canvas, numbered: QImage) -> None:
    canvas.show_picture(numbered)
    canvas.set_zoom(3)
    canvas.show_picture(None)
    canvas.fit()
    canvas.show_picture(numbered)
    assert canvas.zoom() == FITTED


def test_the_zoom_outlives_the_pictures(canvas: Canvas, numbered: QImage) -> None:
    canvas.show_picture(numbered)
    canvas.set_zoom(8)
    before = pixel_at(canvas, 150, 100)
    canvas.show_picture(numbered.copy())
    assert canvas.zoom() == 8
    assert pixel_at(canvas, 150, 100) == before


def test_a_larger_picture_keeps_its_spot_in_the_middle(canvas: Canvas, numbered: QImage) -> None:
    canvas.show_picture(numbered)
    canvas.set_zoom(8)
    wheel(canvas, 0, pixels=(64, 40))
    before = pixel_at(canvas, 200, 150)
    canvas.show_picture(numbered.scaled(128, 128))
    after = pixel_at(canvas, 200, 150)
    assert before is not None
    assert after is not None
    assert (after.x // 2, after.y // 2) == (before.x, before.y)


@pytest.mark.parametrize(
    ("key", "zoom"), [(KEY.Key_Plus, 6), (KEY.Key_Equal, 6), (KEY.Key_Minus, 4), (KEY.Key_1, 1)]
)
def test_keys_zoom(canvas: Canvas, numbered: QImage, qtbot: QtBot, key: Qt.Key, zoom: int) -> None:
    canvas.show_picture(numbered)
    qtbot.keyClick(canvas, key)
    assert canvas.zoom() == zoom
    qtbot.keyClick(canvas, KEY.Key_0)
    assert canvas.zoom() == FITTED


def test_keys_with_control_are_left_to_the_window(
    canvas: Canvas, numbered: QImage, qtbot: QtBot
) -> None:
    canvas.show_picture(numbered)
    qtbot.keyClick(canvas, KEY.Key_1, CONTROL)
    assert canvas.zoom() == FITTED


@pytest.mark.parametrize(
    ("key", "moved"),
    [
        (KEY.Key_Left, (64, 0)),
        (KEY.Key_Right, (-64, 0)),
        (KEY.Key_Up, (0, 64)),
        (KEY.Key_Down, (0, -64)),
    ],
)
def test_arrows_pan_a_picture_larger_than_the_canvas(
    canvas: Canvas, numbered: QImage, qtbot: QtBot, key: Qt.Key, moved: tuple[int, int]
) -> None:
    canvas.show_picture(numbered)
    canvas.set_zoom(8)
    before = pixel_at(canvas, 200, 150)
    qtbot.keyClick(canvas, key)
    assert pixel_at(canvas, 200 + moved[0], 150 + moved[1]) == before


class Room(QWidget):
    """What is around the canvas, and hears of the keys that it leaves."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        QVBoxLayout(self).addWidget(canvas)
        self.heard: list[int] = []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.heard.append(event.key())


def test_arrows_are_left_to_others_where_all_is_seen(numbered: QImage, qtbot: QtBot) -> None:
    canvas = Canvas()
    room = Room(canvas)
    qtbot.addWidget(room)
    room.resize(400, 300)
    with qtbot.waitExposed(room):
        room.show()
    canvas.show_picture(numbered)
    qtbot.keyClick(canvas, KEY.Key_Left)
    canvas.set_zoom(32)
    qtbot.keyClick(canvas, KEY.Key_Right)
    assert room.heard == [KEY.Key_Left]


def drag(
    canvas: Canvas, qtbot: QtBot, button: Qt.MouseButton, way: tuple[int, int] = (30, -20)
) -> None:
    qtbot.mousePress(canvas, button, pos=QPoint(200, 150))
    move = QPoint(200 + way[0], 150 + way[1])
    qtbot.mouseMove(canvas, (QPoint(200, 150) + move) / 2)
    qtbot.mouseMove(canvas, move)
    qtbot.mouseRelease(canvas, button, pos=move)


def test_the_middle_button_pans(canvas: Canvas, numbered: QImage, qtbot: QtBot) -> None:
    canvas.show_picture(numbered)
    canvas.set_zoom(8)
    before = pixel_at(canvas, 200, 150)
    drag(canvas, qtbot, MIDDLE)
    assert pixel_at(canvas, 230, 130) == before
    qtbot.mouseMove(canvas, QPoint(100, 100))
    assert pixel_at(canvas, 230, 130) == before


def test_space_and_drag_pan_and_are_no_tap(canvas: Canvas, numbered: QImage, qtbot: QtBot) -> None:
    canvas.show_picture(numbered)
    canvas.set_zoom(8)
    before = pixel_at(canvas, 200, 150)
    with qtbot.assertNotEmitted(canvas.space_tapped):
        qtbot.keyPress(canvas, KEY.Key_Space)
        assert canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
        drag(canvas, qtbot, LEFT)
        qtbot.keyRelease(canvas, KEY.Key_Space)
    assert pixel_at(canvas, 230, 130) == before
    assert canvas.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_a_tap_on_space_is_handed_on_once(canvas: Canvas, qtbot: QtBot) -> None:
    taps: list[None] = []
    canvas.space_tapped.connect(lambda: taps.append(None))
    qtbot.keyClick(canvas, KEY.Key_Space)
    assert len(taps) == 1


def test_a_long_press_on_space_is_one_tap(canvas: Canvas, qtbot: QtBot) -> None:
    taps: list[None] = []
    canvas.space_tapped.connect(lambda: taps.append(None))
    qtbot.keyPress(canvas, KEY.Key_Space)
    for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress):
        QApplication.sendEvent(canvas, QKeyEvent(kind, KEY.Key_Space, NONE, " ", True))
    assert taps == []
    qtbot.keyRelease(canvas, KEY.Key_Space)
    assert len(taps) == 1


def test_space_that_repeats_after_a_drag_is_no_tap(
    canvas: Canvas, numbered: QImage, qtbot: QtBot
) -> None:
    canvas.show_picture(numbered)
    with qtbot.assertNotEmitted(canvas.space_tapped):
        qtbot.keyPress(canvas, KEY.Key_Space)
        drag(canvas, qtbot, LEFT)
        repeat = QKeyEvent(QEvent.Type.KeyPress, KEY.Key_Space, NONE, " ", True)
        QApplication.sendEvent(canvas, repeat)
        qtbot.keyRelease(canvas, KEY.Key_Space)


def test_space_is_forgotten_when_the_focus_goes(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.setFocus()
    with qtbot.assertNotEmitted(canvas.space_tapped):
        qtbot.keyPress(canvas, KEY.Key_Space)
        canvas.clearFocus()
        qtbot.keyRelease(canvas, KEY.Key_Space)
    assert canvas.cursor().shape() == Qt.CursorShape.ArrowCursor


@pytest.mark.parametrize(
    ("key", "mine"), [("Space", True), ("Left", False), ("1", False), ("Ctrl+Space", False)]
)
def test_only_space_is_taken_from_the_shortcuts_of_the_window(
    canvas: Canvas, key: str, mine: bool
) -> None:
    stroke = QKeySequence(key)[0]
    event = QKeyEvent(QEvent.Type.ShortcutOverride, stroke.key(), stroke.keyboardModifiers())
    event.ignore()
    QApplication.sendEvent(canvas, event)
    assert event.isAccepted() is mine


def test_the_view_never_leaves_the_picture(canvas: Canvas, numbered: QImage) -> None:
    canvas.show_picture(numbered)
    wheel(canvas, 0, pixels=(9000, 9000))
    assert canvas.grab().toImage().pixelColor(399, 299).blue() == 128


def scaled_canvas(ratio: float) -> Canvas:
    """A canvas on a screen with so many pixels for each of the desktop's."""

    class Sharp(Canvas):
        def devicePixelRatio(self) -> float:
            return ratio

    return Sharp()


@pytest.fixture(params=[1.25, 1.5, 2.0])
def sharp(request: pytest.FixtureRequest, qtbot: QtBot) -> Canvas:
    made = scaled_canvas(request.param)
    qtbot.addWidget(made)
    made.resize(400, 300)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def screen() -> Callable[[QWidget, float], QImage]:
    """What of a widget is on such a screen."""

    def grab(widget: QWidget, ratio: float) -> QImage:
        seen = QImage(widget.size() * ratio, QImage.Format.Format_RGB32)
        seen.setDevicePixelRatio(ratio)
        widget.render(seen)
        seen.setDevicePixelRatio(1)
        return seen

    return grab


def test_one_pixel_is_one_of_the_screen_at_any_scaling(
    sharp: Canvas, numbered: QImage, screen: Callable[[QWidget, float], QImage]
) -> None:
    sharp.show_picture(numbered)
    sharp.actual_size()
    seen = screen(sharp, sharp.devicePixelRatio())
    corner = QPoint(round((seen.width() - 64) / 2), round((seen.height() - 64) / 2))
    part = seen.copy(corner.x(), corner.y(), 64, 64)
    assert part.convertToFormat(numbered.format()) == numbered


def test_the_pixel_under_the_cursor_is_the_one_drawn_at_any_scaling(
    sharp: Canvas, numbered: QImage, screen: Callable[[QWidget, float], QImage]
) -> None:
    sharp.show_picture(numbered)
    wheel(sharp, 120, (130, 120))
    wheel(sharp, 120, (130, 120))
    ratio = sharp.devicePixelRatio()
    seen = screen(sharp, ratio)
    for x, y in ((60, 40), (131, 121), (333, 222)):
        pixel = pixel_at(sharp, x, y)
        assert pixel is not None
        drawn = seen.pixelColor(int(x * ratio), int(y * ratio))
        assert abs(drawn.red() - pixel.colour.red()) <= 48  # the grid may lie on it
        assert (pixel.colour.red(), pixel.colour.green()) == (4 * pixel.x, 4 * pixel.y)


@pytest.mark.parametrize("size", [(400, 300), (401, 301)])
def test_the_pixel_under_the_cursor_is_the_one_drawn_to_the_edge(
    canvas: Canvas, numbered: QImage, size: tuple[int, int]
) -> None:
    canvas.resize(*size)
    canvas.show_picture(numbered)
    canvas.actual_size()
    seen = canvas.grab().toImage()
    for x in range(165, 172):
        pixel, drawn = pixel_at(canvas, x, 150), seen.pixelColor(x, 150)
        assert (pixel is not None) == (drawn.blue() == 128)
        assert pixel is None or pixel.colour.red() == drawn.red()


@pytest.mark.parametrize("offset", [0, 1, 2, 3])
def test_pixels_are_sharp_wherever_the_canvas_begins(
    numbered: QImage, qtbot: QtBot, screen: Callable[[QWidget, float], QImage], offset: int
) -> None:
    room = QWidget()
    qtbot.addWidget(room)
    room.resize(420, 320)
    canvas = scaled_canvas(1.5)
    canvas.setParent(room)
    canvas.setGeometry(offset, offset, 400, 300)
    with qtbot.waitExposed(room):
        room.show()
    canvas.show_picture(numbered)
    canvas.actual_size()
    seen = screen(room, 1.5).convertToFormat(numbered.format())
    near = round(1.5 * offset)
    corners = [QPoint(268 + x, 193 + y) for x in (near - 1, near) for y in (near - 1, near)]
    assert numbered in [seen.copy(QRect(corner, numbered.size())) for corner in corners]


def test_fitting_uses_all_pixels_of_the_screen(sharp: Canvas, numbered: QImage) -> None:
    sharp.show_picture(numbered)
    height = round(300 * sharp.devicePixelRatio())
    assert sharp.zoom() == (height - 32) / 64


def test_another_scaling_fits_anew(canvas: Canvas, numbered: QImage) -> None:
    canvas.show_picture(numbered)
    canvas.devicePixelRatio = lambda: 2.0  # type: ignore[method-assign]
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.DevicePixelRatioChange))
    assert canvas.zoom() == (600 - 32) / 64


def test_the_shortcut_of_the_window_on_space_does_not_fire(canvas: Canvas, qtbot: QtBot) -> None:
    fired: list[None] = []
    shortcut = QShortcut(QKeySequence("Space"), canvas)
    shortcut.activated.connect(lambda: fired.append(None))
    canvas.setFocus()
    with qtbot.waitSignal(canvas.space_tapped):
        qtbot.keyClick(canvas, KEY.Key_Space)
    assert fired == []
