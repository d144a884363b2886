"""The window's side of the bridge: requests go out, news comes in, and nothing here waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal, Slot

from studio.core.film import Order, Place
from studio.core.schedule import Keyframe
from studio.core.settings import Settings, Stroke
from studio.film.formats import Kind
from studio.project.preferences import Preferences
from studio.work.clerk import Clerk
from studio.work.downloads import Downloads
from studio.work.errands import Errands
from studio.work.facts import AT_WORK, ENDING, Activity, Contents, Draft, Picture
from studio.work.films import Films
from studio.work.gauge import Gauge
from studio.work.line import Line
from studio.work.reader import Reader
from studio.work.slot import NewsSlot
from studio.work.trainings import Trainings
from studio.work.weights import Load, Shelf, load
from studio.work.worker import Worker

PREVIEW_HEIGHT = 96
"""Pixels; enough for the filmstrip on a screen of twice the density."""


class Studio(QObject):
    """Starts the worker and the reader in their threads, and joins them at the end.

    Every signal arrives in the thread that made this object. `close` must be called.
    """

    opened = Signal(object)
    """`Contents`."""
    closed = Signal()
    changed = Signal(object)
    """`Changes`."""
    activity_changed = Signal(str)
    news = Signal(object)
    """`News`, as often as the window can take it."""
    finished = Signal(object)
    failed = Signal(object)
    """`Fault`."""
    picture_read = Signal(object)
    """`Read`."""
    frame = Signal(object)
    """The `Frame` wished for."""
    preview = Signal(object)
    """A small `Frame`."""
    reading = Signal(int, object)
    """Row, `Reading`."""
    memory = Signal(object)
    """`Memory`, every second."""
    measured = Signal(object)
    """`Measured`."""
    said = Signal(str)
    jobs_changed = Signal(list)
    job_news = Signal(object)
    job_finished = Signal(object)
    queue_running = Signal(bool)
    queue_pausing = Signal()
    """It rests once the iteration at work is painted."""
    queue_finished = Signal(int)
    ready = Signal(list)
    """The models are loaded; devices by name and in words."""
    welcome = Signal(object)
    """`Welcome`."""
    history = Signal(list)
    models = Signal(object)
    """`Shelved`."""
    lacks = Signal(object)
    """`Lack`s of the project that is open, perhaps none."""
    _asked = Signal(object)
    _asked_clerk = Signal(object)

    def __init__(
        self, parent: QObject | None = None, *, load: Load = load, queue: Path | None = None
    ) -> None:
        super().__init__(parent)
        self.contents: Contents | None = None
        self.activity: Activity = "idle"
        self._threads = [QThread(self), QThread(self)]
        self.errands = Errands(self)
        self.films = Films(self.errands, self)
        self.trainings = Trainings(self.errands, self)
        shelf = Shelf(load)
        self._reader, self._line = Reader(PREVIEW_HEIGHT), Line(shelf, queue)
        self._clerk, self._gauge = Clerk(), Gauge(shelf)
        self._worker = Worker(self._reader, shelf, self._line)
        self._worker.moveToThread(self._threads[0])
        self._reader.moveToThread(self._threads[1])
        self._clerk.moveToThread(self._threads[1])
        self._gauge.moveToThread(self._threads[1])
        self.downloads = Downloads(self.errands, self._count_stock, self)
        self._connect()
        for thread in self._threads:
            thread.start()

    def _connect(self) -> None:
        worker, line, reader = self._worker, self._line, self._reader
        self._asked.connect(worker.serve)
        worker.opened.connect(self._opened)
        worker.closed.connect(self._closed)
        worker.activity_changed.connect(self._active)
        worker.news_waiting.connect(self._take_news)
        self._gauge.told.connect(self.memory)
        self._threads[1].started.connect(self._gauge.begin)
        for name in ("changed", "finished", "failed", "said", "ready", "measured"):
            getattr(worker, name).connect(getattr(self, name))
        self._asked_clerk.connect(self._clerk.serve)
        for name in ("failed", "picture_read", "reading", "welcome", "history", "models", "lacks"):
            getattr(self._clerk, name).connect(getattr(self, name))
        self.errands.failed.connect(self.failed)
        self._clerk.stock.connect(self.downloads.show_counted)
        self.trainings.installed.connect(self.downloads.show_come)
        self.downloads.shelf_changed.connect(self._shelf_changed)
        worker.exact_frame.connect(self.frame)
        reader.frame.connect(self.frame)
        reader.preview.connect(self.preview)
        for name in ("jobs_changed", "job_news", "job_finished"):
            getattr(line, name).connect(getattr(self, name))
        line.running_changed.connect(self.queue_running)
        line.finished.connect(self.queue_finished)

    def close(self) -> None:
        """Let the iteration at work end, keep everything, and join the threads."""
        self.errands.close()
        if self._threads[0].isRunning():
            self._ask(self._line.pause)
            self._ask(self._worker.close)
            self._asked.emit(self._threads[0].quit)
            self._asked_clerk.emit(self._gauge.end)
            self._asked_clerk.emit(self._threads[1].quit)
            for thread in self._threads:
                thread.wait()

    # Requests

    def open(self, path: Path) -> None:
        """Open a project."""
        self._ask(self._worker.open, path)

    def open_copy(self, path: Path) -> None:
        """Open an untitled copy of a project."""
        self._ask(self._worker.open_copy, path)

    def create(self, draft: Draft, count: int) -> None:
        """Begin an untitled painting of so many iterations."""
        self._ask(self._worker.create, draft, count)

    def close_project(self, *, discard: bool = False) -> None:
        """Close the project; untitled work that is not wanted goes for good."""
        self._ask(self._worker.close, discard)

    def save_as(self, path: Path, *, replace: bool = False) -> None:
        """Keep the project under another name."""
        self._ask(self._worker.save_as, path, replace)

    def save_copy(self, path: Path, *, replace: bool = False) -> None:
        """Write a copy of the project."""
        self._ask(self._worker.save_copy, path, replace)

    def export_picture(self, take: int, iteration: int, path: Path, *, about: bool = True) -> None:
        """Write the picture of an iteration."""
        self._ask(self._worker.export_picture, take, iteration, path, about)

    def show_take(self, take: int) -> None:
        """Look at another take."""
        self._ask(self._worker.show_take, take)

    def branch(self, take: int, iteration: int, draft: Draft | None, count: int) -> None:
        """Go on from an iteration as a new take; `count` iterations are painted at once.

        Without a draft it goes on as the iteration was painted.
        """
        self._ask(self._worker.branch, take, iteration, draft, count)

    def rename_take(self, take: int, name: str) -> None:
        """Call a take something else."""
        self._ask(self._worker.rename_take, take, name)

    def delete_take(self, take: int) -> None:
        """Take a take out of sight."""
        self._ask(self._worker.delete_take, take)

    def restore_take(self, take: int) -> None:
        """Bring a deleted take back."""
        self._ask(self._worker.restore_take, take)

    def change(
        self,
        take: int,
        fields: Mapping[str, object],
        pictures: Mapping[str, bytes] | None = None,
    ) -> None:
        """Other values for these settings from the next iteration on."""
        self._ask(self._worker.change, take, fields, pictures or {})

    def strike(self, take: int, iteration: int | None, stroke: Stroke, data: bytes) -> None:
        """Paint by hand before an iteration of a take; see `Worker.strike`."""
        self._ask(self._worker.strike, take, iteration, stroke, data)

    def take_back(self, take: int, stroke: Stroke) -> None:
        """Paint on without a stroke that still waits for the next iteration."""
        self._ask(self._worker.take_back, take, stroke)

    def plan(
        self,
        take: int,
        keyframes: Sequence[Keyframe],
        pictures: Mapping[str, bytes] | None = None,
    ) -> None:
        """Other keyframes from the next iteration on."""
        self._ask(self._worker.plan, take, keyframes, pictures or {})

    def read_picture(self, path: Path, use: str) -> None:
        """Make a picture file ready for a project; answered by `picture_read`."""
        self._asked_clerk.emit(partial(self._clerk.read_picture, path, use))

    def read_pixels(self, data: bytes, use: str) -> None:
        """The same for an encoded picture without a file."""
        self._asked_clerk.emit(partial(self._clerk.read_pixels, data, use))

    def read_text(self, row: int, text: str, perceptors: Sequence[str]) -> None:
        """Count tokens; answered by `reading`."""
        self._asked_clerk.emit(partial(self._clerk.read_text, row, text, perceptors))

    def list_projects(self) -> None:
        """Answered by `welcome`."""
        self._asked_clerk.emit(self._clerk.list_projects)

    def forget_recent(self, path: Path) -> None:
        """Take a project off the list of recent ones."""
        self._asked_clerk.emit(partial(self._clerk.forget_recent, path))

    def discard_unsaved(self, path: Path) -> None:
        """Delete work that was left without a name."""
        self._asked_clerk.emit(partial(self._clerk.discard_unsaved, path))

    def remember(
        self, settings: Settings, path: Path | None, picture: Picture | bytes | None
    ) -> None:
        """Keep settings in the history, and a project with a name among the recent ones."""
        self._asked_clerk.emit(partial(self._clerk.remember, settings, path, picture))

    def list_history(self) -> None:
        """Answered by `history`."""
        self._asked_clerk.emit(self._clerk.list_history)

    def list_models(self) -> None:
        """Answered by `models`."""
        self._asked_clerk.emit(self._clerk.list_models)

    def keep_preferences(self, preferences: Preferences) -> None:
        """Write the preferences to the disk."""
        self._asked_clerk.emit(partial(self._clerk.keep_preferences, preferences))

    def wish_frame(self, take: int, iteration: int) -> None:
        """The kept picture of an iteration; only the newest wish is answered."""
        self._reader.wish_frame(take, iteration)

    def wish_reference(self, take: int, iteration: int) -> None:
        """The kept picture of an iteration to compare with, answered by `frame` as well."""
        self._reader.wish_reference(take, iteration)

    def wish_exact(self, take: int, iteration: int) -> None:
        """The picture decoded from its codes, answered by `frame` if the models are at hand."""
        self._ask(self._worker.exact, take, iteration)

    def wish_previews(self, take: int, iterations: Sequence[int]) -> None:
        """Small pictures, the first first, in place of those wished for before."""
        self._reader.wish_previews(take, iterations)

    def warm_up(self, settings: Settings) -> None:
        """Load the models in good time."""
        self._ask(self._worker.warm_up, settings)

    def set_film(self, order: Order) -> None:
        """Keep how the film of the project is ordered."""
        self._ask(self._worker.set_film, order)

    def plan_film(self, order: Order, kind: Kind) -> None:
        """Count a film and get its preview ready; answered by `films.planned`."""
        if self.contents is not None:
            self.films.plan(self.contents.path, order, kind)

    def picture_film(self, places: Sequence[Place]) -> None:
        """Small pictures of stops, answered by `films.pictured`."""
        if self.contents is not None:
            self.films.picture(self.contents.path, places)

    def export_film(self, order: Order, out: Path, kind: Kind) -> None:
        """Write a film; `films.changed` tells how far it is."""
        if self.contents is not None:
            self.films.export(self.contents.path, order, out, kind)

    def measure(self, settings: Settings) -> None:
        """Load the models and answer by `measured`."""
        self._ask(self._worker.measure, settings)

    def use_device(self, device: str) -> None:
        """Compute on another device."""
        self.films.device = self.trainings.device = device
        self._ask(self._worker.use_device, device)

    def paint(self, take: int, count: int) -> None:
        """Paint so many more iterations."""
        self._ask(self._worker.paint, take, count)

    def paint_more(self, count: int) -> None:
        """Paint so many on top of those that are left, while it paints."""
        self._ask(self._worker.paint_more, count)

    def step(self, take: int) -> None:
        """Paint one iteration, then rest."""
        self._ask(self._worker.step, take)

    def pause(self) -> None:
        """Stop after the iteration at work."""
        self._ask(self._worker.pause)
        if self.activity in ("loading", "painting"):
            self._enter("pausing")

    def go_on(self, count: int) -> None:
        """Paint so many of what was left, or more."""
        self._ask(self._worker.go_on, count)

    def stop(self) -> None:
        """Stop, and forget what was left."""
        self._ask(self._worker.stop)
        if self.activity in AT_WORK:
            self._enter("stopping")

    def list_jobs(self) -> None:
        """Answered by `jobs_changed`."""
        self._ask(self._line.tell)

    def add_jobs(self, drafts: list[Draft], count: int) -> None:
        """Put paintings in the queue."""
        self._ask(self._line.add, drafts, count)

    def move_job(self, id: int, index: int) -> None:
        """Put a job at another place."""
        self._ask(self._line.move, id, index)

    def remove_job(self, id: int) -> None:
        """Take a job off the queue."""
        self._ask(self._line.remove, id)

    def duplicate_job(self, id: int, seed: int) -> None:
        """Put the same painting with another seed in the queue."""
        self._ask(self._line.duplicate, id, seed)

    def clear_done_jobs(self) -> None:
        """Take off what is painted, failed or stopped."""
        self._ask(self._line.clear_done)

    def start_queue(self) -> None:
        """Paint the queue."""
        self._ask(self._line.start)

    def pause_queue(self) -> None:
        """Let the queue rest."""
        self._ask(self._line.pause)
        self.queue_pausing.emit()

    def _count_stock(self) -> None:
        self._asked_clerk.emit(self._clerk.count_stock)

    # News

    def _ask(self, request: Callable[..., None], *words: object) -> None:
        self._asked.emit(partial(request, *words))

    @Slot(object)
    def _opened(self, contents: Contents) -> None:
        self.contents = contents
        self.opened.emit(contents)
        self._find_lacks()

    @Slot()
    def _closed(self) -> None:
        self.contents = None
        self.closed.emit()
        self._asked_clerk.emit(partial(self._clerk.lacks.emit, ()))  # after what it is at

    @Slot()
    def _shelf_changed(self) -> None:
        self.list_models()
        self._find_lacks()

    def _find_lacks(self) -> None:
        if self.contents is not None:
            self._asked_clerk.emit(partial(self._clerk.find_lacks, self.contents))

    @Slot(str)
    def _active(self, activity: Activity) -> None:
        if not (self.activity in ENDING and activity in AT_WORK):  # told before it was asked to end
            self._enter(activity)

    def _enter(self, activity: Activity) -> None:
        self.activity = activity
        self.activity_changed.emit(activity)

    @Slot(object)
    def _take_news(self, slot: NewsSlot) -> None:
        news = slot.take()
        if news is not None:
            self.news.emit(news)
