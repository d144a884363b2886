"""The real window, worked with as a person does, while a heartbeat runs."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QTimer, Slot

from studio.bench.heartbeat import Delays, Heartbeat
from studio.bench.scrub import Scrub
from studio.bench.waiting import pause, until
from studio.core.settings import Prompt
from studio.errors import StudioError
from studio.project.preferences import Preferences
from studio.ui.drawn import Drawn
from studio.ui.garbage import Garbage
from studio.ui.timeline.board import Board
from studio.ui.window import MainWindow
from studio.work.facts import Fault
from studio.work.studio import Studio

PROMPT = Prompt(text="sunset over the ocean")
SCRUB_EVERY = 16
"""Milliseconds between two positions of the playhead while painting goes on."""


@dataclass(frozen=True)
class Scrubbed:
    """Positions of the playhead, each waited for until its picture was drawn."""

    a_second: float
    delays: Delays


@dataclass(frozen=True)
class Painted:
    """Iterations painted meanwhile, and what the window's thread made of it."""

    a_second: float
    drawn_a_second: float
    """How often the canvas was drawn."""
    delays: Delays


class Desk(QObject):
    """One window in folders of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        settings = QSettings(str(folder / "layout.ini"), QSettings.Format.IniFormat)
        self.studio = Studio(queue=folder / "queue.json")
        self.window = MainWindow(self.studio, Preferences(), settings=settings)
        self._ready, self._drawings = False, 0
        self._fault: Fault | None = None
        self.studio.ready.connect(self._get_ready)
        self.studio.failed.connect(self._fail)
        self._canvas = Drawn(self.window.canvas)
        self._canvas.drawn.connect(self._count)
        self._heart = Heartbeat(self)

    def show(self) -> None:
        """The window on the screen, with models loaded."""
        Garbage(self.studio)
        self.window.show()
        self.window.start()
        self._until(lambda: self._ready, self.studio.ready)
        pause(1)

    def close(self) -> None:
        """Nothing painted is kept."""
        if self.window.document.contents is not None:
            self.studio.close_project(discard=True)
            until(lambda: self.window.document.contents is None, self.studio.closed)
        self.window.close()

    def rest(self, seconds: float) -> Delays:
        """The delays while nobody does anything."""
        self._heart.start()
        pause(seconds)
        return self._heart.stop()

    def open(self, path: Path, length: int) -> float:
        """Open a project; the seconds until its picture and its timeline were drawn."""
        board = self.window.docks.timeline.findChild(Board)
        assert isinstance(board, Board)
        lanes = Drawn(board)
        seen: set[str] = set()

        def note(what: str) -> None:
            if self.window.document.length == length and self.window.canvas.picture() is not None:
                seen.add(what)

        self._canvas.drawn.connect(lambda: note("picture"))
        lanes.drawn.connect(lambda: note("timeline"))
        began = time.perf_counter()
        self.window.files.open_path(path)
        self._until(lambda: len(seen) == 2, self._canvas.drawn, lanes.drawn)
        return time.perf_counter() - began

    def scrub(self, positions: Sequence[int]) -> Scrubbed:
        """Go to one position after the other, each as soon as the one before was drawn."""
        scrub = Scrub(self.window, self._canvas, positions)
        self._heart.start()
        began = time.perf_counter()
        scrub.begin()
        self._until(lambda: scrub.is_over, scrub.over)
        took = time.perf_counter() - began
        return Scrubbed(scrub.count / took, self._heart.stop())

    def begin_painting(self) -> None:
        """Until the first iterations are there."""
        window = self.window
        if window.document.contents is not None:
            self.studio.close_project()
            until(lambda: window.document.contents is None, self.studio.closed)
        window.document.edit({"prompts": (PROMPT,)}, "bench")
        window.document.paint(100_000)
        window.show_canvas()
        window.docks.timeline.set_live(True)
        self._until(lambda: window.document.length >= 3, self.studio.news)

    def watch_painting(self, seconds: float, *, scrubbing: bool) -> Painted:
        """The delays while it paints on, with the playhead at the newest iteration or at work."""
        hand = QTimer(self, interval=SCRUB_EVERY)
        hand.timeout.connect(self._jump)
        self.window.docks.timeline.set_live(not scrubbing)
        length, drawings, began = self.window.document.length, self._drawings, time.perf_counter()
        if scrubbing:
            hand.start()
        self._heart.start()
        pause(seconds)
        delays = self._heart.stop()
        hand.stop()
        took = time.perf_counter() - began
        self._complain()
        painted, drawn = self.window.document.length - length, self._drawings - drawings
        return Painted(painted / took, drawn / took, delays)

    def end_painting(self) -> None:
        """Let the iteration at work end."""
        self.studio.stop()
        self._until(lambda: self.studio.activity == "idle", self.studio.activity_changed)

    @Slot()
    def _jump(self) -> None:
        self.window.docks.timeline.set_position(random.randrange(self.window.document.length))

    @Slot()
    def _count(self) -> None:
        self._drawings += 1

    def _until(self, holds: Callable[[], bool], *signals: object) -> None:
        until(lambda: self._fault is not None or holds(), *signals, self.studio.failed)
        self._complain()

    def _complain(self) -> None:
        if self._fault is not None:
            raise StudioError(self._fault.sentence)

    @Slot()
    def _get_ready(self) -> None:
        self._ready = True

    @Slot(object)
    def _fail(self, fault: Fault) -> None:
        self._fault = fault
