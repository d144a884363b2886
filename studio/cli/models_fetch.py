"""`models download` and `models import`: what takes its time and can be stopped."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from studio import installing
from studio.cli import answer
from studio.cli.downloads import Downloads
from studio.cli.interrupt import stoppable
from studio.cli.models import installed_fields
from studio.errors import RequestError
from studio.log import log
from studio.models import shelf, store
from studio.models.catalogue import Published, published
from studio.models.store import Installed

Result = TypeVar("Result")
Outcome = Installed | BaseException

TICK = 0.2
"""Seconds between two looks for Ctrl-C."""


def run(arguments: argparse.Namespace) -> int:
    """Download or import."""
    return _download(arguments) if arguments.verb == "download" else _import(arguments)


def _download(arguments: argparse.Namespace) -> int:
    models = list({name: _named(name) for name in arguments.names}.values())
    if not arguments.trust:
        _refuse_unknown(models)
    with Downloads() as downloads:
        outcomes = _stoppably(
            *(
                installing.download(
                    model,
                    trust=arguments.trust,
                    keep=arguments.keep,
                    told=downloads.of(model),
                )
                for model in models
            )
        )
    return _tell_downloaded(models, outcomes, as_json=arguments.json)


def _tell_downloaded(
    models: Sequence[Published], outcomes: Sequence[Outcome], *, as_json: bool
) -> int:
    installed = [each for each in outcomes if isinstance(each, Installed)]
    if installed:
        _give(installed, [], as_json=as_json)
    told = zip(models, outcomes, strict=True)
    stopped = [model for model, each in told if isinstance(each, asyncio.CancelledError)]
    if stopped:
        log.warning("Interrupted. %s", " ".join(map(_kept, stopped)))
        return 130
    _raise_first(outcomes)
    return 0


def _raise_first(outcomes: Sequence[Outcome]) -> None:
    """Raise what went wrong, all but the first told before."""
    errors = [each for each in outcomes if isinstance(each, BaseException)]
    for error in errors[1:]:
        log.error("%s", error)
    if errors:
        raise errors[0]


def _kept(model: Published) -> str:
    begun = shelf.begun(model)
    if not begun:
        return f"Nothing of {model.name} was here yet."
    return (
        f"{answer.megabytes(begun)} of {model.name} are kept; "
        f"`models download {model.name}` goes on from there."
    )


def _named(name: str) -> Published:
    for model in published():
        if store.folder_name(model.name) == store.folder_name(name):
            return model
    names = ", ".join(model.name for model in published())
    raise RequestError(f"No model named {name!r} is published; there are: {names}.")


def _refuse_unknown(models: Sequence[Published]) -> None:
    for model in models:
        installing.check_trust(model)


def _import(arguments: argparse.Namespace) -> int:
    outcomes = _stoppably(
        installing.bring_in(
            arguments.path,
            config=arguments.config,
            name=arguments.name,
            told=lambda file: log.info("Reading %s", file),
        )
    )
    for outcome in outcomes:
        if isinstance(outcome, asyncio.CancelledError):
            log.warning("Interrupted; the file at hand and those after it are not imported.")
            return 130
        if isinstance(outcome, BaseException):
            raise outcome
        if not outcome.installed:
            raise RequestError(" ".join(outcome.refused))
        _give(outcome.installed, outcome.refused, as_json=arguments.json)
    return 0


def _give(installed: Sequence[Installed], refused: Sequence[str], *, as_json: bool) -> None:
    lines = [
        f"{model.name} ({model.kind}, {answer.megabytes(model.bytes)}) is in {model.weights.parent}"
        for model in installed
    ]
    found = {"installed": [installed_fields(each) for each in installed], "refused": list(refused)}
    answer.give(found, [*lines, *refused], as_json=as_json)


def _stoppably(*acts: Coroutine[Any, Any, Result]) -> list[Result | BaseException]:
    """Run coroutines side by side until all have ended; Ctrl-C and SIGTERM cancel them.

    A handler that raised, as it does elsewhere, would do so in the middle of the loop.
    """
    with stoppable() as stopped:
        return asyncio.run(_until(stopped, *acts))


async def _until(
    stopped: Callable[[], bool], *acts: Coroutine[Any, Any, Result]
) -> list[Result | BaseException]:
    tasks = [asyncio.ensure_future(act) for act in acts]
    while not stopped():
        _, waiting = await asyncio.wait(tasks, timeout=TICK)
        if not waiting:
            break
    for task in tasks:
        task.cancel()
    return await asyncio.gather(*tasks, return_exceptions=True)
