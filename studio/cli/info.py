"""`info`: what a project holds, told without a model."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from studio.cli import answer
from studio.cli.outputs import written_prompts
from studio.core.schedule import Change, settings_at
from studio.core.settings import Settings
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
    newest = max((take.id for take in takes if not take.deleted), default=takes[-1].id)
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
        "keyframes": _keyframes(changes),
        "settings": _plain(settings),
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


def _keyframes(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The changes after the start, each with the settings that it changes."""
    keyframes = []
    for change in changes:
        if change.iteration > 0:
            before = settings_at(changes, change.iteration - 1)
            keyframes.append(
                {"iteration": change.iteration, **_difference(before, change.settings)}
            )
    return keyframes


def _difference(before: Settings, after: Settings) -> dict[str, Any]:
    old, new = _plain(before), _plain(after)
    return {name: value for name, value in new.items() if value != old[name]}


def _plain(settings: Settings) -> dict[str, Any]:
    """All settings, with every field of every prompt."""
    prompts = [msgspec.structs.asdict(prompt) for prompt in settings.prompts]
    return {**msgspec.to_builtins(settings), "prompts": prompts}


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
        changed = ", ".join(name for name in keyframe if name != "iteration")
        yield f"from {keyframe['iteration']:<4} other {changed}"
    knobs = ("optimizer", "learning_rate", "cutouts", "preset", "start", "smooth", "average")
    yield "settings  " + ", ".join(f"{knob} {found['settings'][knob]}" for knob in knobs)
    yield f"created   {found['created']}"
    yield f"modified  {found['modified']}"


def _told(take: dict[str, Any]) -> str:
    told = f"{take['name']}, {take['iterations']} iterations"
    if take["parent"] is not None:
        told += f", from take {take['parent']} at {take['branched_at']}"
    return told + (" (deleted)" if take["deleted"] else "")
