"""Colours of the panels, mixed from the palette so that every theme has them."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from studio.ui.canvas.strokes import mixed

_GOLDEN = (5**0.5 - 1) / 2
"""Of the colour circle from one region's colour to the next."""
_RED = 4
"""Degrees on the colour circle."""


def raised(palette: QPalette) -> QColor:
    """The ground of a card, a shade lighter than the window."""
    window = palette.color(QPalette.ColorRole.Window)
    if is_dark(palette):
        return mixed(window, palette.color(QPalette.ColorRole.WindowText), 0.055)
    return mixed(window, palette.color(QPalette.ColorRole.Base), 0.55)


def outline(palette: QPalette) -> QColor:
    """The edge of a card or field."""
    window = palette.color(QPalette.ColorRole.Window)
    return mixed(window, palette.color(QPalette.ColorRole.WindowText), 0.16)


def quiet(palette: QPalette) -> QColor:
    """Text of the second rank, still easy to read."""
    text = palette.color(QPalette.ColorRole.WindowText)
    return mixed(text, palette.color(QPalette.ColorRole.Window), 0.38)


def warning(palette: QPalette) -> QColor:
    """A red that is readable on the window, as no palette has a role for it."""
    return QColor.fromHsl(_RED, 190, 168 if is_dark(palette) else 98)


def knob(palette: QPalette, *, lit: bool) -> QColor:
    """What is grasped: light in every theme, lighter while the mouse is over it."""
    role = QPalette.ColorRole.WindowText if is_dark(palette) else QPalette.ColorRole.Base
    window = palette.color(QPalette.ColorRole.Window)
    return mixed(palette.color(role), window, 0.0 if lit else 0.22)


def region_colour(place: int) -> QColor:
    """The colour of the region of the prompt at a place: each as far as can be from the others."""
    return QColor.fromHsvF((0.08 + place * _GOLDEN) % 1.0, 0.72, 0.98)


def is_dark(palette: QPalette) -> bool:
    """Whether texts are lighter than what they stand on."""
    return palette.color(QPalette.ColorRole.Window).lightness() < 128
