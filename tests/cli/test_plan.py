"""What `paint` makes of its words, without a model."""

from __future__ import annotations

import io
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from studio.cli.pictures import embedded
from studio.cli.plan import amendments, fitted, tells
from studio.cli.prompts import picture_and_weight
from studio.core.prompt import parse
from studio.core.schedule import Change, story
from studio.core.settings import Prompt, Settings

SETTINGS = Settings(prompts=(Prompt(text="dawn"),))
STORY = parse("dawn ^ noon ^ dusk")


def texts(changes: tuple[Change, ...]) -> list[tuple[int, str]]:
    return [(change.iteration, change.settings.prompts[0].text) for change in changes]


def test_a_story_that_is_told_again_changes_nothing() -> None:
    changes = story(STORY, SETTINGS)
    assert tells(changes, STORY)
    assert not tells(changes, STORY[:2])
    assert amendments(changes, 150, STORY, {}) == ()


def test_an_old_prompt_can_be_gone_back_to() -> None:
    sea = parse("sea")
    changes = (Change(0, SETTINGS), *amendments((Change(0, SETTINGS),), 50, sea, {}))
    assert amendments(changes, 60, sea, {}) == ()
    assert texts(amendments(changes, 60, parse("dawn"), {})) == [(60, "dawn")]


def test_a_knob_holds_for_what_lies_ahead_of_the_story_too() -> None:
    changes = amendments(story(STORY, SETTINGS), 150, (), {"cutouts": 8})
    assert texts(changes) == [(150, "noon"), (200, "dusk")]
    assert {change.settings.cutouts for change in changes} == {8}


def test_a_new_story_begins_at_the_next_iteration_and_replaces_the_old() -> None:
    changes = amendments(story(STORY, SETTINGS), 150, parse("sea ^ sky"), {})
    # at 200 the old story would have gone on to dusk
    assert texts(changes) == [(150, "sea"), (200, "sea"), (250, "sky")]
    changes = amendments(story(STORY, SETTINGS), 50, parse("sea"), {})
    assert texts(changes) == [(50, "sea"), (100, "sea"), (200, "sea")]


def test_sizes_are_rounded_down_but_never_to_nothing() -> None:
    assert fitted((257, 300), 16) == (256, 288)
    assert fitted((5, 64), 16) == (16, 64)


@pytest.mark.parametrize(
    ("text", "path", "weight"),
    [
        ("cat.png", "cat.png", 1.0),
        ("cat.png:-0.5", "cat.png", -0.5),
        (r"C:\pictures\cat.png", r"C:\pictures\cat.png", 1.0),
        (r"C:\pictures\cat.png:2", r"C:\pictures\cat.png", 2.0),
    ],
)
def test_a_picture_may_bring_its_weight(text: str, path: str, weight: float) -> None:
    assert picture_and_weight(text) == (Path(path), weight)


def test_a_file_with_a_colon_and_a_number_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("cat:2").touch()
    assert picture_and_weight("cat:2") == (Path("cat:2"), 1.0)
    assert picture_and_weight("cat:2:3") == (Path("cat:2"), 3.0)


def pixels(path: Path) -> np.ndarray:
    _, data = embedded(path)
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))


def test_plain_pictures_keep_their_bytes(tmp_path: Path) -> None:
    Image.new("RGB", (3, 2), "red").save(tmp_path / "a.jpg")
    assert embedded(tmp_path / "a.jpg")[1] == (tmp_path / "a.jpg").read_bytes()


def test_a_picture_is_turned_as_its_camera_says(tmp_path: Path) -> None:
    image = Image.new("RGB", (3, 2), "red")
    exif = image.getexif()
    exif[0x0112] = 6
    image.save(tmp_path / "a.jpg", exif=exif)
    assert pixels(tmp_path / "a.jpg").shape == (3, 2, 3)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_white_shows_through(tmp_path: Path, mode: str) -> None:
    image = Image.new("RGBA", (2, 2), (255, 0, 0, 0)).convert(mode)
    image.save(tmp_path / "a.png", **({"transparency": 0} if mode == "P" else {}))
    assert (pixels(tmp_path / "a.png") == 255).all()


def test_sixteen_bits_become_eight(tmp_path: Path) -> None:
    Image.fromarray(np.array([[0, 32768, 65535]], np.uint16)).save(tmp_path / "a.png")
    assert pixels(tmp_path / "a.png")[0, :, 0].tolist() == [0, 128, 255]


def test_settings_survive_as_text() -> None:
    assert msgspec.json.decode(msgspec.json.encode(SETTINGS), type=Settings) == SETTINGS
