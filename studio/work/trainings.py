"""Trainings on a person's own pictures: in a process of their own, told of by signals."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal, Slot

from studio import installing
from studio.errors import RequestError, StudioError
from studio.models import store
from studio.training.own_pictures import Folder
from studio.work import training_apart as apart
from studio.work import training_folder as folders
from studio.work.errands import Errands
from studio.work.faults import told
from studio.work.telling import Telling
from studio.work.training_apart import Looked, Measured, Request
from studio.work.training_estimates import estimated
from studio.work.training_facts import (
    Estimate,
    Look,
    Reconstructions,
    TrainingNews,
    TrainingOrder,
    TrainingVerdict,
)

Key = tuple[object, ...]


class Trainings(QObject):
    """Takes requests at any time; one training is at work at once, and painting goes on meanwhile.

    Every signal arrives in the window's thread.
    """

    looking = Signal(int, int)
    """How many of how many files of a folder have been looked at."""
    looked = Signal(object)
    """`Look`."""
    estimated = Signal(object)
    """`Estimate`."""
    news = Signal(object)
    """`TrainingNews`, some four times a second at most."""
    pictures = Signal(object)
    """`Reconstructions`, at the start and then every half minute or so."""
    ended = Signal(object)
    """`TrainingVerdict`, when the model is on the shelf; news of state "done" comes before it."""
    refused = Signal(str)
    """Why a request came to nothing, in a sentence."""
    resumable = Signal(object)
    """Tuple of `Unfinished`, the newest first."""
    installed = Signal(object)
    """The `Installed` model that came of a training."""

    def __init__(self, errands: Errands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._errands = errands
        self.device = "auto"
        """Where it computes, for trainings that begin from now on."""
        # all below is used in the thread of the errands only
        self._news: TrainingNews | None = None
        """The last of the training at work or paused."""
        self._process: Telling | None = None
        self._busy = False
        """Whether a training is at work, its process or what comes before and after that."""
        self._discarding = False
        self._answering: dict[str, asyncio.Task[None]] = {}
        """The look and the estimate that are under way."""
        self._found: Folder | None = None
        self._measured: dict[Key, Measured] = {}

    @property
    def name(self) -> str:
        """The training at work or paused, "" for none."""
        return "" if self._news is None else self._news.name

    # Requests

    @Slot(object)
    def look(self, folder: Path) -> None:
        """Look at every picture in a folder; answered by `looked`, or `refused`."""
        self._run(self._look, folder)

    @Slot(object)
    def estimate(self, order: TrainingOrder) -> None:
        """Take a few steps for the clock; answered by `estimated`. A newer request replaces it."""
        self._run(self._estimate, order)

    @Slot(object)
    def start(self, order: TrainingOrder) -> None:
        """Begin a training; `news` tells of it, or `refused` why not."""
        self._run(self._start, order)

    @Slot()
    def pause(self) -> None:
        """Keep all that is learned after the step at work and end the process; "paused" follows."""
        self._run(self._pause)

    @Slot()
    @Slot(str)
    def resume(self, name: str = "") -> None:
        """Go on exactly with the training that is paused, or with an unfinished one by its name."""
        self._run(self._resume, name)

    @Slot(bool)
    def stop(self, keep: bool) -> None:
        """End the training at work, or the paused one.

        With `keep` the model as it is so far is judged and put on the shelf: `ended` follows.
        Without, all of it is deleted: news of state "discarded" follows.
        """
        self._run(self._stop, keep)

    @Slot(str)
    def discard(self, name: str) -> None:
        """Delete an unfinished training; answered by `resumable`."""
        self._run(self._discard, name)

    @Slot()
    def unfinished(self) -> None:
        """Which trainings can be gone on with; answered by `resumable`."""
        self._run(self._list)

    def _run(self, act: Callable[..., Coroutine[Any, Any, None]], *words: object) -> None:
        """Do something as an errand; what goes wrong is told by `refused`."""

        async def run() -> None:
            try:
                await act(*words)
            except Exception as error:
                self.refused.emit(told(error).sentence)

        self._errands.run(run)

    # Before a training

    async def _newest(self, what: str) -> None:
        """The task at work becomes the only one to answer this; those before it are cancelled."""
        task = asyncio.current_task()
        assert task is not None
        before = self._answering.get(what)
        self._answering[what] = task
        if before is not None and not before.done():
            before.cancel()
            await asyncio.wait([before])

    async def _look(self, path: Path) -> None:
        await self._newest("look")
        found = Looked(None, f"The folder {path} could not be looked at; look again.")

        def hear(news: tuple[int, int] | Looked) -> None:
            nonlocal found
            if isinstance(news, Looked):
                found = news
            else:
                self.looking.emit(*news)

        await Telling(apart.look, path).run(hear)
        if found.folder is None:
            raise RequestError(found.problem)
        self._found = found.folder
        self._measured.clear()
        self.looked.emit(_looked(found.folder))

    async def _estimate(self, order: TrainingOrder) -> None:
        await self._newest("estimate")
        if problem := await asyncio.to_thread(folders.problem_of, order):
            self.estimated.emit(Estimate(order, problem=problem))
            return
        networks = (self.device, order.base, order.part, order.weights)
        key = (order.folder, order.size, order.batch, *networks)
        if key not in self._measured or self._found_in(order.folder) is None:
            self._measured[key] = await self._measure(order)
        measured = self._measured[key]
        estimate = await asyncio.to_thread(estimated, order, measured)
        if estimate.problem:
            self._measured.pop(key, None)  # what was wrong, such as short memory, may be put right
        self.estimated.emit(estimate)

    async def _measure(self, order: TrainingOrder) -> Measured:
        measured = Measured(
            None,
            problem="The process that tried it ended by itself: memory is short. Take a smaller "
            "size or fewer pictures at once.",
        )

        def hear(news: Measured) -> None:
            nonlocal measured
            measured = news

        found = self._found_in(order.folder)
        await Telling(apart.measure, order, found, self.device).run(hear)
        return measured

    def _found_in(self, path: Path) -> Folder | None:
        return self._found if self._found is not None and self._found.path == path else None

    # A training

    async def _start(self, order: TrainingOrder) -> None:
        with self._claimed(order.name):
            if problem := await asyncio.to_thread(folders.problem_of, order):
                raise RequestError(problem)
            await asyncio.to_thread(folders.keep, order)
            await self._train(order, "train", self._found_in(order.folder))
        await self._list()

    async def _resume(self, name: str) -> None:
        await self._take_up(name or self.name, "train")

    async def _take_up(self, name: str, act: Literal["train", "finish"]) -> None:
        if not name:
            raise RequestError("No training is paused.")
        with self._claimed(name):
            await self._train(await asyncio.to_thread(folders.kept, name), act)
        await self._list()

    async def _pause(self) -> None:
        news = self._news
        if self._process is not None and news is not None and self._is("preparing", "training"):
            self._tell(replace(news, state="pausing", points=()))
            self._process.ask("pause")

    async def _stop(self, keep: bool) -> None:
        if self._process is not None:
            if keep:
                self._process.ask("stop")
            else:
                self._discarding = True
                self._process.kill()
        elif self._is("paused", "failed") and not self._busy:
            if keep:
                await self._take_up(self.name, "finish")
            else:
                await self._drop(self.name)
                await self._list()

    async def _discard(self, name: str) -> None:
        if self._busy and name == self.name:
            raise RequestError(f"{name} is being trained; stop it first.")
        await self._drop(name)
        await self._list()

    async def _drop(self, name: str) -> None:
        await asyncio.to_thread(folders.discard, name)
        if name == self.name:
            self._tell(TrainingNews(name, "discarded"))
            self._news = None

    async def _list(self) -> None:
        found = await asyncio.to_thread(folders.unfinished)
        at_work = self.name if self._busy else ""
        self.resumable.emit(tuple(each for each in found if each.name != at_work))

    @contextmanager
    def _claimed(self, name: str) -> Iterator[None]:
        """A block in which this is the only training. Raises RequestError when there is another."""
        if self._busy:
            raise RequestError(f"{self.name} is being trained; pause or stop it first.")
        before, self._news = self._news, TrainingNews(name, "preparing")
        self._busy, self._discarding = True, False
        try:
            yield
        except StudioError:  # it came to nothing
            self._news = before
            raise
        finally:
            self._busy = False

    async def _train(
        self, order: TrainingOrder, act: Literal["train", "finish"], found: Folder | None = None
    ) -> None:
        """One process from its start to its end, and what comes of it."""
        out = folders.folder_of(order.name)
        verdict: TrainingVerdict | None = None

        def hear(news: TrainingNews | Reconstructions | TrainingVerdict) -> None:
            nonlocal verdict
            if isinstance(news, TrainingVerdict):
                verdict = news
            elif isinstance(news, Reconstructions):
                self.pictures.emit(news)
            else:
                self._hear(news)

        self._process = Telling(apart.train, Request(act, order, out, self.device, found))
        try:
            status = await self._process.run(hear, rests=True)
        finally:
            self._process = None
        if self._discarding:
            await self._drop(order.name)
        elif verdict is not None:
            await self._install(order.name, out, verdict)
        elif not self._is("paused", "failed"):
            self._fail(
                f"The training's process ended by itself ({status}); memory may be short. What it "
                "learned is kept: go on with it, or begin again with a smaller size."
            )
        if self._is("failed") and not await asyncio.to_thread(folders.is_begun, order.name):
            await asyncio.to_thread(folders.discard, order.name)  # nothing is learned yet
            self._news = None

    def _hear(self, news: TrainingNews) -> None:
        if self._is("pausing") and news.state in ("preparing", "training"):
            news = replace(news, state="pausing")
        self._tell(news)

    async def _install(self, name: str, out: Path, verdict: TrainingVerdict) -> None:
        try:
            brought = await installing.bring_in(out, name=name)
        except StudioError as error:
            self._fail(str(error))
            return
        (model,) = brought.installed
        await asyncio.to_thread(shutil.rmtree, out, ignore_errors=True)
        assert self._news is not None
        self._tell(replace(self._news, state="done", points=(), left=0.0))
        self._news = None
        self.installed.emit(model)
        self.ended.emit(replace(verdict, sheet=model.weights.with_name(store.SHEET)))

    def _fail(self, sentence: str) -> None:
        assert self._news is not None
        self._tell(replace(self._news, state="failed", problem=sentence, points=(), left=None))

    def _tell(self, news: TrainingNews) -> None:
        self._news = news
        self.news.emit(news)

    def _is(self, *states: str) -> bool:
        return self._news is not None and self._news.state in states


def _looked(found: Folder) -> Look:
    return Look(
        folder=found.path,
        usable=tuple(each.path for each in found.usable),
        refused=tuple((each.path, each.reason) for each in found.refused),
        captions=sum(each.caption is not None for each in found.usable),
        problem=found.problem or "",
    )
