"""The one kind of number field, typed into as people of several countries do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import studio.ui
from studio.ui.panels.numbers import NumberBox

PLACES = ["en_US", "de_DE", "ar_EG", "hi_IN", "fr_FR"]
NONE = Qt.KeyboardModifier.NoModifier
QTS_OWN = {"QSpinBox", "QDoubleSpinBox", "QIntValidator", "QDoubleValidator"}


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest) -> Iterator[str]:
    """A country whose way of writing numbers is in force."""
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield request.param
    QLocale.setDefault(before)


def typed(qtbot: QtBot, box: NumberBox, text: str) -> float:
    """What the box holds after the text was typed and the field was left."""
    qtbot.addWidget(box)
    box.show()
    box.setFocus()
    box.selectAll()
    for letter in text:  # as an input method sends it; QTest types Latin letters only
        QApplication.sendEvent(box, QKeyEvent(QEvent.Type.KeyPress, 0, NONE, letter))
    qtbot.keyClick(box, Qt.Key.Key_Return)
    return box.value()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.3", 0.3),
        ("0,3", 0.3),
        ("1.5", 1.5),
        ("-1,5", -1.5),
        ("1e-3", 0.001),
        ("\u0660\u066b\u0665", 0.5),
    ],
)
def test_point_and_comma_mean_the_same_everywhere(
    qtbot: QtBot, place: str, text: str, number: float
) -> None:
    assert typed(qtbot, NumberBox(-100, 100, 0.1), text) == number


def test_there_are_no_separators_of_thousands(qtbot: QtBot, place: str) -> None:
    box = NumberBox(0, 1e6, 1)
    assert typed(qtbot, box, "1234567,5") == 1e6
    assert box.text() == "1000000"
    assert typed(qtbot, box, "1,234") == 1.234
    whole = NumberBox(0, 1e6, 1, whole=True)
    assert typed(qtbot, whole, "12,345") == 12_345
    assert whole.text() == "12345"


def test_what_stands_round_the_number_may_stay_or_go(qtbot: QtBot, place: str) -> None:
    box = NumberBox(0, 3600, 0.5)
    box.setPrefix("\N{MULTIPLICATION SIGN} ")
    box.setSuffix(" s")
    assert typed(qtbot, box, "2,5") == 2.5
    assert box.cleanText().replace(",", ".") == "2.5"
    assert typed(qtbot, box, "0.3 s") == 0.3


def test_what_is_no_number_yet_gives_way_to_the_last_one(qtbot: QtBot) -> None:
    box = NumberBox(0, 10, 1)
    box.show_value(4)
    for text in ("", "1e", ".", "-"):
        assert typed(qtbot, box, text or "\N{DELETE}") in (4, 1)
        box.show_value(4)
    assert typed(qtbot, box, "99") == 10


def test_a_long_number_is_short_until_it_is_written(qtbot: QtBot) -> None:
    box = NumberBox(0, 10, 1)
    told: list[float] = []
    box.chosen.connect(told.append)
    qtbot.addWidget(box)
    box.show()
    box.activateWindow()
    qtbot.waitUntil(box.hasFocus)
    box.clearFocus()
    box.show_value(2.986519)
    assert box.text() == "2.987"
    box.setFocus()
    assert box.text() == "2.986519"
    qtbot.keyClick(box, Qt.Key.Key_Return)
    box.clearFocus()
    assert (box.text(), box.value(), told) == ("2.987", 2.986519, [])


def test_the_window_has_no_other_kind_of_number_field() -> None:
    strangers = {
        f"{path.name}: {name}"
        for path in Path(studio.ui.__file__).parent.rglob("*.py")
        if path.name != "numbers.py"
        for name in _names(path)
        if name in QTS_OWN
    }
    assert not strangers, "use studio.ui.panels.numbers.NumberBox, which knows point and comma"


def _names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.Attribute):
            yield node.attr
