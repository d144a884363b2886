"""Models on their way here: fetched, taken in, verified and removed as errands that bring news.

This object lives in the window's thread and knows what is up with each model. What it asks for runs
in the thread of the errands and is told back by signals.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from studio import installing
from studio.errors import RequestError, StudioError
from studio.models import shelf, store
from studio.models.catalogue import Published, published
from studio.models.fetch import Patience
from studio.models.shelf import Verdict
from studio.models.speed import Phase, Progress
from studio.models.store import Installed
from studio.work.errands import Errands
from studio.work.faults import told
from studio.work.stock import AT_WORK, Key, Model, State, Stock

_STATES: dict[Phase, State] = {
    "waiting": "waiting",
    "checking": "checking",
    "fetching": "getting",
    "converting": "converting",
}


class Downloads(QObject):
    """Takes requests at any time; several models can be on their way at once."""

    stock = Signal(object)
    """`Stock`, when it was counted anew."""
    changed = Signal(object)
    """The `Model` with which something is up now."""
    arrived = Signal(object)
    """A `Model` that can be painted with from now on."""
    shelf_changed = Signal()
    """Models have come or gone."""
    taking_in = Signal(str)
    """The file that is being taken in; none any more with ""."""
    said = Signal(str)
    refused = Signal(list)
    """Sentences on files that were not taken in."""
    _progressed = Signal(object, object)
    _came = Signal(object)
    _ended = Signal(object, str, str)
    """A key, the state in which it is left, and why."""

    def __init__(
        self,
        errands: Errands,
        count: Callable[[], None],
        parent: QObject | None = None,
        *,
        patience: Patience | None = None,
    ) -> None:
        """`count` has the stock counted, which comes back by `show_counted`."""
        super().__init__(parent)
        self._errands, self._count = errands, count
        self._patience = patience or Patience()
        self._models: dict[Key, Model] = {}
        self._up: dict[Key, Model] = {}
        """What the disk does not tell: on their way, failed, or found damaged."""
        self._come: set[Key] = set()
        """Those that have come since the last count that knew of them."""
        self._tasks: dict[Key, asyncio.Task[None]] = {}
        """Used in the thread of the errands only."""
        self._taking: set[asyncio.Task[None]] = set()
        """Likewise."""
        self._progressed.connect(self._show_progress)
        self._came.connect(self.show_come)
        self._ended.connect(self._show_end)

    # Requests

    def look(self) -> None:
        """Count the stock; answered by `stock`."""
        self._count()

    @Slot(object)
    def get(self, key: Key, trust: bool = False) -> None:
        """Fetch a model, or go on with that; `trust` where nobody knows what must come."""
        model = self._models.get(key)
        if model is None or not model.is_listed or model.state in (*AT_WORK, "here"):
            return
        damaged = model.state == "damaged"
        self._put(replace(model, state="waiting", problem="", speed=0.0, left=None))
        self._errands.run(partial(self._fetch, key, trust, damaged))

    @Slot(object)
    def pause(self, key: Key) -> None:
        """Rest; what is here is kept, also when the program ends."""
        self._errands.call(self._stop, key)

    @Slot(object)
    def cancel(self, key: Key) -> None:
        """Give up, and delete what is here of it."""
        self._errands.run(partial(self._drop, key))

    @Slot(object)
    def verify(self, key: Key) -> None:
        """Read the whole file and compare it with what it should be."""
        model = self._models.get(key)
        if model is not None and model.state in ("here", "damaged"):
            self._put(replace(model, state="checking", done=0))
            self._errands.run(partial(self._verify, key))

    @Slot(object)
    def remove(self, key: Key) -> None:
        """Delete a model of the person's."""
        self._errands.run(partial(self._remove, key))

    @Slot(list)
    def take_in(self, paths: Sequence[Path]) -> None:
        """Install files that are here already, as their contents say."""
        self._errands.run(partial(self._take_in, tuple(paths)))

    @Slot()
    def stop_taking_in(self) -> None:
        """Leave the file at hand and those after it; what was taken in before stays."""
        self._errands.call(self._stop_taking_in)

    @Slot(object)
    def show_counted(self, stock: Stock) -> None:
        """The stock was counted; a count that began before a model came does not know it yet."""
        there = {model.key for model in stock.models if model.folder is not None}
        come = self._come & there
        self._come -= come
        for key in come:
            self._up.pop(key, None)
        models = tuple(self._up.get(model.key, model) for model in stock.models)
        self._models = {model.key: model for model in models}
        self.stock.emit(replace(stock, models=models))
        for key in come:
            if self._models[key].is_here:
                self.arrived.emit(self._models[key])

    # News, in the window's thread

    def _put(self, model: Model) -> None:
        self._up[model.key] = self._models[model.key] = model
        self.changed.emit(model)

    @Slot(object, object)
    def _show_progress(self, key: Key, progress: Progress) -> None:
        model = self._up.get(key)
        if model is not None and model.state in AT_WORK:
            self._put(
                replace(
                    model,
                    state=_STATES[progress.phase],
                    done=progress.done,
                    bytes=model.bytes or progress.total,
                    speed=progress.rate or 0.0,
                    left=progress.left,
                )
            )

    @Slot(object)
    def show_come(self, model: Installed) -> None:
        """A model is on the shelf that was not there before."""
        self._come.add((model.name, model.kind))
        self._count()
        self.shelf_changed.emit()

    @Slot(object, str, str)
    def _show_end(self, key: Key, state: State, problem: str) -> None:
        before = self._up.pop(key, None)
        self._come.discard(key)
        if before is not None and state in ("failed", "damaged", "paused"):
            # a paused one stays with what was last told, until the disk is looked at
            left = replace(before, state=state, problem=problem, speed=0.0, left=None)
            self._put(left)
            if state == "paused":
                del self._up[key]
        self._count()
        if state == "offered":
            self.shelf_changed.emit()

    # Errands

    async def _fetch(self, key: Key, trust: bool, damaged: bool) -> None:
        task = asyncio.current_task()
        assert task is not None
        if key in self._tasks:
            return
        self._tasks[key] = task
        try:
            if damaged:
                await asyncio.to_thread(shelf.remove, *key)
            there = await installing.download(
                _offer(key),
                trust=trust,
                told=partial(self._progressed.emit, key),
                patience=self._patience,
            )
        except asyncio.CancelledError:
            self._ended.emit(key, "paused", "")
            raise
        except Exception as error:
            self._ended.emit(key, "failed", told(error).sentence)
        else:
            self._came.emit(there)
        finally:
            del self._tasks[key]

    def _stop(self, key: Key) -> None:
        if key in self._tasks:
            self._tasks[key].cancel()

    async def _drop(self, key: Key) -> None:
        task = self._tasks.get(key)
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        await self._remove_files(key)

    async def _remove(self, key: Key) -> None:
        if await self._remove_files(key):
            self.said.emit(self.tr("{name} is removed.").format(name=key[0]))

    async def _remove_files(self, key: Key) -> bool:
        """Delete what there is of a model; false, and told, when that cannot be."""
        try:
            await asyncio.to_thread(shelf.remove, *key)
        except RequestError as error:
            there = {(each.name, each.kind) for each in store.installed()}
            if key in there:
                self._refuse(str(error))
                return False
        except StudioError as error:
            self._refuse(str(error))
            return False
        self._ended.emit(key, "offered", "")
        return True

    async def _verify(self, key: Key) -> None:
        try:
            verdict = await asyncio.to_thread(_verified, key)
        except StudioError as error:  # it is gone
            self._refuse(str(error))
            self._ended.emit(key, "offered", "")
            return
        if verdict.state == "damaged":
            self._ended.emit(key, "damaged", verdict.problem or "")
            return
        sound = self.tr("{name} is sound.")
        unknown = self.tr("{name} is here, but nobody has written down what its SHA-256 should be.")
        words = sound if verdict.state == "whole" else unknown
        self._ended.emit(key, "here", "")
        self.said.emit(words.format(name=key[0]))

    def _stop_taking_in(self) -> None:
        for task in self._taking:
            task.cancel()

    async def _take_in(self, paths: tuple[Path, ...]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._taking.add(task)
        try:
            await self._take_each(paths)
        finally:
            self._taking.discard(task)

    async def _take_each(self, paths: tuple[Path, ...]) -> None:
        configs = [path for path in paths if path.suffix.lower() in installing.CONFIGS]
        weights = [path for path in paths if path not in configs]
        config = configs[0] if len(configs) == len(weights) == 1 else None
        refused = []
        if not weights:
            refused.append(self.tr("A config alone is no model; take the weights in with it."))
        for path in weights:
            try:
                brought = await installing.bring_in(
                    path, config=config, told=lambda file: self.taking_in.emit(file.name)
                )
            except Exception as error:
                refused.append(told(error).sentence)
                continue
            finally:
                self.taking_in.emit("")
            refused += brought.refused
            for model in brought.installed:
                self._came.emit(model)
        if refused:
            self.refused.emit(refused)

    def _refuse(self, sentence: str) -> None:
        self.refused.emit([sentence])


def _offer(key: Key) -> Published:
    return next(each for each in published() if (each.name, each.kind) == key)


def _verified(key: Key) -> Verdict:
    return shelf.verify(store.find(*key))
