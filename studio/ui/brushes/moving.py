"""Whether things may move by themselves, or a person has asked the system for stillness."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

REDUCED = "ReducedMotion"


def may_move() -> bool:
    """False where the desktop says that its person wants reduced motion."""
    hints = QGuiApplication.styleHints().accessibility()
    asked = getattr(hints, "motionPreference", None)  # told from Qt 6.12 on
    return asked is None or getattr(asked(), "name", "") != REDUCED
