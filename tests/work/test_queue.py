"""The queue: jobs that outlive the program, painted one after the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.errors import StudioError
from studio.project.document import Iteration
from studio.project.file import Project
from studio.work.facts import Draft, JobNews
from studio.work.studio import Studio
from tests import fakes
from tests.work.conftest import Person, asked


def drafts(*seeds: int) -> list[Draft]:
    return [Draft(asked(seed=seed)) for seed in seeds]


def test_all_jobs_are_painted_in_order(studio: Studio, person: Person) -> None:
    studio.add_jobs(drafts(1, 2, 3), 4)
    jobs: list[JobNews] = person.wait_for("jobs_changed")
    assert [(job.title, job.state, job.count) for job in jobs] == [("sea", "waiting", 4)] * 3
    studio.move_job(jobs[2].id, 0)
    studio.start_queue()
    assert person.wait_for("queue_finished") == 3
    done: list[JobNews] = person.all("job_finished")
    assert [job.settings.seed for job in done] == [3, 1, 2]
    for job in done:
        with Project.open(job.path) as project:
            assert project.length(1) == 4
    assert person.all("queue_running") == [True, False]


def test_the_queue_survives_the_program(
    studio: Studio, person: Person, qapp: QApplication, qtbot: QtBot
) -> None:
    studio.add_jobs(drafts(1, 2), 100_000)
    studio.start_queue()
    person.wait_for("job_news")
    studio.close()
    again = Studio()
    listener = Person(again, qtbot)
    again.list_jobs()
    jobs: list[JobNews] = listener.wait_for("jobs_changed")
    assert [job.state for job in jobs] == ["waiting", "waiting"]
    assert jobs[0].done > 0
    again.close()


def test_a_painting_of_the_window_comes_first(studio: Studio, person: Person, draft: Draft) -> None:
    studio.add_jobs(drafts(1), 100_000)
    studio.start_queue()
    person.wait_for("job_news")
    studio.create(draft, 5)
    person.wait_for("finished")
    person.wait_for("job_news", len(person.all("job_news")) + 1)


def test_a_job_that_fails_does_not_hold_up_the_others(
    studio: Studio, person: Person, fault: fakes.Fault
) -> None:
    studio.add_jobs(drafts(1, 2), 3)
    broken: Path = person.wait_for("jobs_changed")[0].path
    broken.write_bytes(b"no project any more")
    studio.start_queue()
    assert person.wait_for("queue_finished") == 1
    states = {job.id: job.state for job in person.all("jobs_changed")[-1]}
    assert states == {1: "failed", 2: "done"}


def test_jobs_are_removed_and_doubled(studio: Studio, person: Person) -> None:
    studio.add_jobs(drafts(1, 2), 3)
    first, second = person.wait_for("jobs_changed")
    studio.remove_job(first.id)
    assert [job.id for job in person.wait_for("jobs_changed", 2)] == [second.id]
    assert not first.path.exists()
    studio.duplicate_job(second.id, 77)
    jobs: list[JobNews] = person.wait_for("jobs_changed", 3)
    assert [job.settings.seed for job in jobs] == [2, 77]


def test_a_paused_queue_goes_on(studio: Studio, person: Person) -> None:
    studio.add_jobs(drafts(1), 40)
    studio.start_queue()
    person.wait_for("job_news")
    studio.pause_queue()
    person.wait_for("queue_running", 2)
    studio.start_queue()
    person.wait_for("queue_finished")
    [job] = person.all("jobs_changed")[-1]
    assert (job.state, job.done) == ("done", 40)


def test_a_job_that_cannot_be_kept_is_not_told_to_be_done(
    studio: Studio, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.add_jobs(drafts(1, 2), 4)
    jobs: list[JobNews] = person.wait_for("jobs_changed")
    record = Project.record

    def full(self: Project, take: int, iteration: Iteration, *rest: Any) -> None:
        if self.path == jobs[0].path.resolve() and iteration.number == 3:
            raise StudioError("There is no room left on the disk.")
        record(self, take, iteration, *rest)

    monkeypatch.setattr(Project, "record", full)
    studio.start_queue()
    assert person.wait_for("queue_finished") == 1
    jobs = person.all("jobs_changed")[-1]
    assert [(job.state, job.done) for job in jobs] == [("failed", 3), ("done", 4)]
    assert "no room" in jobs[0].problem
    assert [job.id for job in person.all("job_finished")] == [jobs[1].id]
