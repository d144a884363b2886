"""Pictures of iterations read from the open project, in a thread of its own."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from PySide6.QtCore import QObject, Signal, Slot

from studio.errors import StudioError
from studio.log import log
from studio.pictures.decoder import PROXY, kept
from studio.project.file import Project
from studio.work.facts import Frame, Picture


class Reader(QObject):
    """Answers the newest wish only: a scrub that goes on makes older wishes worthless."""

    frame = Signal(object)
    """The `Frame` that the canvas wished for."""
    preview = Signal(object)
    """A small `Frame` for the filmstrip."""
    _woken = Signal()

    def __init__(self, preview_height: int) -> None:
        super().__init__()
        self._height = preview_height
        self._lock = Lock()
        self._reading = Lock()
        self._project: Project | None = None
        self._frame: tuple[int, int] | None = None
        self._reference: tuple[int, int] | None = None
        self._previews: list[tuple[int, int]] = []
        self._woken.connect(self._read)

    # From any thread

    def use(self, project: Project | None) -> None:
        """Read from this project from now on; returns once no read of another is under way."""
        with self._reading, self._lock:
            self._project, self._previews = project, []
            self._frame = self._reference = None

    def wish_frame(self, take: int, iteration: int) -> None:
        """Read this one next."""
        with self._lock:
            self._frame = (take, iteration)
        self._woken.emit()

    def wish_reference(self, take: int, iteration: int) -> None:
        """Read this one too; a newer wish of this kind replaces it, one for a frame does not."""
        with self._lock:
            self._reference = (take, iteration)
        self._woken.emit()

    def wish_previews(self, take: int, iterations: Sequence[int]) -> None:
        """Read these, the first first, in place of those wished for before."""
        with self._lock:
            self._previews = [(take, iteration) for iteration in iterations]
        self._woken.emit()

    # In the reader's thread

    @Slot()
    def _read(self) -> None:
        while True:
            with self._lock:
                wish = self._frame or self._reference
                large = wish is not None
                if self._frame is not None:
                    self._frame = None
                elif self._reference is not None:
                    self._reference = None
                elif self._previews:
                    wish = self._previews.pop(0)
            if wish is None:
                return
            project = self._project
            picture = self._picture(project, *wish, None if large else self._height)
            with self._lock:  # or it could be told after another project was
                if picture is not None and project is self._project:
                    (self.frame if large else self.preview).emit(Frame(*wish, picture))

    def _picture(
        self, project: Project | None, take: int, iteration: int, height: int | None
    ) -> Picture | None:
        """None when it cannot be had, for instance since another project was opened."""
        try:
            with self._reading:
                if project is None or project is not self._project:
                    return None
                data = project.proxy(take, iteration)
            return decoded(data, height)
        except (StudioError, ValueError, OSError) as error:
            log.warning("Iteration %d cannot be shown: %s", iteration, error)
            return None


def decoded(data: bytes, height: int | None = None) -> Picture:
    """A kept picture as pixels, shrunk to no more than a height while it is decoded."""

    def lower(width: int, own: int) -> tuple[int, int]:
        if height is None or own <= height:
            return width, own
        return max(1, round(width * height / own)), height

    return kept(data, fit=lower, formats=PROXY)
