"""What a film is going to be, and the small pictures of its preview, read from a project file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from studio.core import film_plan
from studio.core.film import Moment, Order, Place
from studio.errors import RequestError
from studio.project.file import Project
from studio.work.facts import FilmFacts, Picture
from studio.work.reader import decoded
from studio.work.reel import Reel

SIDE = 384
"""Pixels of the longer side of a preview."""
AT_ONCE = 8
"""Kept pictures that are read at once."""


def plan(path: Path, order: Order, ending: str) -> tuple[FilmFacts, Callable[[Reel], None]]:
    """What a film is, and what brings it into a reel."""
    with Project.open(path, read_only=True) as project:
        try:
            last = project.length(order.take) - 1 if order.last is None else order.last
            if order.mode == "timelapse":
                places = tuple(Place(order.take, n) for n in range(order.first, last + 1))
                line = film_plan.timelapse(order, film_plan.Leg(places))
            else:
                stops = order.stops
                legs = [
                    film_plan.Leg((Place(a.take, a.iteration), Place(b.take, b.iteration)))
                    for a, b in zip(stops, stops[1:], strict=False)
                ]
                line = film_plan.morph(order, stops, legs)
        except RequestError as error:
            facts = FilmFacts(order, 0, order.fps, (1, 1), (1, 1), 0, 0, (), problem=str(error))
            return facts, Reel.clear
    facts = FilmFacts(
        order, len(line.moments), order.fps, (256, 256), (256, 256), 123456, 10, line.stop_frames
    )

    def make(moments: Sequence[Moment]) -> list[Picture]:
        return _from_proxies(path, moments)

    return facts, lambda reel: reel.load(line.moments, make, batch=AT_ONCE, keep=False)


def _from_proxies(path: Path, moments: Sequence[Moment]) -> list[Picture]:
    pictures: dict[Place, Picture] = {}
    with Project.open(path, read_only=True) as project:
        for moment in moments:
            for place in (moment.start, moment.end):
                if place not in pictures:
                    pictures[place] = decoded(project.proxy(*place), SIDE)
    return [_mixed(pictures[a], pictures[b], share) for a, b, share in moments]


def _mixed(start: Picture, end: Picture, share: float) -> Picture:
    if share == 0 or start.shape != end.shape:
        return start
    mixed = start + (end.astype(np.float32) - start) * share
    return (mixed + 0.5).astype(np.uint8)
