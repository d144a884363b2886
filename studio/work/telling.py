"""A process beside the window that tells as it goes, and can be asked to end."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import warnings
from collections.abc import Callable
from contextlib import suppress
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
        self._killed, self._wish = False, ""

    async def run(self, told: Callable[[Any], None], *, rests: bool = False) -> int | None:
        """Start it and pass on what it tells until it ends; returns its exit status.

        When the caller is cancelled it is killed or, if it `rests`, asked to "pause" first and
        waited for.
        """
        hearing = asyncio.ensure_future(asyncio.to_thread(self._begin))
        try:
            while (news := await asyncio.shield(hearing)) is not None:
                hearing = asyncio.ensure_future(asyncio.to_thread(self._hear))
                told(news)
        except asyncio.CancelledError:
            if rests:
                self.ask("pause")
                rest = asyncio.ensure_future(self._silence(hearing))
                await asyncio.wait([rest], timeout=PATIENCE)
            raise
        finally:
            if not hearing.done():
                self.kill()
                await asyncio.wait([hearing])
            status = await asyncio.to_thread(self._end)
        return status

    def ask(self, wish: str) -> None:
        """Send it a word; one that has ended hears nothing."""
        self._wish = wish
        if self._line is not None:
            with suppress(OSError):
                self._line.send(wish)

    def kill(self) -> None:
        """End it at once."""
        self._killed = True
        if self._process is not None and self._process.is_alive():
            self._process.kill()

    def _begin(self) -> Any:
        """Start it; what it tells first."""
        context = multiprocessing.get_context("spawn")
        line, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._act, self._words), daemon=True)
        process.start()
        theirs.close()
        self._line, self._process = line, process
        if self._killed:  # what was wanted in the meantime
            process.kill()
        elif self._wish:
            self.ask(self._wish)
        return self._hear()

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
