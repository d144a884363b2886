"""Folders as people have them: what is usable, why the rest is not, and nothing that crashes."""

from __future__ import annotations

import contextlib
import io
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from studio.errors import RequestError
from studio.training import album
from studio.training.captions import has_sides
from studio.training.own_pictures import Folder, held_out, look_at, pixels_of, told_of
from tests.pictures.odd import ODD_EXIF

RED, BLUE = (200, 30, 30), (30, 30, 200)


def halves(width: int = 64, height: int = 48, *, mark: int = 0) -> Image.Image:
    """Red on the left, blue on the right; other marks, other pictures."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    image.putpixel((0, 0), (mark % 256, mark // 256, 0))
    return image


def reasons(found: Folder) -> dict[str, str]:
    return {each.path.name: each.reason for each in found.refused}


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def header_only_png(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    about = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", about) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def test_awful_files_are_refused_each_for_its_reason(tmp_path: Path) -> None:
    whole = saved(halves(300, 200, mark=1), "JPEG", quality=95)
    noise = np.random.default_rng(0).integers(0, 255, (90, 90, 3), np.uint8)
    png = saved(Image.fromarray(noise), "PNG")
    files = {
        "empty.png": b"",
        "text.jpg": b"this is no picture",
        "cut.jpg": whole[: len(whole) // 2],
        "cut.png": png[: len(png) // 2],
        "pixel.png": saved(halves(1, 1), "PNG"),
        "strip.png": saved(halves(400, 40), "PNG"),
        "bomb.png": header_only_png(60_000, 60_000),
        "huge.png": header_only_png(12_000, 9_000),
        "phone.heic": b"....ftypheic",
        "page.png": b"%PDF-1.7",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "good.jpg").write_bytes(whole)
    (tmp_path / "good again.jpg").write_bytes(whole)
    (tmp_path / ".hidden.png").write_bytes(png)
    (tmp_path / "notes.docx").write_bytes(b"not looked at")
    with contextlib.suppress(OSError):  # not everybody may
        os.symlink(tmp_path, tmp_path / "loop")
    told: list[tuple[int, int]] = []
    found = look_at(tmp_path, told=lambda done, of: told.append((done, of)))
    assert [each.path.name for each in found.usable] == ["good again.jpg"]
    assert told[-1] == (12, 12)
    assert reasons(found) == {
        "empty.png": "is empty",
        "text.jpg": "is not a picture, or one of a kind that is not read; save it as PNG or JPEG",
        "page.png": "is not a picture, or one of a kind that is not read; save it as PNG or JPEG",
        "cut.jpg": "is cut short; copy it again",
        "cut.png": "is cut short; copy it again",
        "pixel.png": "is too small: 1x1, and 32 pixels are needed",
        "strip.png": "is a strip of 400x40; cut it up",
        "bomb.png": "has more than 160 million pixels; make it smaller",
        "huge.png": "has 108 million pixels; make it smaller",
        "phone.heic": "is .heic, which is not read; save it as PNG or JPEG",
        "good.jpg": "is the same picture as good again.jpg",
    }


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_as_its_camera_was_held(tmp_path: Path, orientation: int) -> None:
    upright = halves(64, 48)
    back = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = upright if back is None else upright.transpose(back)
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(tmp_path / "a.png", exif=exif)
    (found,) = look_at(tmp_path).usable
    assert found.size == (64, 48)
    assert np.array_equal(pixels_of(found.path, 48), np.asarray(upright))


def deep_grey(path: Path) -> None:
    ramp = np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.uint16)
    Image.fromarray(ramp).save(path)


@pytest.mark.parametrize("ending", ["png", "tif"])
def test_sixteen_bits_keep_their_light(tmp_path: Path, ending: str) -> None:
    deep_grey(tmp_path / f"deep.{ending}")
    (found,) = look_at(tmp_path).usable
    expected = np.linspace(0, 255, 64 * 64).reshape(64, 64)
    assert np.abs(pixels_of(found.path, 64)[..., 1] - expected).max() <= 1


def test_all_kinds_of_pictures_come_out_in_colour(tmp_path: Path) -> None:
    image = halves(96, 64)
    frames = [image, Image.new("RGB", image.size, (0, 255, 0))]
    saves = {
        "a.jpg": {"quality": 95},
        "b.webp": {"lossless": True},
        "c.bmp": {},
        "e.tiff": {"compression": "tiff_lzw"},
    }
    for name, options in saves.items():
        image.save(tmp_path / name, **options)
    frames[0].save(tmp_path / "f.gif", save_all=True, append_images=frames[1:])
    image.convert("CMYK").save(tmp_path / "g.jpg", quality=95)
    image.convert("P").save(tmp_path / "h.png")
    clear = image.convert("RGBA")
    clear.putalpha(0)
    clear.save(tmp_path / "i.png")
    found = look_at(tmp_path)
    assert not found.refused
    assert len(found.usable) == 8
    for each in found.usable:
        pixels = pixels_of(each.path, 64).astype(int)
        assert pixels.shape == (64, 96, 3)
        if each.path.name == "i.png":
            assert (pixels == 255).all()
        else:
            assert np.abs(pixels[32, 10] - RED).max() < 25, each.path.name
            assert np.abs(pixels[32, 80] - BLUE).max() < 25, each.path.name


def test_a_large_jpeg_is_read_at_a_fraction(tmp_path: Path) -> None:
    halves(12_000, 9_000).save(tmp_path / "large.jpg")
    (found,) = look_at(tmp_path).usable
    assert found.size == (12_000, 9_000)
    pixels = pixels_of(found.path, 90)
    assert pixels.shape == (90, 120, 3)
    assert np.abs(pixels[45, 20].astype(int) - RED).max() < 12


def test_captions_are_found_beside_and_inside(tmp_path: Path) -> None:
    halves(mark=1).save(tmp_path / "a.png")
    (tmp_path / "a.txt").write_text("\ufeff  a red\n and blue  flag ", encoding="utf-8")
    description = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/'
        b'22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/">'
        b'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">zwei H\xc3\xa4lften</rdf:li>'
        b"</rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    halves(mark=2).save(tmp_path / "b.jpg", xmp=description)
    halves(mark=3).save(tmp_path / "c.webp", xmp=description)
    halves(mark=4).save(tmp_path / "d.jpg", xmp=b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + description)
    about = TiffImagePlugin.ImageFileDirectory_v2()
    told = b"a flag by the sea"
    about[33723] = b"\x1c\x02\x78" + struct.pack(">H", len(told)) + told
    about.tagtype[33723] = 1
    halves(mark=5).save(tmp_path / "e.tif", tiffinfo=about)
    halves(mark=6).save(tmp_path / "f.png")
    assert [each.caption for each in look_at(tmp_path).usable] == [
        "a red and blue flag",
        "zwei Hälften",
        "zwei Hälften",
        None,
        "a flag by the sea",
        None,
    ]


@pytest.mark.parametrize(
    "written",
    [
        "Möwe über dem Meer".encode("utf-16"),
        "Möwe über dem Meer".encode("utf-16-le"),
        b"\xff\xfe\0\0" + "Möwe über dem Meer".encode("utf-32-le"),
        "Möwe über dem Meer".encode("cp1252"),
        "Möwe über dem Meer".encode("utf-8-sig"),
    ],
)
def test_captions_are_read_however_they_are_written(tmp_path: Path, written: bytes) -> None:
    halves().save(tmp_path / "a.png")
    (tmp_path / "a.txt").write_bytes(written)
    assert look_at(tmp_path).usable[0].caption == "Möwe über dem Meer"


def test_a_caption_may_be_cut_within_a_letter(tmp_path: Path) -> None:
    halves().save(tmp_path / "a.png")
    (tmp_path / "a.txt").write_text("x" + "圆" * 5000, encoding="utf-8")
    caption = look_at(tmp_path).usable[0].caption
    assert caption == "x" + "圆" * 299


@pytest.mark.parametrize("name", ["a.txt", "a.TXT", "a.png.txt", "a.caption", "a.png.caption"])
def test_captions_lie_where_other_programs_put_them(tmp_path: Path, name: str) -> None:
    halves().save(tmp_path / "a.png")
    (tmp_path / name).write_text("a flag")
    assert look_at(tmp_path).usable[0].caption == "a flag"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")
def test_a_caption_that_never_ends_is_none(tmp_path: Path) -> None:
    halves().save(tmp_path / "a.png")
    os.mkfifo(tmp_path / "a.txt")
    assert look_at(tmp_path).usable[0].caption is None


@pytest.mark.parametrize("kind", ["jpg", "png", "webp"])
def test_an_odd_file_costs_only_itself(tmp_path: Path, kind: str) -> None:
    for number, (block, _turned) in enumerate(ODD_EXIF.values()):
        halves(mark=number).save(tmp_path / f"{number}.{kind}", exif=block)
    found = look_at(tmp_path)
    assert not found.refused
    made, refused = album.make(tmp_path, found.usable, 40)
    assert not refused
    wanted = [turned for _block, turned in ODD_EXIF.values()]
    by_name = {page.name: page.height > page.width for page in made.pages}
    assert [by_name[f"{number}.{kind}"] for number in range(len(wanted))] == wanted


@pytest.mark.parametrize(
    "folder", ["@eaDir", "__MACOSX", ".thumbnails", "#recycle", "$RECYCLE.BIN"]
)
def test_what_systems_put_among_pictures_is_not_learned(tmp_path: Path, folder: str) -> None:
    halves(mark=1).save(tmp_path / "a.png")
    for inside in (tmp_path / folder, tmp_path / "holiday" / folder / "a.png"):
        inside.mkdir(parents=True)
        halves(mark=2).save(inside / "SYNOPHOTO_THUMB_XL.jpg")
    (tmp_path / "_best").mkdir()
    halves(mark=3).save(tmp_path / "_best" / "b.png")
    found = look_at(tmp_path)
    assert [each.path.name for each in found.usable] == ["a.png", "b.png"]
    assert not found.refused


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_names_that_are_no_text_are_learned_all_the_same(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/f\xfcr"))
    folder.mkdir()
    for number in range(9):
        halves(mark=number).save(folder / f"{number}.png")
    (folder / "0.png").rename(folder / os.fsdecode(b"caf\xe9.png"))
    (folder / os.fsdecode(b"n\xe9e.png")).write_bytes(b"no picture")
    found = look_at(folder)
    made, _ = album.make(tmp_path, found.usable, 40)
    assert "caf\ufffd.png" in [page.name for page in album.open_album(tmp_path).pages]
    assert len(made) == 9
    [(path, _reason)] = told_of(found.refused)
    assert path.encode().endswith("n\ufffde.png".encode())


@pytest.mark.parametrize(
    ("caption", "sides"),
    [("a cat to the LEFT of a dog", True), ("the rightmost cup", True), ("a bright cleft", False)],
)
def test_captions_tell_left_from_right(caption: str, sides: bool) -> None:
    assert has_sides(caption) is sides
    assert not has_sides(None)


def test_too_few_pictures_are_told_in_words(tmp_path: Path) -> None:
    problem = look_at(tmp_path).problem
    assert problem is not None
    assert "holds no usable picture, and training needs 8 or more" in problem
    for number in range(8):
        (tmp_path / f"{number}").mkdir()
        halves(mark=number).save(tmp_path / f"{number}" / "x.png")
        problem = look_at(tmp_path).problem
        assert (problem is None) is (number == 7)
        if number == 2:
            assert "holds 3 usable pictures, and training needs 8 or more, better 50." in problem
    with pytest.raises(RequestError, match="There is no folder"):
        look_at(tmp_path / "nowhere")


def test_pictures_are_held_out_by_what_they_are() -> None:
    hashes = tuple(f"{number * 2654435761 % 2**32:08x}" for number in range(1000))
    kept = held_out(hashes)
    assert 80 < sum(kept) < 120
    shuffled = tuple(reversed(hashes))
    assert held_out(shuffled) == tuple(reversed(kept))
    assert held_out(hashes[:300]) == kept[:300]  # whoever joins later changes nothing
    assert held_out(("ff" * 4, "ee" * 4, "fe" * 4)) == (False, True, False)
    assert held_out(()) == ()


def test_a_picture_that_breaks_after_it_was_looked_at_is_skipped(tmp_path: Path) -> None:
    for number in range(9):
        halves(70, 50, mark=number).save(tmp_path / f"{number}.png")
    found = look_at(tmp_path)
    (tmp_path / "4.png").write_bytes(b"gone")
    made, refused = album.make(tmp_path, found.usable, 40)
    assert [each.path.name for each in refused] == ["4.png"]
    assert [page.name for page in made.pages] == [f"{n}.png" for n in range(9) if n != 4]
    assert made.pixels(5).shape == (40, 56, 3)
    assert np.array_equal(made.pixels(5), pixels_of(tmp_path / "6.png", 40))
    assert sorted(made.held_out + made.learned) == list(range(8))
    assert made.held_out


def test_looking_needs_no_torch(tmp_path: Path) -> None:
    halves().save(tmp_path / "a.png")
    program = (
        "import sys; from pathlib import Path; from studio.training.own_pictures import look_at;"
        "print(len(look_at(Path(sys.argv[1])).usable), 'torch' in sys.modules)"
    )
    words = [sys.executable, "-c", program, str(tmp_path)]
    told = subprocess.run(words, capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert told.stdout.split() == ["1", "False"]
