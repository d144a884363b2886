"""The tools of the canvas and what they are set to, for everyone who shows or uses them."""

from __future__ import annotations

import enum
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from studio.ui.brushes.dabs import LARGEST, SMALLEST, Tip


class Tool(enum.Enum):
    """What a press on the picture does."""

    MOVE = "move"
    REGION = "region"
    KEEP = "keep"
    COLOUR = "colour"
    SCRAMBLE = "scramble"
    PICK = "pick"

    @property
    def paints(self) -> bool:
        """Whether it leaves something on the picture."""
        return self in BRUSHES


BRUSHES = (Tool.REGION, Tool.KEEP, Tool.COLOUR, Tool.SCRAMBLE)
MASKED = (Tool.REGION, Tool.KEEP)
"""Those that paint a mask, which can be erased and changed as a whole."""


class Shape(enum.Enum):
    """How a brush covers: along the hand's way, or what its line goes around."""

    FREE = "free"
    LASSO = "lasso"
    RECTANGLE = "rectangle"


class Toolbox(QObject):
    """The tool at hand, and its settings."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tool = Tool.MOVE
        self.shape = Shape.FREE
        self.size = 40.0
        """Pixels of the picture, from side to side."""
        self.hardness = 0.75
        self.opacity = 1.0
        self.erases = False
        self.colour = QColor("#e8b23a")
        self.shows_masks = True

    @property
    def tip(self) -> Tip:
        """What the brush is set to."""
        return Tip(self.size, self.hardness, self.opacity)

    def take(self, tool: Tool) -> None:
        """Have another tool at hand; a brush is led freely at first."""
        self.set(tool=tool, shape=Shape.FREE)

    def shape_with(self, shape: Shape) -> None:
        """Cover so from now on, or freely again; with a region's brush if none is at hand."""
        tool = self.tool if self.tool.paints else Tool.REGION
        self.set(tool=tool, shape=Shape.FREE if shape is self.shape else shape)

    def resize(self, factor: float) -> None:
        """Make the tip larger or smaller, by a pixel at least."""
        now = round(self.size)
        wanted = max(round(now * factor), now + 1) if factor > 1 else min(now - 1, now * factor)
        self.set(size=float(round(wanted)))

    def swap(self) -> None:
        """Erase instead of painting, or the other way round."""
        self.set(erases=not self.erases)

    def set(self, **settings: Any) -> None:
        """Change settings, and tell of it if they are others."""
        if "size" in settings:
            settings["size"] = min(max(settings["size"], SMALLEST), LARGEST)
        before = {name: getattr(self, name) for name in settings}
        if before != settings:
            for name, value in settings.items():
                setattr(self, name, value)
            self.changed.emit()
