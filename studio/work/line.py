"""The queue at work: one job after the other, an iteration whenever it is the queue's turn."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, Signal

from studio.core.settings import Settings
from studio.errors import StudioError
from studio.project.file import FIRST_TAKE, Project
from studio.work.easel import Easel
from studio.work.facts import Draft, JobNews, News, Picture
from studio.work.faults import told
from studio.work.jobs import Job, Jobs, described, newest_picture
from studio.work.weights import Shelf

TELL_EVERY = 0.25
"""Seconds between two pieces of news of the job at work."""
THUMBNAIL = 96
"""Pixels along the longer side of the picture in the list."""


class Line(QObject):
    """Lives in the worker's thread; the worker calls `paint_next` when it has nothing else."""

    jobs_changed = Signal(list)
    """All jobs as `JobNews`."""
    job_news = Signal(object)
    """The `JobNews` of the job at work."""
    running_changed = Signal(bool)
    finished = Signal(int)
    """All is painted: how many jobs were, since the queue was started."""
    job_finished = Signal(object)
    failed = Signal(object)
    wants_turn = Signal()

    def __init__(self, shelf: Shelf, path: Path | None = None) -> None:
        super().__init__()
        self._shelf, self._path = shelf, path
        self._jobs: Jobs | None = None
        self._easel: Easel | None = None
        self._at: Job | None = None
        self._running, self._painted, self._told = False, 0, 0.0
        self._pictures: dict[int, Picture] = {}
        self._facts: dict[int, tuple[str, Settings]] = {}

    @property
    def jobs(self) -> Jobs:
        """The list, read from the disk when it is first needed."""
        if self._jobs is None:
            self._jobs = Jobs(self._path)
        return self._jobs

    def add(self, drafts: list[Draft], count: int) -> None:
        """Put paintings at the end."""
        for draft in drafts:
            self.jobs.add(draft, count)
        self.tell()

    def move(self, id: int, index: int) -> None:
        """Put a job at another place."""
        self.jobs.move(id, index)
        self.tell()

    def remove(self, id: int) -> None:
        """Take a job off the list."""
        if self._at is not None and self._at.id == id:
            self._put_down("stopped")
        self.jobs.remove(id)
        self.tell()

    def duplicate(self, id: int, seed: int) -> None:
        """Put the same painting with another seed at the end."""
        job = self.jobs.find(id)
        if job is not None:
            self.jobs.add(described(job).with_seed(seed), job.count)
            self.tell()

    def clear_done(self) -> None:
        """Take off what is not going to be painted on."""
        self.jobs.clear_done()
        self.tell()

    def start(self) -> None:
        """Paint the jobs, also those that failed or were stopped before."""
        for job in self.jobs:
            if job.state in ("failed", "stopped"):
                job.state, job.problem = "waiting", ""
        self._run(True)
        self.tell()
        self.wants_turn.emit()

    def pause(self) -> None:
        """Let the queue rest after the iteration at work."""
        self._put_down("waiting")
        self._run(False)
        self.tell()

    def let_go_of(self, path: Path) -> None:
        """Rest, if it is this project that is being painted: the person wants to open it."""
        if self._at is not None and Path(self._at.path).resolve() == path.resolve():
            self.pause()

    def paint_next(self) -> None:
        """Paint one iteration of the next job, if the queue runs."""
        if not self._running:
            return
        job = self._at or self.jobs.next()
        if job is None:
            self._run(False)
            self.finished.emit(self._painted)
            return
        try:
            self._paint_one(job)
        except Exception as error:
            fault = told(error, painting=False)
            job.problem = fault.sentence
            self._put_down("failed")
            self.tell()
        self.wants_turn.emit()

    def _paint_one(self, job: Job) -> None:
        easel = self._easel or self._take_up(job)
        if easel.left:
            easel.paint_one(lambda news: self._show(job, news))
        if not easel.left:
            easel.settle()  # it is told to be done once all of it is kept
            self._put_down("done")
            self._painted += 1
            self.tell()
            self.job_finished.emit(self._news(job))
        elif time.monotonic() - self._told > TELL_EVERY:
            self._told = time.monotonic()
            self.job_news.emit(self._news(job))

    def _show(self, job: Job, news: News) -> None:
        """On the thread that has kept it."""
        self._pictures[job.id] = thumbnail(news.picture)
        job.done = news.iterations[-1].number + 1

    def _take_up(self, job: Job) -> Easel:
        self._at, job.state = job, "painting"
        easel = Easel(Project.open(job.path), self._shelf)
        self._easel = easel
        easel.prepare(FIRST_TAKE)
        job.done = easel.project.length(FIRST_TAKE)
        easel.left = max(0, job.count - job.done)
        self.tell()
        return easel

    def _put_down(self, state: str) -> None:
        job, easel = self._at, self._easel
        self._at = self._easel = None
        try:
            if easel is not None:
                easel.put_away() if state == "failed" else easel.rest()
        finally:
            if easel is not None:
                easel.project.close()
            if job is not None:
                job.state = state  # type: ignore[assignment]
                self.jobs.keep()

    def _run(self, running: bool) -> None:
        if running and not self._running:
            self._painted = 0
        if running != self._running:
            self._running = running
            self.running_changed.emit(running)

    def tell(self) -> None:
        """Tell about all jobs."""
        news = []
        for job in self.jobs:
            try:
                news.append(self._news(job))
            except StudioError as error:
                self.failed.emit(told(error))
        self.jobs_changed.emit(news)

    def _news(self, job: Job) -> JobNews:
        if job.id not in self._facts:
            settings = described(job).settings
            self._facts[job.id] = (title(settings), settings)
            picture = newest_picture(job)
            if picture is not None:
                self._pictures.setdefault(job.id, thumbnail(picture))
        words, settings = self._facts[job.id]
        return JobNews(
            id=job.id,
            path=Path(job.path),
            title=words,
            settings=settings,
            state=job.state,
            done=job.done,
            count=job.count,
            picture=self._pictures.get(job.id),
            problem=job.problem,
        )


def title(settings: Settings) -> str:
    """What to call a painting in a list."""
    labels = [prompt.label for prompt in settings.prompts if prompt.on]
    return " | ".join(labels) or settings.prompts[0].label


def thumbnail(picture: Picture) -> Picture:
    """A small copy of a picture."""
    image = Image.fromarray(picture)
    image.thumbnail((THUMBNAIL, THUMBNAIL))
    return np.asarray(image)
