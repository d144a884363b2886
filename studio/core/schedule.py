"""Which settings are in force when: changes that were made, and keyframes that were planned.

A change puts settings in force from an iteration on. With it may come keyframes, which steer single
values from there on: each value travels from one keyframe that sets it to the next. What is painted
was painted with the keyframes that stood then: whoever plans anew makes a new change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from studio.core.easing import Ease
from studio.core.settings import Motion, Prompt, Settings

STORY_SPACING = 100
"""Iterations that each story step of a prompt (`first ^ second`) is painted for.

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
    cutouts: int | None = None
    seed: int | None = None
    motion: Motion | None = None
    ease: Ease = "in-out"
    """Of every value on its way to the next keyframe that sets it, if `eases` says no other."""
    eases: Mapping[str, Ease] = msgspec.field(default_factory=dict)
    """By the name of the value."""
    hold: float = 0.0
    """Seconds that a film through the keyframes rests here."""


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """From `iteration` on (0-based, inclusive) these settings are in force."""

    iteration: int
    settings: Settings
    keyframes: tuple[Keyframe, ...] = ()
    """By iteration, at most one for each; they count from `iteration` of the change on."""


def settings_at(changes: Sequence[Change], iteration: int) -> Settings:
    """The settings in force at an iteration; later changes at the same iteration win.

    Raises ValueError when no change lies at or before it.
    """
    in_force = [change for change in changes if change.iteration <= iteration]
    if not in_force:
        raise ValueError(f"no settings are in force at iteration {iteration}")
    return max(reversed(in_force), key=lambda change: change.iteration).settings


def story(steps: Sequence[tuple[Prompt, ...]], settings: Settings) -> tuple[Change, ...]:
    """One change for each story step, `STORY_SPACING` iterations apart."""
    return tuple(
        Change(number * STORY_SPACING, msgspec.structs.replace(settings, prompts=prompts))
        for number, prompts in enumerate(steps)
    )
