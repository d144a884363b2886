"""Two pictures set against each other."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

LIFTED = np.round(255 * (np.arange(256) / 255) ** 0.6).astype(np.uint8)
"""What a difference is shown as: small ones can be seen, and large ones can be told apart."""
OPAQUE = np.uint32(0xFF000000)


class Comparison(enum.Enum):
    """How the reference is set against the picture."""

    NONE = enum.auto()
    WIPE = enum.auto()
    DIFFERENCE = enum.auto()


@dataclass(frozen=True)
class Layer:
    """A picture to draw, from one share of its width to another."""

    picture: QImage
    left: float = 0.0
    right: float = 1.0


class Last:
    """The last picture made of something; made anew only of something else."""

    def __init__(self) -> None:
        self._of: tuple[int, ...] = ()
        self._made = QImage()

    def made(self, of: tuple[int, ...], make: Callable[[], QImage]) -> QImage:
        if of != self._of:
            self._of, self._made = of, make()
        return self._made


class Pair:
    """The picture and its reference, and what is to be seen of them."""

    def __init__(self) -> None:
        self.picture: QImage | None = None
        self.reference: QImage | None = None
        self.name = ""
        """What the reference is."""
        self.comparison = Comparison.NONE
        self.wipe = 0.5
        """The share of the width that shows the reference."""
        self.held = False
        """Whether the reference is shown in place of the picture."""
        self._now, self._then, self._apart = Last(), Last(), Last()

    def holding(self) -> bool:
        """Whether the reference alone is to be seen."""
        return self.held and self.reference is not None

    def wiping(self) -> bool:
        return self.comparison is Comparison.WIPE and not self.holding()

    def layers(self) -> list[Layer]:
        """What to draw."""
        if self.picture is None:
            return []
        now = self._now.made((self.picture.cacheKey(),), partial(drawable, self.picture))
        if self.reference is None or not (self.held or self.comparison is not Comparison.NONE):
            return [Layer(now)]
        size = now.size()
        then = self._then.made(
            (self.reference.cacheKey(), size.width(), size.height()),
            partial(matched, self.reference, size),
        )
        if self.wiping():
            return [Layer(then, 0, self.wipe), Layer(now, self.wipe, 1)]
        if self.holding():
            return [Layer(then)]
        keys = (now.cacheKey(), then.cacheKey())
        return [Layer(self._apart.made(keys, partial(difference, now, then)))]


def drawable(picture: QImage) -> QImage:
    """In a format that is drawn without a conversion each time."""
    formats = QImage.Format
    clear = picture.hasAlphaChannel()
    return picture.convertToFormat(
        formats.Format_ARGB32_Premultiplied if clear else formats.Format_RGB32
    )


def matched(reference: QImage, size: QSize) -> QImage:
    """The reference, ready to be drawn in the size of the picture."""
    if reference.size() == size:
        return drawable(reference)
    return drawable(reference).scaled(
        size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


def difference(picture: QImage, reference: QImage) -> QImage:
    """How far two pictures of one size are apart, channel by channel; black where not at all."""
    now, then = _opaque(picture), _opaque(reference)
    one, other = _channels(now), _channels(then)
    # Bytes all the way, as this is done for every iteration that comes in.
    apart = np.maximum(one, other)
    apart -= np.minimum(one, other)
    apart = LIFTED[apart]
    apart.view(np.uint32)[:] |= OPAQUE
    bits: Any = apart.data
    width, height = picture.width(), picture.height()
    return QImage(bits, width, height, width * 4, QImage.Format.Format_RGB32)


def _opaque(picture: QImage) -> QImage:
    return picture.convertToFormat(QImage.Format.Format_RGB32)


def _channels(picture: QImage) -> NDArray[np.uint8]:
    """The bytes of a picture, of four channels each pixel, without a copy."""
    bits: Any = picture.constBits()
    return np.frombuffer(bits, np.uint8)
