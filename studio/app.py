"""Puts the window together and runs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_API", "pyside6")

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QTimer,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from studio import __version__, crash, leftovers
from studio.log import log, log_path, start_logging
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


def application() -> QApplication:
    """Qt's, made if need be; where there can be no window it says so and the process ends."""
    there = QApplication.instance()
    if isinstance(there, QApplication):
        return there
    qInstallMessageHandler(_hear)
    made = QApplication(["VQGAN-CLIP Studio"])
    qInstallMessageHandler(None)
    return made


def _hear(kind: QtMsgType, context: QMessageLogContext, words: str) -> None:
    """What Qt says while it looks for a screen; after a fatal word it would abort."""
    log.debug("%s", words)
    if kind == QtMsgType.QtFatalMsg:
        log.error(
            "There is no screen for a window here, or a library of it is missing (%s says which); "
            "set DISPLAY to one that is there, or paint from here with `paint PROMPT`.",
            log_path(),
        )
        os._exit(1)


def main(path: Path | None = None, *, meet: Callable[[MainWindow], None] | None = None) -> int:
    """Open the window, with a project if one is named.

    Who wants to `meet` the window does so before it is shown.
    """
    start_logging()
    leftovers.sweep()
    watch = crash.start()
    app = application()
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
