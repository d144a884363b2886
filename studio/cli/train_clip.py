"""`train clip`: a small CLIP trained on a person's own captioned pictures."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from studio.cli import answer
from studio.cli import train_shared as shared
from studio.errors import RequestError, shown
from studio.training.order import CLIPOrder
from studio.training.own_pictures import FEWEST_CAPTIONED, told_of

if TYPE_CHECKING:
    from studio.training.own_clip import CLIPCard, CLIPTraining


def run(arguments: argparse.Namespace) -> int:
    """Train, go on, or only look."""
    if arguments.check:
        return _check(arguments)
    from studio.training.own_clip import CLIPTraining

    training = CLIPTraining(shared.out_of(arguments))
    card = shared.brought_to_end(training, arguments, order_of)
    answer.give(_fields(training, card), _lines(training, card), as_json=arguments.json)
    return 0


def order_of(arguments: argparse.Namespace) -> CLIPOrder:
    """What the words ask for; what they do not say is as usual."""
    return CLIPOrder(**shared.said(arguments, CLIPOrder))


def _check(arguments: argparse.Namespace) -> int:
    if arguments.images is None:
        raise RequestError("Name your pictures with --images FOLDER.")
    folder = shared.looked_at(arguments.images)
    refused = told_of(folder.refused)
    found = {
        "images": shown(folder.path),
        "usable": len(folder.usable),
        "captioned": sum(bool(each.caption) for each in folder.usable),
        "needed": FEWEST_CAPTIONED,
        "enough": folder.caption_problem is None,
        "problem": folder.caption_problem,
        "refused": shared.refused_fields(refused),
    }
    lines = [shared.counted(folder), *shared.refused_lines(refused, limit=None)]
    if folder.caption_problem is not None:
        lines.append(folder.caption_problem)
    answer.give(found, lines, as_json=arguments.json)
    return 0


def _fields(training: CLIPTraining, card: CLIPCard) -> dict[str, Any]:
    return {
        "out": str(training.out),
        "model": training.out.resolve().name,
        "weights": str(training.weights),
        "losses": str(training.losses),
        "refused": shared.refused_fields(training.begun().refused),
        **msgspec.to_builtins(card),
    }


def _lines(training: CLIPTraining, card: CLIPCard) -> Iterator[str]:
    refused = training.begun().refused
    if refused:
        yield f"{len(refused)} files were not used:"
        yield from shared.refused_lines(refused, shared.NAMED)
    yield (
        f"Held out: {card.after.pictures} pictures; trained on {card.learned}, {card.steps} steps; "
        f"it knows {card.words} tokens."
    )
    yield card.verdict
    yield f"model    {training.weights}"
