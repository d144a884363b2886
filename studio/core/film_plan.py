"""The plan of a film: an order and the ways between its stops become one moment for each frame.

A frame is counted, never timed by adding: whatever the rate, a film of so many seconds has exactly
`frame_count` frames, and what it promises to show lies on whole frames.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, Protocol

from studio.core.easing import Ease, eased
from studio.core.film import Moment, Order, Place, Stop
from studio.core.film_way import Leg, Way, moment_between, still
from studio.errors import RequestError

USUAL_SPEED = 30.0
"""Iterations a second of a timelapse that is given neither speed nor duration."""
SHORTEST = 2.0
"""Seconds that such a timelapse takes at least, one way."""
CLOSING = 1.0
"""Seconds in which the end of a looping timelapse becomes its beginning; of a film that is given a
duration, a quarter of it at most."""
MOST_FRAMES = 1_000_000


class Timeline(NamedTuple):
    """What each frame of a film shows."""

    moments: tuple[Moment, ...]
    stop_frames: tuple[int, ...]
    """The first frame on which each stop, in the order of the film, is shown exactly. Of a
    timelapse, its first and its last iteration."""


class _Key(Protocol):
    """What a stop takes from a keyframe."""

    @property
    def iteration(self) -> int: ...
    @property
    def hold(self) -> float: ...
    @property
    def ease(self) -> Ease: ...


class _Visit(NamedTuple):
    place: Place
    hold: Fraction
    travel: Fraction
    ease: Ease
    leg: Leg
    """To the next visit; of the last one of a film that does not loop, nothing."""
    backwards: bool = False
    """Whether the leg is travelled from its end to its beginning, mirrored in time."""


def frame_count(seconds: float | Fraction, fps: float) -> int:
    """How many frames a film of so many seconds has: at least 1, the nearest whole number.

    Both numbers count as the decimals that a person writes, so that 0.1 is a tenth. Raises
    RequestError beyond `MOST_FRAMES`.
    """
    count = round(_exact(seconds) * _exact(fps))
    if count > MOST_FRAMES:
        raise RequestError(
            f"A film of {count} frames is too long; it may have {MOST_FRAMES}. Make it shorter."
        )
    return max(1, count)


def stops_between(
    take: int,
    first: int,
    last: int,
    keyframes: Sequence[_Key],
    usual: Stop,
    turns: Sequence[int] = (),
) -> tuple[Stop, ...]:
    """The stops of a morph that names none: both ends, and each keyframe and turn between them.

    A keyframe brings its own hold and ease; `usual` has those of the other stops.
    """
    keys = {key.iteration: key for key in keyframes if first <= key.iteration <= last}
    return tuple(
        Stop(
            take=take,
            iteration=iteration,
            hold=keys[iteration].hold if iteration in keys else usual.hold,
            travel=usual.travel,
            ease=keys[iteration].ease if iteration in keys else usual.ease,
        )
        for iteration in sorted({first, last, *keys, *(t for t in turns if first < t < last)})
    )


def timelapse(order: Order, leg: Leg) -> Timeline:
    """The frames of a timelapse through the places of a leg.

    Pace "iterations" shows recorded iterations only, each equally long; "even" goes through the
    leg so that each step changes the picture as much, between two iterations where need be.
    Raises RequestError when its holds leave no time for anything else.
    """
    first, last = leg.places[0], leg.places[-1]
    count = frame_count(_timelapse_seconds(order, len(leg.places)), order.fps)
    if len(leg.places) == 1 or count == 1:
        return Timeline((still(last),) * count, (0,))
    at_first, at_last = _frames(order.hold_first, order), _frames(order.hold_last, order)
    free = count - at_first - at_last
    if free < 2:
        raise RequestError("The first and last picture are held for longer than the film is.")
    closing = 0
    if order.loop == "loop":
        closing = min(max(1, _frames(_closing_seconds(order), order)), free - 2)
    begin, between, end = _shares(order, len(leg.places), free - closing)
    numbers = range(1, between + 1)
    if order.pace == "even":
        way = Way(leg, even=True)
        there = [way.moment(number / (between + 1)) for number in numbers]
    else:
        there = [_recorded(leg.places, number, between) for number in numbers]
    moments = [still(first)] * (at_first + begin) + there + [still(last)] * (at_last + end)
    if order.loop == "pingpong":
        moments += there[::-1]
    moments += [
        moment_between(last, first, eased(number / closing, "in-out"))
        for number in range(1, closing + 1)
    ]
    return Timeline(tuple(moments), (0, at_first + begin + between))


def morph(order: Order, stops: Sequence[Stop], legs: Sequence[Leg]) -> Timeline:
    """The frames of a morph through stops, the legs being the ways from each to the next.

    A looping one has one leg more: from the last stop back to the first, where it ends. With an
    even pace the travels take together as long as they would, each its share of the change.
    Raises RequestError when there are fewer than two stops, or more than frames.
    """
    if len(stops) < 2:
        raise RequestError("A morph needs at least two stops; add a keyframe or another stop.")
    visits = _paced(order, _visits(order, stops, legs))
    natural = sum((visit.hold + visit.travel for visit in visits), Fraction(0))
    seconds = natural if order.duration is None else _exact(order.duration)
    count = frame_count(seconds, order.fps)
    if count < len(visits):
        raise RequestError(
            f"A film of {count} frames is too short for {len(visits)} stops; give it more time."
        )
    scale = seconds / natural if natural else Fraction(1)
    spans = _spans(visits, scale * _exact(order.fps), count, loops=order.loop != "once")
    return Timeline(tuple(_visited(order, visits, spans, count)), tuple(a for a, _ in spans))


def _exact(number: float | Fraction) -> Fraction:
    return number if isinstance(number, Fraction) else Fraction(str(number))


def _frames(seconds: float, order: Order) -> int:
    return round(_exact(seconds) * _exact(order.fps))


def _timelapse_seconds(order: Order, length: int) -> Fraction:
    if order.duration is not None:
        return _exact(order.duration)
    speed = _exact(order.speed or min(USUAL_SPEED, length / SHORTEST))
    shown = length if order.loop != "pingpong" else max(length, 2 * length - 2)
    closing = _closing_seconds(order) if order.loop == "loop" and length > 1 else 0.0
    holds = _exact(order.hold_first) + _exact(order.hold_last)
    return holds + shown / speed + _exact(closing)


def _closing_seconds(order: Order) -> float:
    return CLOSING if order.duration is None else min(CLOSING, order.duration / 4)


def _shares(order: Order, length: int, count: int) -> tuple[int, int, int]:
    """How many of `count` frames show the first place, lie between (one way), show the last."""
    if order.loop == "pingpong":
        each = 1 if order.pace == "even" else max(1, count // (2 * length - 2))
        between, odd = divmod(count - 2 * each, 2)
        return each, between, each + odd
    if order.pace == "even" or count < length:
        return 1, count - 2, 1
    return -(-count // length), count - -(-count // length) - count // length, count // length


def _recorded(places: Sequence[Place], number: int, count: int) -> Moment:
    """The iteration that frame `number` (from 1) of `count` between two ends shows."""
    inner = len(places) - 2
    if 0 < inner <= count:
        return still(places[1 + (number - 1) * inner // count])
    return still(places[round(Fraction(number * (inner + 1), count + 1))])


def _visits(order: Order, stops: Sequence[Stop], legs: Sequence[Leg]) -> list[_Visit]:
    """The stops one after the other, each with its way to the next, as often as they are shown."""
    ways = [*legs, Leg(())][: len(stops)]
    visits = [
        _Visit(
            Place(stop.take, stop.iteration), _exact(stop.hold), _exact(stop.travel), stop.ease, way
        )
        for stop, way in zip(stops, ways, strict=True)
    ]
    if order.loop == "loop":  # any other curve could arrive at speed, which is a jump
        visits[-1] = visits[-1]._replace(ease="in-out")
    elif order.loop == "once":
        visits[-1] = visits[-1]._replace(travel=Fraction(0))
    else:
        back = [
            later._replace(travel=before.travel, ease=before.ease, leg=before.leg, backwards=True)
            for before, later in pairwise(visits)
        ]
        visits[-1:] = back[::-1]
    return visits


def _paced(order: Order, visits: list[_Visit]) -> list[_Visit]:
    if order.pace != "even":
        return visits
    changes = [Fraction(sum(visit.leg.changes)) for visit in visits]
    travels, total = sum((visit.travel for visit in visits), Fraction(0)), sum(changes)
    return [
        visit._replace(
            travel=travels * change / total if total else visit.travel,
            ease="in-out" if order.loop == "loop" and visit is visits[-1] else "linear",
        )
        for visit, change in zip(visits, changes, strict=True)
    ]


def _spans(
    visits: Sequence[_Visit], frames_a_second: Fraction, count: int, *, loops: bool
) -> list[tuple[int, int]]:
    """First frame of each visit and the one after its last: at their times, and at least one."""
    spans: list[tuple[int, int]] = []
    time, free = Fraction(0), 0
    for visit in visits:
        first = max(free, round(time * frames_a_second))
        time += visit.hold
        free = max(first + 1, round(time * frames_a_second))
        spans.append((first, free))
        time += visit.travel
    limit = count
    for number in reversed(range(len(spans))):
        last = number == len(spans) - 1
        stop = count if last and not loops else min(limit, spans[number][1])
        limit = min(spans[number][0], stop - 1)
        spans[number] = (limit, stop)
    return spans


def _visited(
    order: Order, visits: Sequence[_Visit], spans: Sequence[tuple[int, int]], count: int
) -> Iterator[Moment]:
    arrivals = [first for first, _ in spans[1:]] + [count]
    for visit, (first, stop), arrival in zip(visits, spans, arrivals, strict=True):
        yield from (still(visit.place) for _ in range(first, stop))
        between = arrival - stop
        closes = order.loop == "loop" and arrival == count
        # What closes a loop ends in the first picture: then nothing is left to jump.
        parts = between if closes else between + 1
        way = Way(visit.leg, even=order.pace == "even")
        for number in range(1, between + 1):
            done = parts - number if visit.backwards else number
            gone = eased(done / parts, visit.ease)
            yield way.moment(gone)
