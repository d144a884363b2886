"""The colours and letters of the timeline, all from the palette."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLocale
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QWidget

from studio.ui.canvas.strokes import mixed

TURN = 0.381966
"""Of the colour circle from one take to the next: the golden angle, so that none repeats."""


@dataclass(frozen=True)
class Look:
    """What a lane needs to know to draw itself."""

    palette: QPalette
    font: QFont
    small: QFont
    locale: QLocale

    @classmethod
    def of(cls, widget: QWidget) -> Look:
        small = QFont(widget.font())
        small.setPointSizeF(max(small.pointSizeF() * 0.82, 6.5))
        return cls(widget.palette(), widget.font(), small, widget.locale())

    def number(self, iteration: int) -> str:
        return self.locale.toString(iteration)

    @property
    def ground(self) -> QColor:
        return self.palette.color(QPalette.ColorRole.Base)

    @property
    def panel(self) -> QColor:
        return self.palette.color(QPalette.ColorRole.Window)

    @property
    def ink(self) -> QColor:
        return self.palette.color(QPalette.ColorRole.WindowText)

    @property
    def accent(self) -> QColor:
        return self.palette.color(QPalette.ColorRole.Accent)

    @property
    def bright(self) -> QColor:
        """The accent where it has to be found at a glance."""
        return mixed(self.accent, self.ink, 0.3)

    def faint(self, share: float) -> QColor:
        """The panel with a share of ink."""
        return mixed(self.panel, self.ink, share)


def take_colour(accent: QColor, index: int) -> QColor:
    """One colour for each track, as strong as the accent."""
    turned = (max(accent.hslHueF(), 0.0) + index * TURN) % 1.0
    saturation = min(max(accent.hslSaturationF(), 0.35), 0.6)
    lightness = min(max(accent.lightnessF(), 0.45), 0.62)
    return QColor.fromHslF(turned, saturation, lightness)
