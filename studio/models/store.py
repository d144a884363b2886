"""The models that are on this machine, by name and kind.

A model is a folder of its name that holds `vqgan.safetensors` or `clip.safetensors`, or both, each
with a JSON config beside it. Folders of models are searched in this order: the one that the
environment variable VQGAN_CLIP_STUDIO_MODELS names, the one shipped with the program, the person's.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, get_args

import msgspec

from studio import places
from studio.errors import RequestError, StudioError
from studio.models.catalogue import Kind, published

Form = TypeVar("Form")
VARIABLE = "VQGAN_CLIP_STUDIO_MODELS"
"""Names a folder of models that is searched before all others."""
CHECKSUMS = "sha256.json"
"""In a model's folder: {file name: sha256}, by which the files are verified."""
DRAWS = "draws.json"
"""In a model's folder: {kind: one line on what it can and cannot draw}."""


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


def folders() -> list[Path]:
    """Where models are looked for, first come first served."""
    named = os.environ.get(VARIABLE)
    first = [Path(named)] if named else []
    return [*first, places.resources() / "models", places.user_data() / "models"]


def installed() -> list[Installed]:
    """All models on this machine; of two with the same name and kind, the one found first."""
    found: dict[tuple[str, Kind], Installed] = {}
    names = {_folder_name(model.name): model.name for model in published()}
    for folder in folders():
        for kind in get_args(Kind):
            for weights in sorted(folder.glob(f"*/{kind}.safetensors")):
                name = names.get(weights.parent.name, weights.parent.name)
                found.setdefault((name, kind), Installed(name, kind, weights))
    return list(found.values())


def find(name: str, kind: Kind) -> Installed:
    """The model of a name. Raises RequestError, listing those there are, when there is none."""
    models = {model.name: model for model in installed() if model.kind == kind}
    if name in models:
        return models[name]
    what = {"vqgan": "model", "clip": "CLIP"}[kind]
    if any(model.name == name and model.kind == kind for model in published()):
        problem = f"The {what} {name} is published but not on this machine"
    else:
        problem = f"There is no {what} named {name!r}"
    there = ", ".join(models) or "none at all"
    raise RequestError(
        f"{problem}; here there is: {there}. `models list` tells about the published ones, and "
        f"converted weights are found in {places.user_data() / 'models'}{os.sep}NAME."
    )


def factor(vqgan: Installed) -> int:
    """Pixels along one side of the square that one code of a VQGAN stands for."""
    return int(2 ** (len(_config(vqgan, _Shape).ch_mult) - 1))


def check_config(model: Installed) -> None:
    """Raise StudioError when the config beside the weights is missing or damaged."""
    _config(model, _Shape if model.kind == "vqgan" else dict[str, object])


def _config(model: Installed, form: type[Form]) -> Form:
    path = model.weights.with_suffix(".json")
    try:
        return msgspec.json.decode(path.read_bytes(), type=form)
    except (OSError, msgspec.MsgspecError) as error:
        raise StudioError(
            f"The model config {path} cannot be read ({error}); install the model again."
        ) from error


def sha256(model: Installed) -> str:
    """sha256 of the weights as they lie on the disk."""
    with model.weights.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def expected_sha256(model: Installed) -> str | None:
    """What the sha256 should be, as its folder says; None when nobody says."""
    return _said_beside(model, CHECKSUMS).get(model.weights.name)


def draws(model: Installed) -> str | None:
    """What it can and cannot draw, as its folder or the catalogue says; None when nobody says."""
    known = {each.name: each.draws for each in published() if each.kind == model.kind}
    return _said_beside(model, DRAWS).get(model.kind) or known.get(model.name)


def _said_beside(model: Installed, name: str) -> dict[str, str]:
    path = model.weights.with_name(name)
    if not path.exists():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError) as error:
        raise StudioError(
            f"{path} cannot be read ({error}); install the model {model.name} again."
        ) from error


class _Shape(msgspec.Struct):
    """The part of a VQGAN's config that says how many times it halves a picture."""

    ch_mult: tuple[int, ...]


def _folder_name(name: str) -> str:
    return name.replace("/", "-")
