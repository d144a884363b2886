"""`models list`: the weights on this machine and the published ones, and what they draw."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from studio.cli import answer
from studio.models import store
from studio.models.catalogue import Published, published
from studio.models.store import Installed


def run(arguments: argparse.Namespace) -> int:
    """List the models."""
    here = store.installed()
    there = {(model.name, model.kind) for model in here}
    others = [model for model in published() if (model.name, model.kind) not in there]
    found = {
        "installed": [_installed(model) for model in here],
        "published": [_published(model) for model in others],
        "folders": [str(folder) for folder in store.folders()],
    }
    answer.give(found, _lines(here, others), as_json=arguments.json)
    return 0


def _installed(model: Installed) -> dict[str, object]:
    return {
        "name": model.name,
        "kind": model.kind,
        "state": "installed",
        "bytes": model.bytes,
        "path": str(model.weights),
        "draws": store.draws(model),
    }


def _published(model: Published) -> dict[str, object]:
    return {
        "name": model.name,
        "kind": model.kind,
        "state": "published",
        "bytes": model.bytes,
        "title": model.title,
        "architecture": model.architecture,
        "licence": model.licence,
        "sha256": model.sha256,
        "draws": model.draws,
    }


def _lines(here: list[Installed], others: list[Published]) -> Iterator[str]:
    yield "On this machine"
    for model in here:
        yield _row(model.name, model.kind, answer.megabytes(model.bytes))
        yield f"      {store.draws(model) or 'Added by hand; nobody says what it draws.'}"
    if not here:
        yield "  none"
    yield ""
    yield "Published by others, not on this machine"
    for published_model in others:
        size = published_model.bytes
        shown = "size unknown" if size is None else answer.megabytes(size)
        yield _row(published_model.name, published_model.kind, shown)
        yield f"      {published_model.draws}"


def _row(name: str, kind: str, size: str) -> str:
    return f"  {name:<28} {kind:<6} {size:>12}"
