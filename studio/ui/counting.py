"""How many iterations come next: those that a person asks for, and those that a pause has left."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Counting(QObject):
    """Begins with what the person prefers; what is asked for since is forgotten with the window."""

    changed = Signal()

    def __init__(self, asked: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.asked = asked
        """Iterations of a new painting, or on top of what is painted."""
        self.left = 0
        """Those not painted yet of what was asked for last."""
        self.goes_on = False
        """Whether a press of the big button paints what is left."""

    @property
    def next(self) -> int:
        """What a press of the big button paints."""
        return self.left if self.goes_on else self.asked

    @property
    def ahead(self) -> int:
        """Iterations that are going to be painted if nothing else is said."""
        return self.left or self.asked

    def ask(self, count: int) -> None:
        """Another number for what is begun from now on."""
        self.asked = count
        self.changed.emit()

    def set_next(self, count: int) -> None:
        """Another number for the next press of the big button."""
        if self.goes_on:
            self.set_left(count)
        else:
            self.ask(count)

    def set_left(self, count: int) -> None:
        """So many are left."""
        if count != self.left:
            self.left = count
            self.changed.emit()

    def set_goes_on(self, goes_on: bool) -> None:
        """Whether the big button goes on with what was left."""
        if goes_on != self.goes_on:
            self.goes_on = goes_on
            self.changed.emit()
