"""A thread for what mostly waits: films in the making and downloads, as coroutines under qasync.

Errands run side by side in it, and Qt's signals reach it as they reach any thread. What computes
(decoding, resizing) or waits for a disk goes to a thread of the pool from there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import shiboken6
from PySide6.QtCore import QEventLoop, QObject, QThread, Signal, Slot

from studio.work.faults import told

Errand = Callable[[], Coroutine[Any, Any, None]]


class Errands(QObject):
    """Runs coroutines in a thread of its own; they end, or are cancelled, before `close` returns.

    An errand that fails is told by `failed`; one that can say more catches its errors itself.
    """

    failed = Signal(object)
    """`Fault`."""
    _sent = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = _Thread(self)
        self._runner = _Runner()
        self._runner.moveToThread(self._thread)
        self._runner.failed.connect(self.failed)
        self._sent.connect(self._runner.serve)

    def run(self, errand: Errand) -> None:
        """Start an errand; the thread starts with the first one."""
        if not self._thread.isRunning():
            self._thread.start()
        self._sent.emit(errand)

    def call(self, request: Callable[..., None], *words: object) -> None:
        """Call something in the thread of the errands."""

        async def call() -> None:
            request(*words)

        self.run(call)

    def close(self) -> None:
        """Cancel what is at work, wait for it to tidy up, and join the thread."""
        if self._thread.isRunning():
            self._sent.emit(self._runner.end)
            self._thread.wait()


class _Runner(QObject):
    failed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._at_work: set[asyncio.Task[None]] = set()

    @Slot(object)
    def serve(self, errand: Errand) -> None:
        task = asyncio.get_running_loop().create_task(errand())
        if errand != self.end:
            self._at_work.add(task)
            task.add_done_callback(self._ended)

    async def end(self) -> None:
        for task in self._at_work:
            task.cancel()
        if self._at_work:
            await asyncio.wait(self._at_work)
        asyncio.get_running_loop().stop()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._at_work.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.failed.emit(told(error))


class _Thread(QThread):
    def run(self) -> None:
        import qasync  # which brings asyncio's and Qt's network modules: not before it is needed

        loop = qasync.QEventLoop(QEventLoop(), set_running_loop=False)
        asyncio.set_event_loop(loop)
        with loop:
            loop.run_forever()
        # qasync keeps the timers even of what was cancelled; they must end in their own thread
        shiboken6.delete(loop._timer)
