"""The queue of paintings as the window shows and commands it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Slot

from studio.core.prompt import parse
from studio.core.settings import Prompt
from studio.errors import RequestError
from studio.ui.dialogs.queue_add import VariationsDialog
from studio.ui.document import Document
from studio.ui.images import image_of
from studio.ui.panels.jobs import Job
from studio.ui.panels.queue import QueuePanel
from studio.ui.status import duration
from studio.work.facts import JobNews
from studio.work.studio import Studio

if TYPE_CHECKING:
    from studio.ui.window import MainWindow


class QueueDesk(QObject):
    """Takes paintings in, shows how they get on, and opens what is painted."""

    def __init__(
        self, window: MainWindow, studio: Studio, document: Document, panel: QueuePanel
    ) -> None:
        super().__init__(panel)
        self._window, self._studio, self._document, self._panel = window, studio, document, panel
        self._jobs: list[JobNews] = []
        self._seconds: float | None = None
        panel.add_wanted.connect(self.add)
        panel.start_wanted.connect(studio.start_queue)
        panel.pause_wanted.connect(studio.pause_queue)
        panel.moved.connect(studio.move_job)
        panel.removed.connect(studio.remove_job)
        panel.duplicated.connect(self._duplicate)
        panel.opened.connect(self._open)
        panel.cleared_done.connect(studio.clear_done_jobs)
        studio.jobs_changed.connect(self._show)
        studio.job_news.connect(self._show_one)
        studio.job_finished.connect(self._show_one)
        studio.queue_running.connect(panel.set_running)

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits to be painted."""
        return not any(job.state in ("waiting", "painting") for job in self._jobs)

    @Slot()
    def add(self) -> None:
        """Ask which variations of the painting shown to put in the queue."""
        if not self._document.can_paint:
            self._window.say(self.tr("Write what the pictures should show first."))
            self._window.write_prompt()
            return
        dialog = VariationsDialog(
            self._document.next_settings,
            self._window,
            iterations=self._window.counting.asked,
            seconds_per_iteration=self._window.seconds_per_iteration,
        )
        dialog.wanted.connect(self._add)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(list, list, int)
    def _add(self, texts: list[str], seeds: list[int], count: int) -> None:
        drafts = []
        draft = self._document.variation()
        for text in texts:
            for seed in seeds:
                prompts = self._prompts(text)
                settings = msgspec.structs.replace(draft.settings, prompts=prompts, seed=seed)
                drafts.append(replace(draft, settings=settings))
        self._studio.add_jobs(drafts, count)
        self._window.show_queue()

    def _prompts(self, text: str) -> tuple[Prompt, ...]:
        try:
            return parse(text)[0]
        except RequestError:
            return (Prompt(text=text),)

    @Slot(int)
    def _duplicate(self, id: int) -> None:
        self._studio.duplicate_job(id, secrets.randbelow(2**32))

    @Slot(int)
    def _open(self, id: int) -> None:
        for job in self._jobs:
            if job.id == id:
                self._window.files.open_path(job.path)

    @Slot(list)
    def _show(self, jobs: list[JobNews]) -> None:
        self._jobs = jobs
        self._panel.set_jobs([self._told(job) for job in jobs])
        self._show_time_left()

    @Slot(object)
    def _show_one(self, news: JobNews) -> None:
        self._show([news if job.id == news.id else job for job in self._jobs])

    def _told(self, job: JobNews) -> Job:
        width, height = job.settings.size
        details = self.tr("{width} x {height}, seed {seed}").format(
            width=width, height=height, seed=job.settings.seed
        )
        return Job(
            job.id,
            job.title,
            job.problem or details,
            job.state,
            job.done,
            job.count,
            None if job.picture is None else image_of(job.picture),
        )

    def _show_time_left(self) -> None:
        waiting = [job for job in self._jobs if job.state in ("waiting", "painting")]
        seconds = self._window.seconds_per_iteration
        left = sum(job.count - job.done for job in waiting)
        if not left or seconds is None:
            self._panel.set_time_left("")
        else:
            words = self.tr("About {time} left").format(time=duration(left * seconds))
            self._panel.set_time_left(words)
