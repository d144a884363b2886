"""`train vqgan`: a VQGAN trained on a person's own pictures."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from studio.cli import answer
from studio.cli.interrupt import stoppable
from studio.cli.plan import STARTER
from studio.cli.progress import Progress
from studio.errors import RequestError
from studio.log import log
from studio.models import store
from studio.models.part import alone, writing
from studio.training.order import SCRATCH, STEPS, Order, Weights
from studio.training.own_pictures import FEWEST, Folder, Refused, look_at

if TYPE_CHECKING:
    from studio.training.own import Card, Training
    from studio.training.own_plan import Pace

NAMED = 12
"""Refused pictures that are listed one by one for people; JSON has all."""


def run(arguments: argparse.Namespace) -> int:
    """Train, go on, or only look."""
    if arguments.check:
        return _check(arguments)
    from studio.engine import device as devices
    from studio.training.own import Training

    if arguments.out is None:
        raise RequestError("Name a folder for the model with --out.")
    accelerator = devices.choose(arguments.device).type
    training = Training(arguments.out)
    _check_out(training, arguments)
    refused: tuple[Refused, ...] = ()
    with alone(_made(training.inside) / "order"):
        if not training.exists:
            refused = _begin(training, arguments, accelerator)
        elif arguments.resume:
            _check_order(training, arguments)
        if not training.finished:
            log.info("Training on %s; every loss is in %s.", accelerator, training.losses)
            if not _trained(training, accelerator):
                raise KeyboardInterrupt
            card = training.finish()
        else:
            log.info("The training in %s is finished already.", arguments.out)
            card = training.card()
    answer.give(
        _fields(training, card, refused, accelerator),
        _lines(training, card, refused),
        as_json=arguments.json,
    )
    return 0


def order_of(arguments: argparse.Namespace) -> Order:
    """What the words ask for; what they do not say is as usual."""
    weights = Weights(**_said(arguments, Weights, "weight_"))
    said = _said(arguments, Order)
    source = said.get("source", Order().source)
    said.setdefault("clip", _usual_clip(source))
    return Order(**(said | {"weights": weights}))


def _said(
    arguments: argparse.Namespace, form: type[msgspec.Struct], prefix: str = ""
) -> dict[str, Any]:
    """The fields of a form that words were given for."""
    found = {name: getattr(arguments, prefix + name, None) for name in form.__struct_fields__}
    return {name: value for name, value in found.items() if value is not None}


def _usual_clip(source: str) -> str:
    own = {each.name for each in store.installed() if each.kind == "clip"}
    return source if source in own else STARTER


def _check_out(training: Training, arguments: argparse.Namespace) -> None:
    """Refuse to train over something that is there, or among the pictures."""
    out: Path = arguments.out
    if out.exists() and not out.is_dir():
        raise RequestError(f"--out {out} is a file; name a folder.")
    if training.exists and not arguments.resume:
        raise RequestError(
            f"{out} holds a training already; add --resume to go on with it, or name another "
            "folder."
        )
    if training.exists:
        return
    if arguments.images is None:
        problem = "holds no training to go on with" if arguments.resume else "is to be trained"
        raise RequestError(f"{out} {problem}; name your pictures with --images FOLDER.")
    if (out / "vqgan.safetensors").exists():
        raise RequestError(f"{out} holds a model already; name another folder.")
    if out.resolve().is_relative_to(arguments.images.resolve()):
        raise RequestError(
            f"--out {out} lies among the pictures of --images {arguments.images}; name another "
            "folder."
        )


def _check_order(training: Training, arguments: argparse.Namespace) -> None:
    """Refuse words that ask for another training than the one that goes on."""
    begun = training.begun().order
    said = _said(arguments, Order) | {
        f"weights.{name}": value for name, value in _said(arguments, Weights, "weight_").items()
    }
    for name, value in said.items():
        there: Any = begun
        for step in name.split("."):
            there = getattr(there, step)
        if there != value:
            word = {"source": "from", "side": "size", "changes": "augment"}.get(name, name)
            word = word.removeprefix("weights.").replace("_", "-")
            raise RequestError(
                f"The training in {arguments.out} was begun with --{word} {there}; leave it so, or "
                "begin again in another folder."
            )


def _made(folder: Path) -> Path:
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _begin(
    training: Training, arguments: argparse.Namespace, accelerator: str
) -> tuple[Refused, ...]:
    order = order_of(arguments)
    folder = _looked_at(arguments.images)
    if folder.problem is None:
        log.info("%s", _counted(folder))
    with Progress(len(folder.usable), "picture") as progress:
        late = training.begin(
            order, folder, accelerator=accelerator, told=lambda done, _: progress.reach(done)
        )
    return folder.refused + late


def _looked_at(images: Path) -> Folder:
    log.info("Looking at the pictures in %s.", images)
    return look_at(images)


def _trained(training: Training, accelerator: str) -> bool:
    """Train to the end, or until Ctrl-C; whether it is done."""
    steps = training.begun().steps
    with stoppable() as stop, Progress(steps, "step") as progress:
        try:
            done = training.run(
                accelerator=accelerator,
                told=lambda step, figures: progress.reach(step + 1),
                stop=stop,
            )
        except SystemExit as ended:  # what Lightning makes of a second Ctrl-C
            raise KeyboardInterrupt from ended
    if not done:
        log.info("Stopped; --resume with the same --out goes on exactly there.")
    return done


def _check(arguments: argparse.Namespace) -> int:
    if arguments.images is None:
        raise RequestError("Name your pictures with --images FOLDER.")
    order = order_of(arguments)
    folder = _looked_at(arguments.images)
    pace = None
    if folder.problem is None:
        from studio.engine import device as devices
        from studio.training.own_plan import estimate

        pace = estimate(order, folder, devices.choose(arguments.device).type)
    found = _folder_fields(folder) | {"estimate": None if pace is None else _paced(pace, order)}
    answer.give(found, _check_lines(folder, pace, order), as_json=arguments.json)
    return 0


def _paced(pace: Pace, order: Order) -> dict[str, Any]:
    steps = order.steps or STEPS
    if order.minutes is not None:
        steps = pace.steps(order, order.minutes)
    return {
        "steps": steps,
        "seconds": pace.seconds(order, steps),
        "seconds_per_step": pace.plain,
        "seconds_per_step_with_discriminator": pace.full,
        "peak_bytes": pace.peak_bytes,
    }


def _folder_fields(folder: Folder) -> dict[str, Any]:
    return {
        "images": str(folder.path),
        "usable": len(folder.usable),
        "captioned": sum(each.caption is not None for each in folder.usable),
        "needed": FEWEST,
        "enough": folder.problem is None,
        "problem": folder.problem,
        "refused": _refused_fields(folder.refused),
    }


def _refused_fields(refused: Sequence[Refused]) -> list[dict[str, str]]:
    return [{"path": str(each.path), "reason": each.reason} for each in refused]


def _counted(folder: Folder) -> str:
    captions = sum(each.caption is not None for each in folder.usable)
    told = f"{len(folder.usable)} pictures are usable, {captions} of them with a caption"
    return f"{told}; {len(folder.refused)} are not." if folder.refused else f"{told}."


def _check_lines(folder: Folder, pace: Pace | None, order: Order) -> Iterator[str]:
    yield _counted(folder)
    yield from _refused_lines(folder.refused, limit=None)
    if folder.problem is not None:
        yield folder.problem
    if pace is not None:
        paced = _paced(pace, order)
        yield (
            f"{paced['steps']} steps would take about {paced['seconds'] / 60:.1f} minutes here "
            f"({pace.plain:.2f} s a step, {pace.full:.2f} s with the discriminator)."
        )
        if pace.peak_bytes is not None:
            yield f"It takes about {answer.megabytes(pace.peak_bytes)} of memory."


def _refused_lines(refused: Sequence[Refused], limit: int | None) -> Iterator[str]:
    for each in refused[:limit]:
        yield f"  {each.path} {each.reason}."
    if limit is not None and len(refused) > limit:
        yield f"  and {len(refused) - limit} more; --check lists all."


def _fields(
    training: Training, card: Card, refused: Sequence[Refused], accelerator: str
) -> dict[str, Any]:
    return {
        "out": str(training.out),
        "model": training.out.resolve().name,
        "weights": str(training.out / "vqgan.safetensors"),
        "losses": str(training.losses),
        "before_and_after": str(training.sheet),
        "device": accelerator,
        "refused": _refused_fields(refused),
        **msgspec.to_builtins(card),
    }


def _lines(training: Training, card: Card, refused: Sequence[Refused]) -> Iterator[str]:
    before, after = card.before, card.after
    if refused:
        yield f"{len(refused)} files were not used:"
        yield from _refused_lines(refused, NAMED)
    yield f"Held out: {after.pictures} pictures; trained on {card.learned}, {card.steps} steps."
    yield f"{'':<12}{'before':>10}{'after':>10}"
    for name, digits in (("l1", 4), ("psnr", 2), ("ssim", 3), ("frechet", 4), ("perplexity", 0)):
        yield f"{name:<12}{getattr(before, name):>10.{digits}f}{getattr(after, name):>10.{digits}f}"
    yield card.verdict
    if card.source == SCRATCH:
        yield "Before means a network that has learned nothing."
    yield f"model    {training.out / 'vqgan.safetensors'}"
    yield f"pictures {training.sheet}"
