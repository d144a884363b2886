"""The small pictures of the filmstrip that are at hand."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import OrderedDict

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

KEPT = 320


class Previews:
    """The previews last looked at, by iteration."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._pictures: OrderedDict[int, QImage] = OrderedDict()
        self._iterations: list[int] = []
        self._aspect = 1.0

    def __contains__(self, iteration: int) -> bool:
        return iteration in self._pictures

    def __len__(self) -> int:
        return len(self._pictures)

    def clear(self) -> None:
        self._pictures.clear()
        self._iterations.clear()

    def aspect(self) -> float:
        """Width to height of the last picture."""
        return self._aspect

    def put(self, iteration: int, picture: QImage, height: int) -> None:
        """Keep a picture, no higher than `height` pixels; the one unused for longest goes."""
        if picture.isNull() or height < 1:
            return
        self._aspect = picture.width() / picture.height()
        if iteration not in self._pictures:
            insort(self._iterations, iteration)
        self._pictures[iteration] = _small(picture, height)
        self._pictures.move_to_end(iteration)
        if len(self._pictures) > self._kept:
            gone, _ = self._pictures.popitem(last=False)
            self._iterations.remove(gone)

    def get(self, iteration: int) -> QImage | None:
        picture = self._pictures.get(iteration)
        if picture is not None:
            self._pictures.move_to_end(iteration)
        return picture

    def nearest(self, iteration: int) -> QImage | None:
        """The picture of the iteration closest to this one."""
        if not self._iterations:
            return None
        place = bisect_left(self._iterations, iteration)
        near = self._iterations[max(place - 1, 0) : place + 1]
        return self._pictures[min(near, key=lambda each: abs(each - iteration))]


def _small(picture: QImage, height: int) -> QImage:
    if picture.height() > height:
        width = max(round(height * picture.width() / picture.height()), 1)
        smooth = Qt.TransformationMode.SmoothTransformation
        return picture.scaled(QSize(width, height), mode=smooth)
    return picture.copy()
