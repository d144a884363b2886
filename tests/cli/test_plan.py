"""What `paint` makes of its words, without a model."""

from __future__ import annotations

import io
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from studio.cli.pictures import embedded
from studio.cli.plan import amendments, fitted, last_step_ahead, tells
from studio.cli.prompts import picture_and_weight
from studio.core.prompt import parse
from studio.core.schedule import Change, settings_at, story
from studio.core.settings import Prompt, Settings

SETTINGS = Settings(prompts=(Prompt(text="dawn"),))
STORY = parse("dawn ^ noon ^ dusk")


def texts(changes: tuple[Change, ...]) -> list[tuple[int, str]]:
    """Which text each change begins with, and each keyframe goes to."""
    found = []
    for change in changes:
        found.append((change.iteration, settings_at(changes, change.iteration).prompts[0].text))
        found += [(k.iteration, k.prompts[0].text) for k in change.keyframes if k.prompts]
    return found


def stepped(*steps: str) -> tuple[Change, ...]:
    """A story as projects of format 1.0 have it: a change of settings for each step."""
    return tuple(
        Change(number * 100, msgspec.structs.replace(SETTINGS, prompts=(Prompt(text=text),)))
        for number, text in enumerate(steps)
    )


@pytest.mark.parametrize("changes", [story(STORY, SETTINGS), stepped("dawn", "noon", "dusk")])
@pytest.mark.parametrize("length", [0, 50, 150, 200, 1000])
def test_a_story_that_is_told_again_changes_nothing(
    changes: tuple[Change, ...], length: int
) -> None:
    assert tells(changes, STORY)
    assert not tells(changes, STORY[:2])
    assert not tells(changes, (*STORY, *STORY))
    assert amendments(changes, length, STORY, {}) == ()


def test_an_old_prompt_can_be_gone_back_to() -> None:
    sea = parse("sea")
    changes = (Change(0, SETTINGS), *amendments((Change(0, SETTINGS),), 50, sea, {}))
    assert amendments(changes, 60, sea, {}) == ()
    assert texts(amendments(changes, 60, parse("dawn"), {})) == [(60, "dawn")]


def test_a_knob_holds_for_what_lies_ahead_of_the_story_too() -> None:
    for before in (story(STORY, SETTINGS), stepped("dawn", "noon", "dusk")):
        changes = (*before, *amendments(before, 150, (), {"cutouts": 8}))
        kept = [each for each in changes if each.iteration <= 150]
        for at, text in ((150, "noon"), (200, "dusk"), (300, "dusk")):
            found = settings_at(kept, at)
            assert (found.prompts[0].text, found.cutouts) == (text, 8)


def test_a_new_story_begins_at_the_next_iteration_and_replaces_the_old() -> None:
    changes = amendments(story(STORY, SETTINGS), 150, parse("sea ^ sky"), {})
    # at 200 the old story would have gone on to dusk
    assert texts(changes) == [(150, "sea"), (100, "noon"), (150, "sea"), (250, "sky")]
    changes = amendments(story(STORY, SETTINGS), 50, parse("sea"), {})
    assert texts(changes) == [(50, "sea")]
    changes = amendments(stepped("dawn", "noon", "dusk"), 50, parse("sea"), {})
    assert texts(changes) == [(50, "sea")]


def test_the_end_of_a_story_is_known() -> None:
    changes = story(STORY, SETTINGS)
    assert [last_step_ahead(changes, length) for length in (0, 200, 201)] == [200, 200, None]
    assert last_step_ahead((Change(0, SETTINGS),), 0) is None
    assert last_step_ahead(stepped("dawn", "noon"), 50) == 100


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
