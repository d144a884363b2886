"""Ctrl-C and SIGTERM: before painting they end the program, during it they end the iteration."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Handler = Callable[[int, FrameType | None], None]


@contextmanager
def terminable() -> Iterator[None]:
    """A block in which Ctrl-C and SIGTERM are KeyboardInterrupt, even if a script ignores them."""
    with _handled(_interrupt, signal.SIGINT, signal.SIGTERM):
        yield


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """A block that is told by the function it gets when the person wants it to stop.

    The first signal only says so; the second is KeyboardInterrupt.
    """
    asked = False

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            _interrupt(number, frame)
        asked = True

    with _handled(ask, signal.SIGINT, signal.SIGTERM):
        yield lambda: asked


@contextmanager
def _handled(handler: Handler, *signals: signal.Signals) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number in signals}
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
