"""Prompts on their way to other prompts: which belong together, and what pulls."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from studio.core.settings import Crossing, Prompt

FARTHEST = math.pi**2 / 2
"""The greatest spherical distance: half the squared angle between opposite directions."""


class Pull(NamedTuple):
    """What pulls at the picture: a prompt, or one on its way to another.

    `start` is None for one that comes, `end` for one that goes; a prompt that stays as it is is
    both, with the share 0.
    """

    start: Prompt | None
    end: Prompt | None
    share: float

    @property
    def is_blend(self) -> bool:
        """Whether it pulls towards something between two texts."""
        if self.start is None or self.end is None:
            return False
        return subject(self.start) != subject(self.end)

    @property
    def weight(self) -> float:
        """The weight it pulls with."""
        start = 0.0 if self.start is None else strength(self.start)
        end = 0.0 if self.end is None else strength(self.end)
        return start + self.share * (end - start)

    @property
    def stop(self) -> float | None:
        """The loss at which it stops pulling; one that never stops is one that stops at the end."""
        stops = [(each.stop, each.weight) for each in (self.start, self.end) if each is not None]
        if all(stop is None for stop, _ in stops):
            return None
        levels = [_lowest(weight) if stop is None else stop for stop, weight in stops]
        return levels[0] + self.share * (levels[-1] - levels[0])


def pulls(prompts: Sequence[Prompt], crossing: Crossing | None) -> tuple[Pull, ...]:
    """What pulls: one for each of the prompts in their order, then those that only come.

    Prompts of the same subject, mask and sign belong together: their weight travels. Texts that are
    left, of the same mask and sign, are paired in their order: the picture is pulled towards what
    lies between them. Everything else goes or comes.
    """
    if crossing is None:
        return tuple(Pull(prompt, prompt, 0.0) for prompt in prompts)
    comes: list[Prompt] = list(crossing.prompts)
    partners: dict[int, Prompt] = {}
    for alike in (_is_same, _may_blend):
        for row, prompt in enumerate(prompts):
            if row not in partners:
                partner = _first(comes, prompt, alike)
                if partner is not None:
                    partners[row] = comes.pop(partner)
    going = [Pull(each, partners.get(row), crossing.share) for row, each in enumerate(prompts)]
    return (*going, *(Pull(None, each, crossing.share) for each in comes))


def stilled(prompts: Sequence[Prompt], crossing: Crossing | None) -> tuple[Prompt, ...]:
    """The prompts that pull like a crossing where it is now: both sides, each with its share."""
    found: list[Prompt] = []
    for pull in pulls(prompts, crossing):
        if pull.start is None or pull.end is None or pull.is_blend:
            found += _apart(pull)
        elif pull.start.on or pull.end.on:
            mixed = {"weight": pull.weight, "stop": pull.stop, "on": True}
            found.append(msgspec.structs.replace(pull.start, **mixed))
        else:
            found.append(pull.start)
    return tuple(found)


def subject(prompt: Prompt) -> tuple[object, ...]:
    """What a prompt asks for and where, whatever its weight."""
    return prompt.text, prompt.picture, prompt.noise, prompt.mask


def strength(prompt: Prompt) -> float:
    """The weight that a prompt pulls with: none if it is off."""
    return prompt.weight if prompt.on else 0.0


def _apart(pull: Pull) -> list[Prompt]:
    """Each side of a pull with its share of the weight."""
    sides = ((pull.start, 1 - pull.share), (pull.end, pull.share))
    return [
        msgspec.structs.replace(each, weight=each.weight * share)
        for each, share in sides
        if each is not None
    ]


def _first(
    comes: Sequence[Prompt], prompt: Prompt, alike: Callable[[Prompt, Prompt], bool]
) -> int | None:
    return next((row for row, other in enumerate(comes) if alike(prompt, other)), None)


def _is_same(one: Prompt, other: Prompt) -> bool:
    return subject(one) == subject(other) and (one.weight < 0) == (other.weight < 0)


def _may_blend(one: Prompt, other: Prompt) -> bool:
    return (
        bool(one.text and other.text)
        and one.on
        and other.on
        and one.mask == other.mask
        and (one.weight < 0) == (other.weight < 0)
    )


def _lowest(weight: float) -> float:
    """The least loss there is, before its weight."""
    return -FARTHEST if weight < 0 else 0.0
