"""The frames of a film that are at hand: made ahead of where it plays, while there is room."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import chain, groupby, islice
from threading import Lock

from PySide6.QtCore import QObject, Signal

from studio.work.errands import Errands
from studio.work.facts import Picture
from studio.work.faults import told

ROOM = 192_000_000
"""Bytes of pictures that are kept."""
BACK = 90
"""A late frame may be replaced by one of so many before it."""
AHEAD = 4000
"""Frames that are looked at for what to make next."""
COARSE = (16, 8, 4, 2, 1)
"""Every how many frames one is made, pass after pass."""
POINTS = 2000
"""About as many frames are looked at to say which are at hand."""

Make = Callable[[Sequence[Hashable]], Sequence[Picture]]
"""Pictures of moments, in a thread of the pool."""


class Reel(QObject):
    """Plays never wait for it: what is asked for and not there yet is replaced by what is.

    Frames that show the same moment are made once. `arrived` comes at most once for each look.
    """

    arrived = Signal()
    failed = Signal(object)
    """`Fault`; nothing more is made of this film."""

    def __init__(self, errands: Errands, room: int = ROOM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._errands, self._room = errands, room
        self._lock = Lock()
        self._moments: Sequence[Hashable] = ()
        self._pictures: dict[Hashable, Picture] = {}
        self._make: Make | None = None
        self._batch, self._wish, self._bytes = 1, 0, 0
        self._strides: Sequence[int] = (1,)
        self._is_filling = self._has_told = False

    def load(
        self,
        moments: Sequence[Hashable],
        make: Make,
        *,
        batch: int,
        keep: bool = False,
        coarse: bool = False,
    ) -> None:
        """Another film: what each frame shows, and how pictures of that are made, so many at once.

        `keep` says that pictures of the same moments are still the same, `coarse` that each takes
        long: then some are made all along the film before those between them.
        """
        with self._lock:
            self._moments, self._make, self._batch = moments, make, batch
            self._strides = COARSE if coarse else (1,)
            if not keep:
                self._pictures, self._bytes = {}, 0
            self._wish = min(self._wish, max(len(moments) - 1, 0))
            self._has_told = False
        self._wake()

    def clear(self) -> None:
        """No film."""
        with self._lock:
            self._moments, self._make, self._pictures, self._bytes = (), None, {}, 0

    def frame(self, index: int) -> Picture | None:
        """The frame, or the nearest before it that is at hand; from here on more are made."""
        with self._lock:
            self._has_told = False
            if not 0 <= index < len(self._moments):
                return None
            self._wish = index
            back = range(index, max(index - BACK, -1), -1)
            found = (self._pictures.get(self._moments[place]) for place in back)
            picture = next((each for each in found if each is not None), None)
        self._wake()
        return picture

    def ready(self) -> list[tuple[int, int]]:
        """First and last frame of each span that is at hand."""
        with self._lock:
            step = len(self._moments) // POINTS + 1
            there = [moment in self._pictures for moment in self._moments[::step]]
        spans: list[tuple[int, int]] = []
        for is_there, places in groupby(range(len(there)), key=there.__getitem__):
            if is_there:
                run = list(places)
                spans.append((run[0] * step, run[-1] * step))
        return spans

    def _wake(self) -> None:
        with self._lock:
            if self._is_filling or self._make is None:
                return
            if next(self._missing(), None) is None:
                return
            self._is_filling = True
        self._errands.run(self._fill)

    async def _fill(self) -> None:
        while (work := self._next()) is not None:
            make, moments = work
            try:
                self._keep(make, moments, await asyncio.to_thread(make, moments))
            except Exception as error:
                if self._give_up(make):
                    self.failed.emit(told(error))

    def _give_up(self, make: Make) -> bool:
        """Make nothing more of a film; false if it is another film by now."""
        with self._lock:
            if make is not self._make:
                return False
            self._make = None
            return True

    def _next(self) -> tuple[Make, list[Hashable]] | None:
        with self._lock:
            moments = list(islice(self._missing(), self._batch))
            if self._make is None or not moments:
                self._is_filling = False
                return None
            return self._make, moments

    def _missing(self) -> Iterator[Hashable]:
        """What is not at hand of what is played next, as far as there is room."""
        count = len(self._moments)
        ahead = (self._moments[(self._wish + n) % count] for n in range(min(count, AHEAD)))
        window = list(islice(_distinct(ahead), self._most()))
        order = chain.from_iterable(window[::stride] for stride in self._strides)
        return (each for each in dict.fromkeys(order) if each not in self._pictures)

    def _most(self) -> int:
        """How many pictures there is room for; before the first is made, one batch."""
        if not self._pictures:
            return self._batch
        return max(self._batch, self._room * len(self._pictures) // max(self._bytes, 1))

    def _keep(self, make: Make, moments: Sequence[Hashable], pictures: Sequence[Picture]) -> None:
        with self._lock:
            if make is not self._make:
                return  # of another film by now
            for moment, picture in zip(moments, pictures, strict=True):
                self._pictures[moment] = picture
                self._bytes += picture.nbytes
            self._make_room()
            tells, self._has_told = not self._has_told, True
        if tells:
            self.arrived.emit()

    def _make_room(self) -> None:
        """Let go of what is played last, once there is more than room for."""
        if self._bytes <= self._room:
            return
        count = len(self._moments)
        order = (self._moments[(self._wish + ahead) % count] for ahead in range(count))
        kept = list(dict.fromkeys(moment for moment in order if moment in self._pictures))
        while kept and self._bytes > self._room and len(kept) > self._batch:
            self._bytes -= self._pictures.pop(kept.pop()).nbytes
        for moment in self._pictures.keys() - set(kept):  # of a film before
            self._bytes -= self._pictures.pop(moment).nbytes


def _distinct(moments: Iterator[Hashable]) -> Iterator[Hashable]:
    """Each moment once, where it comes first."""
    seen: set[Hashable] = set()
    for moment in moments:
        if moment not in seen:
            seen.add(moment)
            yield moment
