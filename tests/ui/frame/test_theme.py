"""The looks: neutral, easy to read, complete, and taken on by a running program."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import get_args

import pytest
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit
from pytestqt.qtbot import QtBot

from studio.project.preferences import Theme
from studio.ui import theme
from studio.ui.icons import icon

Role = QPalette.ColorRole
LOOKS = get_args(Theme)

TEXTS = [
    (Role.WindowText, Role.Window),
    (Role.WindowText, Role.Base),
    (Role.Text, Role.Base),
    (Role.Text, Role.AlternateBase),
    (Role.PlaceholderText, Role.Base),
    (Role.ButtonText, Role.Button),
    (Role.ButtonText, Role.Window),
    (Role.HighlightedText, Role.Highlight),
    (Role.ToolTipText, Role.ToolTipBase),
    (Role.Link, Role.Window),
    (Role.Link, Role.Base),
    (Role.LinkVisited, Role.Window),
]
TONES = [("quiet", ground) for ground in ("raised", "popup", "hover")]


@pytest.fixture(autouse=True)
def look_as_before(qapp: QApplication) -> Iterator[None]:
    style, palette = qapp.style().name(), qapp.palette()
    yield
    qapp.setStyleSheet("")
    qapp.setStyle(style)
    qapp.setPalette(palette)


def luminance(colour: QColor) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_of_contrast() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)
    assert contrast(QColor("#767676"), QColor("white")) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("name", LOOKS)
@pytest.mark.parametrize("pair", TEXTS, ids=lambda pair: f"{pair[0].name} on {pair[1].name}")
def test_text_is_easy_to_read(name: str, pair: tuple[Role, Role]) -> None:
    palette = theme.palette(name)
    assert contrast(palette.color(pair[0]), palette.color(pair[1])) >= 4.5


@pytest.mark.parametrize("name", LOOKS)
def test_so_is_the_text_of_the_style_sheet(name: str) -> None:
    palette, tones = theme.palette(name), theme.tones(name)
    for text, ground in TONES:
        assert contrast(QColor(tones[text]), QColor(tones[ground])) >= 4.5, (text, ground)
    for ground in ("hover", "lifted", "sunk", "popup", "raised", "field"):
        assert contrast(palette.color(Role.WindowText), QColor(tones[ground])) >= 4.5, ground
    assert contrast(palette.color(Role.HighlightedText), QColor(tones["primary"])) >= 4.5


@pytest.mark.parametrize("name", LOOKS)
def test_focus_and_outlines_of_marks_can_be_told_from_their_ground(name: str) -> None:
    palette, tones = theme.palette(name), theme.tones(name)
    for ground in (Role.Window, Role.Base):
        assert contrast(palette.color(Role.Accent), palette.color(ground)) >= 3
        assert contrast(QColor(tones["rim"]), palette.color(ground)) >= 3


@pytest.mark.parametrize("name", LOOKS)
def test_what_is_off_looks_off(name: str) -> None:
    palette = theme.palette(name)
    for role in (Role.WindowText, Role.Text, Role.ButtonText):
        off = palette.color(QPalette.ColorGroup.Disabled, role)
        ground = palette.color(Role.Window)
        assert 2 < contrast(off, ground) < contrast(palette.color(role), ground) / 1.5


@pytest.mark.parametrize("name", LOOKS)
def test_grounds_are_neutral(name: str) -> None:
    palette = theme.palette(name)
    grounds = [palette.color(role) for role in (Role.Window, Role.Base, Role.Button, Role.Mid)]
    grounds += [
        QColor(each) for key, each in theme.tones(name).items() if key not in ("primary", "ring")
    ]
    assert all(colour.red() == colour.green() == colour.blue() for colour in grounds)


def test_no_role_is_left_to_chance(qapp: QApplication) -> None:
    dark, light = theme.palette("dark"), theme.palette("light")
    groups = [
        QPalette.ColorGroup.Active,
        QPalette.ColorGroup.Inactive,
        QPalette.ColorGroup.Disabled,
    ]
    roles = [each for each in Role if each not in (Role.NColorRoles, Role.NoRole)]
    for group, role in itertools.product(groups, roles):
        assert dark.isBrushSet(group, role), (group, role)
        assert light.isBrushSet(group, role), (group, role)


def test_a_running_program_takes_on_a_look(qtbot: QtBot, qapp: QApplication) -> None:
    field, mark = QLineEdit(), QCheckBox("on")
    qtbot.addWidget(field)
    qtbot.addWidget(mark)
    mark.setChecked(True)
    seen = []
    for name in ("dark", "light", "dark"):
        theme.apply(qapp, name)
        mark.grab()  # a mark that cannot be read would be a warning, and so a failure
        seen.append(
            field.grab().toImage().pixelColor(field.width() // 2, field.height() // 2).name()
        )
        palette = theme.palette(name)
        assert seen[-1] == palette.color(Role.Base).name()
        assert field.palette().color(Role.Text) == palette.color(Role.Text)
        picture = icon("stop").pixmap(48).toImage()
        assert picture.pixelColor(24, 9) == palette.color(Role.ButtonText)
        assert icon("stop", Role.HighlightedText).pixmap(
            48, mode=QIcon.Mode.Normal
        ).toImage().pixelColor(24, 9) == palette.color(Role.HighlightedText)
    assert seen[0] == seen[2] != seen[1]


def test_an_unknown_name_is_an_error_and_changes_nothing(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    with pytest.raises(KeyError):
        theme.apply(qapp, "pink")
    assert qapp.palette().color(Role.Window) == theme.palette("dark").color(Role.Window)
