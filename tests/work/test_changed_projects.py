"""Projects changed at random are opened, fall back, or are refused in a sentence, and soon."""

from __future__ import annotations

import io
import json
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from made_up import MODELS, Painter
from mutations import by_document, by_sql
from PIL import Image

from studio import cli
from studio.core.film import Order, Stop
from studio.core.schedule import Change, Keyframe
from studio.core.settings import Prompt, Settings
from studio.errors import StudioError
from studio.project.file import Project
from studio.work.clerk import _offered
from studio.work.easel import Easel
from studio.work.reader import decoded
from studio.work.weights import Shelf

COUNT = 40
"""Of each kind."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with all that one can have."""
    path = tmp_path_factory.mktemp("whole") / "whole.vqproj"
    make(path)
    return path


def make(path: Path) -> None:
    """A project with takes, keyframes, pictures, states and a film."""
    painter, small = Painter(), io.BytesIO()
    Image.new("RGB", (16, 16), (200, 30, 30)).save(small, "JPEG")
    settings = Settings(prompts=(Prompt(text="dawn"), Prompt(noise=7, weight=-0.5)))
    keyframe = Keyframe(iteration=9, prompts=(Prompt(text="noon"),), cutouts=8)
    with Project.create(path, models=MODELS, changes=[Change(0, settings, (keyframe,))]) as project:
        picture = project.add_asset(small.getvalue())
        for number in range(6):
            codes = painter.codes(number)
            project.record(1, painter.iteration(number), codes, small.getvalue())
        project.save_state(1, 6, b"state")
        project.add_take(1, 3, "dusk")
        asked = Settings(prompts=(Prompt(picture=picture),))
        project.add_change(2, Change(3, asked))
        project.record(2, painter.iteration(3), painter.codes(3), small.getvalue())
        project.set_film(Order(mode="morph", stops=(Stop(take=1, iteration=2),)))


@pytest.mark.slow
@pytest.mark.parametrize("change", [by_sql, by_document])
def test_projects_changed_at_random(
    whole: Path,
    folder: Path,
    capfd: pytest.CaptureFixture[str],
    change: Callable[[Random, Path], None],
) -> None:
    opened = 0
    for seed in range(COUNT):
        path = folder / f"{seed}.vqproj"
        shutil.copy(whole, path)
        change(Random(seed), path)
        opened += look(path, capfd)
        path.unlink(missing_ok=True)
    assert 0 < opened < COUNT


def look(path: Path, capfd: pytest.CaptureFixture[str]) -> bool:
    """Whether the command line can tell about it; the window's readers look at it as well."""
    capfd.readouterr()
    status = within(5, lambda: cli.main(["info", str(path), "--json"]))
    told = capfd.readouterr()
    assert status in (0, 1, 2)
    assert "unexpectedly" not in told.err
    if status:
        assert str(path) in told.err
    else:
        json.loads(told.out)
        assert within(5, lambda: cli.main(["info", str(path)])) == 0
    within(5, lambda: _offered(path))
    within(5, lambda: open_in_the_window(path))
    assert "Traceback" not in capfd.readouterr().err
    return status == 0


def within(seconds: float, act: Callable[[], object]) -> object:
    """What the act gives; it computes for no longer."""
    before = time.process_time()
    given = act()
    assert time.process_time() - before < seconds
    return given


def open_in_the_window(path: Path) -> None:
    """What opening a project reads, and the pictures of its last iterations."""
    with suppress(StudioError), Project.open(path) as project:
        contents = Easel(project, Shelf()).contents(other_project=True)
        for take, length in list(contents.lengths.items())[-20:]:
            for number in range(max(0, length - 3), length):
                with suppress(OSError):  # no picture; the reader passes it over
                    decoded(project.proxy(take, number), 96)
