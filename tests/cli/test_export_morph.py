"""Films through latents, from the first prompt to the pictures that were asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from studio.core.film import Order, Stop
from studio.core.schedule import Change
from studio.core.settings import Settings
from studio.project.file import Project
from tests.cli.conftest import Result

pytestmark = pytest.mark.slow

Call = Callable[..., Result]
QUICK = ("--size", "32x32", "--cutouts", "2", "--learning-rate", "5", "--seed", "3")
FILE = "two seas.vqproj"


def paint(call: Call) -> None:
    """Three iterations of one prompt, three of another."""
    for words in (("sea at dawn", *QUICK), ("sea at noon", "--resume")):
        result = call("paint", *words, "--project", FILE, "--iterations", "3", "--out", "x.png")
        assert result.status == 0, result.err


def pictures(folder: str) -> list[NDArray[np.uint8]]:
    return [np.array(Image.open(path)) for path in sorted(Path(folder).iterdir())]


def painted(iteration: int) -> NDArray[np.uint8]:
    """The picture of an iteration, decoded as the painter does."""
    from studio.engine.painter import Painter
    from studio.engine.weights import load_vqgan
    from studio.models import store

    with Project.open(FILE, read_only=True) as project:
        painter = Painter(load_vqgan(store.find("starter", "vqgan").weights), {})
        return painter.picture(project.codes(1, iteration))


def test_a_morph_shows_its_stops_exactly_and_something_else_between(call: Call) -> None:
    paint(call)
    films = {}
    for name, words in {
        "straight": (),
        "polished": ("--path", "polished", "--polish", "2"),
        "on codes": ("--requantize",),
    }.items():
        asked = ("--mode", "morph", "--fps", "10", "--duration", "2", *words, "--json")
        result = call("export", FILE, name, *asked)
        assert result.status == 0, result.err
        first, turn, last = result.answer["stop_frames"]
        films[name] = pictures(name)
        assert len(films[name]) == 20
        with Project.open(FILE, read_only=True) as project:
            turned = project.changes(1)[1].iteration
        for frame, iteration in ((first, 0), (turn, turned), (last, 5)):
            assert np.array_equal(films[name][frame], painted(iteration))
    between = (turn + last) // 2
    shown = [film[between] for film in films.values()]
    assert not np.array_equal(shown[0], shown[1])
    assert not np.array_equal(shown[0], shown[2])


def test_between_two_models_there_is_no_way(call: Call) -> None:
    paint(call)
    with Project.open(FILE) as project:
        settings = project.changes(1)[-1].settings
        other = msgspec.structs.replace(settings, model="another")
        project.add_change(1, Change(6, other))
        for number in (6, 7):
            measured = msgspec.structs.replace(project.iterations(1)[-1], number=number)
            project.record(1, measured, project.codes(1, 5), project.proxy(1, 5))
        stops = (Stop(take=1, iteration=0), Stop(take=1, iteration=7))
        project.set_film(Order(mode="morph", stops=stops))
    result = call("export", FILE, "film", "--mode", "morph")
    assert result.status == 2
    assert "The stops were painted by different models (another, starter)" in result.err
    assert not Path("film").exists()


def test_a_stop_counts_by_the_settings_that_made_its_picture(call: Call) -> None:
    """An iteration shows its picture and then moves: the settings before it made it."""
    from studio.core.film import Place
    from studio.filming import ways

    paint(call)
    with Project.open(FILE, read_only=True) as project:
        made = [ways.painted_with(project, Place(1, number)) for number in (0, 3, 4)]
    assert [text(each) for each in made] == ["sea at dawn", "sea at dawn", "sea at noon"]


def text(settings: Settings) -> str:
    (prompt,) = settings.prompts
    return prompt.text
