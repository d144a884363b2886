"""What `paint` is going to do, checked as far as it goes without a model being loaded."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from studio.cli.options import PaintOptions
from studio.cli.outputs import picture_path
from studio.cli.pictures import embedded, mask
from studio.cli.prompts import Asked, Steps, asked, check_held, named_pictures
from studio.core import planning
from studio.core.schedule import STORY_SPACING, Change, Keyframe, settings_at, story
from studio.core.settings import Prompt, Settings
from studio.errors import RequestError, StudioError
from studio.log import log
from studio.models import store
from studio.models.store import Installed
from studio.project.document import ModelRef
from studio.project.file import Project

STARTER = "starter"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything `paint` needs besides the loaded models."""

    changes: tuple[Change, ...]
    """Changes of settings that the project does not have yet."""
    assets: Mapping[str, bytes] = field(default_factory=dict)
    """Pictures that the project does not have yet, by their sha256."""
    vqgan: Installed
    perceptors: tuple[Installed, ...]
    out: Path

    def model_refs(self) -> list[ModelRef]:
        """The models as a project names them."""
        return [
            ModelRef(model.name, store.sha256(model), model.kind)
            for model in (self.vqgan, *self.perceptors)
        ]


def plan_new(options: PaintOptions) -> Plan:
    """The plan of a new painting. Raises RequestError when the request is wrong."""
    wanted = asked(options)
    if not wanted.steps[0]:
        raise RequestError("There is no prompt; write what the picture should show.")
    missing = named_pictures(wanted.steps) - set(wanted.pictures)
    if missing:
        raise RequestError(
            f"A new project holds no picture {min(missing)[:8]}; give the file with --image-prompt."
        )
    clips = None if options.clip is None else options.clip.names
    vqgan, perceptors = models_named(options.model or STARTER, clips)
    assets = dict(wanted.pictures)
    settings = Settings(
        prompts=wanted.steps[0],
        size=fitted(options.size or (256, 256), store.factor(vqgan)),
        seed=secrets.randbelow(2**32) if options.seed is None else options.seed,
        model=vqgan.name,
        perceptors=tuple(model.name for model in perceptors),
        **_start(options, assets, vqgan),
        **_kept(options, assets),
        **options.knobs(),
    )
    return Plan(
        changes=story(wanted.steps, settings),
        assets=assets,
        vqgan=vqgan,
        perceptors=perceptors,
        out=picture_path(options.out, settings),
    )


def plan_resumed(options: PaintOptions, project: Project, take: int) -> Plan:
    """The plan of painting a take on. Raises RequestError when the request is wrong."""
    wanted = asked(options)
    before, length = project.changes(take), project.length(take)
    settings = settings_at(before, length)
    _refuse_fixed(options, settings)
    if options.asks_for_prompts:
        check_held(project, named_pictures(wanted.steps) - set(wanted.pictures))
    else:
        wanted = Asked(())
    perceptors = tuple(store.find(name, "clip") for name in settings.perceptors)
    vqgan = store.find(settings.model, "vqgan")
    check_models(project, (vqgan, *perceptors))
    assets = dict(wanted.pictures)
    knobs = options.knobs(settings) | _kept(options, assets)
    return Plan(
        changes=amendments(before, length, wanted.steps, knobs),
        assets=assets,
        vqgan=vqgan,
        perceptors=perceptors,
        out=picture_path(options.out, settings),
    )


def amendments(
    before: Sequence[Change], length: int, steps: Steps, knobs: Mapping[str, Any]
) -> tuple[Change, ...]:
    """The change that gives a take of `length` iterations other prompts and knobs from now on.

    `steps` is a new story in place of what is left of the old, empty for the one that is there.
    Asking for what holds already gives none.
    """
    after = planning.with_values(before, knobs, length)
    if steps and not tells(before, steps):
        after = _telling(after, steps)
    return () if after == planning.plan(before, length) else (after,)


def tells(changes: Sequence[Change], steps: Steps) -> bool:
    """Whether the changes tell this story from iteration 0 on, and no other."""
    turns = {number * STORY_SPACING for number in range(len(steps))}
    for change in changes:
        turns |= {change.iteration} | {each.iteration for each in change.keyframes}
    return all(
        settings_at(changes, iteration).prompts == _step_at(iteration, steps) for iteration in turns
    )


def _telling(change: Change, steps: Steps) -> Change:
    """A change that tells a story from its beginning on, and of the old one what is painted."""
    begin = change.iteration
    silent = [
        msgspec.structs.replace(each, prompts=None) if each.iteration >= begin else each
        for each in change.keyframes
    ]
    kept = tuple(each for each in silent if each != Keyframe(iteration=each.iteration))
    if len(steps) == 1 and all(each.prompts is None for each in kept):
        settings = msgspec.structs.replace(change.settings, prompts=steps[0])
        return msgspec.structs.replace(change, settings=settings, keyframes=kept)
    told = msgspec.structs.replace(change, keyframes=kept)
    for number, prompts in enumerate(steps):
        told = planning.put_values(told, begin + number * STORY_SPACING, {"prompts": prompts})
    return told


def _step_at(iteration: int, steps: Steps) -> tuple[Prompt, ...]:
    """The step of a story that is painted, or left, `iteration` iterations after its begin."""
    return steps[min(iteration // STORY_SPACING, len(steps) - 1)]


def last_step_ahead(changes: Sequence[Change], length: int) -> int | None:
    """The iteration at which the last prompts that are planned are reached; None if they are."""
    keyframes = planning.plan(changes, length).keyframes
    last = max((each.iteration for each in keyframes if each.prompts is not None), default=0)
    return last if last >= length and last > 0 else None


def models_named(model: str, clip: Sequence[str] | None) -> tuple[Installed, tuple[Installed, ...]]:
    """The VQGAN and the CLIPs of these names; without CLIPs the VQGAN's namesake, or starter."""
    vqgan = store.find(model, "vqgan")
    if clip is None:
        own = {each.name for each in store.installed() if each.kind == "clip"}
        clip = (model if model in own else STARTER,)
    return vqgan, tuple(store.find(name, "clip") for name in clip)


def fitted(size: tuple[int, int], factor: int) -> tuple[int, int]:
    """The size rounded down to multiples of `factor`; says so when it was none."""
    width, height = (max(factor, side // factor * factor) for side in size)
    if (width, height) != size:
        log.warning(
            "%dx%d becomes %dx%d: the model paints in squares of %d pixels.",
            *size,
            width,
            height,
            factor,
        )
    return width, height


def _start(options: PaintOptions, assets: dict[str, bytes], vqgan: Installed) -> dict[str, Any]:
    """The settings that say how it begins; an init image joins the assets."""
    imagines = store.imagination(vqgan).exists()
    if options.start == "imagined" and not imagines:
        raise RequestError(
            f"The model {vqgan.name} has no imagination to start from; give another --start."
        )
    if options.init is None:
        return {"start": options.start or ("imagined" if imagines else "codes")}
    if options.start is not None:
        raise RequestError("Give --init or --start; a painting begins in one way only.")
    sha256, data = embedded(options.init)
    assets[sha256] = data
    return {"start": "picture", "start_picture": sha256}


def _kept(options: PaintOptions, assets: dict[str, bytes]) -> dict[str, Any]:
    """The setting that says what is kept, if it was said; its mask joins the assets."""
    if options.keep is None:
        return {}
    if options.keep == "none":
        return {"keep": None}
    sha256, data = mask(Path(options.keep))
    assets[sha256] = data
    return {"keep": sha256}


def _refuse_fixed(options: PaintOptions, settings: Settings) -> None:
    """Raise RequestError when something is asked to differ that holds for a whole painting."""
    init = None if options.init is None else embedded(options.init)[0]
    factor = store.factor(store.find(settings.model, "vqgan"))
    size = None if options.size is None else fitted(options.size, factor)
    for name, given, fixed in (
        ("size", size, settings.size),
        ("model", options.model, settings.model),
        ("clip", None if options.clip is None else options.clip.names, settings.perceptors),
        ("seed", options.seed, settings.seed),
        ("start", options.start, settings.start),
        ("init", init, settings.start_picture),
    ):
        if given is not None and given != fixed:
            raise RequestError(
                f"--{name} cannot change with --resume; paint a new project with it instead."
            )


def check_models(project: Project, models: Sequence[Installed]) -> None:
    """Raise StudioError when the VQGAN is another than the project's; say so for a CLIP."""
    known = {(model.name, model.kind): model.sha256 for model in project.models}
    for model in models:
        if known.get((model.name, model.kind)) == store.sha256(model):
            continue
        if model.kind == "vqgan":
            raise StudioError(
                f"{model.weights} is not the {model.name} that {project.path.name} was painted "
                "with; put that one back to paint it on."
            )
        log.warning("The CLIP %s is not the one this was painted with.", model.name)
