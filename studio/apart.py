"""Files of strangers are read in a process of its own, which may take so much and no more.

A file that brings its reader down takes only that process with it; one that would be read for ever,
or into more memory than it has bytes for, is given up; the memory is free again at once; and the
window's own threads are not held up while it unpacks a gigabyte.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import ParamSpec, Self, TypeVar, cast

from studio.errors import RequestError, StudioError

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]

Words = ParamSpec("Words")
Result = TypeVar("Result")

SECONDS, SECONDS_A_BYTE = 60.0, 5e-7
"""To read any file, and what a slow disk takes besides."""
MEMORY, MEMORY_A_BYTE = 2**30, 4
"""Bytes for any file; and one is mapped, made whole, written and read again."""
MEMORY_NOW = Path("/proc/self/statm")


@dataclass(frozen=True)
class Reading:
    """A file that is to be read, and what that may take."""

    path: Path
    seconds: float
    memory: int
    """Bytes beyond those that the process has before."""

    @classmethod
    def of(cls, path: Path) -> Reading:
        """As much as an honest file of its size can need."""
        size = path.stat().st_size if path.is_file() else 0
        return cls(path, SECONDS + SECONDS_A_BYTE * size, MEMORY + MEMORY_A_BYTE * size)


def _nothing() -> None:
    pass


class Apart:
    """A process that answers one call after another, and ends with the block it is used in.

    It begins with the first call; what it needs for all of them, such as torch, it gets ready then
    by `prepare`, which is not limited.
    """

    def __init__(self, prepare: Callable[[], None] = _nothing) -> None:
        self._prepare = prepare
        self._process: BaseProcess | None = None
        self._line: Connection | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self._end)

    async def call(
        self,
        reading: Reading,
        act: Callable[Words, Result],
        *words: Words.args,
        **named: Words.kwargs,
    ) -> Result:
        """Call a function of a module there; words, result and errors are pickled.

        The process is ended when the caller is cancelled. Raises what the function raises,
        RequestError when it takes too long, and StudioError when the process ends without an
        answer; the next call begins another.
        """
        work = asyncio.ensure_future(asyncio.to_thread(self._call, reading, act, words, named))
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

    def _call(self, reading: Reading, *request: object) -> object:
        try:
            line = self._line or self._begin()
            line.send((reading, *request))
            if line.poll(reading.seconds):
                return line.recv()
        except (EOFError, OSError):
            return StudioError(
                f"The process that read {reading.path} ended by itself ({self._end()}); "
                "the file is damaged, or memory is short."
            )
        self._end(at_once=True)
        return RequestError(
            f"{reading.path} was read for {reading.seconds:.0f} s without coming to an end; "
            "get the file again from where it was published."
        )

    def _begin(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._prepare), daemon=True)
        self._process.start()
        theirs.close()
        self._line.recv()  # it is ready
        return self._line

    def _end(self, *, at_once: bool = False) -> int | None:
        """End the process; returns its exit status."""
        process, line, self._process, self._line = self._process, self._line, None, None
        if line is not None:
            line.close()
        if process is None or process.pid is None:
            return None
        process.join(0 if at_once else 1)  # it sees that nobody asks any more
        process.kill()
        process.join()
        return process.exitcode


def _serve(line: Connection, prepare: Callable[[], None]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who waits for this
    warnings.simplefilter("ignore")  # those of the packages we use are for programmers
    prepare()
    line.send(None)
    while True:
        try:
            reading, act, words, named = line.recv()
        except EOFError:
            return
        line.send(_outcome(reading, act, words, named))


def _outcome(
    reading: Reading,
    act: Callable[..., object],
    words: tuple[object, ...],
    named: dict[str, object],
) -> object:
    try:
        with _limited(reading):
            return act(*words, **named)
    except StudioError as error:
        return error
    except MemoryError:
        return RequestError(
            f"{reading.path} asks for far more memory than it has bytes; "
            "get the file again from where it was published."
        )
    except Exception as error:
        name = type(error).__name__
        return StudioError(f"{reading.path} could not be read ({name}: {error}).")


@contextmanager
def _limited(reading: Reading) -> Iterator[None]:
    """A block that may take so much and no more, where the system can see to that."""
    if resource is None:
        yield
        return
    # the caller watches the clock; the processor's is for one whose caller was killed
    _limit(resource.RLIMIT_CPU, int(time.process_time() + reading.seconds) + 1)
    if MEMORY_NOW.exists():
        now = int(MEMORY_NOW.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        _limit(resource.RLIMIT_AS, now + reading.memory)
    try:
        yield
    finally:
        for limit in (resource.RLIMIT_CPU, resource.RLIMIT_AS):
            _limit(limit, resource.getrlimit(limit)[1])


def _limit(limit: int, value: int) -> None:
    most = resource.getrlimit(limit)[1]
    with suppress(ValueError, OSError):  # some systems know a limit and take none
        free = most == resource.RLIM_INFINITY
        resource.setrlimit(limit, (value if free else min(value, most), most))
