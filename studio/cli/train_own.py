"""`train vqgan`: a VQGAN trained on a person's own pictures."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from studio.cli import answer
from studio.cli import train_shared as shared
from studio.cli.plan import STARTER
from studio.errors import RequestError, shown
from studio.models import store
from studio.training.order import SCRATCH, STEPS, Order, Weights
from studio.training.own_pictures import FEWEST, Folder, told_of

if TYPE_CHECKING:
    from studio.training.own import Card, Training
    from studio.training.pace import Pace


def run(arguments: argparse.Namespace) -> int:
    """Train, go on, or only look."""
    if arguments.check:
        return _check(arguments)
    from studio.training.own import Training

    training = Training(shared.out_of(arguments))
    if shared.is_follower(training):
        return shared.follow(training, arguments)
    card = shared.brought_to_end(training, arguments, order_of)
    refused = training.begun().refused
    answer.give(
        _fields(training, card, refused), _lines(training, card, refused), as_json=arguments.json
    )
    return 0


def order_of(arguments: argparse.Namespace) -> Order:
    """What the words ask for; what they do not say is as usual."""
    weights = Weights(**shared.said(arguments, Weights, "weight_"))
    said = shared.said(arguments, Order)
    source = said.get("source", Order().source)
    said.setdefault("clip", _usual_clip(source))
    return Order(**(said | {"weights": weights}))


def _usual_clip(source: str) -> str:
    own = {each.name for each in store.installed() if each.kind == "clip"}
    return source if source in own else STARTER


def _check(arguments: argparse.Namespace) -> int:
    if arguments.images is None:
        raise RequestError("Name your pictures with --images FOLDER.")
    order = order_of(arguments)
    folder = shared.looked_at(arguments.images)
    pace = None
    if folder.problem is None:
        from studio.engine import device as devices
        from studio.training.own_plan import estimate

        pace = estimate(order, folder, devices.choose(arguments.device).type)
    paced = None if pace is None else _paced(pace, order, folder)
    found = _folder_fields(folder) | {"estimate": paced}
    answer.give(found, _check_lines(folder, paced), as_json=arguments.json)
    return 0


def _paced(pace: Pace, order: Order, folder: Folder) -> dict[str, Any]:
    steps = order.steps or STEPS
    if order.minutes is not None:
        steps = pace.steps(order, order.minutes)
    return {
        "steps": steps,
        "seconds": pace.seconds(order, steps),
        "seconds_per_step": pace.plain,
        "seconds_per_step_with_discriminator": pace.full,
        "peak_bytes": pace.peak_bytes,
        "disk_bytes": pace.disk_bytes(order, folder),
    }


def _folder_fields(folder: Folder) -> dict[str, Any]:
    return {
        "images": shown(folder.path),
        "usable": len(folder.usable),
        "captioned": sum(each.caption is not None for each in folder.usable),
        "needed": FEWEST,
        "enough": folder.problem is None,
        "problem": folder.problem,
        "refused": shared.refused_fields(told_of(folder.refused)),
    }


def _check_lines(folder: Folder, paced: dict[str, Any] | None) -> Iterator[str]:
    yield shared.counted(folder)
    yield from shared.refused_lines(told_of(folder.refused), limit=None)
    if folder.problem is not None:
        yield folder.problem
    if paced is not None:
        yield (
            f"{paced['steps']} steps would take about {paced['seconds'] / 60:.1f} minutes here "
            f"({paced['seconds_per_step']:.2f} s a step, "
            f"{paced['seconds_per_step_with_discriminator']:.2f} s with the discriminator)."
        )
        disk = f"{answer.megabytes(paced['disk_bytes'])} on the disk"
        if paced["peak_bytes"] is None:
            yield f"It takes about {disk}."
        else:
            yield f"It takes about {answer.megabytes(paced['peak_bytes'])} of memory and {disk}."


def _fields(training: Training, card: Card, refused: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {
        "out": str(training.out),
        "model": training.out.resolve().name,
        "weights": str(training.out / "vqgan.safetensors"),
        "losses": str(training.losses),
        "before_and_after": str(training.sheet),
        "refused": shared.refused_fields(refused),
        **msgspec.to_builtins(card),
    }


def _lines(training: Training, card: Card, refused: Sequence[tuple[str, str]]) -> Iterator[str]:
    before, after = card.before, card.after
    if refused:
        yield f"{len(refused)} files were not used:"
        yield from shared.refused_lines(refused, shared.NAMED)
    yield f"Held out: {after.pictures} pictures; trained on {card.learned}, {card.steps} steps."
    yield f"{'':<12}{'before':>10}{'after':>10}"
    for name, digits in (("l1", 4), ("psnr", 2), ("ssim", 3), ("frechet", 4), ("perplexity", 0)):
        yield f"{name:<12}{getattr(before, name):>10.{digits}f}{getattr(after, name):>10.{digits}f}"
    yield card.verdict
    if card.source == SCRATCH:
        yield "Before means a network that has learned nothing."
    yield f"model    {training.out / 'vqgan.safetensors'}"
    yield f"pictures {training.sheet}"
