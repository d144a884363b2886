"""Runs the event loop until something is so."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer

from studio.errors import StudioError

PATIENCE = 120_000
"""Milliseconds; a machine may be busy."""


def until(holds: Callable[[], bool], *signals: object) -> None:
    """Look again after each of the signals."""
    loop = QEventLoop()

    def look() -> None:
        if holds():
            loop.quit()

    for signal in signals:
        signal.connect(look)  # type: ignore[attr-defined]
    patience = QTimer(singleShot=True, interval=PATIENCE)
    patience.timeout.connect(lambda: loop.exit(1))
    patience.start()
    late = not holds() and loop.exec()
    patience.stop()
    for signal in signals:
        signal.disconnect(look)  # type: ignore[attr-defined]
    if late:
        raise StudioError("The window did not answer in two minutes.")


def pause(seconds: float) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop, loop.quit)
    loop.exec()
