"""`train clip`: from captioned pictures to a CLIP that knows their words and guides."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin, TiffTags

from studio.core.tokens import encode
from studio.training.album import open_album
from studio.training.loss_lines import read
from tests.cli.conftest import Result

pytestmark = pytest.mark.slow
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/'
    '22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/">'
    '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li>'
    "</rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"
)
COLOURS = {"red": (220, 30, 30), "blue": (30, 30, 220), "green": (30, 190, 30)}


@pytest.fixture
def images(folder: Path) -> Path:
    """Plain colours with a little noise, each captioned by its colour, in every way there is."""
    place = folder / "colours"
    place.mkdir()
    rng = np.random.default_rng(0)
    for number in range(60):
        name = list(COLOURS)[number % 3]
        noise = rng.normal(0, 25, (40, 50, 3))
        pixels = (np.array(COLOURS[name]) + noise).clip(0, 255).astype(np.uint8)
        captioned(Image.fromarray(pixels), place / str(number), f"a plain {name} picture")
    return place


def captioned(image: Image.Image, path: Path, caption: str) -> None:
    """Save a picture with a caption beside it, as IPTC in it, or as XMP, by turns of nine."""
    match int(path.name) // 3 % 3:
        case 0:
            image.save(path.with_suffix(".png"))
            path.with_suffix(".txt").write_text(caption)
        case 1:
            about = TiffImagePlugin.ImageFileDirectory_v2()
            about[33723] = b"\x1c\x02\x78" + struct.pack(">H", len(caption)) + caption.encode()
            about.tagtype[33723] = TiffTags.BYTE
            image.save(path.with_suffix(".tif"), tiffinfo=about)
        case 2:
            image.save(path.with_suffix(".jpg"), xmp=XMP.format(caption).encode(), quality=95)


def test_a_clip_learns_the_words_of_its_pictures(
    call: Callable[..., Result], folder: Path, images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (images / "without.png").write_bytes((images / "0.png").read_bytes()[:500])
    words = ("train", "clip", "--images", str(images), "--out", "mine/colours", "--device", "cpu")
    result = call(*words, "--steps", "24", "--batch", "12", "--rate", "0.004", "--json")
    assert result.status == 0, result.err
    told = result.answer
    assert told["learned"] + told["held_out"] == 60
    assert told["words"] == len(set(encode("a plain red blue green picture")))
    assert [Path(each["path"]).name for each in told["refused"]] == ["without.png"]
    pages = open_album(folder / "mine/colours/training").pages
    held_out = {page.caption for page in pages if page.held_out}
    assert told["after"]["chance"] == pytest.approx(1 / len(held_out))
    assert told["after"]["first"] >= 0.9
    assert told["after"]["first"] > told["before"]["first"]
    assert told["verdict"].startswith("It improved")
    lines = read(Path(told["losses"]))
    assert [line["step"] for line in lines] == list(range(24))
    assert lines[-1]["loss"] < lines[0]["loss"]
    monkeypatch.setenv("VQGAN_CLIP_STUDIO_MODELS", str(folder / "mine"))
    painted = call(
        "paint", "a blue picture", "--model", "starter", "--clip", "colours", "--iterations", "1",
        "--size", "64x64", "--cutouts", "2", "--out", "a.png", "--device", "cpu", "--json",
    )  # fmt: skip
    assert painted.status == 0, painted.err


def test_pictures_without_captions_teach_no_words(
    call: Callable[..., Result], folder: Path, images: Path
) -> None:
    for path in images.iterdir():
        if path.suffix != ".png" and path.stem not in ("0", "1", "2"):
            path.unlink()
    words = ("train", "clip", "--images", str(images))
    result = call(*words, "--out", "mine")
    assert result.status == 2
    assert "holds 3 captioned pictures, and training needs 16 or more" in result.err
    assert not (folder / "mine").exists()
    told = call(*words, "--check", "--json").answer
    assert (told["usable"], told["captioned"], told["enough"]) == (21, 3, False)
