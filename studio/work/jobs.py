"""The queue: paintings to be painted one after the other, kept on disk from the start.

Each job is a project in the projects folder, made when it joins the queue, so that nothing of it is
lost; the queue itself is the list of their paths in one file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from studio import places
from studio.atomic import write_whole
from studio.cli.outputs import make_projects_folder, new_project
from studio.core.pictured import modes_of
from studio.core.schedule import Change
from studio.project import lists
from studio.project.file import FIRST_TAKE, Project
from studio.project.recent import is_there
from studio.work.facts import Draft, JobState, Picture
from studio.work.reader import decoded
from studio.work.weights import references


class Job(msgspec.Struct, kw_only=True):
    """One painting of the queue."""

    id: int
    path: str
    count: int
    """Iterations it is to have in the end."""
    done: int = 0
    state: JobState = "waiting"
    problem: str = ""


class Jobs:
    """The list of jobs, in the order in which they are painted."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or places.user_data() / "queue.json"
        self._jobs = self._kept()

    def __iter__(self) -> Iterator[Job]:
        return iter(self._jobs)

    def next(self) -> Job | None:
        """The first that is still to be painted."""
        waiting = (job for job in self._jobs if job.state in ("waiting", "painting"))
        return next(waiting, None)

    def find(self, id: int) -> Job | None:
        """A job by its number."""
        return next((job for job in self._jobs if job.id == id), None)

    def add(self, draft: Draft, count: int) -> Job:
        """Make the project of a new job and put it at the end."""
        path = _new_project(draft)
        job = Job(
            id=max((job.id for job in self._jobs), default=0) + 1, path=str(path), count=count
        )
        self._jobs.append(job)
        self.keep()
        return job

    def move(self, id: int, index: int) -> None:
        """Put a job at another place of the list."""
        job = self.find(id)
        if job is not None:
            self._jobs.remove(job)
            self._jobs.insert(index, job)
            self.keep()

    def remove(self, id: int) -> None:
        """Take a job off the list; its project stays if anything is painted in it."""
        job = self.find(id)
        if job is None:
            return
        self._jobs.remove(job)
        self.keep()
        if job.done == 0:
            Path(job.path).unlink(missing_ok=True)

    def clear_done(self) -> None:
        """Take off the list what is not going to be painted on."""
        self._jobs = [job for job in self._jobs if job.state in ("waiting", "painting")]
        self.keep()

    def keep(self) -> None:
        """Write the list to the disk."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._path, msgspec.json.encode(self._jobs))

    def _kept(self) -> list[Job]:
        jobs = lists.entries(self._path, Job)
        for job in jobs:
            if job.state == "painting":  # the program ended in the middle of it
                job.state = "waiting"
        return [job for job in jobs if is_there(Path(job.path))]


def newest_picture(job: Job) -> Picture | None:
    """The picture that a job has come to, from its project."""
    with Project.open(job.path, read_only=True) as project:
        length = project.length(FIRST_TAKE)
        return decoded(project.proxy(FIRST_TAKE, length - 1)) if length else None


def described(job: Job) -> Draft:
    """What a job paints, read from its project. Raises StudioError when that is gone."""
    with Project.open(job.path, read_only=True) as project:
        changes = project.changes(FIRST_TAKE)
        pictures = {name: project.asset(name) for name in modes_of(changes)}
        return Draft(changes[0].settings, pictures, changes[0].keyframes)


def _new_project(draft: Draft) -> Path:
    make_projects_folder()
    with new_project(
        references(draft.settings), [Change(0, draft.settings, draft.keyframes)], draft.pictures
    ) as new:
        return new.path
