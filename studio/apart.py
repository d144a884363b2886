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
from typing import ParamSpec, TypeVar, cast

from studio.errors import StudioError

Words = ParamSpec("Words")
Result = TypeVar("Result")


async def apart(act: Callable[Words, Result], *words: Words.args, **named: Words.kwargs) -> Result:
    """Call a function of a module in a fresh process; words, result and errors are pickled.

    The process is ended when the caller is cancelled. Raises what the function raises, and
    StudioError when the process ends without an answer.
    """
    context = multiprocessing.get_context("spawn")
    answers, answering = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(answering, act, words, named), daemon=True)
    work = asyncio.ensure_future(asyncio.to_thread(_awaited, process, answers, answering))
    try:
        outcome = await asyncio.shield(work)
    except asyncio.CancelledError:
        while not work.done():
            if process.pid is not None:  # else it has not begun yet
                process.kill()
            await asyncio.wait([work], timeout=0.05)
        raise
    if isinstance(outcome, StudioError):
        raise outcome
    return cast(Result, outcome)


def _awaited(process: BaseProcess, answers: Connection, answering: Connection) -> object:
    process.start()
    answering.close()
    try:
        return answers.recv()
    except EOFError:
        process.join()
        return StudioError(
            f"The process that read the file ended by itself ({process.exitcode}); "
            "the file is damaged, or memory is short."
        )
    finally:
        answers.close()
        process.join()


def _serve(
    answering: Connection,
    act: Callable[..., object],
    words: tuple[object, ...],
    named: dict[str, object],
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who waits for this
    warnings.simplefilter("ignore")  # those of the packages we use are for programmers
    try:
        outcome = act(*words, **named)
    except StudioError as error:
        outcome = error
    except Exception as error:
        kind = type(error).__name__
        outcome = StudioError(f"The file could not be read ({kind}: {error}).")
    answering.send(outcome)
