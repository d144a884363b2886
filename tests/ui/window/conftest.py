"""The whole window with tiny models, driven by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from studio import places
from studio.project.preferences import Preferences
from studio.ui import theme
from studio.ui.window import MainWindow
from studio.work.studio import Studio
from studio.work.weights import load
from tests.fakes import Fault, faulty

BARE = Qt.KeyboardModifier.NoModifier


class Hand:
    """A person at the window."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self._qtbot = window, qtbot

    def wait(self, holds: Callable[[], bool]) -> None:
        """Until something is so."""
        self._qtbot.waitUntil(holds)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = BARE) -> None:
        """A key, wherever the focus is."""
        QTest.keyClick(self.focus, key, modifiers)

    def type(self, text: str) -> None:
        """Letters, wherever the focus is."""
        QTest.keyClicks(self.focus, text)

    def click(self, widget: QWidget, place: QPoint | None = None) -> None:
        """The left button, in the middle of a widget."""
        self._qtbot.mouseClick(
            widget, Qt.MouseButton.LeftButton, pos=place or widget.rect().center()
        )

    @property
    def focus(self) -> QWidget:
        """Where keys go."""
        return QApplication.focusWidget() or self.window

    def write_prompt(self, text: str, row: int = 0) -> None:
        """Into the prompt's field, in place of what is there."""
        field = self.fields()[row]
        self.click(field)
        field.selectAll()
        self.type(text)

    def fields(self) -> list[QPlainTextEdit]:
        """The texts of the prompts, from top to bottom."""
        return [
            field
            for field in self.window.docks.prompts.findChildren(QPlainTextEdit)
            if field.isVisible()
        ]

    def paint(self, length: int) -> None:
        """Press Paint and wait for a take of so many iterations to be done."""
        self.click(self.window.docks.bar.paint)
        self.wait(lambda: self.window.document.length >= length and self.is_at_rest())

    def is_at_rest(self) -> bool:
        """Whether nothing is painted."""
        return self.window.studio.activity in ("idle", "paused")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_models: None) -> Path:
    """A person's folders, empty."""
    for variable in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    projects = tmp_path / "Bilder ünï"
    projects.mkdir()
    monkeypatch.setattr(places, "projects", lambda: projects)
    monkeypatch.setattr(places, "examples", lambda: tmp_path / "examples")
    return tmp_path


@pytest.fixture
def fault() -> Fault:
    """Set its `kind` to make the painter fail."""
    return Fault()


@pytest.fixture
def open_window(
    qapp: QApplication, home: Path, fault: Fault, qtbot: QtBot
) -> Iterator[Callable[..., Hand]]:
    """Start the program as often as a test wants to."""
    theme.apply(qapp, "dark")
    opened: list[MainWindow] = []

    def start(path: Path | None = None) -> Hand:
        layout = QSettings(str(home / "layout.ini"), QSettings.Format.IniFormat)
        studio = Studio(load=faulty(load, fault))
        window = MainWindow(studio, Preferences(iterations=6), settings=layout)
        opened.append(window)
        window.resize(1600, 1000)
        window.show()
        window.activateWindow()
        window.start(path)
        qtbot.waitUntil(lambda: bool(window.docks.settings._factors))
        return Hand(window, qtbot)

    yield start
    for window in opened:
        window._quitting = True
        window.close()
        window.deleteLater()


@pytest.fixture
def hand(open_window: Callable[..., Hand]) -> Hand:
    """A person at a window that has just come up, with tiny pictures to paint."""
    hand = open_window()
    hand.window.document.edit({"size": (32, 32), "cutouts": 2}, "small")
    return hand
