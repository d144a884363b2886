"""The prompts of a request: the written ones, those away from something, pictures and noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec

from studio.cli.pictures import embedded, mask
from studio.core import tokens
from studio.core.prompt import doubtful, is_number, parse, written_weight
from studio.core.settings import Prompt
from studio.errors import RequestError, StudioError
from studio.log import log
from studio.project.file import Project

Steps = tuple[tuple[Prompt, ...], ...]


@dataclass(frozen=True)
class Asked:
    """The story steps of a request, each with all its prompts, and the pictures they name."""

    steps: Steps
    pictures: dict[str, bytes] = field(default_factory=dict)


class Words(Protocol):
    """The words that name prompts."""

    @property
    def prompt(self) -> str | None:
        """Prompts as they are written in one field."""

    @property
    def negative(self) -> list[str]:
        """Prompts to get away from."""

    @property
    def image_prompt(self) -> list[str]:
        """Pictures, each with its weight if one was given."""

    @property
    def noise_prompt(self) -> list[str]:
        """Seeds, each with its weight if one was given."""

    @property
    def region(self) -> list[str]:
        """Masks, each with the prompt that counts in it."""


def asked(options: Words) -> Asked:
    """What the options say about prompts. Raises RequestError when CLIP could not read them."""
    steps: Steps = ((),) if options.prompt is None else _written(options.prompt)
    others = [prompt for text in options.negative for prompt in _negative(text)]
    others += [_noise(text) for text in options.noise_prompt]
    pictures: dict[str, bytes] = {}
    for text in options.image_prompt:
        path, weight = picture_and_weight(text)
        sha256, data = embedded(path)
        pictures[sha256] = data
        others.append(Prompt(picture=sha256, weight=weight))
    for text in options.region:
        sha256, data, prompts = _region(text)
        pictures[sha256] = data
        others += prompts
    steps = tuple((*step, *others) for step in steps)
    _check_pulls(steps)
    _check_lengths(steps)
    return Asked(steps, pictures)


def named_pictures(steps: Sequence[Sequence[Prompt]]) -> set[str]:
    """The sha256 of every picture that the prompts name."""
    return {prompt.picture for step in steps for prompt in step if prompt.picture is not None}


def check_held(project: Project, pictures: set[str]) -> None:
    """Raise RequestError unless the project holds these pictures."""
    for sha256 in sorted(pictures):
        try:
            project.asset(sha256)
        except StudioError as error:
            raise RequestError(
                f"The project holds no picture {sha256[:8]}; give the file with --image-prompt."
            ) from error


def picture_and_weight(text: str) -> tuple[Path, float]:
    """Split IMG[:WEIGHT]; a file whose whole name is the text comes first."""
    before, colon, after = text.rpartition(":")
    if not colon or Path(text).exists():
        return Path(text), 1.0
    if not is_number(after.strip()):
        return Path(text), 1.0
    return Path(before), written_weight(after.strip(), text)


def _written(text: str) -> Steps:
    steps = parse(text)
    for part in doubtful(text):
        log.info("%r is read as a text; a blank before its last colon makes a weight.", part)
    return steps


def _region(text: str) -> tuple[str, bytes, list[Prompt]]:
    """The sha256 of a mask, the mask, and the prompts of MASK:PROMPT."""
    colons = [place for place, letter in enumerate(text) if letter == ":"]
    ends = [place for place in colons if Path(text[:place]).exists()] or colons[:1]
    if not ends or not text[ends[0] + 1 :].strip():
        raise RequestError(f'--region {text!r} is no MASK:PROMPT, such as sky.png:"a red sky".')
    sha256, data = mask(Path(text[: ends[0]]))
    steps = parse(text[ends[0] + 1 :])
    if len(steps) > 1:
        raise RequestError(f"--region {text!r} is a story; write ^ in the prompt itself only.")
    return sha256, data, [msgspec.structs.replace(each, mask=sha256) for each in steps[0]]


def _negative(text: str) -> list[Prompt]:
    steps = parse(text)
    if len(steps) > 1:
        raise RequestError(f"--negative {text!r} is a story; write ^ in the prompt itself only.")
    return [
        msgspec.structs.replace(prompt, weight=-abs(prompt.weight))
        for step in steps
        for prompt in step
    ]


def _noise(text: str) -> Prompt:
    steps = parse(f"noise={text}")
    if len(steps) > 1 or len(steps[0]) > 1:
        raise RequestError(f"--noise-prompt {text!r} is not a seed, or a seed and a weight.")
    return steps[0][0]


def _check_pulls(steps: Steps) -> None:
    if any(step and not any(prompt.weight for prompt in step) for step in steps):
        raise RequestError("No prompt pulls at the weight of 0; give one of them another weight.")


def _check_lengths(steps: Steps) -> None:
    for step in steps:
        for prompt in step:
            if prompt.text:
                tokens.encode(prompt.text)
