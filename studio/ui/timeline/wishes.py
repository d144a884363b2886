"""Asks for the previews that are in sight and missing, now and then instead of at every move."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

PAUSE = 30
"""Milliseconds between one list and the next."""


class Wishes(QObject):
    """Names the missing iterations whenever they have changed."""

    wanted = Signal(list)

    def __init__(self, missing: Callable[[], list[int]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._missing = missing
        self._open: list[int] = []
        """The last list, without what has come since."""
        self._timer = QTimer(self, interval=PAUSE, singleShot=True)
        self._timer.timeout.connect(self._ask)

    def look_again(self) -> None:
        """What is in sight may have changed."""
        if not self._timer.isActive():
            self._timer.start()

    def rest(self) -> None:
        self._timer.stop()

    def forget(self) -> None:
        """Nothing that was asked for will be answered."""
        self._open = []

    def met(self, iteration: int) -> None:
        if iteration in self._open:
            self._open.remove(iteration)

    def _ask(self) -> None:
        missing = self._missing()
        if missing != self._open:
            self._open = missing
            self.wanted.emit(list(missing))
