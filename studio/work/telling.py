"""A process beside the window that tells as it goes, and can be asked to end."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import warnings
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

PATIENCE = 60.0
"""Seconds in which a process that is asked to end may bring its work to a rest."""
NICENESS = 10
"""How far it stands back behind the window and the painter, where the system knows of that."""


class Telling:
    """One process: a function of a module is called there with a line to tell by, and words."""

    def __init__(self, act: Callable[..., None], *words: object) -> None:
        """`act(line, *words)` sends what it has to tell; the words are pickled."""
        self._act, self._words = act, words
        self._line: Connection | None = None
        self._process: BaseProcess | None = None
        self._killed = False

    async def run(self, told: Callable[[Any], None], *, rests: bool = False) -> int | None:
        """Start it and pass on what it tells until it ends; returns its exit status.

        When the caller is cancelled it is killed or, if it `rests`, asked to "pause" first and
        waited for.
        """
        await asyncio.to_thread(self._begin)
        hearing = asyncio.ensure_future(asyncio.to_thread(self._hear))
        try:
            while (news := await asyncio.shield(hearing)) is not None:
                hearing = asyncio.ensure_future(asyncio.to_thread(self._hear))
                told(news)
        except asyncio.CancelledError:
            if rests:
                self.ask("pause")
                await asyncio.wait(
                    [asyncio.ensure_future(self._silence(hearing))], timeout=PATIENCE
                )
            raise
        finally:
            status = self._end()
            if not hearing.done():
                await asyncio.wait([hearing])
        return status

    def ask(self, wish: str) -> None:
        """Send it a word; one that has ended hears nothing."""
        if self._line is not None:
            try:
                self._line.send(wish)
            except OSError:
                return

    def kill(self) -> None:
        """End it at once."""
        self._killed = True
        if self._process is not None and self._process.is_alive():
            self._process.kill()

    def _begin(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        words = (theirs, self._act, self._words)
        self._process = context.Process(target=_serve, args=words, daemon=True)
        self._process.start()
        theirs.close()
        if self._killed:
            self._process.kill()

    def _hear(self) -> Any:
        """What it tells next; None when it has ended."""
        assert self._line is not None
        try:
            return self._line.recv()
        except (EOFError, OSError):
            return None

    async def _silence(self, hearing: asyncio.Future[Any]) -> None:
        """Until it has ended, whatever it says."""
        while await hearing is not None:
            hearing = asyncio.ensure_future(asyncio.to_thread(self._hear))

    def _end(self) -> int | None:
        process, line = self._process, self._line
        self._process = self._line = None
        if process is None or line is None:
            return None
        process.join(1)
        process.kill()
        process.join()
        line.close()
        return process.exitcode


def _serve(line: Connection, act: Callable[..., None], words: tuple[object, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who waits for this
    warnings.simplefilter("ignore")  # those of the packages we use are for programmers
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    act(line, *words)
