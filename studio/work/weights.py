"""The models that settings name: found, loaded, and known again by their sha256."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from studio.core import tokens
from studio.core.settings import Settings
from studio.models import store
from studio.models.part import read_small
from studio.models.store import Installed
from studio.project.document import ModelRef

if TYPE_CHECKING:
    import torch

    from studio.core.demand import Demand
    from studio.painting import Models

Load = Callable[[Settings, str], "Models"]
"""How a worker gets its models: for these settings, on the device of this name."""


def named(settings: Settings) -> tuple[Installed, ...]:
    """The VQGAN and the perceptors; raises RequestError for one that is not on this machine."""
    perceptors = (store.find(name, "clip") for name in settings.perceptors)
    return (store.find(settings.model, "vqgan"), *perceptors)


def load(settings: Settings, device: str) -> Models:
    """Load them. The first call imports torch."""
    from studio.painting import load_models

    vqgan, *perceptors = named(settings)
    return load_models(vqgan.weights, {each.name: each.weights for each in perceptors}, device)


class Shelf:
    """The models loaded last, which stay loaded until others are needed."""

    def __init__(self, load: Load = load, device: str = "auto") -> None:
        self.device = device
        self._load = load
        self._models: Models | None = None
        self._key: object = None
        self._demands: dict[object, Demand] = {}

    def models(self, settings: Settings) -> Models:
        """The models that settings name, loaded unless they are those at hand."""
        key = (settings.model, settings.perceptors, self.device)
        if self._models is None or key != self._key:
            self._models = None  # before the next, so that both never fill the memory
            self._models, self._key = self._load(settings, self.device), key
        return self._models

    @property
    def computes_on(self) -> torch.device | None:
        """Where the models at hand compute."""
        models = self._models
        return None if models is None else models.device

    def demand(self, settings: Settings) -> Demand:
        """What painting with the models of these settings takes here; loads them."""
        models, key = self.models(settings), self._key
        if key not in self._demands:
            from studio.engine.measure import demand

            perceptors = {name: models.perceptors[name] for name in settings.perceptors}
            self._demands[key] = demand(models.vqgan, perceptors, models.device)
        return self._demands[key]

    def holds(self, settings: Settings) -> bool:
        """Whether the models of these settings are at hand."""
        return (settings.model, settings.perceptors, self.device) == self._key

    def clear(self) -> None:
        """Forget them: the device they lie on may be lost."""
        self._models = self._key = None


def references(settings: Settings) -> list[ModelRef]:
    """The models as a project names them."""
    return [ModelRef(each.name, store.sha256(each), each.kind) for each in named(settings)]


def unknown_words(text: str, perceptors: Sequence[str]) -> tuple[str, ...]:
    """The words that one of the perceptors was never taught, told without loading it."""
    unknown: dict[str, None] = {}
    for name in perceptors:
        vocabulary = _vocabulary(name)
        split = ((word, ids) for word, ids in tokens.words(text) if word[:1].isalnum())
        unknown |= {word: None for word, ids in split if not vocabulary.knows(word, ids)}
    return tuple(unknown)


class _Vocabulary(msgspec.Struct):
    """The part of a CLIP's config that says which words or tokens it knows; None for all."""

    kept_tokens: frozenset[int] | None = None
    words: frozenset[str] | None = None

    def knows(self, word: str, ids: Sequence[int]) -> bool:
        """Whether the CLIP was taught a word that is these tokens."""
        if self.words is not None:
            return word in self.words
        return self.kept_tokens is None or not set(ids) - self.kept_tokens


def _vocabulary(name: str) -> _Vocabulary:
    """That of a CLIP; everything when it is not here to be asked."""
    there = {model.name: model for model in store.installed() if model.kind == "clip"}
    if name not in there:
        return _Vocabulary()
    config = there[name].weights.with_suffix(".json")
    return msgspec.json.decode(read_small(config), type=_Vocabulary)


def devices() -> list[tuple[str, str]]:
    """Where this computer can compute, by name and in words; imports torch."""
    from studio.engine import device

    names = dict.fromkeys([device.choose("auto").type, "cpu"])
    return [(name, device.describe(device.choose(name))) for name in names]
