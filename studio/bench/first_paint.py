"""Run as a process: the program itself, which says when its window is drawn, and closes it."""

from __future__ import annotations

import json
import sys
import time

from PySide6.QtCore import QObject, Slot

from studio import app
from studio.ui.drawn import Drawn
from studio.ui.window import MainWindow


class FirstPaint(QObject):
    """Prints a JSON object once the window is drawn, and another once the models are loaded."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._is_drawn = False
        Drawn(window).drawn.connect(self._drawn)
        window.studio.ready.connect(self._loaded)
        window.studio.failed.connect(self._failed)

    @Slot()
    def _drawn(self) -> None:
        if not self._is_drawn:
            self._is_drawn = True
            _say("drawn")

    @Slot()
    def _loaded(self) -> None:
        _say("loaded")
        self._window.close()

    @Slot()
    def _failed(self) -> None:
        self._window.close()


def _say(what: str) -> None:
    # counted from the start of the computer, so that two processes can compare
    said = {"what": what, "at": time.monotonic(), "torch": "torch" in sys.modules}
    print(json.dumps(said), flush=True)


def _meet(window: MainWindow) -> None:
    FirstPaint(window)


if __name__ == "__main__":
    sys.exit(app.main(meet=_meet))
