"""What `train vqgan` and `train clip` share: a folder looked at, a training begun or resumed."""

from __future__ import annotations

import argparse
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from studio.cli.interrupt import stoppable
from studio.cli.progress import Progress
from studio.errors import RequestError
from studio.log import log
from studio.models.part import alone
from studio.training.order import Weights
from studio.training.own_pictures import Folder, look_at

if TYPE_CHECKING:
    from studio.training.in_folder import CardBase, InFolder

OrderForm = TypeVar("OrderForm", bound=msgspec.Struct)
CardForm = TypeVar("CardForm", bound="CardBase")
NAMED = 12
"""Refused pictures that are listed one by one for people; JSON has all."""
WORDS = {"source": "from", "side": "size", "changes": "augment", "weights.clip": "clip-score"}
"""What a field is called on the command line, where that is another name."""


def brought_to_end(
    training: InFolder[OrderForm, Any, CardForm],
    arguments: argparse.Namespace,
    order_of: Callable[[argparse.Namespace], OrderForm],
) -> CardForm:
    """Begin a training or go on with one, until its end, and give its card.

    Raises KeyboardInterrupt when Ctrl-C stopped it between two steps.
    """
    from studio.engine import device as devices

    accelerator = devices.choose(arguments.device).type
    _check_devices(getattr(arguments, "devices", None), accelerator)
    _check_out(training, arguments)
    with _workplace(training):
        if not training.exists:
            _begin(training, order_of(arguments), arguments.images, accelerator)
        elif arguments.resume:
            _check_order(training, arguments)
        if training.finished:
            log.info("The training in %s is finished already.", arguments.out)
            return training.card()
        log.info("Training on %s; every loss is in %s.", accelerator, training.losses)
        if not _trained(training, accelerator):
            raise KeyboardInterrupt
        return training.finish()


def is_follower(training: InFolder[Any, Any, Any]) -> bool:
    """Whether Lightning started this process to help another that trains on several devices."""
    follows = int(os.environ.get("LOCAL_RANK", "0")) > 0
    return follows and training.exists and training.begun().order.devices > 1


def follow(training: InFolder[Any, Any, Any], arguments: argparse.Namespace) -> int:
    """Train along with the process that started this one, which tells all there is to tell."""
    from studio.engine import device as devices

    log.setLevel(logging.CRITICAL)
    with stoppable() as stop:
        training.run(accelerator=devices.choose(arguments.device).type, stop=stop)
    return 0


def _check_devices(asked: int | None, accelerator: str) -> None:
    import torch

    there = {"cuda": torch.cuda.device_count(), "cpu": os.cpu_count() or 1}.get(accelerator, 1)
    if asked is not None and asked > there:
        raise RequestError(f"--devices {asked} is more than this machine has: {there}.")


def out_of(arguments: argparse.Namespace) -> Path:
    """The folder for the model. Raises RequestError when none was named."""
    if arguments.out is None:
        raise RequestError("Name a folder for the model with --out.")
    out: Path = arguments.out
    return out


@contextmanager
def _workplace(training: InFolder[Any, Any, Any]) -> Iterator[None]:
    """A block in which nobody else trains there; if no training came of it, no folder stays."""
    try:
        with alone(training.inside / "order"):
            yield
    finally:
        if not training.exists:
            training.sweep()


def _begin(
    training: InFolder[OrderForm, Any, Any], order: OrderForm, images: Path, accelerator: str
) -> None:
    folder = looked_at(images)
    log.info("%s%s", counted(folder), " --check says why." if folder.refused else "")
    with Progress(len(folder.usable), "picture") as progress:
        training.begin(
            order, folder, accelerator=accelerator, told=lambda done, _: progress.reach(done)
        )


def said(
    arguments: argparse.Namespace, form: type[msgspec.Struct], prefix: str = ""
) -> dict[str, Any]:
    """The fields of a form that words were given for."""
    given = {name: getattr(arguments, prefix + name, None) for name in form.__struct_fields__}
    return {name: value for name, value in given.items() if value is not None}


def _check_out(training: InFolder[Any, Any, Any], arguments: argparse.Namespace) -> None:
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
    if training.weights.exists():
        raise RequestError(f"{out} holds a model already; name another folder.")
    if out.resolve().is_relative_to(arguments.images.resolve()):
        raise RequestError(
            f"--out {out} lies among the pictures of --images {arguments.images}; name another "
            "folder."
        )


def _check_order(training: InFolder[Any, Any, Any], arguments: argparse.Namespace) -> None:
    """Refuse words that ask for another training than the one that goes on."""
    begun = training.begun().order
    asked = said(arguments, type(begun)) | {
        f"weights.{name}": value for name, value in said(arguments, Weights, "weight_").items()
    }
    for name, value in asked.items():
        there: Any = begun
        for step in name.split("."):
            there = getattr(there, step)
        if there != value:
            word = WORDS.get(name, name.removeprefix("weights.")).replace("_", "-")
            raise RequestError(
                f"The training in {arguments.out} was begun with --{word} {there}; leave it so, or "
                "begin again in another folder."
            )


def looked_at(images: Path) -> Folder:
    """What is in a person's folder."""
    log.info("Looking at the pictures in %s.", images)
    return look_at(images)


def _trained(training: InFolder[Any, Any, Any], accelerator: str) -> bool:
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


def refused_fields(refused: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """What JSON says of refused files and their reasons."""
    return [{"path": path, "reason": reason} for path, reason in refused]


def counted(folder: Folder) -> str:
    """How many are usable, in a sentence."""
    captions = sum(each.caption is not None for each in folder.usable)
    told = f"{len(folder.usable)} pictures are usable, {captions} of them with a caption"
    return f"{told}; {len(folder.refused)} are not." if folder.refused else f"{told}."


def refused_lines(refused: Sequence[tuple[str, str]], limit: int | None) -> Iterator[str]:
    """A line for each refused file, up to a limit."""
    for path, reason in refused[:limit]:
        yield f"  {path} {reason}."
    if limit is not None and len(refused) > limit:
        yield f"  and {len(refused) - limit} more; --check lists all."
