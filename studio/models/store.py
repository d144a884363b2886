"""The models that are on this machine, by name and kind.

A model is a folder of its name that holds `vqgan.safetensors` or `clip.safetensors`, or both, each
with a JSON config beside it. Folders of models are searched in this order: the one that the
environment variable VQGAN_CLIP_STUDIO_MODELS names, the one shipped with the program, the person's.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, get_args

import msgspec

from studio import places
from studio.errors import RequestError, StudioError
from studio.models.catalogue import Kind, published
from studio.models.part import read_small, sha256_of

Form = TypeVar("Form")
IMAGINATION = "imagination.safetensors"
"""What a VQGAN imagines with, beside its weights."""
VARIABLE = "VQGAN_CLIP_STUDIO_MODELS"
"""Names a folder of models that is searched before all others."""
CHECKSUMS = "sha256.json"
"""In a model's folder: {file name: sha256}, by which the files are verified."""
DRAWS = "draws.json"
"""In a model's folder: {kind: one line on what it can and cannot draw}."""
SHEET = "before-and-after.png"
"""In a model's folder: pictures as its VQGAN gave them back before it was trained, and after."""
SOURCES = "source.json"
"""In a model's folder: {kind: sha256 of the file that its weights were converted from}."""


@dataclass(frozen=True)
class Installed:
    """Weights of one kind on this machine."""

    name: str
    kind: Kind
    weights: Path

    @property
    def bytes(self) -> int:
        """Size of the weights on disk."""
        return self.weights.stat().st_size

    @property
    def is_shipped(self) -> bool:
        """Whether it came with the program."""
        return self.weights.parent.parent == places.resources() / "models"


class Shape(msgspec.Struct, frozen=True):
    """What a model's config says of use to a person; None for what its kind has not."""

    ch_mult: tuple[int, ...] | None = None
    patch: int = 1
    codes: int | None = None
    """Entries of a VQGAN's codebook."""
    image_resolution: int | None = None
    """Side in pixels of the pictures that a CLIP reads."""

    @property
    def factor(self) -> int | None:
        """Pixels along one side of the square that one code of a VQGAN stands for."""
        return None if self.ch_mult is None else _factor(self.ch_mult, self.patch)


def folders() -> list[Path]:
    """Where models are looked for, first come first served."""
    named = os.environ.get(VARIABLE)
    first = [Path(named)] if named else []
    return [*first, places.resources() / "models", places.user_data() / "models"]


def installed() -> list[Installed]:
    """All models on this machine; of two with the same name and kind, the one found first."""
    found: dict[tuple[str, Kind], Installed] = {}
    for folder in folders():
        for model in installed_in(folder):
            found.setdefault((model.name, model.kind), model)
    return list(found.values())


def installed_in(folder: Path) -> list[Installed]:
    """All models in one folder of models."""
    names = {folder_name(model.name): model.name for model in published()}
    return [
        Installed(names.get(weights.parent.name, weights.parent.name), kind, weights)
        for kind in get_args(Kind)
        for weights in sorted(folder.glob(f"*/{kind}.safetensors"))
        if weights.is_file()
    ]


def find(name: str, kind: Kind) -> Installed:
    """The model of a name. Raises RequestError, listing those there are, when there is none."""
    models = {model.name: model for model in installed() if model.kind == kind}
    if name in models:
        return models[name]
    what = {"vqgan": "model", "clip": "CLIP"}[kind]
    if any(model.name == name and model.kind == kind for model in published()):
        problem = f"The {what} {name} is published but not on this machine"
        remedy = f"`models download {name}` fetches it."
    else:
        problem = f"There is no {what} named {name!r}"
        remedy = "`models list` tells which can be had, `models import FILE` adds your own."
    there = ", ".join(models) or "none at all"
    raise RequestError(f"{problem}; here there is: {there}. {remedy}")


def factor(vqgan: Installed) -> int:
    """Pixels along one side of the square that one code of a VQGAN stands for."""
    levels = _config(vqgan, _Levels)
    return _factor(levels.ch_mult, levels.patch)


def imagination(vqgan: Installed) -> Path:
    """Where a VQGAN's imagination lies, if it has one."""
    return vqgan.weights.with_name(IMAGINATION)


def shape(model: Installed) -> Shape:
    """What its config says. Raises StudioError when that is missing or damaged."""
    return _config(model, Shape)


def check_config(model: Installed) -> None:
    """Raise StudioError when the config beside the weights is missing or damaged."""
    _config(model, _Levels if model.kind == "vqgan" else dict[str, object])


def _config(model: Installed, form: type[Form]) -> Form:
    return _config_at(model.weights.with_suffix(".json"), form)


def _config_at(path: Path, form: type[Form]) -> Form:
    try:
        return msgspec.json.decode(read_small(path), type=form)
    except (OSError, msgspec.MsgspecError) as error:
        raise StudioError(
            f"The model file {path} cannot be read ({error}); install the model again."
        ) from error


def sha256(model: Installed) -> str:
    """sha256 of the weights as they lie on the disk."""
    return sha256_of(model.weights)


def expected_sha256(model: Installed) -> str | None:
    """What the sha256 should be, as its folder says; None when nobody says."""
    return _said_beside(model, CHECKSUMS).get(model.weights.name)


def source_sha256(model: Installed) -> str | None:
    """sha256 of the file that it was converted from; None when nobody says."""
    return _said_beside(model, SOURCES).get(model.kind)


class Card(msgspec.Struct, frozen=True):
    """What a training by this program said of what came of it."""

    source: str
    """The model it began with."""
    learned: int
    """Pictures that it was trained on."""
    held_out: int
    """Pictures that it was judged by."""
    steps: int
    improved: bool
    verdict: str
    """The figures in a sentence or two."""
    before: dict[str, float]
    """Figures by name of the model it began with, on the pictures held out."""
    after: dict[str, float]


def card_name(kind: Kind) -> str:
    """In a model's folder: the file with its `Card`."""
    return f"{kind}.card.json"


def card(model: Installed) -> Card | None:
    """What its training said; None for a model that was not trained here."""
    path = model.weights.with_name(card_name(model.kind))
    return _config_at(path, Card) if path.exists() else None


def sheet(model: Installed) -> Path | None:
    """The picture of what its training did, if there is one."""
    path = model.weights.with_name(SHEET)
    return path if model.kind == "vqgan" and path.is_file() else None


def draws(model: Installed) -> str | None:
    """What it can and cannot draw, as its folder or the catalogue says; None when nobody says."""
    known = {each.name: each.draws for each in published() if each.kind == model.kind}
    return _said_beside(model, DRAWS).get(model.kind) or known.get(model.name)


def _said_beside(model: Installed, name: str) -> dict[str, str]:
    path = model.weights.with_name(name)
    if not path.exists():
        return {}
    try:
        return msgspec.json.decode(read_small(path), type=dict[str, str])
    except (OSError, msgspec.MsgspecError) as error:
        raise StudioError(
            f"{path} cannot be read ({error}); install the model {model.name} again."
        ) from error


class _Levels(msgspec.Struct):
    """The part of a VQGAN's config that says how much smaller than a picture its codes are."""

    ch_mult: tuple[int, ...]
    patch: int = 1


def _factor(ch_mult: tuple[int, ...], patch: int) -> int:
    return int(patch * 2 ** (len(ch_mult) - 1))


def folder_name(name: str) -> str:
    """The name of a model's folder: a slash is a hyphen there."""
    return name.replace("/", "-")
