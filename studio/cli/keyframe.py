"""`keyframe`: the keyframes of a project are listed, set and removed; needs no model."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import msgspec

from studio.cli import answer
from studio.cli.motion import motion
from studio.cli.prompts import asked, check_held, named_pictures
from studio.core import planning
from studio.core.easing import Ease
from studio.core.knobs import KNOBS
from studio.core.prompt import write
from studio.core.schedule import Keyframe, settings_of
from studio.core.settings import Edges, Prompt
from studio.errors import RequestError
from studio.log import log
from studio.project.file import Project


@dataclass(frozen=True, kw_only=True)
class KeyframeOptions:
    """What a person asked `keyframe` to do, as the parser names it; None for what was not said."""

    command: str
    verb: str
    project: Path
    take: int | None
    json: bool
    iteration: int = 0
    prompt: str | None = None
    image_prompt: list[str] = field(default_factory=list)
    negative: list[str] = field(default_factory=list)
    noise_prompt: list[str] = field(default_factory=list)
    region: list[str] = field(default_factory=list)
    numbers: Mapping[str, float] = field(default_factory=dict)
    """By the field of the knob; only what was said."""
    seed: int | None = None
    zoom: float | None = None
    angle: float | None = None
    move: tuple[float, float] | None = None
    edges: Edges | None = None
    ease: Ease | None = None
    ease_of: list[tuple[str, str]] = field(default_factory=list)
    hold: float | None = None


def run(arguments: argparse.Namespace) -> int:
    """List, set or remove keyframes of the project that the arguments name."""
    options = _said(arguments)
    with Project.open(options.project, read_only=options.verb == "list") as project:
        take = _take(options, project)
        if options.verb == "set":
            _set(options, project, take)
        elif options.verb == "remove":
            project.remove_keyframe(take, options.iteration)
        keyframes = project.keyframes(take)
    found = {"take": take, "keyframes": [plain(each) for each in keyframes]}
    answer.give(found, _lines(keyframes), as_json=options.json)
    return 0


def _said(arguments: argparse.Namespace) -> KeyframeOptions:
    found = dict(vars(arguments))
    turned = {each.field: found.pop(each.field, None) for each in KNOBS if each.travel}
    numbers = {name: value for name, value in turned.items() if value is not None}
    return KeyframeOptions(**found, numbers=numbers)


def plain(keyframe: Keyframe) -> dict[str, Any]:
    """What a keyframe sets, in plain values; prompts with every field of theirs."""
    found = {"iteration": keyframe.iteration, **keyframe.values}
    if keyframe.prompts is not None:
        found["prompts"] = [msgspec.structs.asdict(each) for each in keyframe.prompts]
    if keyframe.motion is not None:
        found["motion"] = msgspec.structs.asdict(keyframe.motion)
    found["ease"] = keyframe.ease
    if keyframe.eases:
        found["eases"] = dict(keyframe.eases)
    return found | {"hold": keyframe.hold}


def in_words(keyframe: Keyframe) -> str:
    """What a keyframe sets, for people."""
    told = [_value_in_words(name, value) for name, value in keyframe.values.items()]
    if keyframe.hold:
        told.append(f"films rest {keyframe.hold:g} s")
    told.append(f"then {keyframe.ease}")
    told += [f"{name} {ease}" for name, ease in keyframe.eases.items()]
    return ", ".join(told)


def _take(options: KeyframeOptions, project: Project) -> int:
    takes = {each.id: each for each in project.takes()}
    if options.take is None:
        left = [each.id for each in takes.values() if not each.deleted]
        if not left:
            raise RequestError(f"Every take of {project.path.name} is deleted; restore one first.")
        return max(left)
    if options.take not in takes:
        names = ", ".join(map(str, takes))
        raise RequestError(f"{project.path.name} has no take {options.take}; it has {names}.")
    return options.take


def _set(options: KeyframeOptions, project: Project, take: int) -> None:
    length, at = project.length(take), options.iteration
    plan = planning.plan(project.changes(take), length)
    there = next((each for each in plan.keyframes if each.iteration == at), None)
    values, pictures = _values(options, project)
    before = there or Keyframe(iteration=at)
    moved = motion(options, before.motion or settings_of(plan, at).motion)
    given = {**values, "motion": moved, "ease": options.ease, "hold": options.hold}
    fields = {name: value for name, value in given.items() if value is not None}
    if options.ease_of:
        fields["eases"] = {**before.eases, **cast(Mapping[str, Ease], dict(options.ease_of))}
    if not fields:
        raise RequestError("Say what the keyframe sets, such as --prompt; `--help` lists it all.")
    keyframe = msgspec.structs.replace(before, **fields)
    planning.with_keyframe(project.changes(take), keyframe, length)  # refused before it is kept
    for data in pictures.values():
        project.add_asset(data)
    project.set_keyframe(take, keyframe)
    if at < length:
        log.warning(
            "Iteration %d is painted already: what is painted stays as it is, the keyframe counts "
            "from iteration %d on, and films stop there.",
            at,
            length,
        )


def _values(options: KeyframeOptions, project: Project) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The values given, but for a motion, and the pictures that they name."""
    found: dict[str, Any] = {
        **options.numbers,
        "seed": options.seed,
    }
    if options.prompt is None and not (options.negative or options.image_prompt):
        return found, {}
    wanted = asked(options)
    if len(wanted.steps) > 1:
        raise RequestError("A keyframe has one step of a story; set one keyframe for each step.")
    check_held(project, named_pictures(wanted.steps) - set(wanted.pictures))
    return {**found, "prompts": wanted.steps[0]}, wanted.pictures


def _lines(keyframes: Sequence[Keyframe]) -> Iterator[str]:
    if not keyframes:
        yield "no keyframes"
    for keyframe in keyframes:
        yield f"{keyframe.iteration:>6}  {in_words(keyframe)}"


def _value_in_words(name: str, value: Any) -> str:
    if name == "prompts":
        return f"prompts {_written(value)}"
    if name == "motion":
        told = f"zoom {value.zoom:g}, turn {value.angle:g}°, move {value.x:g},{value.y:g}"
        return f"{told}, edges {value.edges}"
    return f"{name.replace('_', ' ')} {value:g}" if name != "seed" else f"seed {value}"


def _written(prompts: Sequence[Prompt]) -> str:
    pulling = [each for each in prompts if each.on]
    return write([[msgspec.structs.replace(each, mask=None) for each in pulling]])
