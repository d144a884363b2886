"""The queue of paintings as the window shows and commands it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Slot

from studio.core.planning import put_values
from studio.core.prompt import parse
from studio.core.schedule import story
from studio.core.settings import Prompt
from studio.ui.dialogs.queue_add import VariationsDialog
from studio.ui.document import Document
from studio.ui.images import image_of
from studio.ui.panels.jobs import Job
from studio.ui.panels.queue import QueuePanel
from studio.ui.status import roughly
from studio.work.facts import Draft, JobNews
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
        self._running = False
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
        studio.queue_running.connect(self._run)
        studio.queue_pausing.connect(panel.show_pausing)

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
            seconds_per_iteration=self._window.room.seconds(self._document.next_settings),
            has_plan=self._document.has_plan,
        )
        dialog.wanted.connect(self._add)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(list, list, int, bool)
    def _add(self, texts: list[str], seeds: list[int], count: int, planned: bool) -> None:
        painting = self._document.variation(planned=planned)
        drafts = [told(painting, parse(text)).with_seed(seed) for text in texts for seed in seeds]
        self._window.room.before(
            painting.settings, partial(self._add_jobs, drafts, count), can_shrink=False
        )

    def _add_jobs(self, drafts: list[Draft], count: int) -> None:
        self._studio.add_jobs(drafts, count)
        self._window.show_queue()

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
        self._show_status()

    @Slot(bool)
    def _run(self, running: bool) -> None:
        self._running = running
        self._show_status()

    def _show_status(self) -> None:
        """Beside what the window itself paints."""
        at_work = [job for job in self._jobs if job.state == "painting"]
        words = ""
        if self._running and at_work:
            done = sum(job.state == "done" for job in self._jobs)
            waiting = sum(job.state in ("painting", "waiting") for job in self._jobs)
            words = self.tr("Painting the queue, {n} of {count}").format(
                n=done + 1, count=done + waiting
            )
        elif self._running:
            words = self.tr("Painting the queue")
        job = at_work[0] if at_work else None
        done, count = (job.done, job.count) if job else (0, 0)
        self._window.status.show_queue(words, done, count)

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
        seconds = [
            (job.count - job.done) * each
            for job in waiting
            if (each := self._window.room.seconds(job.settings)) is not None
        ]
        if not waiting or len(seconds) < len(waiting):
            self._panel.set_time_left("")
        else:
            words = self.tr("About {time} left").format(time=roughly(sum(seconds), self._window))
            self._panel.set_time_left(words)


def told(painting: Draft, steps: tuple[tuple[Prompt, ...], ...]) -> Draft:
    """A painting with what is written in place of its prompts, and of keyframes that set others."""
    [written] = story(steps, painting.settings)
    shown = tuple(each for each in painting.settings.prompts if each.on and each.mask is None)
    if painting.keyframes and steps == (shown,):
        return painting
    kept = (msgspec.structs.replace(each, prompts=None) for each in painting.keyframes)
    change = msgspec.structs.replace(
        written, keyframes=tuple(each for each in kept if each.values or each.hold)
    )
    for each in written.keyframes:
        change = put_values(change, each.iteration, each.values)
    return replace(painting, settings=change.settings, keyframes=change.keyframes)
