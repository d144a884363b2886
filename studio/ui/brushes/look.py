"""How masks lie over the picture: tints, hatching and edges that march, in screen pixels."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, qRgba

from studio.ui.brushes.dabs import Box, Coverage
from studio.ui.brushes.masks import sampled
from studio.ui.canvas.view import View

LEVELS = 64
"""Steps of a tint that are told apart."""
ANTS = 8
"""Pixels after which a marching edge repeats."""
HATCH = 10
"""Pixels from one line of a hatching to the next."""
CHECK = 4
"""The same of small squares."""
HATCHED, EDGE = LEVELS, 2 * LEVELS
"""Where in the table of colours the lines of a hatching begin, and where an edge's."""
SHADED = EDGE + ANTS
"""And where the shadows of those lines do, which show them on a light ground."""
SEEN = 128
"""From here on a pixel is within the edge that is drawn."""


class Manner(enum.Enum):
    """How a mask is shown."""

    TINT = enum.auto()
    HATCHING = enum.auto()
    PAINT = enum.auto()
    """As the colour that it is to become."""
    CHECKS = enum.auto()
    """As what is undone."""


@dataclass(eq=False)
class Layer:
    """A mask over the picture."""

    mask: Coverage
    colour: QColor
    manner: Manner = Manner.TINT
    strength: float = 0.4
    """How much of the picture the colour covers."""
    marches: bool = False
    """Whether its edge moves; that of others is a still line in their colour."""
    version: int = 0
    """Counts on whenever the mask changes; its looks never do."""
    bounds: Box | None = field(default=None, repr=False)
    """Nothing of it lies beyond, while its mask is not touched."""
    shown: Shown | None = field(default=None, repr=False)
    """As it was drawn last."""

    def touch(self) -> None:
        """Its mask has changed."""
        self.version += 1
        self.bounds = None

    def reach(self) -> Box:
        """Where all of it lies."""
        if self.bounds is None:
            rows = np.flatnonzero(self.mask.any(1))
            columns = np.flatnonzero(self.mask.any(0))
            ends = [0, 0, 0, 0]
            if len(rows):
                ends = [int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1]
            self.bounds = Box(*ends)
        return self.bounds


@dataclass
class Shown:
    """A mask as it lies on the screen."""

    of: tuple[object, ...]
    image: QImage
    edge: QRect
    """What of the screen the edge runs through."""
    colours: list[int] = field(default_factory=list)
    """In which the image is drawn."""


def shown(layer: Layer, view: View, extent: tuple[int, int], area: QRect) -> Shown:
    """The layer in an area of the screen; the same as last time if nothing has changed."""
    key = (layer.version, view, extent, area.getRect())
    if layer.shown is None or layer.shown.of != key:
        layer.shown = _drawn(layer, view, extent, area, key)
    return layer.shown


def drawable(layer: Layer, made: Shown, phase: int) -> QImage:
    """The layer in its colours; the phase moves its edge on."""
    colours = _colours(layer.colour.rgba(), layer.strength, layer.marches and phase % ANTS)
    if made.colours is not colours:
        made.image.setColorTable(colours)
        made.colours = colours
        if not layer.marches:  # drawn many times as it is, and faster so
            made.image = made.image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    return made.image


@lru_cache(maxsize=256)
def _colours(rgba: int, strength: float, phase: int | bool) -> list[int]:
    """The table of colours that the numbers of a layer stand for; False is an edge at rest."""
    red, green, blue = QColor.fromRgba(rgba).getRgb()[:3]  # type: ignore[index]
    tints = [_clear(red, green, blue, strength * n / (LEVELS - 1)) for n in range(LEVELS)]
    lines = [_clear(255, 255, 255, 0.62 * n / (LEVELS - 1)) for n in range(LEVELS)]
    ants = [qRgba(255, 255, 255, 255), qRgba(20, 20, 20, 255)]
    shades = [_clear(0, 0, 0, 0.4 * n / (LEVELS - 1)) for n in range(LEVELS)]
    edge = [ants[(n + phase) % ANTS >= ANTS // 2] for n in range(ANTS)]
    if phase is False:
        edge = [rgba] * ANTS
    return tints + lines + edge + shades


def screen_box(box: Box, mask: Coverage, view: View, extent: tuple[int, int]) -> QRect:
    """Where on the screen a box of a mask lies, with room for an edge."""
    across, down = _steps(mask, view, extent)
    left, top = box.left * across + view.x, box.top * down + view.y
    right, bottom = box.right * across + view.x, box.bottom * down + view.y
    near = 2 + max(across, down)
    return QRect(
        int(left - near),
        int(top - near),
        int(right - left + 2 * near) + 1,
        int(bottom - top + 2 * near) + 1,
    )


def _drawn(
    layer: Layer, view: View, extent: tuple[int, int], area: QRect, key: tuple[object, ...]
) -> Shown:
    soft = _seen(layer.mask, view, extent, area.adjusted(-1, -1, 1, 1))
    inner = soft[1:-1, 1:-1]
    numbers = inner >> 2
    diagonal = _diagonal(area)
    if layer.manner is Manner.HATCHING:
        lines = (diagonal % HATCH < 2) & (inner > 0)
        shades = (diagonal % HATCH == 2) & (inner > 0)
        numbers = np.where(lines, numbers + HATCHED, np.where(shades, numbers + SHADED, numbers))
    elif layer.manner is Manner.CHECKS:
        numbers = np.where(_checked(area), numbers + HATCHED, numbers)
    there = _edges(soft)
    if layer.manner is not Manner.PAINT:
        numbers = np.where(there, (diagonal % ANTS).astype(np.uint8) + EDGE, numbers)
    return Shown(key, _image(numbers), _bounds(there, area))


def _seen(mask: Coverage, view: View, extent: tuple[int, int], area: QRect) -> Coverage:
    """The mask at each pixel of an area of the screen; nothing beyond the picture."""
    across, down = _steps(mask, view, extent)
    columns = (np.arange(area.left(), area.right() + 1) + 0.5 - view.x) / across - 0.5
    rows = (np.arange(area.top(), area.bottom() + 1) + 0.5 - view.y) / down - 0.5
    made = sampled(mask, rows, columns)
    made[(rows < -0.5) | (rows >= mask.shape[0] - 0.5)] = 0
    made[:, (columns < -0.5) | (columns >= mask.shape[1] - 0.5)] = 0
    return made


def _steps(mask: Coverage, view: View, extent: tuple[int, int]) -> tuple[float, float]:
    """How many pixels of the screen one of the mask's is wide and high."""
    height, width = mask.shape
    return view.scale * extent[0] / width, view.scale * extent[1] / height


def _diagonal(area: QRect) -> NDArray[np.int32]:
    """A number that grows from the upper left to the lower right of the screen."""
    columns = np.arange(area.left(), area.right() + 1, dtype=np.int32)
    rows = np.arange(area.top(), area.bottom() + 1, dtype=np.int32)
    return columns + rows[:, None]


def _checked(area: QRect) -> NDArray[np.bool_]:
    """Small squares by turns."""
    columns = np.arange(area.left(), area.right() + 1) // CHECK
    rows = np.arange(area.top(), area.bottom() + 1) // CHECK
    return np.asarray((columns + rows[:, None]) % 2 == 0)


def _edges(soft: Coverage) -> NDArray[np.bool_]:
    """Pixels within the mask that have one beside them that is not."""
    full = soft >= SEEN
    middle = full[1:-1, 1:-1]
    around = full[:-2, 1:-1] & full[2:, 1:-1] & full[1:-1, :-2] & full[1:-1, 2:]
    return middle & ~around


def _bounds(there: NDArray[np.bool_], area: QRect) -> QRect:
    rows, columns = np.flatnonzero(there.any(1)), np.flatnonzero(there.any(0))
    if not len(rows):
        return QRect()
    left, top = area.left() + int(columns[0]), area.top() + int(rows[0])
    return QRect(left, top, int(columns[-1] - columns[0]) + 1, int(rows[-1] - rows[0]) + 1)


def _image(numbers: NDArray[Any]) -> QImage:
    height, width = numbers.shape
    padded = np.zeros((height, (width + 3) // 4 * 4), np.uint8)
    padded[:, :width] = numbers
    bits: Any = padded.data
    return QImage(bits, width, height, padded.shape[1], QImage.Format.Format_Indexed8)


def _clear(red: int, green: int, blue: int, share: float) -> int:
    return qRgba(red, green, blue, round(255 * share))
