"""What a film of a project file is going to be, the pictures of its preview, and the writing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from studio import filming
from studio.core.film import Moment, Order
from studio.errors import StudioError
from studio.film.formats import Kind, format_of
from studio.filming import FilmPlan
from studio.project.file import Project
from studio.work.facts import FilmFacts, Picture
from studio.work.reel import Make

if TYPE_CHECKING:
    from studio.engine.morph import Traveller

SIDE = 384
"""Pixels of the longer side of a preview."""
THUMBNAIL = 96
"""The same of the picture in the list of films."""
AT_ONCE = 8
"""Recorded pictures that are read at once."""


@dataclass(frozen=True)
class Footage:
    """A film ready to be looked at."""

    facts: FilmFacts
    moments: Sequence[Moment] = ()
    make: Make | None = None
    batch: int = AT_ONCE
    is_slow: bool = False
    look: object = None
    """What pictures of the same moments have in common; with another one they are others."""


class Source:
    """Plans films and keeps what decodes their previews; used from threads of the pool."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._travel: tuple[object, Traveller] | None = None

    def clear(self) -> None:
        """Let go of the model."""
        with self._lock:
            self._travel = None

    def footage(self, path: Path, order: Order, kind: Kind, device: str) -> Footage:
        """The film that an order makes of a project, or why it makes none."""
        try:
            with Project.open(path, read_only=True) as project:
                plan = filming.plan(project, order, kind)
                travel, note = self._traveller(project, plan, device)
        except StudioError as error:
            nothing = (1, 1)
            return Footage(
                FilmFacts(order, 0, order.fps, nothing, nothing, 0, 0, (), problem=str(error))
            )
        facts = FilmFacts(
            order,
            plan.frames,
            order.fps,
            plan.size,
            plan.own,
            plan.bytes,
            plan.iterations,
            plan.stop_frames,
            f"{note} {plan.note}".strip(),
        )
        size = _within(plan.size, SIDE)
        return Footage(
            facts,
            plan.moments,
            partial(_pictures, path, plan, travel, size),
            1 if travel else AT_ONCE,
            travel is not None,
            (path, size, order.fit, order.captions, None if travel is None else order.requantize),
        )

    def _traveller(
        self, project: Project, plan: FilmPlan, device: str
    ) -> tuple[Traveller | None, str]:
        """What decodes a morph through latents, and what to know of the preview."""
        if plan.source != "latents":
            return None, ""
        order = msgspec.structs.replace(plan.order, path="straight")
        key = (project.path, project.models, order.take, order.requantize, device)
        polished = plan.order.path == "polished"
        note = "The preview is not polished; the film will be." if polished else ""
        with self._lock:
            if self._travel is not None and self._travel[0] == key:
                return self._travel[1], note
            self._travel = None  # before the next, so that both never fill the memory
            try:
                travel = filming.traveller(project, order, device)
            except StudioError as error:
                return None, f"{error} The preview dissolves from stop to stop."
            self._travel = key, travel
            return travel, note


async def write(
    path: Path, order: Order, out: Path, kind: Kind, device: str, tell: Callable[..., None]
) -> int:
    """Write a film; bytes of it. The project is read by a connection of its own.

    `tell` hears fields of `FilmNews`.
    """
    if kind != "folder":
        kind = format_of(out).kind  # who wrote another ending into the name wants that
    project = await asyncio.to_thread(Project.open, path, read_only=True)
    try:
        plan, travel = await _whole(partial(filming.ready, project, order, kind, device))
        notes = [plan.note] if plan.note else []
        if plan.source == "codes" and travel is None:
            notes.append("Made of the recorded previews, as the model is not here.")
        if notes:
            tell(note=" ".join(notes))
        tell(count=plan.frames, picture=await _whole(partial(_thumbnail, project, plan)))
        progress = _Progress(plan.frames, tell)
        made = await filming.make(project, plan, out, travel=travel, progress=progress.reach)
    finally:
        await _whole(project.close)
    return made.bytes


class _Progress:
    """How far a film is, and how long it will still take."""

    def __init__(self, count: int, tell: Callable[..., None]) -> None:
        self._count, self._tell = count, tell
        self._began = time.monotonic()

    def reach(self, done: int) -> None:
        left = None
        if done:
            left = (time.monotonic() - self._began) / done * (self._count - done)
        self._tell(quietly=done < self._count, done=done, left=left)


async def _whole(work: Callable[[], Any]) -> Any:
    """What the work gives, in a thread of the pool; it ends even if nobody wants it any more."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _thumbnail(project: Project, plan: FilmPlan) -> Picture:
    middle = plan.moments[len(plan.moments) // 2]
    shown = filming.pictures(project, plan, [middle], size=_within(plan.size, THUMBNAIL))
    return np.asarray(next(shown))


def _pictures(
    path: Path,
    plan: FilmPlan,
    travel: Traveller | None,
    size: tuple[int, int],
    moments: Sequence[Moment],
) -> list[Picture]:
    with Project.open(path, read_only=True) as project:
        shown = filming.pictures(project, plan, moments, travel, size)
        return [np.asarray(picture) for picture in shown]


def _within(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size, made smaller if a side is longer."""
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
