"""The window on screens of several sizes: within them, and most of the room is the picture's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QDockWidget

from tests.ui.window.conftest import Hand

PROGRAM = """
import json, os
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from studio.project.preferences import Preferences
from studio.ui import theme
from studio.ui.window import MainWindow
from studio.work.studio import Studio

app = QApplication([])
theme.apply(app, "dark")
layout = QSettings(os.environ["LAYOUT"], QSettings.Format.IniFormat)
window = MainWindow(Studio(), Preferences(), settings=layout)
window.show_canvas()
window.show()
for _ in range(5):
    app.processEvents()
frame, canvas = window.frameGeometry(), window.canvas.size()
print(json.dumps([frame.x(), frame.y(), frame.width(), frame.height(), *canvas.toTuple()]))
window._quitting = True
window.close()
os._exit(0)
"""


def shown(folder: Path, width: int, height: int) -> tuple[QRect, int, int]:
    """Where the window is on a screen of that size, and how large its canvas."""
    screen = {"name": "s", "x": 0, "y": 0, "width": width, "height": height, "logicalDpi": 96,
              "logicalBaseDpi": 96, "dpr": 1}  # fmt: skip
    file = folder / "screens.json"
    file.write_text(json.dumps({"screens": [screen]}))
    told = {
        "QT_QPA_PLATFORM": f"offscreen:configfile={file}",
        "LAYOUT": str(folder / "layout.ini"),
        "XDG_CONFIG_HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_STATE_HOME": str(folder),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | told,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    *frame, canvas_width, canvas_height = json.loads(done.stdout.splitlines()[-1])
    return QRect(*frame), canvas_width, canvas_height


@pytest.mark.slow
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1024, 640), (2560, 1440)])
def test_the_first_window_is_within_the_screen(tmp_path: Path, width: int, height: int) -> None:
    frame, *canvas = shown(tmp_path, width, height)
    assert QRect(0, 0, width, height).contains(frame)
    if (width, height) == (1280, 720):
        assert min(canvas) >= 380
        assert max(canvas) >= 580


@pytest.mark.slow
def test_a_window_of_a_larger_screen_is_drawn_in(tmp_path: Path) -> None:
    shown(tmp_path, 2560, 1440)
    frame, *_ = shown(tmp_path, 1280, 720)
    assert QRect(0, 0, 1280, 720).contains(frame)


def test_all_panels_can_be_put_aside_for_the_picture(hand: Hand) -> None:
    window = hand.window
    window.docks.docks["history"].close()
    before = [dock.isVisible() for dock in window.docks.docks.values()]
    window.show_canvas()
    room = window.canvas.width()
    window.actions_["picture_only"].trigger()
    hand.wait(lambda: window.canvas.width() > room + 500)
    assert not any(dock.isVisible() for dock in window.findChildren(QDockWidget))
    window.actions_["picture_only"].trigger()
    hand.wait(lambda: window.canvas.width() == room)
    assert [dock.isVisible() for dock in window.docks.docks.values()] == before
