"""The player of the film window, by a clock that the test winds."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from studio.ui.film.preview import Preview

LEFT = Qt.MouseButton.LeftButton


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def preview(qtbot: QtBot, clock: Clock) -> Preview:
    made = Preview(clock=clock)
    qtbot.addWidget(made)
    made.resize(600, 500)
    made.show()
    qtbot.waitExposed(made)
    made.set_film(100, 25.0, (0, 50, 99), (256, 256))
    return made


def wind(qtbot: QtBot, clock: Clock, preview: Preview, seconds: float, frame: int) -> None:
    clock.now += seconds
    qtbot.waitUntil(lambda: preview.frame == frame)


def test_it_plays_in_real_time_and_leaves_late_frames_out(
    preview: Preview, clock: Clock, qtbot: QtBot
) -> None:
    wanted: list[int] = []
    preview.frame_wanted.connect(wanted.append)
    qtbot.mouseClick(preview.play, LEFT)
    wind(qtbot, clock, preview, 1.0, 25)
    wind(qtbot, clock, preview, 0.04, 26)
    assert {25, 26} <= set(wanted) <= {0, 25, 26}


def test_it_repeats_until_told_not_to(preview: Preview, clock: Clock, qtbot: QtBot) -> None:
    qtbot.mouseClick(preview.play, LEFT)
    wind(qtbot, clock, preview, 4.4, 10)
    qtbot.mouseClick(preview.repeat, LEFT)
    wind(qtbot, clock, preview, 60.0, 99)
    assert not preview.is_playing
    qtbot.mouseClick(preview.play, LEFT)
    wind(qtbot, clock, preview, 0.2, 5)
    assert preview.is_playing


def test_space_and_a_click_on_the_film_play_and_pause(
    preview: Preview, clock: Clock, qtbot: QtBot
) -> None:
    preview.setFocus()
    qtbot.keyClick(preview, Qt.Key.Key_Space)
    assert preview.is_playing
    qtbot.mouseClick(preview.screen_, LEFT)
    assert not preview.is_playing


def test_the_bar_scrubs_by_mouse_and_keys(preview: Preview, qtbot: QtBot) -> None:
    bar = preview.bar
    qtbot.mouseClick(bar, LEFT, pos=QPoint(round(bar.x_of(50)), bar.height() // 2))
    assert preview.frame == 50
    bar.setFocus()
    qtbot.keyClick(bar, Qt.Key.Key_Right)
    assert preview.frame == 51
    qtbot.keyClick(bar, Qt.Key.Key_End)
    assert preview.frame == 99
    qtbot.keyClick(bar, Qt.Key.Key_Home)
    assert preview.frame == 0


def test_time_and_frame_are_told(preview: Preview, qtbot: QtBot) -> None:
    preview.bar.setFocus()
    qtbot.keyClick(preview.bar, Qt.Key.Key_End)
    texts = [label.text() for label in preview.findChildren(QLabel)]
    assert "3.96 of 4.00 s   frame 100 of 100" in texts


def test_a_film_that_becomes_shorter_goes_on_within_it(preview: Preview, qtbot: QtBot) -> None:
    preview.bar.setFocus()
    qtbot.keyClick(preview.bar, Qt.Key.Key_End)
    preview.set_film(10, 25.0, (), (256, 256))
    assert preview.frame == 9
    preview.set_film(0, 25.0, (), (1, 1))
    assert not preview.play.isEnabled()


def test_what_is_shown_has_the_shape_of_the_film(preview: Preview) -> None:
    red = QImage(8, 8, QImage.Format.Format_RGB888)
    red.fill(Qt.GlobalColor.red)
    preview.set_film(100, 25.0, (), (400, 100))
    preview.set_frame(red)
    shot = preview.screen_.grab().toImage()
    middle, width = shot.height() // 2, shot.width()
    pure = QColor(Qt.GlobalColor.red)
    row = [shot.pixelColor(x, middle) == pure for x in range(width)]
    column = [shot.pixelColor(width // 2, y) == pure for y in range(shot.height())]
    assert sum(column) > 20
    assert sum(row) == pytest.approx(4 * sum(column), abs=6)
