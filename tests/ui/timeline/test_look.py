"""Everything can be found by those who do not see it, and drawn in any palette."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QScrollBar,
)
from pytestqt.qtbot import QtBot

from studio.ui.timeline import Keyframe, Marker, PlayMode, Take, Timeline
from studio.ui.timeline.board import Board
from studio.ui.timeline.look import take_colour
from studio.ui.timeline.takes import TakeList

Make = Callable[..., Timeline]


@pytest.fixture
def without_sheet(qapp: QApplication) -> Iterator[None]:
    """Under the theme's style sheet, which tests before may have set, no palette is handed down."""
    sheet = qapp.styleSheet()
    qapp.setStyleSheet("")
    yield
    qapp.setStyleSheet(sheet)


def test_everything_has_a_name_and_says_what_it_does(make: Make) -> None:
    timeline = make(100)
    kinds = (QAbstractButton, QAbstractSpinBox, QComboBox)
    found = [each for kind in kinds for each in timeline.findChildren(kind)]
    assert len(found) >= 15
    for each in found:
        assert each.accessibleName()
        assert each.toolTip()
    for each in (timeline.findChild(Board), timeline.findChild(TakeList)):
        assert each.accessibleName()


def test_made_higher_it_can_be_made_lower_again(make: Make) -> None:
    timeline = make(100)
    least = timeline.minimumSizeHint().height()
    timeline.resize(timeline.width(), 700)
    assert timeline.height() == 700
    assert timeline.minimumSizeHint().height() == least


def test_every_mode_has_its_name(make: Make) -> None:
    timeline = make(100)
    names = set()
    for mode in PlayMode:
        timeline.set_mode(mode)
        names |= {each.accessibleName() for each in timeline.findChildren(QAbstractButton)}
    assert {
        "Play once and stop at the end",
        "Play again from the start at the end",
        "Play back and forth",
    } <= names


def test_a_pace_is_chosen_or_typed(qtbot: QtBot, make: Make) -> None:
    timeline = make(100)
    told: list[float] = []
    timeline.pace_changed.connect(told.append)
    box = timeline.findChild(QComboBox)
    assert box.currentText() == "30"
    box.lineEdit().selectAll()
    qtbot.keyClicks(box.lineEdit(), "12.5\r")
    assert told == [12.5]
    assert timeline.focusWidget() is timeline.findChild(Board)
    assert timeline.pace() == 12.5
    box.lineEdit().selectAll()
    qtbot.keyClicks(box.lineEdit(), "abc")
    assert timeline.pace() == 12.5
    timeline.set_pace(7)
    assert box.currentText() == "7"


@pytest.mark.usefixtures("without_sheet")
def test_another_palette_draws_everything_anew(make: Make, capsys: Any) -> None:
    timeline = make(200)
    timeline.set_takes([Take(1, "One", 200), Take(2, "Two", 80, 1, 30)])
    timeline.set_keyframes([Keyframe(20), Keyframe(250)])
    timeline.set_markers([Marker(40, "x")])
    timeline.set_range(30, 90)
    board = timeline.findChild(Board)
    images = []
    for colour in ("#202020", "#f0f0f0"):
        palette = QPalette(QColor(colour))
        timeline.setPalette(palette)
        images.append(board.grab().toImage())
    assert images[0] != images[1]
    assert capsys.readouterr().err == ""


@given(st.integers(0, 359), st.integers(0, 255), st.integers(0, 255))
def test_neighbouring_takes_differ_in_colour(hue: int, saturation: int, lightness: int) -> None:
    accent = QColor.fromHsl(hue, saturation, lightness)
    hues = [take_colour(accent, index).hslHueF() for index in range(6)]
    apart = [
        min(abs(one - other), 1 - abs(one - other))
        for index, one in enumerate(hues)
        for other in hues[:index]
    ]
    assert min(apart) > 0.05


def test_the_scroll_bar_has_a_name(make: Make) -> None:
    timeline = make(100)
    names = [each.accessibleName() for each in timeline.findChildren(QScrollBar)]
    assert "Iterations in sight" in names
