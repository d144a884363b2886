"""The log as signals, and word of finished paintings for those who look elsewhere."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from studio.log import log
from studio.ui.icons import icon


class LogSignals(QObject):
    """Hands on each line of the log to the window's thread."""

    line = Signal(int, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._handler = _Handler(self.line.emit)
        log.addHandler(self._handler)

    def end(self) -> None:
        """Hand on nothing more."""
        log.removeHandler(self._handler)


class _Handler(logging.Handler):
    def __init__(self, tell) -> None:  # type: ignore[no-untyped-def]
        super().__init__(logging.DEBUG)
        self._tell = tell
        self.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%H:%M:%S"))

    def emit(self, record: logging.LogRecord) -> None:
        self._tell(record.levelno, self.format(record))


class Notifier(QObject):
    """A message of the desktop when the window is not the one at work."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._tray: QSystemTrayIcon | None = None

    def tell(self, title: str, text: str) -> None:
        """Say that something is done, unless the person sees it anyhow."""
        if self._window.isActiveWindow():
            return
        QApplication.alert(self._window)
        if QSystemTrayIcon.isSystemTrayAvailable():
            if self._tray is None:
                self._tray = QSystemTrayIcon(icon("app"), self)
                self._tray.setToolTip("VQGAN-CLIP Studio")
            self._tray.show()
            self._tray.showMessage(title, text, icon("app"))

    def end(self) -> None:
        """Leave no icon behind."""
        if self._tray is not None:
            self._tray.hide()
