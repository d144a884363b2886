"""What a film of a project is going to be, told without a model wherever that can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import msgspec

from studio.core import film_plan
from studio.core.film import Moment, Order, Place, Stop
from studio.core.film_plan import Timeline
from studio.core.film_way import Leg, still
from studio.errors import RequestError
from studio.film import formats, sizes
from studio.film.formats import Format, Kind
from studio.filming import measuring, ways, words
from studio.filming.measuring import Measure
from studio.pictures import lettering
from studio.project.file import Project

if TYPE_CHECKING:
    from studio.engine.morph import Traveller

Source = Literal["previews", "codes", "latents"]
"""What frames are made of: recorded previews; the codes of iterations, decoded; or, between two
stops, latents, decoded."""


ROUNDS = 4
"""How often an even pace is planned; more of them gain nothing (measured on the examples)."""

MOST_MEASURED = 20_000
"""Frames beyond which measuring each step takes longer than anybody waits for a plan."""


@dataclass(frozen=True)
class FilmPlan:
    """A film that can be made: what each frame shows, and what the file will be."""

    order: Order
    """As it was given, with its last iteration and its stops filled in."""
    format: Format
    moments: tuple[Moment, ...]
    """One for each frame."""
    stop_frames: tuple[int, ...]
    """The first frame on which each stop is shown exactly, in the order of the film."""
    size: tuple[int, int]
    """Width and height of a frame."""
    own: tuple[int, int]
    """Width and height of the painted picture."""
    source: Source
    as_recorded: bool
    """Whether every frame is a recorded preview just as it is."""
    bytes: int
    """About as large as the file becomes; see `measuring.estimate`."""
    note: str = ""
    """What a person should know of it, such as that letters are missing."""

    @property
    def frames(self) -> int:
        """How many it has."""
        return len(self.moments)

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return len(self.moments) / self.order.fps

    @property
    def iterations(self) -> int:
        """How many recorded iterations it shows or comes by."""
        return len({place for each in self.moments for place in (each.start, each.end)})


def plan(
    project: Project, order: Order, kind: Kind = "mp4", *, travel: Traveller | None = None
) -> FilmPlan:
    """The plan of a film. Of a single picture (kind "png"), it shows the last iteration.

    The change along a way through latents, which an even pace needs, is measured with `travel`;
    without it the change between both ends stands for it. Raises RequestError, in one sentence,
    for an order that the project or the kind of film cannot fulfil.
    """
    format = formats.format_of_kind(kind)
    formats.check(order, format)
    order = _filled_in(project, order, kind)
    line = _timeline(project, order, kind, travel)
    first = line.moments[0].start
    own, preview = _own_size(project, first), measuring.preview_size(project, first)
    size = sizes.frame_size(own, order.size, order.fit, even=format.even)
    source = _source(order, kind, own, preview, size)
    as_recorded = (
        source == "previews"
        and bool(format.encoder)
        and size == preview
        and not order.captions
        and all(moment.share == 0 for moment in line.moments)
    )
    guess = measuring.estimate(project, line.moments, size, format, order)
    return FilmPlan(
        order,
        format,
        line.moments,
        line.stop_frames,
        size,
        own,
        source,
        as_recorded,
        guess,
        _unwritten(project, line) if order.captions else "",
    )


def _filled_in(project: Project, order: Order, kind: Kind) -> Order:
    _check_place(project, order.take, None)
    last = project.length(order.take) - 1 if order.last is None else order.last
    for iteration in (order.first, last):
        _check_place(project, order.take, iteration)
    if order.first > last and kind != "png":
        raise RequestError(
            f"The film would begin at iteration {order.first} and end at {last}; "
            "name an earlier beginning."
        )
    order = msgspec.structs.replace(order, last=last)
    if order.mode != "morph" or kind == "png":
        return order
    stops = order.stops or _derived(project, order, last)
    for stop in stops:
        _check_place(project, stop.take, stop.iteration)
    return msgspec.structs.replace(order, stops=stops)


def _derived(project: Project, order: Order, last: int) -> tuple[Stop, ...]:
    usual = Stop(take=order.take, iteration=0)
    turns = ways.turns(project.changes(order.take))
    keyframes = project.keyframes(order.take)
    return film_plan.stops_between(order.take, order.first, last, keyframes, usual, turns)


def _check_place(project: Project, take: int, iteration: int | None) -> None:
    known = [each.id for each in project.takes() if not each.deleted]
    if take not in known:
        listed = ", ".join(map(str, known)) or "none"
        raise RequestError(f"{project.path.name} has no take {take}; it has {listed}.")
    length = project.length(take)
    if not length:
        raise RequestError(f"Take {take} of {project.path.name} is not painted yet; paint first.")
    if iteration is not None and not 0 <= iteration < length:
        raise RequestError(
            f"Take {take} of {project.path.name} has the iterations 0 to {length - 1}; "
            f"{iteration} is none of them."
        )


def _timeline(project: Project, order: Order, kind: Kind, travel: Traveller | None) -> Timeline:
    if kind == "png":
        assert order.last is not None
        return Timeline((still(Place(order.take, order.last)),), (0,))
    if order.mode == "morph" and order.path != "along":
        return _timed(
            order, [_through_latents(project, order, way, travel) for way in _ends(order)]
        )
    if order.mode == "morph":
        takes = project.takes()
        runs = [ways.along(takes, start, end) for start, end in _ends(order)]
    else:
        runs = [tuple(Place(order.take, n) for n in range(order.first, (order.last or 0) + 1))]
    if order.pace != "even":
        return _timed(order, [Leg(run) for run in runs])
    measure = Measure(project)
    return _evened(order, [Leg(run, measure.changes(run)) for run in runs], measure)


def _timed(order: Order, legs: Sequence[Leg]) -> Timeline:
    if order.mode == "timelapse":
        return film_plan.timelapse(order, legs[0])
    return film_plan.morph(order, order.stops, legs)


def _ends(order: Order) -> list[tuple[Place, Place]]:
    """Where each way of a morph leads from and to."""
    places = [Place(stop.take, stop.iteration) for stop in order.stops]
    if order.loop == "loop":
        places += places[:1]
    return list(pairwise(places))


def _through_latents(
    project: Project, order: Order, way: tuple[Place, Place], travel: Traveller | None
) -> Leg:
    if order.pace != "even" or way[0] == way[1]:
        return Leg(way)
    if travel is None:
        return Leg(way, Measure(project).changes(way))
    return Leg(way, tuple(travel.changes(*way, measuring.codes_of(project))))


def _evened(order: Order, legs: list[Leg], measure: Measure) -> Timeline:
    """The most even of a few plans, each made by measuring the one before."""
    line = _timed(order, legs)
    if len(line.moments) > MOST_MEASURED:
        return line
    plans: list[tuple[float, Timeline]] = []
    for _ in range(ROUNDS):
        line = _timed(order, legs)
        steps: list[float] = []
        for number, leg in enumerate(legs):
            moments = _on_leg(line, number)
            if len(moments) > 2 and len(leg.places) > 1:
                legs[number] = measure.evened(leg, moments)
                steps += legs[number].changes
        plans.append((measuring.spread(steps) if steps else 0.0, line))
    return min(plans, key=lambda each: each[0])[1]


def _on_leg(line: Timeline, number: int) -> tuple[Moment, ...]:
    """What the film shows on a leg, both ends counted; nothing of one that closes a loop."""
    if number + 1 >= len(line.stop_frames):
        return ()
    first, last = line.stop_frames[number], line.stop_frames[number + 1]
    while first + 1 < last and line.moments[first + 1] == line.moments[first]:
        first += 1
    return line.moments[first : last + 1]


def _unwritten(project: Project, line: Timeline) -> str:
    """Which letters of its captions a film lacks, in a sentence; "" when it has them all."""
    takes = {each.start.take for each in line.moments} | {each.end.take for each in line.moments}
    letters = lettering.missing(words.letters(project, takes))
    if not letters:
        return ""
    return (
        f"The captions show boxes for {' '.join(letters)}: no font on this computer has them; "
        "install one that does, such as Noto."
    )


def _own_size(project: Project, place: Place) -> tuple[int, int]:
    return ways.settings_of(project, place).size


def _source(
    order: Order,
    kind: Kind,
    own: tuple[int, int],
    preview: tuple[int, int],
    size: tuple[int, int],
) -> Source:
    """Previews, as long as they have all the detail that the film shows."""
    if order.mode == "morph" and order.path != "along" and kind != "png":
        return "latents"
    shows_more = max(own) > max(preview) and max(size) > max(preview)
    return "codes" if order.quality == "best" or shows_more else "previews"
