"""Errands: coroutines in a thread of their own, under qasync."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from studio.errors import RequestError
from studio.work.errands import Errands


@pytest.fixture
def errands(qtbot: QtBot) -> Iterator[Errands]:
    errands = Errands()
    yield errands
    errands.close()


def test_errands_run_side_by_side_and_in_another_thread(errands: Errands, qtbot: QtBot) -> None:
    heard: list[int] = []
    first, threads = asyncio.Event(), set()

    async def waits() -> None:
        threads.add(threading.get_ident())
        await first.wait()
        heard.append(2)

    async def goes() -> None:
        heard.append(1)
        first.set()

    errands.run(waits)
    errands.run(goes)
    qtbot.waitUntil(lambda: heard == [1, 2])
    assert threads.isdisjoint({threading.get_ident()})


def test_an_errand_talks_to_another_program(errands: Errands, qtbot: QtBot) -> None:
    heard: list[bytes] = []

    async def asks() -> None:
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "print(input()[::-1])", stdin=-1, stdout=-1
        )
        answer, _ = await program.communicate(b"abc\n")
        heard.append(answer.strip())

    errands.run(asks)
    qtbot.waitUntil(lambda: heard == [b"cba"])


def test_an_errand_that_fails_is_told_and_the_others_go_on(errands: Errands, qtbot: QtBot) -> None:
    async def fails() -> None:
        raise RequestError("There is no such thing.")

    with qtbot.waitSignal(errands.failed) as failed:
        errands.run(fails)
    assert failed.args is not None
    assert failed.args[0].sentence == "There is no such thing."
    done = threading.Event()
    errands.call(done.set)
    assert done.wait(10)


def test_closing_lets_errands_tidy_up(qtbot: QtBot) -> None:
    errands, begun, tidied = Errands(), threading.Event(), []

    async def waits() -> None:
        begun.set()
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.01)
            tidied.append(True)

    errands.run(waits)
    assert begun.wait(10)
    errands.close()
    assert tidied == [True]
