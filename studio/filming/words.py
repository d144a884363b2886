"""What a film says about its painting: captions for each frame, and the file's own words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

from studio import __version__
from studio.core.film import Moment, Place
from studio.core.prompt import write
from studio.core.schedule import Change, all_prompts, settings_at
from studio.core.settings import Prompt
from studio.film.spec import About
from studio.project.file import Project

PROGRAM = f"VQGAN-CLIP Studio {__version__}"
_KEPT = 256


class Prompts:
    """The prompts that pulled while what a film shows was painted."""

    def __init__(self, project: Project) -> None:
        self._changes = lru_cache(_KEPT)(project.changes)
        self._caption = lru_cache(_KEPT)(self._read)

    def at(self, moment: Moment) -> str:
        """The caption of a frame: the prompts at the nearer end; crossing ones with an arrow."""
        return self._caption(moment.start if moment.share < 0.5 else moment.end)

    def _read(self, place: Place) -> str:
        settings = settings_at(self._changes(place.take), place.iteration)
        pulling = _caption(settings.prompts)
        if settings.crossing is None:
            return pulling
        coming = _caption(settings.crossing.prompts)
        return pulling if coming == pulling else f"{pulling} → {coming}"


def letters(project: Project, takes: Iterable[int]) -> set[str]:
    """Every letter that captions of these takes can have."""
    told = (all_prompts(project.changes(take)) for take in takes)
    return set().union(*(_caption(prompts) for each in told for prompts in each))


def about(project: Project, take: int, last: int) -> About:
    """What the file says: every prompt up to an iteration as a story, the seed and the model."""
    changes = [each for each in project.changes(take) if each.iteration <= last]
    settings = settings_at(changes, last)
    return About(_story(changes, last), settings.seed, settings.model, PROGRAM)


def _story(changes: Sequence[Change], last: int) -> str:
    """The prompts one after the other; those that never came into force are left out."""
    steps: list[tuple[Prompt, ...]] = []
    for prompts in all_prompts(changes):
        pulling = tuple(msgspec.structs.replace(each, mask=None) for each in prompts if each.on)
        if pulling and pulling not in steps:
            steps.append(pulling)
    return write(steps)


def _caption(prompts: Sequence[Prompt]) -> str:
    return " | ".join(each.label for each in prompts if each.on and each.weight > 0)
