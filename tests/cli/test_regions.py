"""Regions, kept parts, strokes and the why-map, from the command line and through the project."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.core.settings import Stroke
from studio.pictures.decoder import rgb
from studio.project.file import Project

QUICK = ("--size", "32x32", "--cutouts", "4", "--device", "cpu", "--json")


@pytest.fixture
def left(folder: Path) -> Path:
    """A mask of another size than the painting, white on the left."""
    pixels = np.zeros((50, 80), np.uint8)
    pixels[:, :40] = 255
    Image.fromarray(pixels).save(folder / "left: half.png")
    return folder / "left: half.png"


def png(pixels: Any) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def test_a_region_and_a_kept_part_go_on_exactly(call: Callable[..., Any], left: Path) -> None:
    asked = ("paint", "sea", "--region", f"{left}:a red circle", "--keep", str(left), *QUICK)
    whole = call(*asked, "--seed", "4", "--iterations", "5", "--project", "w.vqproj")
    assert whole.status == 0, whole.err
    part = call(*asked, "--seed", "4", "--iterations", "2", "--project", "p.vqproj")
    assert part.status == 0, part.err
    rest = call("paint", "--resume", "--project", "p.vqproj", "--iterations", "3", *QUICK[4:])
    assert rest.answer["codes_sha256"] == whole.answer["codes_sha256"]
    with Project.open("w.vqproj", read_only=True) as project:
        settings = project.changes(1)[0].settings
        assert settings.keep == settings.prompts[1].mask
        first, last = project.codes(1, 0), project.codes(1, 4)
    half = first.shape[1] // 2
    assert np.array_equal(first[:, :half], last[:, :half])
    let_go = ("--keep", "none", "--iterations", "1", *QUICK[4:])
    assert call("paint", "--resume", "--project", "w.vqproj", *let_go).status == 0
    with Project.open("w.vqproj", read_only=True) as project:
        assert project.changes(1)[-1].settings.keep is None


def test_why_is_a_picture_for_each_prompt(call: Callable[..., Any], left: Path) -> None:
    asked = ("paint", "sea | sky", "--region", f"{left}:dawn", "--why", "why", *QUICK)
    assert call(*asked, "--iterations", "2", "--out", "a.png").status == 0
    found = sorted(Path("why").iterdir())
    assert [path.name for path in found] == ["01-sea.png", "02-sky.png", "03-dawn.png"]
    assert {rgb(path).shape for path in found} == {(32, 32, 3)}


@pytest.mark.parametrize(
    ("region", "said"),
    [
        ("nothing.png:sea", "There is no mask"),
        ("black.png:sea", "is black, so nothing would count"),
        ("words.png:sea", "words.png"),
        ("black.png", "is no MASK:PROMPT"),
        ("black.png: ", "is no MASK:PROMPT"),
        ("left: half.png:sea ^ sky", "is a story"),
    ],
)
def test_a_wrong_mask_is_a_sentence(
    call: Callable[..., Any], left: Path, region: str, said: str
) -> None:
    Image.new("L", (8, 8)).save("black.png")
    Path("words.png").write_text("no picture")
    result = call("paint", "sea", "--region", region, *QUICK)
    assert result.status == 2
    assert said in result.err
    assert "Traceback" not in result.err


def test_strokes_replay_and_a_branch_before_them_is_free_of_them(
    call: Callable[..., Any], folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    asked = ("paint", "sea", "--seed", "4", *QUICK)
    assert call(*asked, "--iterations", "2", "--project", "p.vqproj").status == 0
    with Project.open("p.vqproj") as project:
        blob = np.full((8, 8, 4), (255, 230, 0, 255), np.uint8)
        colour = Stroke(kind="colour", picture=project.add_asset(png(blob)), x=4, y=4)
        mask = np.full((8, 8), 255, np.uint8)
        anew = Stroke(kind="scramble", picture=project.add_asset(png(mask)), x=20, y=20, seed=5)
        project.add_stroke(1, colour)
        project.add_stroke(1, anew)
        gone = Stroke(kind="scramble", picture=anew.picture, seed=6)
        project.add_stroke(1, gone)
        project.remove_stroke(1, gone)
        project.change_values(1, {"learning_rate": 0.1})
        assert project.changes(1)[-1].strokes == (colour, anew)
    on = ("paint", "--resume", "--project", "p.vqproj", "--iterations", "3", *QUICK[4:])
    assert call(*on).status == 0
    with Project.open("p.vqproj") as project:
        assert [each.strokes for each in project.changes(1)] == [(), (colour, anew)]
        before, after = project.add_take(1, 2), project.add_take(1, 4)
        assert not any(each.strokes for each in project.changes(before.id))
        assert project.changes(after.id)[-1].strokes == (colour, anew)
    caplog.clear()
    assert call(*on).status == 0  # replays the strokes from the state that lies before them
    assert "a little differently" not in caplog.text


def test_strokes_wait_for_the_next_iteration_whatever_else_is_asked(
    call: Callable[..., Any], folder: Path
) -> None:
    asked = ("paint", "sea", "--seed", "4", "--iterations", "1", "--project", "p.vqproj", *QUICK)
    assert call(*asked).status == 0
    with Project.open("p.vqproj") as project:
        mask = project.add_asset(png(np.full((8, 8), 255, np.uint8)))
        stroke = Stroke(kind="scramble", picture=mask, seed=5)
        project.add_stroke(1, stroke)
    on = ("paint", "dawn", "--resume", "--project", "p.vqproj", "--iterations", "1", *QUICK[4:])
    assert call(*on).status == 0
    with Project.open("p.vqproj", read_only=True) as project:
        newest = project.changes(1)[-1]
    assert (newest.settings.prompts[0].text, newest.strokes) == ("dawn", (stroke,))
