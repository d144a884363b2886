"""`export`: the iterations of a project become a film, a GIF, numbered pictures or one picture."""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from studio import filming
from studio.cli import answer
from studio.cli.interrupt import stoppable
from studio.cli.progress import Progress
from studio.core.film import Fit, Loop, Mode, Order, Pace, Quality
from studio.core.film import Path as Way
from studio.errors import RequestError
from studio.film import formats
from studio.film.presets import preset
from studio.film.spec import Made
from studio.film.whole import check_out
from studio.filming import FilmPlan
from studio.log import log
from studio.project.file import Project

LOOKS = 0.1
"""Seconds between two looks at whether the person wants it to stop."""


@dataclass(frozen=True, kw_only=True)
class ExportOptions:
    """What a person asked `export` to do, as the parser names it; None for what was not said."""

    command: str
    project: Path
    out: str
    mode: Mode
    take: int | None
    first: int | None
    last: int | None
    path: Way
    requantize: bool
    polish: int | None
    fps: float | None
    speed: float | None
    duration: float | None
    pace: Pace
    loop: Loop
    hold_first: float
    hold_last: float
    size: tuple[int, int] | None
    fit: Fit | None
    quality: Quality | None
    preset: str | None
    captions: bool
    soundtrack: Path | None
    device: str
    json: bool


def run(arguments: argparse.Namespace) -> int:
    """Export what the arguments ask for."""
    options = ExportOptions(**vars(arguments))
    format = formats.format_of(options.out)
    out = Path(options.out)
    check_out(Path(os.path.abspath(out)), format)
    with Project.open(options.project, read_only=True) as project:
        order = _order(options, project)
        formats.check(order, format)
        with stoppable() as asked_to_stop:
            plan, travel = filming.ready(project, order, format.kind, options.device)
            _tell(plan, out)
            with Progress(plan.frames, "frame") as progress:
                making = filming.make(project, plan, out, travel=travel, progress=progress.reach)
                made = asyncio.run(_unless_stopped(making, asked_to_stop))
    if made is None:
        log.warning("Stopped; nothing of %s was written.", out)
        return 130
    answer.give(_answer(made, plan, out), _lines(made, out), as_json=options.json)
    return 0


async def _unless_stopped(making: Any, asked_to_stop: Callable[[], bool]) -> Made | None:
    """What is made; None when it was stopped, and then nothing is left of it."""
    task: asyncio.Task[Made] = asyncio.ensure_future(making)
    while not task.done():
        await asyncio.wait([task], timeout=LOOKS)
        if asked_to_stop() and not task.done():
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            return None
    return task.result()


def _order(options: ExportOptions, project: Project) -> Order:
    order = _ranged(options, project)
    if options.preset is not None:
        order = preset(options.preset).applied(order)
    return msgspec.structs.replace(order, **_given(options))


def _ranged(options: ExportOptions, project: Project) -> Order:
    """Take, range and stops; without a range, the stops of the film that the window made."""
    stops = () if project.film is None else project.film.stops
    unsaid = options.take is None and options.first is None and options.last is None
    if options.mode == "morph" and unsaid and stops:
        return Order(mode="morph", take=stops[0].take, stops=stops)
    return Order(
        mode=options.mode,
        take=_newest(project) if options.take is None else options.take,
        first=options.first or 0,
        last=options.last,
    )


def _newest(project: Project) -> int:
    take = max((take.id for take in project.takes() if not take.deleted), default=None)
    if take is None:
        raise RequestError(f"Every take of {project.path.name} is deleted; restore one first.")
    return take


def _given(options: ExportOptions) -> dict[str, Any]:
    """The rest of an order, as far as it was said, by its field."""
    fit = options.fit
    if fit is None and options.size is not None:
        fit = "bars"  # so that the film has exactly the size that was asked for
    given = {
        "path": options.path,
        "requantize": options.requantize,
        "polish": options.polish,
        "fps": options.fps,
        "speed": options.speed,
        "duration": options.duration,
        "pace": options.pace,
        "loop": options.loop,
        "hold_first": options.hold_first,
        "hold_last": options.hold_last,
        "size": options.size,
        "fit": fit,
        "quality": options.quality,
        "captions": options.captions,
        "soundtrack": None if options.soundtrack is None else str(options.soundtrack),
    }
    return {name: value for name, value in given.items() if value is not None}


def _tell(plan: FilmPlan, out: Path) -> None:
    log.info(
        "Making %s: %d frame%s of %dx%d, %.4g a second, %.1f s, about %s",
        out,
        plan.frames,
        "" if plan.frames == 1 else "s",
        *plan.size,
        plan.order.fps,
        plan.seconds,
        answer.megabytes(plan.bytes),
    )
    if plan.note:
        log.warning("%s", plan.note)
    if plan.format.kind == "gif" and not formats.keeps_rate(plan.format, plan.order.fps):
        log.info(
            "A GIF counts time in hundredths of a second: some of its frames stay one longer than "
            "others, and the film as a whole is as long as it should be.",
        )


def _answer(made: Made, plan: FilmPlan, out: Path) -> dict[str, Any]:
    return {
        "out": str(out),
        "frames": made.frames,
        "seconds": round(made.seconds, 6),
        "fps": made.fps,
        "size": list(made.size),
        "bytes": made.bytes,
        "stop_frames": list(plan.stop_frames),
    }


def _lines(made: Made, out: Path) -> Iterator[str]:
    yield f"film     {out}"
    yield (
        f"frames   {made.frames} of {made.size[0]}x{made.size[1]}, {made.fps:g} a second, "
        f"{made.seconds:.2f} s"
    )
    yield f"size     {answer.megabytes(made.bytes)}"
