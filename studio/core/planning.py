"""Edits of what is planned for a painting: each gives the change to make from now on.

Now is the next iteration to be painted. What is painted stays what it was: no edit reaches back.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

import msgspec

from studio.core.crossing import stilled
from studio.core.easing import Ease
from studio.core.schedule import FIELDS, Change, Keyframe, in_force, settings_at, settings_of, track
from studio.core.settings import Settings, Stroke
from studio.errors import RequestError


def plan(changes: Sequence[Change], length: int) -> Change:
    """What holds from now on, as one change; changes that lie ahead become keyframes that step."""
    now = in_force(changes, length)
    strokes = now.strokes if now.iteration == length else ()
    planned = Change(length, now.settings, now.keyframes, strokes)
    ahead = [change for change in changes if change.iteration > length]
    for change in sorted(ahead, key=lambda each: each.iteration):
        planned = _followed_by(planned, change)
    return planned


def with_keyframe(changes: Sequence[Change], keyframe: Keyframe, length: int) -> Change:
    """The plan with a keyframe put in.

    One that is there at its iteration keeps the values that the new one does not set; how they
    travel, and how long a film rests, the new one says. A value does not jump because of what is
    planned ahead: it is then kept by a keyframe at the present iteration. A keyframe at an
    iteration that is painted counts from now on. Raises RequestError for values that cannot be
    painted.
    """
    before = plan(changes, length)
    msgspec.structs.replace(before.settings, **keyframe.values)  # refuses what cannot be painted
    there = _at(before, keyframe.iteration)
    values = {} if there is None else there.values
    after = _put(before, msgspec.structs.replace(keyframe, **(values | keyframe.values)))
    meant: set[str] = set()
    if keyframe.iteration <= length:
        meant = {name for name, value in keyframe.values.items() if values.get(name) != value}
    return _steadied(changes, after, meant)


def without_keyframe(changes: Sequence[Change], iteration: int, length: int) -> Change:
    """The plan with a keyframe taken out; nothing jumps but what was set at or before now.

    Raises RequestError when there is none at that iteration.
    """
    before = plan(changes, length)
    gone = _found(before, iteration)
    meant = set(gone.values) if iteration <= length else set()
    return _steadied(changes, _without(before, iteration), meant)


def with_replaced(changes: Sequence[Change], keyframe: Keyframe, length: int) -> Change:
    """The plan with a keyframe exactly as given in place of the one at its iteration.

    So a value can be taken out of it. Nothing jumps but what was set at or before now.
    """
    before = plan(changes, length)
    there = _at(before, keyframe.iteration)
    was = {} if there is None else there.values
    meant: set[str] = set()
    if keyframe.iteration <= length:
        meant = {name for name in FIELDS if was.get(name) != keyframe.values.get(name)}
    return _steadied(changes, _put(before, keyframe), meant)


def with_moved(changes: Sequence[Change], iteration: int, to: int, length: int) -> Change:
    """The plan with a keyframe at another iteration, joined with one that is there.

    Raises RequestError when there is none at `iteration`.
    """
    before = plan(changes, length)
    gone = _found(before, iteration)
    there = None if to == iteration else _at(before, to)
    values = ({} if there is None else there.values) | gone.values
    moved = msgspec.structs.replace(gone, iteration=to, **values)
    meant = set(gone.values) if min(iteration, to) <= length else set()
    return _steadied(changes, _put(_without(before, iteration), moved), meant)


def with_values(
    changes: Sequence[Change], fields: Mapping[str, Any], length: int, record: bool = False
) -> Change:
    """The plan with other values for these settings from now on, as when a slider is moved.

    A setting that has keyframes gets one now, and so does any that can have them while recording;
    the others step. Raises RequestError for values that cannot be painted.
    """
    before = plan(changes, length)
    given = {name: value for name, value in fields.items() if name != "crossing"}
    msgspec.structs.replace(before.settings, **given)
    keyed = {n: v for n, v in given.items() if n in FIELDS and (record or track(before, n))}
    others = {name: value for name, value in given.items() if name not in keyed}
    settings = msgspec.structs.replace(before.settings, **others)
    after = msgspec.structs.replace(before, settings=settings)
    if keyed:
        after = put_values(after, length, keyed)
    return _steadied(changes, after, given)


def with_stroke(changes: Sequence[Change], stroke: Stroke, length: int) -> Change:
    """The plan with a stroke before the next iteration. Raises RequestError for too many."""
    before = plan(changes, length)
    return msgspec.structs.replace(before, strokes=(*before.strokes, stroke))


def without_stroke(changes: Sequence[Change], stroke: Stroke, length: int) -> Change:
    """The plan without a stroke that waits for the next iteration; one that is painted stays."""
    before = plan(changes, length)
    strokes = tuple(each for each in before.strokes if each != stroke)
    return msgspec.structs.replace(before, strokes=strokes)


def put_values(change: Change, iteration: int, values: Mapping[str, Any]) -> Change:
    """A change whose keyframe at an iteration sets these values; others of it stay."""
    there = _at(change, iteration) or Keyframe(iteration=iteration)
    return _put(change, msgspec.structs.replace(there, **values))


def _followed_by(planned: Change, change: Change) -> Change:
    """A plan that steps to what a later change says."""
    at = change.iteration
    earlier = tuple(each for each in planned.keyframes if each.iteration < at)
    planned = msgspec.structs.replace(planned, keyframes=earlier)
    was, becomes = settings_of(planned, at), settings_of(change, at)
    values = {n: getattr(becomes, n) for n in FIELDS if getattr(was, n) != getattr(becomes, n)}
    for name in values:
        points = track(planned, name)
        last = points[-1].iteration if points else 0
        planned = _put_ease(planned, last, name, "step")
    if values:
        planned = put_values(planned, at, values)
    for keyframe in change.keyframes:
        if keyframe.iteration > at:
            planned = _put(planned, keyframe)
    return planned


def _steadied(changes: Sequence[Change], after: Change, meant: Container[str]) -> Change:
    """`after`, with a keyframe now for each value that would jump without anybody meaning it."""
    now = after.iteration
    was, becomes = settings_at(changes, now), settings_of(after, now)
    for name in FIELDS:
        if name in meant or _value(was, name) == _value(becomes, name):
            continue
        before = [point for point in track(after, name) if point.iteration <= now]
        ease = before[-1].ease if before else Keyframe(iteration=now).ease
        value = stilled(*_value(was, name)) if name == "prompts" else getattr(was, name)
        after = _put_ease(put_values(after, now, {name: value}), now, name, ease)
    return after


def _value(settings: Settings, name: str) -> Any:
    value = getattr(settings, name)
    return (value, settings.crossing) if name == "prompts" else value


def _at(change: Change, iteration: int) -> Keyframe | None:
    return next((each for each in change.keyframes if each.iteration == iteration), None)


def _found(change: Change, iteration: int) -> Keyframe:
    found = _at(change, iteration)
    if found is None:
        raise RequestError(f"There is no keyframe at iteration {iteration}.")
    return found


def _put(change: Change, keyframe: Keyframe) -> Change:
    """The change with a keyframe in place of the one at its iteration."""
    others = _without(change, keyframe.iteration).keyframes
    keyframes = sorted([*others, keyframe], key=lambda each: each.iteration)
    return msgspec.structs.replace(change, keyframes=tuple(keyframes))


def _without(change: Change, iteration: int) -> Change:
    left = tuple(each for each in change.keyframes if each.iteration != iteration)
    return msgspec.structs.replace(change, keyframes=left)


def _put_ease(change: Change, iteration: int, name: str, ease: Ease) -> Change:
    there = _at(change, iteration) or Keyframe(iteration=iteration)
    if there.ease_of(name) == ease:
        return change
    return _put(change, msgspec.structs.replace(there, eases={**there.eases, name: ease}))
