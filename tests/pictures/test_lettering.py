"""Words in pictures: every script that a font here has, and word of what none has."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from studio.film.captions import Captions
from studio.pictures import lettering
from studio.pictures.lettering import Letters

NOWHERE = "\U000bfff0"  # in a plane that has no letters yet


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer without fonts."""
    monkeypatch.setattr(lettering, "_of_the_system", lambda: ())
    lettering._font_of.cache_clear()
    yield
    lettering._font_of.cache_clear()


def written(text: str, side: int = 24) -> np.ndarray:
    letters = Letters(side)
    image = Image.new("L", (round(letters.length(text)) + 8, 2 * side))
    letters.write(ImageDraw.Draw(image), (4, 4), text, "white")
    return np.asarray(image)


@pytest.mark.parametrize(
    "text",
    [
        "a sea \N{EN DASH} “at dusk” … 20 °C",
        "Möwe, café, Łódź, İstanbul, Đà Nẵng",
        "Θάλασσα στο σούρουπο",
        "Море на закате, Київ, ѓ",  # noqa: RUF001
        "cafe\u0301",
    ],
)
def test_latin_greek_and_cyrillic_need_no_font_of_the_system(alone: None, text: str) -> None:
    assert lettering.missing(text) == ""
    box = written(NOWHERE)
    for letter in set(text):
        if letter.isalpha():
            assert not np.array_equal(written(letter), box), letter


def test_letters_that_nobody_has_are_named(alone: None) -> None:
    assert lettering.missing(f"sea 海 {NOWHERE} \n\u200d") == f"海{NOWHERE}"


def test_what_the_font_lacks_comes_from_the_system(
    alone: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A font is taken that has the letter, whatever others are damaged."""
    (tmp_path / "a.ttf").write_bytes(b"no font")
    there = (tmp_path / "a.ttf", lettering._own())
    monkeypatch.setattr(lettering, "_own", lambda: tmp_path / "other.ttf")
    (tmp_path / "other.ttf").write_bytes(_latin())
    monkeypatch.setattr(lettering, "_of_the_system", lambda: there)
    lettering._font_of.cache_clear()
    assert lettering.missing("sea \u0416") == ""
    mixed, plain = written("sea \u0416"), written("sea ")
    assert mixed.shape[1] > plain.shape[1]
    assert not np.array_equal(written("\u0416"), written(NOWHERE))


def _latin() -> bytes:
    """Pillow's own font, which has ASCII and little more."""
    from PIL import ImageFont

    font = ImageFont.load_default(20)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font.font_bytes


def test_captions_are_written_in_every_script_that_is_here() -> None:
    picture = Image.new("RGB", (256, 256), (90, 90, 90))
    captions = Captions(picture.size)
    boxes = np.asarray(captions.write(picture, NOWHERE * 9))
    for text in ("Небо", "Θάλασσα", "d'été ½"):  # noqa: RUF001
        shown = np.asarray(captions.write(picture, text))
        assert shown.max() > 200, "white on a dark band"
        assert not np.array_equal(shown, boxes)
