"""Films for the window: counted, previewed and written, each without anybody waiting for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.core.film import Order, Place
from studio.errors import StudioError
from studio.log import log
from studio.project.file import Project
from studio.work.errands import Errands
from studio.work.facts import FilmNews, Frame
from studio.work.faults import told
from studio.work.film_source import plan
from studio.work.reader import decoded
from studio.work.reel import Reel

THUMBNAIL = 96
"""Pixels of the height of a stop's picture."""
TELLS = 0.1
"""Seconds between two words of how far a film is."""


class Films(QObject):
    """Answers what the film window asks; requests come from its thread, work is done elsewhere."""

    planned = Signal(object)
    """`FilmFacts` of the order asked for last."""
    pictured = Signal(object)
    """A small `Frame` of a stop."""
    changed = Signal(list)
    """`FilmNews` of all films, in the order in which they are written."""
    finished = Signal(object)
    """`FilmNews` of a film that is done or has failed."""

    def __init__(self, errands: Errands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reel = Reel(errands, parent=self)
        self.device = "auto"
        """Where morphs are computed."""
        self._errands = errands
        self._lock = Lock()
        self._films: dict[int, FilmNews] = {}
        self._tasks: dict[int, asyncio.Task[Any]] = {}
        self._turn = asyncio.Lock()
        self._wish: tuple[Path, Order, str] | None = None
        self._is_planning = False
        self._last_told = 0.0

    # Counting and preview

    def plan(self, path: Path, order: Order, ending: str) -> None:
        """Count a film and get its preview ready, answered by `planned`; the newest wish counts."""
        with self._lock:
            self._wish = (path, order, ending)
            if self._is_planning:
                return
            self._is_planning = True
        self._errands.run(self._plan)

    def forget(self) -> None:
        """There is no film to preview."""
        with self._lock:
            self._wish = None
        self.reel.clear()

    async def _plan(self) -> None:
        while (wish := self._next_wish()) is not None:
            facts, show = await asyncio.to_thread(plan, *wish)
            if self._wish is None:
                show(self.reel)
                self.planned.emit(facts)

    def _next_wish(self) -> tuple[Path, Order, str] | None:
        with self._lock:
            wish, self._wish = self._wish, None
            self._is_planning = wish is not None
            return wish

    # Stops

    def picture(self, path: Path, places: Sequence[Place]) -> None:
        """Small pictures of iterations, answered by `pictured`."""

        async def read() -> None:
            for frame in await asyncio.to_thread(_pictures, path, places):
                self.pictured.emit(frame)

        self._errands.run(read)

    # Writing

    def export(self, path: Path, order: Order, out: Path) -> None:
        """Write a film, after those that wait already."""
        raise NotImplementedError

    def cancel(self, id: int) -> None:
        """Stop a film; nothing is left of it."""
        self._errands.call(self._cancel, id)

    def remove(self, id: int) -> None:
        """Take a film off the list; the file stays."""
        with self._lock:
            self._films.pop(id, None)
        self._tell()

    def _cancel(self, id: int) -> None:
        task = self._tasks.get(id)
        if task is not None:
            task.cancel()

    def _put(self, id: int, *, quietly: bool = False, **fields: Any) -> None:
        """What is new of a film; if `quietly`, it is told when something was not just now."""
        with self._lock:
            if id in self._films:
                self._films[id] = replace(self._films[id], **fields)
            now = time.monotonic()
            if quietly and now - self._last_told < TELLS:
                return
            self._last_told = now
        self._tell()

    def _tell(self) -> None:
        with self._lock:
            films = list(self._films.values())
        self.changed.emit(films)


def _pictures(path: Path, places: Sequence[Place]) -> list[Frame]:
    frames = []
    try:
        with Project.open(path, read_only=True) as project:
            for place in places:
                try:
                    data = project.proxy(*place)
                    frames.append(Frame(*place, decoded(data, THUMBNAIL)))
                except (StudioError, ValueError, OSError) as error:
                    log.warning("Iteration %d has no picture: %s", place.iteration, error)
    except StudioError as error:
        told(error)
    return frames
