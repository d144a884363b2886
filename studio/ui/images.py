"""Pixels as Qt shows them."""

from __future__ import annotations

import numpy as np
from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColorSpace, QImage

from studio.pictures.decoder import UnreadableError, kept
from studio.work.facts import Picture

FASTEST = 100
"""Qt's word for a PNG that is not compressed: it only goes from one thread to another."""


def image_of(picture: Picture) -> QImage:
    """A picture (H, W, 3) as an image that shares its memory."""
    pixels = np.ascontiguousarray(picture)
    height, width, _ = pixels.shape
    image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    image.setColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    return image


def image_from(data: bytes, side: int | None = None) -> QImage | None:
    """An encoded picture, no larger than a side; None when it is none."""

    def fit(width: int, height: int) -> tuple[int, int]:
        scale = 1.0 if side is None else min(1.0, side / max(width, height))
        return max(1, round(width * scale)), max(1, round(height * scale))

    try:
        return image_of(kept(data, fit=fit, resample=Image.Resampling.BOX)).copy()
    except UnreadableError:
        return None


def encoded(image: QImage) -> bytes:
    """An image as the bytes of a PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", FASTEST)  # type: ignore[call-overload]
    return bytes(buffer.data().data())
