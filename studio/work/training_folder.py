"""Where the window's trainings lie until their models are on the shelf, and which are unfinished.

Each has a folder of its name, laid out as `studio.training.in_folder` has it, and beside that
`asked.json`: the order as the window gave it.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import msgspec

from studio import installing, places
from studio.atomic import write_whole
from studio.errors import RequestError, StudioError
from studio.log import log
from studio.models import shelf, store
from studio.models.part import writing
from studio.training.order import SCRATCH, Order
from studio.work.training_facts import TrainingOrder, Unfinished

ASKED = "asked.json"
STARTER = "starter"


def folder_of(name: str) -> Path:
    """Where the training of a model of this name lies."""
    return places.user_data() / "trainings" / store.folder_name(name)


def existing() -> Path:
    """The folder that trainings go to, or the nearest above it that is there."""
    place = places.user_data()
    return next(each for each in (place, *place.parents) if each.exists())


def asked_of(order: TrainingOrder) -> Order:
    """The order as training wants it. Raises RequestError for one that makes no sense."""
    own = {each.name for each in store.installed() if each.kind == "clip"}
    return Order(
        source=order.base,
        clip=order.base if order.base in own else STARTER,
        minutes=order.minutes,
        side=order.size,
        batch=order.batch,
        seed=order.seed,
        part=order.part,
        weights=order.weights,
    )


def problem_of(order: TrainingOrder) -> str:
    """Why a training cannot be begun as it is ordered, told without doing anything; "" if it can.

    What only the pictures or the networks could tell is not looked at.
    """
    try:
        shelf.folder_of(order.name)
        asked = asked_of(order)
        if order.base != SCRATCH:
            factor = store.factor(store.find(order.base, "vqgan"))
            if order.size % factor:
                return (
                    f"A size of {order.size} is not a multiple of {factor}, which is how many "
                    f"pixels one code of {order.base} stands for."
                )
        elif asked.part != "whole":
            return "From nothing, the whole has to be trained."
    except StudioError as error:
        return str(error)
    if (taken := installing.taken(order.name, "vqgan")) is not None:
        return f"{taken}; take another name."
    if folder_of(order.name).exists():
        return (
            f"There is an unfinished training {order.name}; go on with it or discard it, or take "
            "another name."
        )
    return ""


def keep(order: TrainingOrder) -> Path:
    """Make the folder of a training, with its order. Raises RequestError when that cannot be."""
    folder = folder_of(order.name)
    with writing(folder):
        folder.mkdir(parents=True)
        write_whole(folder / ASKED, msgspec.json.encode(order, enc_hook=str))
    return folder


def kept(name: str) -> TrainingOrder:
    """What an unfinished training was asked for. Raises StudioError when that cannot be read."""
    path = folder_of(name) / ASKED
    try:
        order = msgspec.json.decode(path.read_bytes(), type=TrainingOrder, dec_hook=_path)
    except FileNotFoundError as error:
        raise RequestError(f"There is no unfinished training {name}.") from error
    except (OSError, msgspec.MsgspecError, RequestError) as error:
        raise StudioError(f"{path} cannot be read ({error}); discard the training.") from error
    return order


def is_begun(name: str) -> bool:
    """Whether its pictures are ready, so that there is something to go on with."""
    return (folder_of(name) / "training" / "order.json").exists()


def unfinished() -> tuple[Unfinished, ...]:
    """All of them, the newest first."""
    found = []
    for path in (places.user_data() / "trainings").glob(f"*/{ASKED}"):
        try:
            found.append(_told(kept(path.parent.name)))
        except (StudioError, OSError, msgspec.MsgspecError) as error:
            log.warning("%s", error)
    return tuple(sorted(found, key=lambda each: each.when, reverse=True))


def discard(name: str) -> None:
    """Delete all of a training. Raises RequestError when that cannot be."""
    folder = folder_of(name)
    with writing(folder):
        if folder.exists():
            shutil.rmtree(folder)


class _Planned(msgspec.Struct):
    """The part of a training's own order that says how long it is."""

    steps: int


def _told(order: TrainingOrder) -> Unfinished:
    folder = folder_of(order.name)
    inside = folder / "training"
    if not is_begun(order.name):
        return Unfinished(order.name, order, 0, 0, (folder / ASKED).stat().st_mtime)
    steps = msgspec.json.decode((inside / "order.json").read_bytes(), type=_Planned).steps
    losses = inside / "losses.jsonl"
    taken = losses.read_bytes().count(b"\n") if losses.exists() else 0
    newest = max(each.stat().st_mtime for each in inside.iterdir())
    return Unfinished(order.name, order, min(taken, steps), steps, newest)


def _path(kind: type, value: Any) -> Any:
    return kind(value)
