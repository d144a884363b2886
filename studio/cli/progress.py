"""Progress on standard error: a live bar on a terminal, elsewhere a plain line now and then."""

from __future__ import annotations

import sys
import time
from contextlib import AbstractContextManager, ExitStack
from typing import Self

from tqdm import tqdm
from tqdm.contrib.logging import logging_redirect_tqdm

from studio.log import log

EVERY = 10.0
"""Seconds between two plain lines."""


class Progress(AbstractContextManager["Progress"]):
    """How far a painting of `count` iterations is."""

    def __init__(self, count: int) -> None:
        self._count, self._done = count, 0
        self._began = self._said = time.monotonic()
        self._open = ExitStack()
        self._bar: tqdm[None] | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            bar: tqdm[None] = tqdm(total=self._count, unit="it", file=sys.stderr, leave=False)
            self._bar = self._open.enter_context(bar)
            self._open.enter_context(logging_redirect_tqdm([log]))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def step(self, loss: float) -> None:
        """One more iteration is painted."""
        self._done += 1
        if self._bar is not None:
            self._bar.set_postfix(loss=f"{loss:.4f}", refresh=False)
            self._bar.update()
        elif time.monotonic() - self._said >= EVERY:
            self._said = time.monotonic()
            log.info("%s", self._line(loss))

    def _line(self, loss: float) -> str:
        rate = self._done / (time.monotonic() - self._began)
        left = (self._count - self._done) / rate
        return (
            f"iteration {self._done} of {self._count}, loss {loss:.4f}, {rate:.2f} it/s, "
            f"{left:.0f} s left"
        )
