"""How far downloads are, in one line on standard error: live on a terminal, else now and then."""

from __future__ import annotations

import sys
import time
from contextlib import AbstractContextManager, ExitStack
from typing import Self

from tqdm import tqdm
from tqdm.contrib.logging import logging_redirect_tqdm

from studio.cli.progress import EVERY
from studio.log import log
from studio.models.catalogue import Published
from studio.models.speed import Progress, Told


class Downloads(AbstractContextManager["Downloads"]):
    """Takes what downloads tell and says it in one line for all of them."""

    def __init__(self) -> None:
        self._latest: dict[str, Progress] = {}
        self._said = time.monotonic()
        self._open = ExitStack()
        self._bar: tqdm[None] | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            bar: tqdm[None] = tqdm(bar_format="{desc}", file=sys.stderr, leave=False)
            self._bar = self._open.enter_context(bar)
            self._open.enter_context(logging_redirect_tqdm([log]))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def of(self, model: Published) -> Told:
        """Where the download of one model tells how far it is."""

        def told(progress: Progress) -> None:
            self._latest[model.name] = progress
            self._say(at_once=progress.phase == "converting")

        return told

    def _say(self, *, at_once: bool) -> None:
        if self._bar is not None:
            self._bar.set_description_str(line(self._latest))
        elif at_once or time.monotonic() - self._said >= EVERY:
            self._said = time.monotonic()
            log.info("%s", line(self._latest))


def line(latest: dict[str, Progress]) -> str:
    """What downloads of some names have told last, as one line."""
    said = [f"{name} {_one(progress)}" for name, progress in latest.items()]
    rates = [progress.rate for progress in latest.values() if progress.rate]
    left = [progress.left for progress in latest.values() if progress.left is not None]
    if rates:
        said.append(f"{sum(rates) / 1e6:.1f} MB/s")
    if left:
        said.append(f"{max(left):.0f} s left")
    return ", ".join(said)


def _one(progress: Progress) -> str:
    done = f"{progress.done / 1e6:.0f}"
    whole = f"{done} MB" if progress.total is None else f"{done}/{progress.total / 1e6:.0f} MB"
    if progress.phase == "fetching":
        return whole
    doing = {
        "checking": "is checked",
        "waiting": f"waits for {progress.host}",
        "converting": "is converted",
    }
    return f"{whole} {doing[progress.phase]}"
