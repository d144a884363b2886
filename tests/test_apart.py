"""A process that reads files of strangers: it may take so much and no more, and can be stopped."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.apart import Apart, Reading
from studio.errors import RequestError, StudioError

MEGABYTE = 2**20


def grow(size: int) -> int:
    return len(bytearray(size))


def wait(seconds: float, *, running: Path | None = None) -> None:
    if running is not None:
        running.write_text(str(os.getpid()))
    time.sleep(seconds)


def fail() -> None:
    raise ValueError("no such number")


def ask(act: Callable[..., object], *words: object, seconds: float = 60) -> object:
    async def asked() -> object:
        async with Apart() as aside:
            return await aside.call(Reading(Path("a.ckpt"), seconds, 200 * MEGABYTE), act, *words)

    return asyncio.run(asked())


def test_it_answers() -> None:
    assert ask(grow, 10 * MEGABYTE) == 10 * MEGABYTE


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit memory")
def test_memory_has_an_end() -> None:
    with pytest.raises(RequestError, match=r"a\.ckpt asks for far more memory"):
        ask(grow, 2000 * MEGABYTE)


def test_time_has_an_end() -> None:
    with pytest.raises(RequestError, match=r"a\.ckpt was read for 0 s without coming to an end"):
        ask(wait, 600, seconds=0.2)


def test_what_fails_names_the_file() -> None:
    with pytest.raises(StudioError, match=r"a\.ckpt could not be read \(ValueError: no such num"):
        ask(fail)


def test_it_can_be_stopped(tmp_path: Path) -> None:
    running = tmp_path / "running"

    async def stopped() -> int:
        async with Apart() as aside:
            reading = Reading.of(tmp_path / "a.ckpt")
            task = asyncio.ensure_future(aside.call(reading, wait, 600, running=running))
            while not (task.done() or (running.exists() and running.read_text())):
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return int(running.read_text())

    process = asyncio.run(stopped())
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_one_limit_does_not_outlast_its_call() -> None:
    async def asked() -> tuple[object, object]:
        async with Apart() as aside:
            little = Reading(Path("a.ckpt"), 60, 50 * MEGABYTE)
            with pytest.raises(RequestError, match="memory"):
                await aside.call(little, grow, 500 * MEGABYTE)
            much = Reading(Path("b.ckpt"), 60, 1000 * MEGABYTE)
            return await aside.call(much, grow, 500 * MEGABYTE), await aside.call(little, grow, 1)

    if sys.platform == "linux":
        assert asyncio.run(asked()) == (500 * MEGABYTE, 1)
