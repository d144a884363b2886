"""Small squares of picture files, made beside the window."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from studio.errors import RequestError
from studio.training.own_pictures import pixels_of
from studio.work.errands import Errands
from studio.work.facts import Picture


class Thumbnails(QObject):
    """Makes one after the other; what is asked for later takes the place of what is left."""

    made = Signal(object, object)
    """`Path` and its middle square, (side, side, 3) uint8 RGB."""

    def __init__(self, errands: Errands, side: int, parent: QObject | None = None) -> None:
        """`side`: pixels along the squares."""
        super().__init__(parent)
        self._errands, self._side = errands, side
        self._wanted: Sequence[Path] = ()

    def want(self, paths: Sequence[Path]) -> None:
        """Make those of these files; one that cannot be read is passed by."""
        self._wanted = paths

        async def make() -> None:
            for path in paths:
                if self._wanted is not paths:
                    return
                picture = await asyncio.to_thread(_square, path, self._side)
                if picture is not None and self._wanted is paths:
                    self.made.emit(path, picture)

        if paths:
            self._errands.run(make)


def _square(path: Path, side: int) -> Picture | None:
    try:
        pixels = pixels_of(path, side)
    except RequestError:  # the look at the folder tells of such files
        return None
    height, width, _ = pixels.shape
    top, left = (height - side) // 2, (width - side) // 2
    return np.ascontiguousarray(pixels[top : top + side, left : left + side])
