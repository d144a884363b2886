"""Tells when a widget has been drawn."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget


class Drawn(QObject):
    """Watches one widget for as long as that lives."""

    drawn = Signal()
    """The widget, and all in it, was drawn."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.installEventFilter(self)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        """The event is only announced here; it is over before the next one comes."""
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self, self.drawn.emit)
        return False
