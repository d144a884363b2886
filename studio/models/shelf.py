"""The person's own models: where each lies, how much is here, whether it is whole, and removal."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import msgspec

from studio import places
from studio.atomic import leftovers, put, whole_file
from studio.errors import RequestError, StudioError
from studio.log import log
from studio.models import store
from studio.models.catalogue import Kind, Published
from studio.models.part import alone, part_of, read_small, traces, write_json, writing
from studio.models.store import Installed

CHECKPOINTS: dict[Kind, str] = {"vqgan": "vqgan.ckpt", "clip": "clip.pt"}
"""What a download is called until it is converted."""
CONFIG = "vqgan.yaml"
UNFINISHED = ".new"
"""In a model's folder: where weights lie until they are whole, those of each kind by themselves."""
FORMER = ("*.json.new", "*.json.part", "*.safetensors.part")
"""What files were called until they were whole before the writer of today."""
LARGEST_SHEET = 2**24
"""Bytes of a picture that comes along with a model."""
LONGEST = 80
"""Letters of a name."""
RESERVED = {
    "CON",
    "PRN",
    "AUX",
    "NUL",
    *(f"{port}{n}" for port in ("COM", "LPT") for n in range(10)),
}
"""What Windows lets no folder be called."""


@dataclass(frozen=True)
class Verdict:
    """Whether a model is what was installed."""

    model: Installed
    state: Literal["whole", "damaged", "unchecked"]
    """Unchecked: nobody has written down what its sha256 should be."""
    problem: str | None = None
    """What is wrong, in a sentence."""


def shelf() -> Path:
    """The folder of the person's models."""
    return places.user_data() / "models"


def folder_of(name: str) -> Path:
    """Where the person's model of a name lies. Raises RequestError for what is no name."""
    odd = not re.fullmatch(r"\w[\w @+./()-]*(?<![ .])", name) or len(name) > LONGEST
    if odd or ".." in name or name.split(".")[0].upper() in RESERVED:
        raise RequestError(
            f"{name!r} cannot be a model's name; take letters, digits, blanks and - _ . / @ + ( )."
        )
    return shelf() / store.folder_name(name)


def checkpoint_of(model: Published) -> Path:
    """Where a download goes until it is converted."""
    return folder_of(model.name) / CHECKPOINTS[model.kind]


def config_of(model: Published) -> Path:
    """Where the yaml file of a download goes."""
    return folder_of(model.name) / CONFIG


def begun(model: Published) -> int:
    """Bytes of an unfinished download that are here; 0 when there is none."""
    checkpoint = checkpoint_of(model)
    return max(_size(checkpoint), _size(part_of(checkpoint)))


def fresh(folder: Path, kind: Kind) -> Path:
    """Where weights are converted to before they get their place."""
    return folder / UNFINISHED / kind / f"{kind}.safetensors"


def place(folder: Path, kind: Kind, sha256: str, source_sha256: str) -> Installed:
    """Give weights converted into `UNFINISHED` of a folder their place, with their checksums.

    `sha256` is theirs, `source_sha256` that of the file they were converted from.

    They are there whole or not at all. Raises RequestError when the folder cannot be written.
    """
    new = fresh(folder, kind)
    weights = folder / new.name
    with writing(weights):
        _say(folder / store.CHECKSUMS, new.name, sha256)
        _say(folder / store.SOURCES, kind, source_sha256)
        for path in (new.with_suffix(".json"), new):
            put(path, folder / path.name)
    return next(each for each in store.installed_in(folder.parent) if each.weights == weights)


def carry(folder: Path, model: Installed) -> None:
    """Take along what lies beside the weights of a training in a folder: its card, what it draws.

    What cannot be read is left there, with a word in the log: the weights are good without it.
    """
    origin = Installed(model.name, model.kind, folder / model.weights.name)
    try:
        with writing(model.weights):
            if (card := store.card(origin)) is not None:
                write_json(model.weights.with_name(store.card_name(model.kind)), card)
            if (told := store.draws(origin)) is not None:
                _say(model.weights.with_name(store.DRAWS), model.kind, told)
            sheet = store.sheet(origin)
            if sheet is not None and sheet.stat().st_size <= LARGEST_SHEET:
                with whole_file(model.weights.with_name(store.SHEET)) as copy:
                    shutil.copyfile(sheet, copy)
    except StudioError as error:
        log.warning("%s", error)


def sweep(folder: Path, kind: Kind) -> None:
    """Remove what a conversion left in a folder, and the folder if it holds nothing else."""
    new = fresh(folder, kind).parent
    with writing(folder):
        if new.is_dir():
            shutil.rmtree(new)
        _rmdir(new.parent, folder)


def tidy_up() -> None:
    """Remove what programs that were killed left on the shelf; what a download has is kept.

    A folder at which somebody works stays as it is.
    """
    for folder in shelf().glob("*/"):
        left = _left(folder)
        if not left and not (folder / UNFINISHED).exists():
            continue
        try:
            with _alone_in(folder):
                _unlink(left)
                for kind in get_args(Kind):
                    sweep(folder, kind)
        except StudioError as error:
            log.info("%s", error)


def _left(folder: Path) -> list[Path]:
    former = [path for pattern in FORMER for path in folder.glob(pattern)]
    former += [path for path in (folder / UNFINISHED).glob("*") if path.is_file()]
    return former + leftovers(folder)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """A block in which nobody else fetches or converts anything into a folder."""
    with ExitStack() as held:
        for name in (*get_args(Kind), *CHECKPOINTS.values(), CONFIG):
            held.enter_context(alone(folder / name))
        yield


def verify(model: Installed) -> Verdict:
    """Compare weights with what was written down when they were installed. Reads all of them."""
    try:
        store.check_config(model)
        expected = store.expected_sha256(model)
        if expected is None:
            return Verdict(model, "unchecked")
        if store.sha256(model) == expected:
            return Verdict(model, "whole")
    except (StudioError, OSError) as error:
        return Verdict(model, "damaged", f"{model.name}: {error}")
    return Verdict(
        model, "damaged", f"{model.name}: {model.weights} is damaged; remove and install it again."
    )


def remove(name: str, kind: Kind | None = None) -> int:
    """Remove a model, of both kinds if none is given, with all that a download left of it.

    Returns the bytes freed. Raises RequestError when it is not there, came with the program or lies
    in another's folder, and StudioError when it is just being fetched.
    """
    folder = folder_of(name)
    kinds: tuple[Kind, ...] = get_args(Kind) if kind is None else (kind,)
    freed = sum(_remove(folder, each) for each in kinds)
    if not freed:
        _refuse_removal(name, kinds)
    _tidy(folder)
    return freed


def _remove(folder: Path, kind: Kind) -> int:
    """Weights last: as long as they are there the model is listed and can be removed again."""
    weights = folder / f"{kind}.safetensors"
    checkpoint = folder / CHECKPOINTS[kind]
    config = folder / CONFIG
    files = [checkpoint, *traces(checkpoint), *fresh(folder, kind).parent.glob("*")]
    if kind == "vqgan":
        files += [config, *traces(config), folder / store.SHEET]
    files += [folder / store.card_name(kind), weights.with_suffix(".json"), weights]
    if not any(file.exists() for file in files):
        return 0
    with alone(folder / kind), alone(checkpoint):
        freed = sum(map(_size, files))
        _unlink(files)
    return freed


def _refuse_removal(name: str, kinds: Iterable[Kind]) -> None:
    for model in store.installed():
        if model.name == name and model.kind in kinds:
            if model.is_shipped:
                raise RequestError(f"{name} came with the program and stays with it.")
            raise RequestError(
                f"{name} lies in {model.weights.parent}, which is not the program's own folder; "
                "remove it there."
            )
    raise RequestError(f"There is no model named {name!r} to remove; `models list` tells of all.")


def _tidy(folder: Path) -> None:
    """Remove what was said about weights that are gone, and the folder unless it holds more."""
    if any(folder.glob("*.safetensors")):
        return
    with writing(folder):
        _unlink(folder / name for name in (store.CHECKSUMS, store.SOURCES, store.DRAWS))
        _rmdir(*(folder / UNFINISHED).glob("*"), folder / UNFINISHED, folder)


def _unlink(files: Iterable[Path]) -> None:
    for file in files:
        with writing(file):
            file.unlink(missing_ok=True)


def _rmdir(*folders: Path) -> None:
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _say(path: Path, key: str, value: str) -> None:
    """Put an entry into a small table beside weights."""
    table: dict[str, str] = {}
    if path.exists():
        try:
            table = msgspec.json.decode(read_small(path), type=dict[str, str])
        except (OSError, msgspec.MsgspecError):
            table = {}  # what was damaged is written anew, for the weights that are here now
    write_json(path, {**table, key: value})
