"""Pixels as Qt shows them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QColorSpace, QImage

from studio.work.facts import Picture


def image_of(picture: Picture) -> QImage:
    """A picture (H, W, 3) as an image that shares its memory."""
    pixels = np.ascontiguousarray(picture)
    height, width, _ = pixels.shape
    image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    image.setColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    return image


def image_from(data: bytes, side: int | None = None) -> QImage | None:
    """An encoded picture, no larger than a side; None when it is none."""
    image = QImage.fromData(data)
    if image.isNull():
        return None
    if side is not None and max(image.width(), image.height()) > side:
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode
        image = image.scaled(side, side, keep, smooth.SmoothTransformation)
    return image


def encoded(image: QImage) -> bytes:
    """An image as the bytes of a PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
