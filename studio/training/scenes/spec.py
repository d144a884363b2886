"""What a scene is before it is drawn: its facts, its wordings, and how to pick them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from studio.training.scenes.fields import Field

T = TypeVar("T")

Facts = dict[str, Any]
"""All that a painter is told: colour names, counts, time of day, places."""


@dataclass(frozen=True)
class Phrases:
    """True phrases about a scene, with ``{slots}`` for :mod:`words` to fill.

    A slot names a synonym list, a colour as ``{c:red}``, or one of ``slots``.
    """

    nouns: tuple[str, ...]
    """Noun phrases, each of which names the whole scene."""
    clauses: tuple[str, ...] = ()
    """Whole sentences, each of which describes the scene."""
    details: tuple[str, ...] = ()
    """Further facts, each worded to follow a noun phrase or sentence."""
    tags: tuple[str, ...] = ()
    """Words for a tag list."""
    moods: tuple[str, ...] = ()
    """Names of mood lists that suit what is to be seen."""
    slots: Mapping[str, str] = field(default_factory=dict)
    """The scene's own slots: a phrase each, which may have slots in turn."""


@dataclass(frozen=True)
class Family:
    """A kind of scene: how often it comes, what varies in it, and its painter."""

    name: str
    weight: float
    sample: Callable[[np.random.Generator], tuple[Facts, Phrases]]
    paint: Callable[[np.random.Generator, int, Facts], Field]
    exact_colours: bool = False
    """Whether the colours are the point, so that no style may change them."""


def pick(rng: np.random.Generator, choices: Sequence[T]) -> T:
    """One of ``choices``, all as likely."""
    return choices[int(rng.integers(len(choices)))]


def chance(rng: np.random.Generator, share: float) -> bool:
    """True in ``share`` of all cases."""
    return bool(rng.random() < share)
