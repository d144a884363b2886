"""The whole window with trainings that do as a test tells them to; nothing is painted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from studio import places
from studio.project.preferences import Preferences
from studio.ui import theme
from studio.ui.training import TrainingWindow
from studio.ui.window import MainWindow
from studio.work.stock import Stock
from studio.work.studio import Studio
from tests.ui.training.fake import OTHER, STARTER, FakeTrainings

PATIENCE = 60_000
"""Milliseconds; a machine may be busy."""


class Bench:
    """A person at the window, and the trainings that it talks to."""

    def __init__(self, window: MainWindow, trainings: FakeTrainings, qtbot: QtBot) -> None:
        self.window, self.trainings, self._qtbot = window, trainings, qtbot

    def wait(self, holds: Callable[[], bool]) -> None:
        """Until something is so."""
        self._qtbot.waitUntil(holds, timeout=PATIENCE)

    def click(self, widget: QWidget) -> None:
        """The left button, in the middle of a widget that can be pressed."""
        self.wait(widget.isVisible)
        assert widget.isEnabled()
        self._qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def answer(self, text: str) -> None:
        """Press a button of the question that is asked."""
        boxes = [each for each in self.window.findChildren(QMessageBox) if each.isVisible()]
        (button,) = [each for each in boxes[-1].buttons() if each.text().replace("&", "") == text]
        self.click(button)

    @property
    def training(self) -> TrainingWindow:
        """The training window, opened by its keys unless it is there."""
        shown = self.window.training.shown
        if shown is None or shown.isHidden():
            self.window.activateWindow()
            self.wait(self.window.isActiveWindow)
            keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            QTest.keyClick(self.window, Qt.Key.Key_T, keys)
        shown = self.window.training.shown
        assert shown is not None
        return shown


@pytest.fixture
def bench(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bench]:
    """A window that has just come up, with two VQGANs to begin with."""
    for variable in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    monkeypatch.setattr(places, "projects", lambda: tmp_path)
    monkeypatch.setattr(places, "examples", lambda: tmp_path / "examples")
    theme.apply(qapp, "dark")
    studio = Studio()
    studio.trainings = trainings = FakeTrainings(studio.errands, studio)
    layout = QSettings(str(tmp_path / "layout.ini"), QSettings.Format.IniFormat)
    window = MainWindow(studio, Preferences(), settings=layout)
    window.resize(1600, 1000)
    window.show()
    window.activateWindow()
    studio.downloads.stock.emit(Stock((STARTER, OTHER), 0, 1, tmp_path))
    yield Bench(window, trainings, qtbot)
    window._quitting = True
    window.close()
    window.deleteLater()
