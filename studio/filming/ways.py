"""Where a film finds its way in a project: along takes, by keyframes, with which settings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from studio.core.film import Place
from studio.core.schedule import Change, settings_at
from studio.core.settings import Settings
from studio.project.document import Take
from studio.project.file import Project


def along(takes: Sequence[Take], start: Place, end: Place) -> tuple[Place, ...]:
    """Every painted iteration from one place to another, both counted, forwards or backwards.

    Between two takes the way leads back to the last iteration that both share, and on from there;
    of takes that share none, from the one's first to the other's.
    """
    if start.take == end.take:
        return _run(start.take, start.iteration, end.iteration)
    shared = _shared(takes, start.take, end.take)
    if start.iteration < shared:
        return _run(end.take, start.iteration, end.iteration)
    if end.iteration < shared:
        return _run(start.take, start.iteration, end.iteration)
    back = _run(start.take, start.iteration, shared - 1 if shared else 0)
    return back + _run(end.take, shared, end.iteration)


def turns(changes: Sequence[Change]) -> list[int]:
    """Iterations at which other prompts came into force, of changes and of keyframes."""
    told = {
        later.iteration
        for before, later in pairwise(changes)
        if later.settings.prompts != before.settings.prompts
    }
    stops = [change.iteration for change in changes[1:]] + [2**62]
    for change, stop in zip(changes, stops, strict=False):
        told |= {each.iteration for each in change.keyframes if each.iteration < stop}
    return sorted(told)


def settings_of(project: Project, place: Place) -> Settings:
    """The settings that an iteration was painted with."""
    return settings_at(project.changes(place.take), place.iteration)


def painted_with(project: Project, place: Place) -> Settings:
    """The settings that made the picture of an iteration: those of the one before it.

    An iteration shows its picture and then moves the latents.
    """
    return settings_of(project, Place(place.take, max(0, place.iteration - 1)))


def _run(take: int, first: int, last: int) -> tuple[Place, ...]:
    step = 1 if last >= first else -1
    return tuple(Place(take, number) for number in range(first, last + step, step))


def _shared(takes: Sequence[Take], one: int, other: int) -> int:
    """How many iterations at their beginning two takes have in common."""
    mine, theirs = _line(takes, one), _line(takes, other)
    return max(min(mine[each], theirs[each]) for each in mine.keys() & theirs.keys())


def _line(takes: Sequence[Take], take: int) -> dict[int, int]:
    """The take and those it branches off, each with how many iterations before it are of its line.

    Of unrelated takes, nothing (0) is in common with the root of all.
    """
    known = {each.id: each for each in takes}
    found, reach = {0: 0}, 2**62
    number: int | None = take
    while number is not None:
        found[number] = reach
        reach = min(reach, known[number].branched_at or 0)
        number = known[number].parent
    return found
