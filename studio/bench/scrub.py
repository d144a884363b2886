"""A hand on the playhead that waits for each picture."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from studio.ui.drawn import Drawn
from studio.ui.window import MainWindow
from studio.work.facts import Frame


class Scrub(QObject):
    """Goes to the next position once the picture of the last one was drawn on the canvas."""

    over = Signal()

    def __init__(self, window: MainWindow, canvas: Drawn, positions: Sequence[int]) -> None:
        super().__init__(window)
        self._timeline = window.docks.timeline
        self._left = list(positions)[::-1]
        self._wanted, self._arrived = -1, False
        self.count = 0
        """Pictures drawn."""
        self.is_over = False
        # the viewer was connected first, so the canvas has the picture by then
        window.studio.frame.connect(self._take_frame)
        canvas.drawn.connect(self._look)

    def begin(self) -> None:
        """Go to the first position."""
        self._go_on()

    def _go_on(self) -> None:
        here = self._timeline.position()
        while self._left and self._left[-1] == here:
            self._left.pop()
        if self._left:
            self._wanted, self._arrived = self._left.pop(), False
            self._timeline.set_position(self._wanted)
        else:
            self.is_over = True
            self.over.emit()

    @Slot(object)
    def _take_frame(self, frame: Frame) -> None:
        self._arrived = self._arrived or frame.iteration == self._wanted

    @Slot()
    def _look(self) -> None:
        if self._arrived and not self.is_over:
            self.count += 1
            self._go_on()
