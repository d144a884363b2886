"""When Python looks for garbage: not while models are loaded, and not in what they bring."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, Slot

from studio.work.studio import Studio


class Garbage(QObject):
    """A look through all of torch's objects would stop every thread for a third of a second."""

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        gc.disable()
        studio.ready.connect(self._settle)
        studio.failed.connect(self._settle)

    @Slot()
    def _settle(self) -> None:
        """What is there by now stays; what comes is looked through as ever."""
        self._studio.ready.disconnect(self._settle)
        self._studio.failed.disconnect(self._settle)
        gc.freeze()
        gc.enable()
