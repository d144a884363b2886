"""`info`: what a project holds, told without a model."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from studio.cli import answer
from studio.cli.keyframe import plain
from studio.cli.told import written_prompts
from studio.core.schedule import Change, in_force, settings_at
from studio.core.settings import Motion, Settings, knobs_off_default
from studio.project import schema
from studio.project.document import ModelRef, Take
from studio.project.file import Project


def run(arguments: argparse.Namespace) -> int:
    """Tell about the project that the arguments name."""
    with Project.open(arguments.project, read_only=True) as project:
        found = described(project)
    answer.give(found, _lines(found), as_json=arguments.json)
    return 0


def described(project: Project) -> dict[str, Any]:
    """A project in plain values. Settings are those of the take painted last, at its end."""
    takes = project.takes()
    newest = project.shown_takes()[-1].id
    changes = project.changes(newest)
    settings = settings_at(changes, max(0, project.length(newest) - 1))
    _, version = schema.header(project.path)
    models = [{"kind": model.kind, **_model(model)} for model in project.models]
    return {
        "format_version": schema.name(version),
        "size": list(settings.size),
        "model": next((_model(each) for each in project.models if each.kind == "vqgan"), None),
        "models": models,
        "takes": [_take(take, project.length(take.id)) for take in takes],
        "prompts": _plain(settings)["prompts"],
        "seed": settings.seed,
        "keyframes": _keyframes(changes, project.length(newest)),
        "settings": _plain(settings),
        "knobs": _knobs(settings),
        "created": project.created,
        "modified": project.modified,
    }


def _model(model: ModelRef) -> dict[str, str]:
    return {"name": model.name, "sha256": model.sha256}


def _take(take: Take, length: int) -> dict[str, Any]:
    return {
        "id": take.id,
        "name": take.name,
        "parent": take.parent,
        "branched_at": take.branched_at,
        "iterations": length,
        "deleted": take.deleted,
    }


def _keyframes(changes: Sequence[Change], length: int) -> list[dict[str, Any]]:
    """What steers the painting, by iteration: the changes after the start, each with the settings
    that it changes, and the keyframes that count from now on, each with what it sets."""
    found: dict[int, dict[str, Any]] = {}
    told = [(change.iteration, _plain(change.settings)) for change in changes]
    for (_, before), (iteration, after) in pairwise(told):
        differs = {name: value for name, value in after.items() if value != before[name]}
        if differs:
            found.setdefault(iteration, {}).update(differs)
    for keyframe in in_force(changes, length).keyframes:
        found.setdefault(keyframe.iteration, {}).update(plain(keyframe))
    return [{"iteration": at} | found[at] for at in sorted(found)]


def _plain(settings: Settings) -> dict[str, Any]:
    """All settings, with every field of every prompt and of the motion."""
    prompts = [msgspec.structs.asdict(prompt) for prompt in settings.prompts]
    motion = msgspec.structs.asdict(settings.motion)
    return {**msgspec.to_builtins(settings), "prompts": prompts, "motion": motion}


def _knobs(settings: Settings) -> dict[str, Any]:
    """Every knob off its default."""
    moving = {} if settings.motion == Motion() else {"motion": _plain(settings)["motion"]}
    return knobs_off_default(settings) | moving


def _lines(found: dict[str, Any]) -> Iterator[str]:
    settings = msgspec.convert(found["settings"], Settings)
    yield f"format    {found['format_version']}"
    yield f"prompts   {written_prompts(settings)}"
    yield f"size      {found['size'][0]}x{found['size'][1]}"
    yield f"seed      {found['seed']}"
    for model in found["models"]:
        yield f"{model['kind']:<9} {model['name']} (sha256 {model['sha256'][:12]}…)"
    for take in found["takes"]:
        yield f"take {take['id']:<4} {_told(take)}"
    for keyframe in found["keyframes"]:
        yield _steered(keyframe)
    usual = ("optimizer", "learning_rate", "cutouts", "preset", "start", "smooth", "average")
    knobs = dict.fromkeys((*usual, *knobs_off_default(settings)))
    yield "settings  " + ", ".join(f"{knob} {found['settings'][knob]}" for knob in knobs)
    if not settings.motion.is_still:
        moving = msgspec.structs.asdict(settings.motion)
        yield "motion    " + ", ".join(f"{name} {value}" for name, value in moving.items())
    yield f"created   {found['created']}"
    yield f"modified  {found['modified']}"


def _steered(keyframe: dict[str, Any]) -> str:
    at = keyframe["iteration"]
    names = [name for name in keyframe if name not in ("iteration", "ease", "eases", "hold")]
    if "ease" not in keyframe:
        return f"from {at:<4} other {', '.join(names)}"
    rests = f", films rest {keyframe['hold']:g} s" if keyframe["hold"] else ""
    return f"key {at:<5} {', '.join(names) or 'nothing'}, then {keyframe['ease']}{rests}"


def _told(take: dict[str, Any]) -> str:
    told = f"{take['name']}, {take['iterations']} iterations"
    if take["parent"] is not None:
        told += f", from take {take['parent']} at {take['branched_at']}"
    return told + (" (deleted)" if take["deleted"] else "")
