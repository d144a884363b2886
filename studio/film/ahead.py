"""Frames made ahead in a thread, so that whoever waits for them does nothing else meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

Item = TypeVar("Item")

AHEAD = 3
"""Batches that wait at most."""
BATCH = 16
"""Frames in a batch at most."""
BATCH_SECONDS = 0.03
"""A batch is handed on once it has taken so long."""


@asynccontextmanager
async def made_ahead(frames: Iterable[Item]) -> AsyncIterator[AsyncIterator[Item]]:
    """The frames as an asynchronous iterator; all of them are made in one thread of their own.

    Only a bounded number waits. When the block ends, the thread has ended and a generator is
    closed. What making a frame raises is raised where it is awaited.
    """
    waiting: asyncio.Queue[list[Item] | BaseException] = asyncio.Queue(AHEAD)
    iterator = iter(frames)
    with ThreadPoolExecutor(1, "frames") as pool:
        making = asyncio.ensure_future(_make(iterator, waiting, pool))
        try:
            yield _taken(waiting)
        finally:
            making.cancel()
            await asyncio.wait([making])
            # behind the frame that is being made just now
            await asyncio.get_running_loop().run_in_executor(pool, _close, iterator)


async def _make(
    iterator: Iterator[Item],
    waiting: asyncio.Queue[list[Item] | BaseException],
    pool: ThreadPoolExecutor,
) -> None:
    loop = asyncio.get_running_loop()
    batch: list[Item] | BaseException
    while True:
        try:
            batch = await loop.run_in_executor(pool, _batch, iterator)
        except Exception as error:
            batch = error
        await waiting.put(batch)
        if not isinstance(batch, list) or not batch:
            return


def _batch(iterator: Iterator[Item]) -> list[Item]:
    """The next frames; none at the end."""
    batch: list[Item] = []
    began = time.monotonic()
    for item in iterator:
        batch.append(item)
        if len(batch) >= BATCH or time.monotonic() - began > BATCH_SECONDS:
            break
    return batch


def _close(iterator: Iterator[Item]) -> None:
    if isinstance(iterator, Generator):
        iterator.close()


async def _taken(waiting: asyncio.Queue[list[Item] | BaseException]) -> AsyncIterator[Item]:
    while batch := await waiting.get():
        if isinstance(batch, BaseException):
            raise batch
        await asyncio.sleep(0)  # whoever is always in time for the next must give way nevertheless
        for item in batch:
            yield item
