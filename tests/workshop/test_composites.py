"""Things on grounds with their captions, from a small material that the test makes."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image, ImageDraw

from studio.workshop.composites import NUMBERS, Composer, pool
from studio.workshop.material import Material, Photograph, Source, Thing, cut_out

NAMES = {"fox": "drawing", "pear": "photo", "cup": "render"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cut").mkdir()
    things = []
    for name, look in NAMES.items():
        image = Image.new("RGBA", (60, 50))
        ImageDraw.Draw(image).ellipse((4, 4, 55, 45), (200, 90, 30, 255))
        image.save(tmp_path / "cut" / f"{name}.webp", lossless=True)
        held_out = name == "cup"
        things.append(Thing(f"cut/{name}.webp", (name, "tag"), look, "test", held_out))  # type: ignore[arg-type]
    Image.new("RGB", (90, 70), (10, 120, 200)).save(tmp_path / "cut" / "sea.png")
    photographs = (Photograph("cut/sea.png", ("the blue sea",), "test"),)
    material = Material(tuple(things), photographs)
    (tmp_path / "cut" / "index.json").write_bytes(msgspec.json.encode(material))
    return tmp_path


def test_a_composite_is_the_same_every_time_and_told_in_words(folder: Path) -> None:
    composer = Composer(folder)
    for index in range(60):
        made = composer.compose(1, index, 48)
        again = composer.compose(1, index, 48)
        assert made.picture.shape == (48, 48, 3)
        assert np.array_equal(made.picture, again.picture)
        assert made.captions == again.captions
        for caption in made.captions:
            assert caption == " ".join(caption.split())
            assert "cup" not in caption
            assert " a orange" not in f" {caption}"
    told = " ".join(c for i in range(200) for c in composer.compose(1, i, 16).captions)
    assert all(name in told for name in ("fox", "pear", "the blue sea", "background"))
    assert any(number and number in told for number in NUMBERS.values())


def test_what_is_held_out_is_in_no_other_picture(folder: Path) -> None:
    held = Composer(folder, held_out=True)
    assert {thing.names[0] for thing in held.things} == {"cup"}
    assert {thing.names[0] for thing in Composer(folder).things} == {"fox", "pear"}


def test_a_pool_is_made_once_and_read_again(folder: Path) -> None:
    made = pool(folder, seed=3, count=5, side=32)
    assert (len(made), made.pixels.shape) == (5, (5, 32, 32, 3))
    assert np.array_equal(made.pixels[2], Composer(folder).compose(3, 2, 32).picture)
    before = {path: path.stat().st_mtime_ns for path in folder.glob("composites-*")}
    again = pool(folder, seed=3, count=5, side=32)
    assert again.caption(4, np.random.default_rng(0)) in made.captions[4]
    assert before == {path: path.stat().st_mtime_ns for path in folder.glob("composites-*")}


def test_the_material_is_cut_from_packages_and_what_has_no_outline_is_left_out(
    tmp_path: Path,
) -> None:
    stamps = tmp_path / "packages/tuxpaint-stamps-default/usr/share/tuxpaint/stamps/animals"
    stamps.mkdir(parents=True)
    image = Image.new("RGBA", (200, 100))
    ImageDraw.Draw(image).rectangle((20, 20, 120, 80), (90, 200, 30, 255))
    image.save(stamps / "frog.png")
    (stamps / "frog.txt").write_text("A frog (green).\naf.utf8='n Padda.\n")
    Image.new("RGBA", (80, 80), (1, 2, 3, 255)).save(stamps / "wall.png")
    (stamps / "wall.txt").write_text("A wall.\n")
    (stamps / "broken.png").write_bytes(b"no picture at all")
    (stamps / "broken.txt").write_text("Something.\n")
    for package in ("emojibase-data/package/en", "lobehub-fluent-emoji-3d/package/assets"):
        (tmp_path / "packages" / package).mkdir(parents=True)
    (tmp_path / "packages/emojibase-data/package/en/data.json").write_text("[]")
    found = cut_out(tmp_path)
    assert [(thing.names, thing.look) for thing in found.things] == [(("frog",), "photo")]
    with Image.open(tmp_path / found.things[0].file) as kept:
        assert kept.size == (101, 61)


def test_every_source_says_its_licence() -> None:
    from studio.workshop.material import SOURCES

    assert all(isinstance(each, Source) and each.licence and each.gives for each in SOURCES)
