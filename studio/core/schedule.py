"""Which settings are in force when: changes that were made, and keyframes that were planned.

A change puts settings in force from an iteration on. With it may come keyframes, which steer single
values from there on: each value travels from one keyframe that sets it to the next. What is painted
was painted with the keyframes that stood then: whoever plans anew makes a new change.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from studio.core.easing import EASES, Ease, eased
from studio.core.knobs import KNOB, KNOBS
from studio.core.settings import (
    LAST_ITERATION,
    MOST_STROKES,
    Crossing,
    Motion,
    Prompt,
    Settings,
    Stroke,
    check_prompts,
    check_seed,
)
from studio.errors import RequestError

FIELDS = ("prompts", *(each.field for each in KNOBS if each.travel), "seed", "motion")
"""The settings that a keyframe can set."""

_CHECKS: Mapping[str, Callable[[Any], None]] = {
    "prompts": check_prompts,
    "seed": check_seed,
    **{each.field: each.check for each in KNOBS if each.travel},
}
"""By the name of a setting that a keyframe can set; a motion checks itself."""

STORY_SPACING = 100
"""Iterations from one story step of a prompt (`first ^ second`) to the next.

A fixed number, so that painting on never moves a step that was already painted.
"""


class Keyframe(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What certain values are at an iteration, and how they travel to the next keyframe.

    A value that is None is not set here: it goes on from the keyframe before to the one after.
    """

    iteration: int
    """0-based."""
    prompts: tuple[Prompt, ...] | None = None
    learning_rate: float | None = None
    """Travels geometrically, as rates are felt."""
    cutouts: int | None = None
    smoothness: float | None = None
    saturation: float | None = None
    symmetry_left_right: float | None = None
    symmetry_up_down: float | None = None
    symmetry_rotational: float | None = None
    tiling: float | None = None
    palette_strength: float | None = None
    edge_strength: float | None = None
    seed: int | None = None
    """Never travels: it steps."""
    motion: Motion | None = None
    ease: Ease = "in-out"
    """Of every value on its way to the next keyframe that sets it, if `eases` says no other."""
    eases: Mapping[str, Ease] = msgspec.field(default_factory=dict)
    """By the name of the value."""
    hold: float = 0.0
    """Seconds that a film through the keyframes rests here."""

    def __post_init__(self) -> None:
        if not 0 <= self.iteration <= LAST_ITERATION:
            raise RequestError(f"A keyframe lies at iteration 0 or later, up to {LAST_ITERATION}.")
        for name, check in _CHECKS.items():
            value = getattr(self, name)
            if value is not None:
                check(value)
        if not (math.isfinite(self.hold) and self.hold >= 0):
            raise RequestError("A film rests at a keyframe for 0 seconds or more.")
        for name, ease in {"": self.ease, **self.eases}.items():
            if name and name not in FIELDS:
                raise RequestError(
                    f"{name!r} is nothing that a keyframe sets; name one of {', '.join(FIELDS)}."
                )
            if ease not in EASES:
                raise RequestError(f"{ease!r} is no way to ease; name one of {', '.join(EASES)}.")

    @property
    def values(self) -> dict[str, Any]:
        """The settings that it sets, by their name."""
        named = {name: getattr(self, name) for name in FIELDS}
        return {name: value for name, value in named.items() if value is not None}

    def ease_of(self, name: str) -> Ease:
        """How a value travels from here to the next keyframe that sets it."""
        return self.eases.get(name, self.ease)


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """From `iteration` on (0-based, inclusive) these settings are in force."""

    iteration: int
    settings: Settings
    """What holds where no keyframe says otherwise."""
    keyframes: tuple[Keyframe, ...] = ()
    """By iteration, at most one for each; they count from `iteration` of the change on."""
    strokes: tuple[Stroke, ...] = ()
    """What was painted by hand before `iteration` of the change was painted, in that order."""

    def __post_init__(self) -> None:
        if not 0 <= self.iteration <= LAST_ITERATION:
            raise RequestError(f"Settings change at an iteration between 0 and {LAST_ITERATION}.")
        if len(self.strokes) > MOST_STROKES:
            raise RequestError(
                f"{MOST_STROKES} strokes at most wait for an iteration; paint one, then go on."
            )


class Point(NamedTuple):
    """A value at an iteration, and how it travels to the next one."""

    iteration: int
    value: Any
    ease: Ease


def settings_at(changes: Sequence[Change], iteration: int) -> Settings:
    """The settings in force at an iteration; later changes at the same iteration win.

    Each value that keyframes set lies between the last one at or before the iteration and the
    first one after it; the settings of the change count as a keyframe at 0, and the last keyframe
    holds. Raises ValueError when no change lies at or before the iteration.
    """
    return settings_of(in_force(changes, iteration), iteration)


def in_force(changes: Sequence[Change], iteration: int) -> Change:
    """The change that says what holds at an iteration. Raises ValueError when there is none."""
    begun = [change for change in changes if change.iteration <= iteration]
    if not begun:
        raise ValueError(f"no settings are in force at iteration {iteration}")
    return max(reversed(begun), key=lambda change: change.iteration)


def strokes_at(changes: Sequence[Change], iteration: int) -> tuple[Stroke, ...]:
    """What was painted by hand just before an iteration."""
    change = in_force(changes, iteration)
    return change.strokes if change.iteration == iteration else ()


def settings_of(change: Change, iteration: int) -> Settings:
    """The settings at an iteration if the change is in force there."""
    if not change.keyframes and change.settings.crossing is None:
        return change.settings
    values: dict[str, Any] = {"crossing": None}
    for name in FIELDS:
        values |= value_at(change, name, iteration)
    return msgspec.structs.replace(change.settings, **values)


def value_at(change: Change, name: str, iteration: int) -> dict[str, Any]:
    """What keyframes make of one setting at an iteration, of prompts with their crossing.

    Empty for a setting that no keyframe sets.
    """
    points = track(change, name)
    if not points:
        return {}
    before = max((p for p in points if p.iteration <= iteration), key=lambda p: p.iteration)
    after = min(
        (p for p in points if p.iteration > iteration), key=lambda p: p.iteration, default=before
    )
    if name == "seed" or after.value == before.value or before.iteration == iteration:
        return {name: before.value}
    way = after.iteration - before.iteration
    return _between(name, before, after, eased((iteration - before.iteration) / way, before.ease))


def track(change: Change, name: str) -> list[Point]:
    """The keyframes that set a value, by iteration, and where it begins; empty without any."""
    points = [
        Point(each.iteration, getattr(each, name), each.ease_of(name))
        for each in sorted(change.keyframes, key=lambda each: each.iteration)
        if getattr(each, name) is not None
    ]
    if points and points[0].iteration > 0:
        first = next((each for each in change.keyframes if each.iteration == 0), None)
        ease = (first or Keyframe(iteration=0)).ease_of(name)
        points.insert(0, Point(0, getattr(change.settings, name), ease))
    return points


def story(steps: Sequence[tuple[Prompt, ...]], settings: Settings) -> tuple[Change, ...]:
    """The first step, and a keyframe for each other one, `STORY_SPACING` iterations apart."""
    first = msgspec.structs.replace(settings, prompts=steps[0])
    keyframes = [
        Keyframe(iteration=number * STORY_SPACING, prompts=prompts)
        for number, prompts in enumerate(steps)
        if number
    ]
    return (Change(0, first, tuple(keyframes)),)


def all_prompts(changes: Sequence[Change]) -> list[tuple[Prompt, ...]]:
    """The prompts of every change and every keyframe in it."""
    found = []
    for change in changes:
        found.append(change.settings.prompts)
        found += [each.prompts for each in change.keyframes if each.prompts is not None]
    return found


def _between(name: str, before: Point, after: Point, share: float) -> dict[str, Any]:
    """A value on its way; `share` is eased."""
    if not 0 < share < 1:
        return {name: (before if share <= 0 else after).value}
    one, other = before.value, after.value
    if name == "prompts":
        return {name: one, "crossing": Crossing(prompts=other, share=share)}
    if name == "motion":
        return {name: _moving(one, other, share)}
    if KNOB[name].travel == "factor":
        return {name: _rate(one, other, share)}
    between = one + share * (other - one)
    return {name: round(between) if KNOB[name].travel == "whole" else between}


def _moving(one: Motion, other: Motion, share: float) -> Motion:
    return Motion(
        zoom=_rate(one.zoom, other.zoom, share),
        angle=one.angle + share * (other.angle - one.angle),
        x=one.x + share * (other.x - one.x),
        y=one.y + share * (other.y - one.y),
        edges=one.edges,
    )


def _rate(one: float, other: float, share: float) -> float:
    """Between two factors: as many times the one as the other is times it, rounding aside."""
    low, high = sorted((one, other))
    between = math.exp(math.log(one) + share * (math.log(other) - math.log(one)))
    return min(high, max(low, between))
