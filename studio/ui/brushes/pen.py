"""What a pen tells, made sound: no pressure that fails, no mouse beside it."""

from __future__ import annotations

import time

from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent

DOUBLED = 0.08
"""Seconds after a pen's event in which a press of the mouse is the same one told again."""
LIGHT = 0.05
"""The pressure of a touch that never told any."""


class Pen:
    """Hears what a pen does."""

    def __init__(self) -> None:
        self.is_down = False
        self._pressure: float | None = None
        self._heard = -DOUBLED

    def press(self, event: QTabletEvent) -> None:
        """It touches the tablet."""
        self.is_down, self._pressure = True, None
        self.hear()

    def lift(self) -> None:
        """It leaves the tablet."""
        self.is_down = False
        self.hear()

    def hear(self) -> None:
        """It has told something, if only where it hovers."""
        self._heard = time.monotonic()

    def is_doubled(self) -> bool:
        """Whether what the mouse tells now comes from the pen."""
        return self.is_down or time.monotonic() - self._heard < DOUBLED

    def pressure(self, event: QTabletEvent) -> float | None:
        """How hard it is pressed: where none is told, as before; None before any was told."""
        if not event.pointingDevice().capabilities() & QInputDevice.Capability.Pressure:
            return 1.0
        if event.pressure() > 0:
            self._pressure = min(event.pressure(), 1.0)
        return self._pressure


def is_eraser(event: QTabletEvent) -> bool:
    """Whether it is the pen's other end."""
    return event.pointerType() == QPointingDevice.PointerType.Eraser
