"""The gauge of memory: told as it is, also in the middle of a long iteration."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio.work import memory
from studio.work.weights import Shelf

EVERY = 1000
"""Milliseconds."""


class Gauge(QObject):
    """Looks from a thread that never paints."""

    told = Signal(object)
    """`Memory`."""

    def __init__(self, shelf: Shelf) -> None:
        super().__init__()
        self._shelf = shelf
        self._timer = QTimer(self, interval=EVERY)
        self._timer.timeout.connect(self._look)

    @Slot()
    def begin(self) -> None:
        """Tell from now on."""
        self._look()
        self._timer.start()

    @Slot()
    def end(self) -> None:
        """Look no more."""
        self._timer.stop()

    @Slot()
    def _look(self) -> None:
        found = memory.seen(self._shelf.computes_on)
        if found is not None:
            self.told.emit(found)
