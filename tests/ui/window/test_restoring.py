"""What a painted PNG gives back when it is dropped: all of it, or it is said what is missing."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QMessageBox

from studio.cli.outputs import write_picture
from studio.cli.told import PICTURES, texts, told_by
from studio.core.settings import Prompt, Settings
from studio.errors import StudioError
from studio.pictures import png
from studio.ui.canvas import DropUse
from studio.ui.canvas.dropping import offer
from studio.work.facts import Draft
from tests.pictures.odd import quadrants, saved
from tests.ui.window.conftest import Hand

SMALL = saved(quadrants(), "PNG")
GRAINS = Image.fromarray(np.random.default_rng(1).integers(0, 255, (100, 130, 3), np.uint8))
NOISE = np.asarray(GRAINS.resize((900, 700)))
LARGE = saved(Image.fromarray(NOISE), "PNG")
MASK = saved(Image.fromarray(NOISE[..., 0]), "PNG")
ASSETS = {"5" * 64: SMALL, "1" * 64: LARGE, "a" * 64: MASK}
PAINTED = Settings(
    prompts=(
        Prompt(text="sea \N{EN DASH} 海", mask="a" * 64),
        Prompt(picture="1" * 64, weight=0.5),
    ),
    size=(32, 32),
    cutouts=2,
    start="picture",
    start_picture="5" * 64,
)


def lost(name: str) -> bytes:
    raise StudioError(f"There is no {name}.")


def painted(path: Path, about: dict[str, str]) -> Path:
    write_picture(path, np.asarray(quadrants(32, 32)), about)
    return path


def restore(hand: Hand, path: Path) -> None:
    """Drop it where that is offered."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    hanging = offer(data)
    assert hanging is not None
    assert DropUse.RESTORE in hanging.uses
    hand.window.files.drop_file(str(path), DropUse.RESTORE)


def said(hand: Hand) -> str:
    return hand.window.status.currentMessage()


def test_all_that_was_painted_with_comes_back_and_can_be_painted(
    hand: Hand, tmp_path: Path
) -> None:
    path = painted(tmp_path / "a.png", texts(PAINTED, ASSETS.__getitem__))
    assert path.stat().st_size < (len(LARGE) + len(MASK)) / 3
    restore(hand, path)
    hand.wait(lambda: len(hand.window.document.prompts) == 2)
    settings = hand.window.document.settings
    assert settings.prompts[0].text == "sea \N{EN DASH} 海"
    assert (settings.start, settings.start_picture) == (
        "picture",
        told_by(path).settings.start_picture,
    )
    hand.paint(6)
    assert hand.window.document.length == 6


def test_small_pictures_come_back_as_they_were(tmp_path: Path) -> None:
    told = told_by(painted(tmp_path / "a.png", texts(PAINTED, ASSETS.__getitem__)))
    assert told is not None
    assert told.pictures[told.settings.start_picture or ""] == SMALL
    shrunk = told.pictures[told.settings.prompts[1].picture or ""]
    assert len(shrunk) < len(LARGE) / 4
    assert told.settings.prompts[0].mask in told.pictures


def test_pictures_that_the_file_does_not_hold_are_said_to_be_missing(
    hand: Hand, tmp_path: Path
) -> None:
    """As it is with files of older versions, and where the project had lost them itself."""
    restore(hand, painted(tmp_path / "a.png", texts(PAINTED, lost)))
    hand.wait(lambda: "without its init image, 1 image prompts, 1 masks" in said(hand))
    settings = hand.window.document.settings
    assert settings.prompts == (Prompt(text="sea \N{EN DASH} 海"),)
    assert settings.start == "codes"
    hand.paint(6)


@pytest.mark.parametrize(
    "about",
    [
        {"settings": "ISO 100, f/8"},
        {"settings": '{"sampler": "Euler"}'},
        {"settings": '{"prompts": [{"text": "x"}], "size": [0, 0]}'},
        {"settings": "[" * 100_000},
        {"settings": msgspec.json.encode(PAINTED).decode(), PICTURES: "nonsense"},
        {"settings": msgspec.json.encode(PAINTED).decode(), PICTURES: '{"5": "bm90aGluZw=="}'},
    ],
)
def test_what_others_call_settings_restores_nothing_or_what_there_is(
    hand: Hand, tmp_path: Path, about: dict[str, str]
) -> None:
    before = hand.window.document.settings
    restore(hand, painted(tmp_path / "a.png", about))
    if PICTURES in about:
        hand.wait(lambda: "Restored without" in said(hand))
    else:
        hand.wait(lambda: "nothing is restored" in said(hand))
        assert hand.window.document.settings == before


def test_earlier_prompts_come_back_without_pictures_of_another_day(hand: Hand) -> None:
    hand.window.begin(Draft(PAINTED))
    assert "without its init image" in said(hand)
    hand.paint(6)
    only = msgspec.structs.replace(PAINTED, prompts=PAINTED.prompts[1:])
    hand.window.files.begin(Draft(only))
    for box in hand.window.findChildren(QMessageBox):
        hand.click(box.button(QMessageBox.StandardButton.Discard))
    hand.wait(lambda: "without its init image, 1 image prompts" in said(hand))
    assert not hand.window.document.can_paint


def test_the_picture_itself_is_untouched_by_what_it_tells(tmp_path: Path) -> None:
    path = painted(tmp_path / "a.png", texts(PAINTED, ASSETS.__getitem__))
    with path.open("rb") as file:
        assert png.texts(file)["prompt"].startswith("sea \N{EN DASH} 海")
    with Image.open(path) as image:
        assert np.array_equal(np.asarray(image), np.asarray(quadrants(32, 32)))
