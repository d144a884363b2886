"""`models`: the weights on this machine and the published ones; what is added, checked, removed."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator

from studio.cli import answer
from studio.errors import RequestError, StudioError
from studio.log import log
from studio.models import shelf, store
from studio.models.catalogue import Memory, Published, published
from studio.models.shelf import Verdict
from studio.models.store import Installed, Shape

WIDTH = 100


def run(arguments: argparse.Namespace) -> int:
    """Do what the verb says."""
    shelf.tidy_up()
    if arguments.verb in ("download", "import"):
        from studio.cli import models_fetch  # asyncio takes its time

        return models_fetch.run(arguments)
    verbs = {"list": _list, "verify": _verify, "remove": _remove}
    return verbs[arguments.verb](arguments)


def _list(arguments: argparse.Namespace) -> int:
    here = store.installed()
    there = {(model.name, model.kind) for model in here}
    others = [model for model in published() if (model.name, model.kind) not in there]
    found = {
        "installed": [installed_fields(model) for model in here],
        "published": [_published_fields(model) for model in others],
        "folders": [str(folder) for folder in store.folders()],
    }
    answer.give(found, _lines(here, others), as_json=arguments.json)
    return 0


def installed_fields(model: Installed) -> dict[str, object]:
    """What is said of a model on this machine."""
    shape = _shape(model)
    known = _catalogued(model)
    return {
        "name": model.name,
        "kind": model.kind,
        "state": "installed",
        "bytes": model.bytes,
        "path": str(model.weights),
        "draws": store.draws(model),
        "folder": str(model.weights.parent),
        "shipped": model.is_shipped,
        "factor": shape.factor,
        "codes": shape.codes,
        "input_size": shape.image_resolution,
        "memory": None if known is None else _memory(known.memory),
        "licence": None if known is None else known.licence,
        "source_sha256": store.source_sha256(model),
    }


def _published_fields(model: Published) -> dict[str, object]:
    return {
        "name": model.name,
        "kind": model.kind,
        "state": "published",
        "availability": availability(model),
        "bytes": model.bytes,
        "downloaded": shelf.begun(model),
        "title": model.title,
        "architecture": model.architecture,
        "factor": model.factor,
        "codes": model.codes,
        "input_size": model.input_size,
        "memory": _memory(model.memory),
        "recommended": model.recommended,
        "licence": model.licence,
        "folder": str(shelf.folder_of(model.name)),
        "sha256": model.sha256,
        "draws": model.draws,
    }


def availability(model: Published) -> str:
    """Whether it can be had, in two words."""
    if shelf.begun(model):
        return "partly downloaded"
    return "available" if model.sha256 else "sha256 unknown"


def _memory(memory: Memory) -> dict[str, int]:
    return {"at_256": memory.at_256, "at_512": memory.at_512}


def _shape(model: Installed) -> Shape:
    try:
        return store.shape(model)
    except StudioError:
        return Shape()  # `verify` and `doctor` tell about it; the list goes on


def _catalogued(model: Installed) -> Published | None:
    same = (each for each in published() if (each.name, each.kind) == (model.name, model.kind))
    return next(same, None)


def _lines(here: list[Installed], others: list[Published]) -> Iterator[str]:
    yield "On this machine"
    for model in here:
        state = "came with the program" if model.is_shipped else "installed"
        yield _row(model.name, model.kind, answer.megabytes(model.bytes), state)
        yield from _told(store.draws(model) or "Added by hand; nobody says what it draws.")
        shape, known = _shape(model), _catalogued(model)
        memory = None if known is None else known.memory
        yield from _told(_figures(shape.factor, shape.codes, shape.image_resolution, memory))
        if known is not None:
            yield from _told(known.licence)
    if not here:
        yield "  none"
    yield ""
    yield "Published by others, not on this machine (`models download NAME` fetches them)"
    for other in others:
        size = "size unknown" if other.bytes is None else answer.megabytes(other.bytes)
        yield _row(other.name, other.kind, size, _state(other))
        yield from _told(other.draws)
        yield from _told(_figures(other.factor, other.codes, other.input_size, other.memory))
        yield from _told(other.licence)
    yield ""
    yield "Memory is an estimate, for eight cutouts at once; the program itself takes about 0.5 GB."
    yield f"Downloads go to {shelf.shelf()}."


def _row(name: str, kind: str, size: str, state: str) -> str:
    return f"  {name:<28} {kind:<6} {size:>12}   {state}"


def _state(model: Published) -> str:
    state = availability(model)
    if state == "partly downloaded":
        whole = "" if model.bytes is None else f" of {answer.megabytes(model.bytes)}"
        state = f"{answer.megabytes(shelf.begun(model))}{whole} here already"
    if model.sha256 is None and shelf.begun(model):
        state += ", sha256 unknown"
    return f"{state}, recommended" if model.recommended else state


def _figures(factor: int | None, codes: int | None, side: int | None, memory: Memory | None) -> str:
    said = []
    if factor is not None:
        said.append(f"{factor} pixels a code, {codes or 'unknown'} codes")
    if side is not None:
        said.append(f"reads {side}x{side} pixels")
    if memory is not None and memory.at_256 == memory.at_512:
        said.append(f"about {memory.at_256 / 1e9:.1f} GB of memory")
    elif memory is not None:
        small, large = memory.at_256 / 1e9, memory.at_512 / 1e9
        said.append(f"about {small:.1f} GB of memory at 256x256, {large:.1f} GB at 512x512")
    return "; ".join(said)


def _told(sentence: str) -> list[str]:
    indent = " " * 6
    return textwrap.wrap(sentence, WIDTH, initial_indent=indent, subsequent_indent=indent)


def _verify(arguments: argparse.Namespace) -> int:
    models = [model for model in store.installed() if arguments.name in (None, model.name)]
    if not models:
        raise RequestError(
            f"There is no model named {arguments.name!r} to verify; `models list` tells of all."
        )
    verdicts = [shelf.verify(model) for model in models]
    found = {
        "models": [
            {"name": v.model.name, "kind": v.model.kind, "state": v.state, "problem": v.problem}
            for v in verdicts
        ]
    }
    answer.give(found, map(_verdict, verdicts), as_json=arguments.json)
    damaged = [verdict for verdict in verdicts if verdict.state == "damaged"]
    for verdict in damaged:
        log.error("%s", verdict.problem)
    return 1 if damaged else 0


def _verdict(verdict: Verdict) -> str:
    said = {
        "whole": "as it was installed",
        "damaged": "damaged",
        "unchecked": "nobody has written down what its sha256 should be",
    }
    return f"{verdict.model.name:<28} {verdict.model.kind:<6} {said[verdict.state]}"


def _remove(arguments: argparse.Namespace) -> int:
    freed = shelf.remove(arguments.name)
    lines = [f"{arguments.name} is removed; {answer.megabytes(freed)} are free again."]
    answer.give({"name": arguments.name, "freed": freed}, lines, as_json=arguments.json)
    return 0
