"""Films for the window: counted, previewed and written, each without anybody waiting for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import RLock
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.core.film import Order, Place
from studio.errors import StudioError
from studio.film.formats import Kind
from studio.log import log
from studio.project.file import Project
from studio.work.errands import Errands
from studio.work.facts import FilmNews, Frame
from studio.work.faults import told
from studio.work.film_source import Footage, Source, write
from studio.work.reader import decoded
from studio.work.reel import Reel

STOP = 96
"""Pixels of the height of a stop's picture."""
TELLS = 0.1
"""Seconds between two words of how far a film is."""
Wish = tuple[Path, Order, Kind]
"""A film to be counted; another one is another object."""


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
    failed = Signal(object)
    """`Fault` of a count."""

    def __init__(self, errands: Errands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reel = Reel(errands, parent=self)
        self.device = "auto"
        """Where morphs are computed."""
        self._errands = errands
        self._lock = RLock()
        self._films: dict[int, FilmNews] = {}
        self._tasks: dict[int, asyncio.Task[Any]] = {}
        self._turn = asyncio.Lock()
        self._source, self._look = Source(), object()
        self._wish: Wish | None = None
        self._is_planning = False
        self._last_told, self._last_id = 0.0, 0

    # Counting and preview

    def plan(self, path: Path, order: Order, kind: Kind) -> None:
        """Count a film and get its preview ready, answered by `planned`; the newest wish counts."""
        with self._lock:
            self._wish = (path, order, kind)
            if self._is_planning:
                return
            self._is_planning = True
        self._errands.run(self._plan)

    def forget(self) -> None:
        """Nobody looks at a film now."""
        with self._lock:
            self._wish = None
            self.reel.clear()
            if not self._is_planning:  # else it is done there, and nobody waits for a model
                self._source.clear()

    async def _plan(self) -> None:
        wish = None
        while (wish := self._next_wish(wish)) is not None:
            path, order, kind = wish
            try:
                footage = await asyncio.to_thread(
                    self._source.footage, path, order, kind, self.device
                )
            except Exception as error:
                self.failed.emit(told(error))
                continue
            with self._lock:
                if self._wish is wish:
                    self._show(footage)

    def _next_wish(self, done: Wish | None) -> Wish | None:
        with self._lock:
            wish = None if self._wish is done else self._wish
            self._is_planning = wish is not None
            if self._wish is None:
                self._source.clear()
            return wish

    def _show(self, footage: Footage) -> None:
        if footage.make is None:
            self.reel.clear()
        else:
            self.reel.load(
                footage.moments,
                footage.make,
                batch=footage.batch,
                keep=footage.look == self._look,
                coarse=footage.is_slow,
            )
        self._look = footage.look
        self.planned.emit(footage.facts)

    # Stops

    def picture(self, path: Path, places: Sequence[Place]) -> None:
        """Small pictures of iterations, answered by `pictured`."""

        async def read() -> None:
            for frame in await asyncio.to_thread(_pictures, path, places):
                self.pictured.emit(frame)

        self._errands.run(read)

    # Writing

    def export(self, path: Path, order: Order, out: Path, kind: Kind) -> None:
        """Write a film, after those that wait already."""
        with self._lock:
            self._last_id += 1
            id = self._last_id
            self._films[id] = FilmNews(id, out, "waiting")
        self._tell()
        self._errands.run(partial(self._write, id, path, order, out, kind))

    def cancel(self, id: int) -> None:
        """Stop a film; nothing is left of it."""
        self._errands.call(self._cancel, id)

    def remove(self, id: int) -> None:
        """Take a film off the list; the file stays."""
        with self._lock:
            self._films.pop(id, None)
        self._tell()

    async def _write(self, id: int, path: Path, order: Order, out: Path, kind: Kind) -> None:
        """A film from its turn to its end, whatever that is."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks[id] = task
        try:
            async with self._turn:
                self._put(id, state="working")
                made = await write(path, order, out, kind, self.device, partial(self._put, id))
            self._put(id, state="done", bytes=made)
        except asyncio.CancelledError:
            self._put(id, state="cancelled")
            raise
        except Exception as error:
            self._put(id, state="failed", fault=told(error))
        finally:
            del self._tasks[id]
        with self._lock:
            film = self._films.get(id)
        if film is not None:
            self.finished.emit(film)

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
        with self._lock:  # also while it is told, or an older list could be told last
            self.changed.emit(list(self._films.values()))


def _pictures(path: Path, places: Sequence[Place]) -> list[Frame]:
    frames = []
    try:
        with Project.open(path, read_only=True) as project:
            for place in places:
                try:
                    data = project.proxy(*place)
                    frames.append(Frame(*place, decoded(data, STOP)))
                except (StudioError, ValueError, OSError) as error:
                    log.warning("Iteration %d has no picture: %s", place.iteration, error)
    except StudioError as error:
        log.warning("%s", error)
    return frames
