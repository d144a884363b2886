"""The log in the window: bounded, filtered, copied."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QToolButton
from pytestqt.qtbot import QtBot

from studio.ui import theme
from studio.ui.log_view import MOST_LINES, LogView

LINES = [
    (logging.DEBUG, "weights read"),
    (logging.INFO, "opened Sunset"),
    (logging.WARNING, "unknown word zeppelin"),
    (logging.ERROR, "out of memory\n  Traceback"),
]


@pytest.fixture
def view(qtbot: QtBot) -> LogView:
    view = LogView()
    qtbot.addWidget(view)
    view.resize(500, 200)
    view.show()
    for level, text in LINES:
        view.append(level, text)
    return view


@pytest.fixture
def look(qapp: QApplication) -> Iterator[None]:
    style, palette = qapp.style().name(), qapp.palette()
    theme.apply(qapp, "dark")
    yield
    qapp.setStyleSheet("")
    qapp.setStyle(style)
    qapp.setPalette(palette)


def tool(view: LogView, name: str) -> QToolButton:
    return next(each for each in view.findChildren(QToolButton) if each.accessibleName() == name)


def search(view: LogView) -> QLineEdit:
    return next(each for each in view.findChildren(QLineEdit) if each.accessibleName())


def test_lines_come_in_order(view: LogView) -> None:
    assert view.shown() == "\n".join(text for _, text in LINES)


@pytest.mark.parametrize(("row", "first"), [(0, 0), (1, 1), (2, 2), (3, 3)])
def test_by_level(view: LogView, row: int, first: int) -> None:
    view.findChildren(QComboBox)[0].setCurrentIndex(row)
    assert view.shown() == "\n".join(text for _, text in LINES[first:])
    view.append(logging.ERROR, "again")
    view.append(logging.DEBUG, "hardly worth it")
    assert view.shown().count("again") == 1
    assert ("hardly" in view.shown()) == (row == 0)


def test_by_word(qtbot: QtBot, view: LogView) -> None:
    qtbot.keyClicks(search(view), "SUN")
    assert view.shown() == "opened Sunset"
    view.append(logging.INFO, "sunrise")
    view.append(logging.INFO, "moon")
    assert view.shown() == "opened Sunset\nsunrise"
    search(view).clear()
    assert "moon" in view.shown()


def test_no_more_than_so_many_lines(view: LogView) -> None:
    for number in range(MOST_LINES + 50):
        view.append(logging.INFO, f"line {number}")
    lines = view.shown().splitlines()
    assert len(lines) == MOST_LINES
    assert lines[-1] == f"line {MOST_LINES + 49}"
    view.findChildren(QComboBox)[0].setCurrentIndex(1)
    assert view.shown().splitlines() == lines


def test_copying_all_that_is_shown_or_what_is_marked(qtbot: QtBot, view: LogView) -> None:
    qtbot.mouseClick(tool(view, "Copy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == view.shown()
    text = view.findChildren(QPlainTextEdit)[0]
    cursor = text.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.Start)
    cursor.movePosition(QTextCursor.MoveOperation.Down, QTextCursor.MoveMode.KeepAnchor, 2)
    text.setTextCursor(cursor)
    qtbot.mouseClick(tool(view, "Copy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "weights read\nopened Sunset\n"


def test_the_folder_is_asked_for(qtbot: QtBot, view: LogView) -> None:
    with qtbot.waitSignal(view.folder_wanted):
        qtbot.mouseClick(tool(view, "Show folder"), Qt.MouseButton.LeftButton)


def test_the_newest_line_is_in_sight_unless_somebody_reads_above(view: LogView) -> None:
    bar = view.findChildren(QPlainTextEdit)[0].verticalScrollBar()
    for number in range(100):
        view.append(logging.INFO, str(number))
    assert bar.value() == bar.maximum() > 0
    bar.setValue(3)
    view.append(logging.INFO, "more")
    assert bar.value() == 3


def test_colours_follow_the_look(look: None, qapp: QApplication, view: LogView) -> None:
    def colour(row: int) -> str:
        block = view.findChildren(QPlainTextEdit)[0].document().findBlockByNumber(row)
        return str(block.begin().fragment().charFormat().foreground().color().name())

    dark = [colour(row) for row in range(4)]
    assert len(set(dark)) == 4
    theme.apply(qapp, "light")
    light = [colour(row) for row in range(4)]
    assert all(one != other for one, other in zip(dark, light, strict=True))


def test_clearing_and_names(view: LogView) -> None:
    view.clear()
    assert view.shown() == ""
    view.findChildren(QComboBox)[0].setCurrentIndex(1)
    assert view.shown() == ""
    for kind in (QToolButton, QComboBox, QPlainTextEdit):
        for each in view.findChildren(kind):
            if each.isVisible() and not isinstance(each.parentWidget(), QLineEdit):
                assert each.accessibleName(), each
                assert each.toolTip(), each
