"""Looking at the disk for models: which are here, which could be, and which a project lacks."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from studio.core.schedule import Change
from studio.errors import StudioError
from studio.installing import needs_trust
from studio.log import log
from studio.models import shelf, store
from studio.models.catalogue import Published, published
from studio.models.store import Installed
from studio.project.document import ModelRef
from studio.work.facts import Contents
from studio.work.stock import Key, Lack, Model, Stock


def counted() -> Stock:
    """All models of this machine and of the catalogue, those here first."""
    shelf.tidy_up()
    offers: dict[Key, Published] = {(each.name, each.kind): each for each in published()}
    here = {(each.name, each.kind): each for each in store.installed()}
    models = []
    for key, each in here.items():
        with suppress(FileNotFoundError):  # it was removed just now
            models.append(_here(each, offers.get(key)))
    models += [_offered(each) for key, each in offers.items() if key not in here]
    folder = shelf.shelf()
    return Stock(tuple(models), _used(folder), _free(folder), folder)


def lacks(contents: Contents) -> tuple[Lack, ...]:
    """The models that a take is painted with and that are not here, the VQGAN first."""
    known = {(each.name, each.kind): each for each in contents.models}
    here = {(each.name, each.kind): each for each in store.installed()}
    listed = {(each.name, each.kind) for each in published()}
    found = []
    for key in _named(contents.changes):
        reference, model = known.get(key), here.get(key)
        if model is None or (reference is not None and not _is(model, reference)):
            sha256 = "" if reference is None else reference.sha256
            found.append(Lack(*key, sha256, model is not None, key in listed))
    return tuple(found)


def _named(changes: tuple[Change, ...]) -> Iterator[Key]:
    yield changes[0].settings.model, "vqgan"
    perceptors = changes[-1].settings.perceptors
    yield from ((name, "clip") for name in perceptors)


def _is(model: Installed, reference: ModelRef) -> bool:
    """Whether it is the one meant, as far as its folder says; painting looks at the file itself."""
    try:
        expected = store.expected_sha256(model)
    except StudioError as error:
        log.warning("%s", error)
        return True
    return expected is None or expected == reference.sha256


def _here(model: Installed, offer: Published | None) -> Model:
    known = Model(model.name, model.kind, is_listed=False) if offer is None else _described(offer)
    try:
        shape, draws, problem = store.shape(model), store.draws(model), ""
    except StudioError as error:
        shape, draws, problem = store.Shape(), None, str(error)
    try:
        card = store.card(model)
    except StudioError as error:
        log.warning("%s", error)
        card = None
    return replace(
        known,
        draws=draws or known.draws,
        factor=shape.factor or known.factor,
        codes=shape.codes or known.codes,
        side=shape.image_resolution or known.side,
        state="damaged" if problem else "here",
        problem=problem,
        disk=model.bytes,
        folder=model.weights.parent,
        is_shipped=model.is_shipped,
        card=card,
        sheet=store.sheet(model),
    )


def _described(offer: Published) -> Model:
    return Model(
        name=offer.name,
        kind=offer.kind,
        title=offer.title,
        draws=offer.draws,
        architecture=offer.architecture,
        licence=offer.licence,
        bytes=offer.bytes,
        memory=(offer.memory.at_256, offer.memory.at_512),
        factor=offer.factor,
        codes=offer.codes,
        side=offer.input_size,
        sha256=offer.sha256,
        urls=offer.urls,
        needs_trust=needs_trust(offer),
        is_recommended=offer.recommended,
    )


def _offered(offer: Published) -> Model:
    done = shelf.begun(offer)
    return replace(_described(offer), state="paused" if done else "offered", done=done)


def _used(folder: Path) -> int:
    """Bytes of all files in a folder, from which downloads may come and go meanwhile."""
    used = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                used += Path(place, name).stat().st_size
    return used


def _free(folder: Path) -> int:
    there = next(each for each in (folder, *folder.parents) if each.exists())
    return shutil.disk_usage(there).free
