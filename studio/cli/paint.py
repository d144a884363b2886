"""`paint`: a prompt becomes a picture and a project."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from studio.cli import answer
from studio.cli.interrupt import stoppable
from studio.cli.options import PaintOptions
from studio.cli.outputs import (
    check_new_project,
    make_folder,
    make_projects_folder,
    new_project,
    slug,
    write_picture,
)
from studio.cli.plan import Plan, last_step_ahead, plan_new, plan_resumed
from studio.cli.progress import Progress
from studio.cli.told import texts, written_prompts
from studio.core.schedule import Change, all_prompts, settings_at
from studio.core.settings import Settings
from studio.core.why import Why
from studio.errors import RequestError
from studio.log import log
from studio.pictures.heat import heat
from studio.project.file import Project

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from studio.engine.painter import Painter, Step
    from studio.painting import Models, Painted, Painting


def run(arguments: argparse.Namespace) -> int:
    """Paint what the arguments ask for."""
    options = PaintOptions.said(arguments)
    if not options.resume:
        return _paint_new(options)
    if options.project is None:
        raise RequestError("--resume needs --project FILE.vqproj: which painting is to go on?")
    if options.force:
        raise RequestError("Give --resume or --force: paint the project on, or replace it.")
    with Project.open(options.project) as project:
        return _paint_on(options, project)


def _paint_new(options: PaintOptions) -> int:
    if options.project is not None:
        check_new_project(options.project, force=options.force)
    plan = plan_new(options)
    if options.project is None:
        make_projects_folder()
    models = _loaded(plan, options.device)
    with _created(plan, options) as project:
        return _paint(options, plan, models, project, project.takes()[0].id)


def _paint_on(options: PaintOptions, project: Project) -> int:
    take = max((take.id for take in project.takes() if not take.deleted), default=None)
    if take is None:
        raise RequestError(f"Every take of {project.path.name} is deleted; restore one first.")
    plan = plan_resumed(options, project, take)
    models = _loaded(plan, options.device)
    for data in plan.assets.values():
        project.add_asset(data)
    for change in plan.changes:
        project.add_change(take, change)
    return _paint(options, plan, models, project, take)


def _created(plan: Plan, options: PaintOptions) -> Project:
    models = plan.model_refs()
    if options.project is not None:
        return Project.create(
            options.project,
            models=models,
            changes=plan.changes,
            assets=plan.assets,
            replace=options.force,
        )
    return new_project(models, plan.changes, plan.assets)


def _loaded(plan: Plan, device: str) -> Models:
    from studio.painting import load_models

    weights = {model.name: model.weights for model in plan.perceptors}
    return load_models(plan.vqgan.weights, weights, device)


def _paint(options: PaintOptions, plan: Plan, models: Models, project: Project, take: int) -> int:
    from studio.painting import Painting

    changes = project.changes(take)
    painter = models.painter(project, changes)
    _warn_of_unknown_words(painter, changes)
    length = project.length(take)
    settings = settings_at(changes, length)
    _warn_of_an_early_end(changes, length, options.count)
    log.info(
        "Painting %s, %dx%d, seed %d, on %s, into %s",
        written_prompts(settings),
        *settings.size,
        settings.seed,
        models.device_in_words,
        project.path,
    )
    with stoppable() as asked_to_stop:
        painting = Painting(painter, project, take)
        why = Why()
        with Progress(options.count) as progress:

            def see(step: Step) -> None:
                progress.step(step.total)
                why.add(step.why)

            painted = painting.paint(options.count, on_step=see, should_stop=asked_to_stop)
        if painted.last is not None:
            about = texts(painting.painted_with, project.asset)
            write_picture(plan.out, painted.last.picture, about)
            if options.why is not None:
                _write_why(options.why, why, painted.last.picture, painting.painted_with)
    found = _answer(painting, painted, plan.out)
    answer.give(found, _lines(found), as_json=options.json)
    if painted.stopped:
        _say_how_to_go_on(project.path, options.count - painted.iterations)
        return 130
    return 0


def _write_why(folder: Path, why: Why, picture: NDArray[np.uint8], settings: Settings) -> None:
    make_folder(folder)
    for number, prompt in enumerate(settings.prompts[: len(why)]):
        path = folder / f"{number + 1:02d}-{slug(prompt.label)}.png"
        write_picture(path, heat(picture, why.map(number)))


def _warn_of_unknown_words(painter: Painter, changes: Sequence[Change]) -> None:
    unknown: dict[str, list[str]] = {}
    for prompts in all_prompts(changes):
        settings = msgspec.structs.replace(changes[0].settings, prompts=prompts)
        for name, words in painter.unknown_words(settings).items():
            known = unknown.setdefault(name, [])
            known += [word for word in words if word[:1].isalnum() and word not in known]
    for name, words in unknown.items():
        if words:
            log.warning(
                "The CLIP %s never learnt: %s. `models list` says what it can draw.",
                name,
                ", ".join(words),
            )


def _warn_of_an_early_end(changes: Sequence[Change], length: int, count: int) -> None:
    """Say so when painting ends before the last step of a story, or the last prompts planned."""
    last = last_step_ahead(changes, length)
    if last is not None and last >= length + count:
        log.warning(
            "The last prompts are reached at iteration %d, after these %d iterations end; it takes "
            "--iterations %d to paint them.",
            last,
            count,
            last - length + 1,
        )


def _answer(painting: Painting, painted: Painted, out: Path) -> dict[str, Any]:
    from studio.painting import codes_sha256

    settings, last = painting.painted_with, painted.last
    rate = painted.iterations / painted.seconds if painted.iterations else 0.0
    return {
        "iterations": painted.iterations,
        "seconds": round(painted.seconds, 3),
        "iterations_per_second": round(rate, 3),
        "loss": None if last is None else last.total,
        "seed": settings.seed,
        "size": list(settings.size),
        "model": settings.model,
        "device": painting.painter.device.type,
        "out": None if last is None else str(out),
        "project": str(painting.project.path),
        "codes_sha256": None if last is None else codes_sha256(last.codes),
    }


def _lines(found: dict[str, Any]) -> Iterator[str]:
    yield (
        f"painted  {found['iterations']} iterations in {found['seconds']:.1f} s "
        f"({found['iterations_per_second']:.2f} a second)"
    )
    yield f"seed     {found['seed']}"
    if found["out"] is not None:
        yield f"loss     {found['loss']:.4f}"
        yield f"picture  {found['out']}"
    yield f"project  {found['project']}"


def _say_how_to_go_on(project: Path, left: int) -> None:
    log.warning(
        'Stopped; everything painted is kept. Go on with: %s paint --project "%s" --resume '
        "--iterations %d",
        Path(sys.argv[0]).name,
        project,
        left,
    )
