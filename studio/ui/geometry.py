"""Where the window stands: within the screen, its frame included, however small the screen is."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QWidget

LIKED = QSize(1600, 1000)
FRAMED = 500
"""Milliseconds after which a desktop has drawn the frame."""
_WHOLE = Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen


def place_at_first(window: QWidget) -> None:
    """As large as is liked, and at most all of the screen."""
    window.resize(LIKED.boundedTo(window.screen().availableGeometry().size()))


def keep_on_screen(window: QWidget) -> None:
    """Draw a window in that reaches beyond its screen, once its frame is there."""
    room, frame = window.screen().availableGeometry(), window.frameGeometry()
    if window.windowState() & _WHOLE or room.contains(frame):
        return
    border = frame.size() - window.size()
    window.resize(window.size().boundedTo(room.size() - border))
    window.move(_inside(QRect(frame.topLeft(), window.size() + border), room))


def _inside(frame: QRect, room: QRect) -> QPoint:
    left = max(min(frame.left(), room.right() + 1 - frame.width()), room.left())
    return QPoint(left, max(min(frame.top(), room.bottom() + 1 - frame.height()), room.top()))
