"""Masks: what is done to one as a whole, and how it is kept as a picture."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF

from studio.pictures import png
from studio.pictures.decoder import kept
from studio.ui.brushes.dabs import Box, Coverage

Size = tuple[int, int]

LONGEST = 256
"""Pixels of the longer side that a mask is painted with; those of larger pictures are coarser.

It is finer than the cells of the codes that it decides about, and a stroke takes little to keep.
"""
LEVELS = 63
"""Steps from nothing to all that are kept."""
STEP, FEATHER = 1 / 64, 1 / 48
"""Of the longer side: how far a mask grows at once, and over how much its edge fades."""
FAST = 3
"""zlib's effort: masks are large flat areas, and a stroke must not wait for more."""

_KEPT = np.rint(np.rint(np.arange(256) * LEVELS / 255) * 255 / LEVELS).astype(np.uint8)


def size_for(picture: Size) -> Size:
    """Width and height of the masks of a picture."""
    scale = min(1.0, LONGEST / max(picture))
    return max(1, round(picture[0] * scale)), max(1, round(picture[1] * scale))


def blank(size: Size, value: int = 0) -> Coverage:
    """A mask that is the same everywhere."""
    return np.full((size[1], size[0]), value, np.uint8)


def read(data: bytes, size: Size) -> Coverage:
    """A mask that was kept, or any picture's lightness, in a size; raises UnreadableError."""
    return kept(data, "L", lambda _width, _height: size)


def rounded(mask: Coverage) -> Coverage:
    """A mask in as many steps as are kept."""
    return np.asarray(_KEPT[mask], np.uint8)


def changed(mask: Coverage, what: str) -> Coverage:
    """A mask after something is done with all of it; what, `Rail.mask_change_wanted` tells."""
    height, width = mask.shape
    step, reach = (max(1, round(max(mask.shape) * share)) for share in (STEP, FEATHER))
    if what in ("fill", "clear"):
        return blank((width, height), 255 if what == "fill" else 0)
    if what == "invert":
        return inverted(mask)
    if what == "feather":
        return feathered(mask, reach)
    return grown(mask, step if what == "grow" else -step)


def written(mask: Coverage) -> tuple[str, bytes]:
    """A mask as a PNG, with its sha256."""
    data = png.encoded(mask, effort=FAST)
    return hashlib.sha256(data).hexdigest(), data


def outlined(size: Size, points: Sequence[tuple[float, float]], opacity: float) -> Coverage:
    """What lies within a line that is drawn around it."""
    image = QImage(size[0], size[1], QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    value = round(255 * opacity)
    painter.setBrush(QColor(value, value, value))
    painter.drawPolygon(QPolygonF([QPointF(*each) for each in points]))
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8)
    return rows.reshape(size[1], image.bytesPerLine())[:, : size[0]].copy()


def shifted(mask: Coverage, right: int, down: int) -> Coverage:
    """A mask elsewhere; what leaves the picture is gone."""
    made = np.zeros_like(mask)
    height, width = mask.shape
    to = slice(max(down, 0), height + min(down, 0)), slice(max(right, 0), width + min(right, 0))
    of = slice(max(-down, 0), height - max(down, 0)), slice(max(-right, 0), width - max(right, 0))
    if abs(down) < height and abs(right) < width:
        made[to] = mask[of]
    return made


def inverted(mask: Coverage) -> Coverage:
    """Where it was not."""
    return np.asarray(255 - mask, np.uint8)


def grown(mask: Coverage, steps: int) -> Coverage:
    """Wider by so many pixels on all sides; below 0, narrower."""
    if steps < 0:
        return inverted(grown(inverted(mask), -steps))
    made = mask.copy()
    for step in range(steps):
        made = _spread(made, corners=bool(step % 2))
    return made


def feathered(mask: Coverage, reach: int) -> Coverage:
    """With an edge that fades over about so many pixels."""
    made = mask.astype(np.float32)
    for _ in range(3):  # three boxes are all but a bell
        made = _boxed(_boxed(made, reach).T, reach).T
    return np.asarray(np.rint(made), np.uint8)


def sampled(
    mask: Coverage, rows: NDArray[np.floating[Any]], columns: NDArray[np.floating[Any]]
) -> Coverage:
    """A mask at places between its pixels; beyond them, as at its edge."""
    return _taken(_taken(mask, rows, 0), columns, 1)


def cut(mask: Coverage, box: Box, size: Size) -> tuple[int, int, Coverage]:
    """A box of a mask in the pixels of a picture, and where in it its upper left corner lies."""
    across, down = size[0] / mask.shape[1], size[1] / mask.shape[0]
    left, top = math.floor(box.left * across), math.floor(box.top * down)
    right, bottom = math.ceil(box.right * across), math.ceil(box.bottom * down)
    columns = (np.arange(left, right) + 0.5) / across - 0.5
    rows = (np.arange(top, bottom) + 0.5) / down - 0.5
    return left, top, sampled(mask, rows, columns)


def _taken(mask: Coverage, places: NDArray[np.floating[Any]], axis: int) -> Coverage:
    """Rows or columns at places between the mask's own."""
    last = mask.shape[axis] - 1
    first = np.clip(np.floor(places).astype(np.intp), 0, last)
    second = np.minimum(first + 1, last)
    share = np.clip((places - first) * 128, 0, 128).astype(np.uint16)
    share = share[:, None] if axis == 0 else share
    one, other = mask.take(first, axis), mask.take(second, axis)
    return ((one * (128 - share) + other * share) >> 7).astype(np.uint8)


def _spread(mask: Coverage, *, corners: bool) -> Coverage:
    """A pixel further, to four sides or to eight: by turns, what is round stays round."""
    made = mask.copy()
    for axis in (0, 1):
        source = made.copy() if corners else mask
        to, of = np.moveaxis(made, axis, 0), np.moveaxis(source, axis, 0)
        np.maximum(to[1:], of[:-1], out=to[1:])
        np.maximum(to[:-1], of[1:], out=to[:-1])
    return made


def _boxed(rows: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """Each pixel the mean of those up to so far above and below it."""
    padded = np.pad(rows, ((reach + 1, reach), (0, 0)), "edge")
    summed = np.cumsum(padded, axis=0, dtype=np.float64)
    across = 2 * reach + 1
    return np.asarray((summed[across:] - summed[:-across]) / across, np.float32)
