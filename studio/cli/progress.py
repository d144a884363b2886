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
    """How far a painting of `count` iterations is, or a film of so many frames."""

    def __init__(self, count: int, unit: str = "iteration") -> None:
        self._count, self._done, self._unit = count, 0, unit
        self._began = self._said = time.monotonic()
        self._open = ExitStack()
        self._bar: tqdm[None] | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            unit = "it" if self._unit == "iteration" else self._unit
            bar: tqdm[None] = tqdm(total=self._count, unit=unit, file=sys.stderr, leave=False)
            self._bar = self._open.enter_context(bar)
            self._open.enter_context(logging_redirect_tqdm([log]))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def step(self, loss: float) -> None:
        """One more iteration is painted."""
        if self._bar is not None:
            self._bar.set_postfix(loss=f"{loss:.4f}", refresh=False)
        self._reach(self._done + 1, f", loss {loss:.4f}", "it")

    def reach(self, done: int) -> None:
        """So many are done."""
        self._reach(done, "", f"{self._unit}s")

    def _reach(self, done: int, told: str, unit: str) -> None:
        before, self._done = self._done, done
        if self._bar is not None:
            self._bar.update(done - before)
        elif done and time.monotonic() - self._said >= EVERY:
            self._said = time.monotonic()
            log.info("%s", self._line(told, unit))

    def _line(self, told: str, unit: str) -> str:
        rate = self._done / (time.monotonic() - self._began)
        left = (self._count - self._done) / rate
        return (
            f"{self._unit} {self._done} of {self._count}{told}, {rate:.2f} {unit}/s, "
            f"{left:.0f} s left"
        )
