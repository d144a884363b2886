"""Keyframes on their way to the painter: from the draft, and while it paints."""

from __future__ import annotations

import msgspec
import pytest

from studio.core.schedule import Keyframe, settings_at
from studio.core.settings import Prompt
from studio.project.file import Project
from studio.work.facts import Changes, Contents, Draft
from studio.work.studio import Studio
from tests.work.conftest import Person, asked

SKY = (Prompt(text="sky"),)


def test_a_draft_brings_its_keyframes(studio: Studio, person: Person) -> None:
    keyframe = Keyframe(iteration=3, prompts=SKY, ease="linear")
    studio.create(Draft(asked(), keyframes=(keyframe,)), 5)
    contents: Contents = person.wait_for("opened")
    assert contents.changes[0].keyframes == (keyframe,)
    person.wait_for("finished")
    studio.close()
    with Project.open(contents.path) as project:
        painted = [settings_at(project.changes(1), at) for at in range(5)]
        losses = [len(each.losses) for each in project.iterations(1)]
    assert [each.crossing is None for each in painted] == [True, False, False, True, True]
    assert painted[4].prompts == SKY
    assert losses == [1] * 5


@pytest.mark.slow
def test_a_plan_takes_effect_from_the_next_iteration_on(studio: Studio, person: Person) -> None:
    studio.create(Draft(asked()), 40)
    person.wait_for("news", 2)
    studio.plan(
        1, (Keyframe(iteration=0, cutouts=2, ease="linear"), Keyframe(iteration=30, cutouts=6))
    )
    changes: Changes = person.wait_for("changed")
    person.wait_for("finished")
    first, second = changes.changes
    assert first.keyframes == ()
    assert 0 < second.iteration < 30
    assert settings_at(changes.changes, second.iteration - 1).cutouts == 2
    assert settings_at(changes.changes, 30).cutouts == 6
    assert settings_at(changes.changes, 26).cutouts == 5


def test_a_value_that_has_keyframes_gets_one_when_it_is_changed(
    studio: Studio, person: Person
) -> None:
    studio.create(Draft(asked(), keyframes=(Keyframe(iteration=9, cutouts=4),)), 2)
    person.wait_for("finished")
    studio.change(1, {"cutouts": 3, "smooth": 0.2})
    changes: Changes = person.wait_for("changed")
    assert [(each.iteration, each.cutouts) for each in changes.changes[-1].keyframes] == [
        (2, 3),
        (9, 4),
    ]
    assert changes.changes[-1].settings.smooth == 0.2
    assert changes.changes[-1].settings.cutouts == 2


def test_what_is_in_force_is_told_even_when_a_plan_is_refused(
    studio: Studio, person: Person
) -> None:
    studio.create(Draft(asked()), 1)
    person.wait_for("finished")
    missing = (Prompt(picture="a" * 64),)
    studio.plan(1, (Keyframe(iteration=4, prompts=missing),))
    changes: Changes = person.wait_for("changed")
    assert person.wait_for("failed")
    assert changes.take == 1


def test_the_queue_paints_keyframes_and_duplicates_keep_them(
    studio: Studio, person: Person
) -> None:
    keyframe = Keyframe(iteration=1, prompts=SKY)
    studio.add_jobs([Draft(asked(), keyframes=(keyframe,))], 2)
    person.wait_for("jobs_changed")
    studio.duplicate_job(1, 7)
    jobs = person.wait_for("jobs_changed", 2)
    for job in jobs:
        with Project.open(job.path, read_only=True) as project:
            [change] = project.changes(1)
        assert change.keyframes == (keyframe,)
    assert msgspec.structs.asdict(jobs[1].settings)["seed"] == 7
