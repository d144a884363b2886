"""Work in a process of its own: where files of strangers are read, and much memory is needed once.

A file that brings its reader down takes only that process with it; the memory is free again at
once; and the window's own threads are not held up while it unpacks a gigabyte.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import warnings
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import ParamSpec, Self, TypeVar, cast

from studio.errors import StudioError

Words = ParamSpec("Words")
Result = TypeVar("Result")


class Apart:
    """A process that answers one call after another, and ends with the block it is used in.

    It begins with the first call, which takes seconds if torch is loaded in it.
    """

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self._line: Connection | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self._end)

    async def call(
        self, act: Callable[Words, Result], *words: Words.args, **named: Words.kwargs
    ) -> Result:
        """Call a function of a module there; words, result and errors are pickled.

        The process is ended when the caller is cancelled. Raises what the function raises, and
        StudioError when the process ends without an answer; the next call begins another.
        """
        work = asyncio.ensure_future(asyncio.to_thread(self._call, act, words, named))
        try:
            outcome = await asyncio.shield(work)
        except asyncio.CancelledError:
            while not work.done():
                if self._process is not None and self._process.pid is not None:
                    self._process.kill()
                await asyncio.wait([work], timeout=0.05)
            raise
        if isinstance(outcome, StudioError):
            raise outcome
        return cast(Result, outcome)

    def _call(self, *request: object) -> object:
        try:
            line = self._line or self._begin()
            line.send(request)
            return line.recv()
        except (EOFError, OSError):
            return StudioError(
                f"The process that read the file ended by itself ({self._end()}); "
                "the file is damaged, or memory is short."
            )

    def _begin(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        return self._line

    def _end(self) -> int | None:
        """End the process; returns its exit status."""
        process, line, self._process, self._line = self._process, self._line, None, None
        if line is not None:
            line.close()
        if process is None or process.pid is None:
            return None
        process.join(1)  # it sees that nobody asks any more
        process.kill()
        process.join()
        return process.exitcode


def _serve(line: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who waits for this
    warnings.simplefilter("ignore")  # those of the packages we use are for programmers
    while True:
        try:
            act, words, named = line.recv()
        except EOFError:
            return
        line.send(_outcome(act, words, named))


def _outcome(
    act: Callable[..., object], words: tuple[object, ...], named: dict[str, object]
) -> object:
    try:
        return act(*words, **named)
    except StudioError as error:
        return error
    except Exception as error:
        return StudioError(f"The file could not be read ({type(error).__name__}: {error}).")
