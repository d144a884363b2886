"""The window on small screens."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from studio.project.preferences import Preferences
from studio.ui.window import MainWindow
from studio.work.studio import Studio


def test_on_a_small_screen_it_is_no_wider_than_it_must_be(
    home: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    studio = Studio()
    layout = QSettings(str(tmp_path / "layout.ini"), QSettings.Format.IniFormat)
    window = MainWindow(studio, Preferences(), settings=layout)
    qtbot.addWidget(window)
    room = window.screen().availableSize().width()
    least = window.minimumSizeHint().width()
    try:
        assert least < 1280
        assert window.width() == max(least, min(room, 1600))
    finally:
        window._quitting = True
        window.close()
        studio.close()
