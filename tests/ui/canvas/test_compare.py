"""The picture against its reference: held, wiped, subtracted."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.ui.canvas import Canvas, Comparison
from studio.ui.canvas.compare import LIFTED, difference

LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
RED, BLUE = QColor("red"), QColor("blue")
# A picture of 100 by 100 at 200 % in a canvas of 400 by 300 begins at 100, 50.
FROM, TO, ROW = 100, 300, 120


def lifted(apart: int) -> int:
    return int(LIFTED[apart])


def filled(colour: QColor, side: int = 100) -> QImage:
    picture = QImage(side, side, QImage.Format.Format_RGB888)
    picture.fill(colour)
    return picture


@pytest.fixture
def compared(canvas: Canvas) -> Canvas:
    """Blue now, red the reference."""
    canvas.show_picture(filled(BLUE))
    canvas.set_zoom(2)
    canvas.set_reference(filled(RED))
    return canvas


def row(canvas: Canvas) -> list[QColor]:
    seen = canvas.grab().toImage()
    return [seen.pixelColor(x, ROW) for x in range(seen.width())]


def test_without_a_comparison_only_the_picture_is_seen(compared: Canvas) -> None:
    assert set(map(QColor.name, row(compared)[FROM:TO])) == {BLUE.name()}


@pytest.mark.parametrize("share", [0.25, 0.5, 0.8])
def test_a_wipe_shows_the_reference_left_of_the_divider(compared: Canvas, share: float) -> None:
    compared.set_comparison(Comparison.WIPE)
    compared.set_wipe(share)
    seen, line = row(compared), round(FROM + 200 * share)
    assert set(map(QColor.name, seen[FROM : line - 2])) == {RED.name()}
    assert seen[line] == QColor("white")
    assert set(map(QColor.name, seen[line + 2 : TO])) == {BLUE.name()}


@pytest.mark.parametrize(
    ("share", "colour", "kept"), [(0, BLUE, 0.0), (1, RED, 1.0), (-3, BLUE, 0.0), (7, RED, 1.0)]
)
def test_a_wipe_ends_at_the_edges(
    compared: Canvas, share: float, colour: QColor, kept: float
) -> None:
    compared.set_comparison(Comparison.WIPE)
    compared.set_wipe(share)
    assert compared.wipe() == kept
    assert set(map(QColor.name, row(compared)[FROM + 3 : TO - 3])) == {colour.name()}


def test_a_wipe_holds_for_what_is_painted_next(compared: Canvas) -> None:
    compared.set_comparison(Comparison.WIPE)
    compared.grab()
    compared.show_picture(filled(QColor("lime")))
    seen = row(compared)
    assert seen[FROM + 20] == RED
    assert seen[TO - 20] == QColor("lime")


def test_a_reference_of_another_size_covers_the_same_picture(compared: Canvas) -> None:
    compared.set_reference(filled(RED, 25))
    compared.set_comparison(Comparison.WIPE)
    compared.set_wipe(1)
    assert set(map(QColor.name, row(compared)[FROM : TO - 3])) == {RED.name()}


def test_shrunk_pictures_are_wiped_too(compared: Canvas) -> None:
    compared.set_zoom(0.5)
    compared.set_comparison(Comparison.WIPE)
    seen = compared.grab().toImage()
    assert seen.pixelColor(180, 140) == RED
    assert seen.pixelColor(220, 140) == BLUE


def test_the_divider_follows_the_mouse(compared: Canvas, qtbot: QtBot) -> None:
    compared.set_comparison(Comparison.WIPE)
    qtbot.mousePress(compared, LEFT, pos=QPoint(203, 80))
    qtbot.mouseMove(compared, QPoint(230, 90))
    qtbot.mouseMove(compared, QPoint(250, 90))
    assert compared.wipe() == 0.75
    qtbot.mouseRelease(compared, LEFT, pos=QPoint(250, 90))
    qtbot.mouseMove(compared, QPoint(120, 90))
    assert compared.wipe() == 0.75


def test_the_divider_shows_which_ways_it_goes(compared: Canvas, qtbot: QtBot) -> None:
    compared.set_comparison(Comparison.WIPE)
    qtbot.mouseMove(compared, QPoint(202, 80))
    assert compared.cursor().shape() == Qt.CursorShape.SplitHCursor
    qtbot.mouseMove(compared, QPoint(240, 80))
    assert compared.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_a_divider_out_of_sight_can_be_fetched_at_the_edge(compared: Canvas, qtbot: QtBot) -> None:
    compared.set_comparison(Comparison.WIPE)
    compared.set_zoom(16)
    compared.set_wipe(0)
    qtbot.mousePress(compared, LEFT, pos=QPoint(14, 150))
    qtbot.mouseMove(compared, QPoint(100, 150))
    qtbot.mouseMove(compared, QPoint(200, 150))
    qtbot.mouseRelease(compared, LEFT, pos=QPoint(200, 150))
    assert compared.wipe() == pytest.approx(0.5, abs=0.01)


def test_keys_push_the_divider(compared: Canvas, qtbot: QtBot) -> None:
    compared.set_comparison(Comparison.WIPE)
    qtbot.keyClick(compared, Qt.Key.Key_Right, SHIFT)
    assert compared.wipe() == pytest.approx(0.52)
    for _ in range(2):
        qtbot.keyClick(compared, Qt.Key.Key_Left, SHIFT)
    assert compared.wipe() == pytest.approx(0.48)


@pytest.mark.parametrize(
    ("comparison", "mine"), [(Comparison.WIPE, True), (Comparison.DIFFERENCE, False)]
)
def test_only_a_wipe_takes_shift_and_arrows_from_the_window(
    compared: Canvas, comparison: Comparison, mine: bool
) -> None:
    compared.set_comparison(comparison)
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Left, SHIFT)
    event.ignore()
    QApplication.sendEvent(compared, event)
    assert event.isAccepted() is mine


def test_a_difference_of_any_size_can_be_told_from_a_larger_one() -> None:
    steps = [int(each) for each in LIFTED]
    assert (steps[0], steps[-1]) == (0, 255)
    assert all(more > less for less, more in pairwise(steps[:160:2]))
    assert all(shown >= real for real, shown in enumerate(steps))
    assert steps[3] > 15


def test_the_difference_is_made_stronger(canvas: Canvas) -> None:
    canvas.show_picture(filled(QColor(100, 20, 200)))
    canvas.set_zoom(2)
    canvas.set_reference(filled(QColor(90, 40, 100)))
    canvas.set_comparison(Comparison.DIFFERENCE)
    assert row(canvas)[200] == QColor(lifted(10), lifted(20), lifted(100))
    canvas.set_reference(canvas.picture())
    assert row(canvas)[200] == QColor(0, 0, 0)


def test_the_difference_follows_the_painting(compared: Canvas) -> None:
    compared.set_comparison(Comparison.DIFFERENCE)
    compared.grab()
    compared.show_picture(filled(RED))
    assert row(compared)[200] == QColor(0, 0, 0)


def test_the_difference_of_odd_sizes_keeps_its_rows() -> None:
    one, other = (QImage(7, 5, QImage.Format.Format_RGB888) for _ in range(2))
    one.fill(QColor(0, 0, 0))
    other.fill(QColor(0, 0, 0))
    one.setPixelColor(6, 4, QColor(30, 0, 0))
    other.setPixelColor(0, 3, QColor(0, 0, 20))
    apart = difference(one, other)
    lit = {(x, y) for x in range(7) for y in range(5) if apart.pixelColor(x, y) != QColor(0, 0, 0)}
    assert lit == {(6, 4), (0, 3)}
    assert apart.pixelColor(6, 4) == QColor(lifted(30), 0, 0)
    assert apart.pixelColor(0, 3) == QColor(0, 0, lifted(20))


@pytest.mark.parametrize("comparison", list(Comparison))
def test_the_reference_is_seen_alone_while_held(compared: Canvas, comparison: Comparison) -> None:
    compared.set_comparison(comparison)
    before = compared.grab().toImage()
    compared.hold_reference(True)
    assert set(map(QColor.name, row(compared)[FROM:TO])) == {RED.name()}
    assert compared.comparison() is comparison
    compared.hold_reference(False)
    assert compared.grab().toImage() == before


def test_holding_without_a_reference_shows_the_picture(canvas: Canvas) -> None:
    canvas.show_picture(filled(BLUE))
    canvas.set_zoom(2)
    canvas.hold_reference(True)
    assert row(canvas)[200] == BLUE
    canvas.set_reference(filled(RED))
    assert row(canvas)[200] == BLUE


def test_the_picture_given_away_is_never_the_reference(compared: Canvas) -> None:
    compared.hold_reference(True)
    compared.copy()
    assert QApplication.clipboard().image().pixelColor(5, 5) == BLUE
    shown = compared.picture()
    assert shown is not None
    assert shown.pixelColor(5, 5) == BLUE


def test_losing_the_reference_ends_every_comparison(compared: Canvas) -> None:
    told: list[Comparison] = []
    compared.comparison_changed.connect(told.append)
    compared.set_comparison(Comparison.WIPE)
    compared.set_comparison(Comparison.WIPE)
    compared.hold_reference(True)
    compared.set_reference(None)
    assert told == [Comparison.WIPE, Comparison.NONE]
    assert compared.reference() is None
    compared.set_reference(filled(RED))
    assert row(compared)[200] == BLUE


def test_without_a_reference_nothing_is_compared(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.show_picture(filled(BLUE))
    with qtbot.assertNotEmitted(canvas.comparison_changed):
        canvas.set_comparison(Comparison.WIPE)
    assert canvas.comparison() is Comparison.NONE


def test_without_a_picture_there_is_no_divider(compared: Canvas, qtbot: QtBot) -> None:
    compared.set_comparison(Comparison.WIPE)
    compared.show_picture(None)
    qtbot.mouseMove(compared, QPoint(200, 150))
    qtbot.mouseClick(compared, LEFT, pos=QPoint(200, 150))
    qtbot.keyClick(compared, Qt.Key.Key_Left, SHIFT)
    compared.grab()
    assert compared.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_labels_say_which_is_which(compared: Canvas) -> None:
    """Something dark lies in the corner that has a label, and only there."""

    def labelled() -> tuple[bool, bool]:
        seen = compared.grab().toImage()
        left, right = seen.pixelColor(FROM + 10, 50 + 20), seen.pixelColor(TO - 11, 50 + 20)
        return left.lightness() < 100, right.lightness() < 100

    assert labelled() == (False, False)
    compared.set_comparison(Comparison.WIPE)
    assert labelled() == (True, True)
    compared.hold_reference(True)
    assert labelled() == (True, False)
    compared.hold_reference(False)
    compared.set_wipe(0.1)
    assert labelled() == (False, True)
