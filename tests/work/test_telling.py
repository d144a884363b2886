"""A process beside the window: what it tells arrives in order, and it ends when it should."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from studio.work.telling import NICENESS, Telling


def count(line: Connection, to: int) -> None:
    for number in range(to):
        line.send(number)


def fail(line: Connection) -> None:
    line.send("here")
    os._exit(3)


def work(line: Connection, diary: Path) -> None:
    """Until it is asked to do something else; then write down what, and how it stood back."""
    line.send("at work")
    wish = line.recv()
    diary.write_text(f"{wish} {os.nice(0)}")
    line.send("rested")


def forever(line: Connection) -> None:
    line.send("at work")
    time.sleep(600)


async def told_by(telling: Telling, heard: list[Any], **words: Any) -> int | None:
    return await telling.run(heard.append, **words)


def test_what_it_tells_arrives_in_order() -> None:
    heard: list[Any] = []
    assert asyncio.run(told_by(Telling(count, 5), heard)) == 0
    assert heard == list(range(5))


def test_one_that_breaks_down_ends_with_its_status() -> None:
    heard: list[Any] = []
    assert asyncio.run(told_by(Telling(fail), heard)) == 3
    assert heard == ["here"]


@pytest.mark.parametrize("rests", [True, False])
def test_one_that_nobody_waits_for_rests_or_is_killed(tmp_path: Path, rests: bool) -> None:
    diary = tmp_path / "diary"
    act, words = (work, (diary,)) if rests else (forever, ())

    async def leave() -> None:
        heard: list[Any] = []
        running = asyncio.ensure_future(told_by(Telling(act, *words), heard, rests=rests))
        while not heard:
            await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(leave())
    assert not multiprocessing.active_children()
    if rests:
        wish, niceness = diary.read_text().split()
        assert (wish, int(niceness)) == ("pause", min(19, os.nice(0) + NICENESS))


def test_one_that_is_not_wanted_before_it_has_begun_ends_at_once() -> None:
    async def leave() -> None:
        telling = Telling(forever)
        running = asyncio.ensure_future(told_by(telling, []))
        await asyncio.sleep(0)
        telling.kill()
        assert await running == -9

    asyncio.run(leave())
    assert not multiprocessing.active_children()
