"""Icons: every name is there, in the colour of the palette, sharp, and right after a change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from studio.ui.icons import icon

NAMES = [
    "new",
    "open",
    "save",
    "export",
    "undo",
    "redo",
    "paint",
    "play",
    "pause",
    "step",
    "stop",
    "branch",
    "loop",
    "once",
    "ping-pong",
    "to-start",
    "to-end",
    "step-back",
    "step-forward",
    "mark-in",
    "mark-out",
    "keyframe",
    "zoom-in",
    "zoom-out",
    "fit",
    "actual-size",
    "wipe",
    "difference",
    "pin",
    "dice",
    "lock",
    "unlock",
    "add",
    "remove",
    "up",
    "down",
    "picture",
    "eye",
    "eye-off",
    "history",
    "queue",
    "settings",
    "log",
    "warning",
    "info",
    "error",
    "search",
    "close",
    "folder",
    "more",
    "noise",
    "text",
    "trash",
    "copy",
    "help",
    "live",
    "sliders",
    "training",
    "palette",
    "theme",
    "fold",
    "unfold",
    "check",
    "keyboard",
    "app",
]


@pytest.fixture(autouse=True)
def palette_as_before(qapp: QApplication) -> Iterator[None]:
    before = qapp.palette()
    yield
    qapp.setPalette(before)


def drawn(name: str, side: int, mode: QIcon.Mode = QIcon.Mode.Normal) -> dict[str, int]:
    """The opaque colours of an icon and how many pixels each has."""
    image = icon(name).pixmap(QSize(side, side), 1.0, mode).toImage()
    assert image.size() == QSize(side, side)
    counts: dict[str, int] = {}
    for y in range(side):
        for x in range(side):
            colour = image.pixelColor(x, y)
            if colour.alpha() > 250:
                counts[colour.name()] = counts.get(colour.name(), 0) + 1
    return counts


def set_colours(app: QApplication, normal: str, disabled: str, selected: str) -> None:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.ButtonText, QColor(normal))
    palette.setColor(QPalette.ColorRole.HighlightedText, QColor(selected))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText, QColor(disabled))
    app.setPalette(palette)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_draws_something(qapp: QApplication, name: str) -> None:
    assert sum(drawn(name, 48).values()) > 20


@pytest.mark.parametrize("name", [each for each in NAMES if each != "app"])
def test_icons_keep_off_the_edge(qapp: QApplication, name: str) -> None:
    image = icon(name).pixmap(QSize(48, 48), 1.0).toImage()
    edge = [(x, y) for x in range(48) for y in (0, 1, 46, 47)]
    assert not any(
        image.pixelColor(*at).alpha() or image.pixelColor(*at[::-1]).alpha() for at in edge
    )


def test_colours_are_the_palettes_in_each_mode_and_follow_it(qapp: QApplication) -> None:
    set_colours(qapp, "#112233", "#778899", "#eeddcc")
    assert set(drawn("stop", 48)) == {"#112233"}
    assert set(drawn("stop", 48, QIcon.Mode.Disabled)) == {"#778899"}
    assert set(drawn("stop", 48, QIcon.Mode.Selected)) == {"#eeddcc"}
    set_colours(qapp, "#aabbcc", "#778899", "#eeddcc")
    assert set(drawn("stop", 48)) == {"#aabbcc"}


def test_a_screen_of_double_density_gets_twice_the_pixels(qapp: QApplication) -> None:
    picture = icon("play").pixmap(QSize(24, 24), 2.0)
    assert picture.size() == QSize(48, 48)
    assert picture.devicePixelRatio() == 2.0


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError, match="hat"):
        icon("hat")


def test_a_button_shows_the_icon(qtbot: QtBot, qapp: QApplication) -> None:
    set_colours(qapp, "#ff0000", "#778899", "#eeddcc")
    button = QPushButton()
    qtbot.addWidget(button)
    button.setIcon(icon("stop"))
    button.setIconSize(QSize(48, 48))
    button.resize(80, 80)
    image = button.grab().toImage()
    reds = [image.pixelColor(x, 40).name() for x in range(80)].count("#ff0000")
    assert reds >= 2


def test_copies_outlive_what_they_were_copied_from(qapp: QApplication) -> None:
    copied = QIcon(icon("play"))
    copied.addPixmap(icon("stop").pixmap(QSize(16, 16), 1.0))
    assert not copied.pixmap(QSize(24, 24), 1.0).isNull()
