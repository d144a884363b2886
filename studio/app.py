"""Puts the window together and runs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_API", "pyside6")

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from studio import __version__, crash, leftovers
from studio.log import log, start_logging
from studio.project import preferences
from studio.ui import theme
from studio.ui.drawn import Drawn
from studio.ui.garbage import Garbage
from studio.ui.icons import icon
from studio.ui.window import MainWindow
from studio.work.faults import told
from studio.work.studio import Studio


class Faults(QObject):
    """Exceptions that nobody caught, from any thread, brought to the window's."""

    happened = Signal(object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._before = sys.excepthook
        self.happened.connect(window.help.tell)
        sys.excepthook = self._hook

    def _hook(self, kind: type[BaseException], error: BaseException, trace: object) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QGuiApplication.quit()
            return
        self.happened.emit(told(error))

    @Slot()
    def end(self) -> None:
        """Let Python tell exceptions again."""
        sys.excepthook = self._before


def main(words: Sequence[str] = (), *, meet: Callable[[MainWindow], None] | None = None) -> int:
    """Open the window, with the project that the words name if there is one.

    Who wants to `meet` the window does so before it is shown.
    """
    start_logging()
    leftovers.sweep()
    watch = crash.start()
    app = QApplication.instance() or QApplication(["VQGAN-CLIP Studio"])
    assert isinstance(app, QApplication)
    app.setApplicationName("VQGAN-CLIP Studio")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("vqgan-clip-studio")
    app.setWindowIcon(icon("app"))
    chosen = preferences.load()
    theme.apply(app, chosen.theme)
    studio = Studio()
    Garbage(studio)
    window = MainWindow(studio, chosen)
    faults = Faults(window)
    window.closed.connect(faults.end)
    # Python sees signals such as Ctrl-C only when it runs
    pulse = QTimer(window, interval=500)
    pulse.timeout.connect(_nothing)
    pulse.start()
    if meet is not None:
        meet(window)
    window.show()
    path = Path(words[0]) if words else None
    first = Drawn(window)
    first.drawn.connect(partial(_begin, window, path), Qt.ConnectionType.SingleShotConnection)
    status = app.exec()
    studio.close()
    if watch is not None:
        watch.end()
    log.info("The window is closed.")
    return int(status)


def _begin(window: MainWindow, path: Path | None) -> None:
    window.start(path)
    window.help.offer_crash()


def _nothing() -> None:
    pass
