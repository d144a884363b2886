"""A painting and its project: an iteration is written while the next is painted."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.core.schedule import Change
from studio.core.settings import Prompt, Settings
from studio.engine.painter import Painter, Step
from studio.errors import StudioError
from studio.painting import SAVE_STATE_EVERY, Painting
from studio.project.document import Iteration
from studio.project.file import FIRST_TAKE, Project
from tests.engine import tiny

SETTINGS = Settings(
    prompts=(Prompt(text="a red circle"),), size=(32, 32), perceptors=("tiny",), cutouts=2
)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    path = tmp_path / "a.vqproj"
    with Project.create(path, models=(), changes=[Change(0, SETTINGS)]) as project:
        yield project


@pytest.fixture
def painter() -> Painter:
    return Painter(tiny.vqgan(), {"tiny": tiny.vision_transformer(**tiny.few_words())})


def test_an_iteration_is_told_of_once_it_is_on_the_disk(painter: Painter, project: Project) -> None:
    painting = Painting(painter, project, FIRST_TAKE)
    told: list[tuple[int, int]] = []

    def kept(step: Step) -> None:
        with Project.open(project.path, read_only=True) as reader:
            told.append((step.iteration, reader.length(FIRST_TAKE)))

    steps = [painting.paint_one(on_kept=kept) for _ in range(4)]
    painting.settle()
    assert told == [(0, 1), (1, 2), (2, 3), (3, 4)]
    for step in steps:
        assert np.array_equal(project.codes(FIRST_TAKE, step.iteration), step.codes)


def test_whoever_paints_many_hears_of_each_once_it_is_on_the_disk(
    painter: Painter, project: Project
) -> None:
    told: list[tuple[int, int]] = []

    def hear(step: Step) -> None:
        with Project.open(project.path, read_only=True) as reader:
            told.append((step.iteration, reader.length(FIRST_TAKE)))

    Painting(painter, project, FIRST_TAKE).paint(4, on_step=hear)
    assert [iteration for iteration, _ in told] == [0, 1, 2, 3]
    assert all(kept > iteration for iteration, kept in told)


def test_what_could_not_be_kept_is_not_told_of(
    painter: Painter, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, told = project.record, []

    def full(take: int, iteration: Iteration, *rest: Any) -> None:
        if iteration.number == 2:
            raise StudioError("There is no room left on the disk.")
        record(take, iteration, *rest)

    monkeypatch.setattr(project, "record", full)
    with pytest.raises(StudioError, match="no room"):
        Painting(painter, project, FIRST_TAKE).paint(4, on_step=told.append)
    assert [step.iteration for step in told] == [0, 1]


def test_painting_does_not_wait_for_the_disk_but_never_gets_two_ahead(
    painter: Painter, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    painting, disk = Painting(painter, project, FIRST_TAKE), threading.Event()
    record = project.record

    def slow(*words: Any) -> None:
        assert disk.wait(60)
        record(*words)

    monkeypatch.setattr(project, "record", slow)
    assert painting.paint_one().iteration == 0
    assert project.length(FIRST_TAKE) == 0
    ahead = threading.Thread(target=painting.paint_one)
    ahead.start()
    ahead.join(0.3)
    assert ahead.is_alive()
    disk.set()
    ahead.join(60)
    painting.settle()
    assert project.length(FIRST_TAKE) == 2


def test_what_could_not_be_written_is_painted_again(
    painter: Painter, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    painting = Painting(painter, project, FIRST_TAKE)
    painting.paint(2)
    with monkeypatch.context() as full:

        def fail(*_: object) -> None:
            raise StudioError("The disk is full.")

        full.setattr(project, "record", fail)
        lost = painting.paint_one()
        with pytest.raises(StudioError, match="full"):
            painting.paint_one()
    assert (lost.iteration, painting.state.iteration, project.length(FIRST_TAKE)) == (2, 2, 2)
    again = painting.paint_one()
    painting.settle()
    assert again.iteration == 2
    assert np.array_equal(again.codes, lost.codes)
    assert project.length(FIRST_TAKE) == 3


def test_a_state_is_kept_now_and_then_and_at_the_end(painter: Painter, project: Project) -> None:
    count = SAVE_STATE_EVERY + 3
    painting = Painting(painter, project, FIRST_TAKE)
    painting.paint(count)
    for at_most, kept in ((count - 1, SAVE_STATE_EVERY), (count, count)):
        found = project.nearest_state(FIRST_TAKE, at_most)
        assert found is not None
        assert found[0] == kept
