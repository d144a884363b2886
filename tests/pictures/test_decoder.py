"""Pictures as people have them, and as those who mean harm do: one way in, right or refused."""

from __future__ import annotations

import io
import re
import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin, TiffImagePlugin
from PySide6.QtGui import QColor, QColorSpace, QImage

from studio.pictures import png
from studio.pictures.decoder import FORMATS, UnreadableError, kept, look, rgb
from studio.pictures.keeping import keepable
from studio.ui.images import encoded, image_from
from tests.pictures.odd import (
    BLUE,
    GREY,
    ODD_EXIF,
    RED,
    chunk,
    corners,
    matrix_profile,
    quadrants,
    raw_png,
    saved,
)

SCRIPT = (
    b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 64 64\n%%EndComments\n"
    b"(run) (w) file closefile showpage\n"
)
RAMP = np.linspace(0, 65535, 128)[None].repeat(96, 0)


def near(pixels: np.ndarray, *wanted: tuple[int, int, int], by: int = 4) -> None:
    assert np.abs(np.array(corners(pixels)) - np.array(wanted)).max() <= by, corners(pixels)


def is_ramp(pixels: np.ndarray, *, but: int = 2) -> bool:
    wrong = np.abs(pixels[..., 0].astype(float) - RAMP / 257) > 1.01
    return bool(wrong.sum() <= but)


def test_nothing_else_in_the_program_decodes() -> None:
    ways = re.compile(
        r"Image\.open\(|QImageReader|\.fromData\(|loadFromData|QImage\(str|QPixmap\(str"
    )
    mine = {Path("studio/pictures/decoder.py")}
    icons = Path("studio/ui/icons.py")  # which the program brings along
    found = {path for path in Path("studio").rglob("*.py") if ways.search(path.read_text("utf-8"))}
    assert found - {icons} == mine


@pytest.mark.parametrize("read", [rgb, look, kept, keepable])
def test_postscript_is_refused_and_nothing_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Callable[[bytes], object]
) -> None:
    gs = tmp_path / "gs"
    gs.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    gs.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("gs")
    with pytest.raises(UnreadableError, match="is not a picture"):
        read(SCRIPT)
    assert image_from(SCRIPT) is None
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("form", ["PPM", "TGA", "PCX", "ICO", "SGI"])
def test_formats_that_nobody_asked_for_are_refused(form: str) -> None:
    assert form not in FORMATS
    with pytest.raises(UnreadableError, match="is not a picture"):
        rgb(saved(quadrants(), form))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("name", ODD_EXIF)
def test_the_orientation_is_read_whatever_else_exif_holds(kind: str, name: str) -> None:
    block, turned = ODD_EXIF[name]
    data = saved(quadrants(64, 48), kind, exif=block)
    assert rgb(data).shape == ((64, 48, 3) if turned else (48, 64, 3))
    assert look(data).size == ((48, 64) if turned else (64, 48))
    assert keepable(data)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_stand_upright_whatever_they_are_in(form: str, orientation: int) -> None:
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    lying = quadrants()
    if orientation in turns:
        lying = lying.transpose(Image.Transpose(turns[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(lying, form, exif=exif, quality=95)
    near(rgb(data), RED, (30, 180, 30), BLUE, GREY, by=25)
    assert look(data).size == (128, 96)
    near(kept(keepable(data)), RED, (30, 180, 30), BLUE, GREY, by=25)


P3 = matrix_profile(((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)), 2.2)
PROPHOTO = matrix_profile(((0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001)), 1.8)


@pytest.mark.parametrize("profile", [P3, PROPHOTO], ids=["P3", "ProPhoto"])
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
def test_profiles_are_turned_into_srgb(profile: bytes, form: str) -> None:
    srgb = ImageCms.createProfile("sRGB")
    there = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    other = ImageCms.profileToProfile(quadrants(), srgb, there, outputMode="RGB")
    assert other is not None
    data = saved(other, form, icc_profile=profile, quality=97)
    near(rgb(data), RED, (30, 180, 30), BLUE, GREY, by=9 if form != "PNG" else 3)
    assert not look(data).meant
    near(kept(keepable(data)), RED, (30, 180, 30), BLUE, GREY, by=9 if form != "PNG" else 3)


def test_the_profile_of_srgb_changes_nothing() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = saved(quadrants(), "PNG", icc_profile=srgb)
    assert np.array_equal(rgb(data), np.asarray(quadrants()))
    assert keepable(data) == data


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "CMYK", "P", "1"])
@pytest.mark.parametrize("profile", [b"no profile", P3[:200], b"\0" * 500])
def test_a_broken_profile_costs_nothing_but_itself(mode: str, profile: bytes) -> None:
    image = quadrants().convert(mode)
    form = "TIFF" if mode == "CMYK" else "PNG"
    plain = rgb(saved(image, form))
    assert np.array_equal(rgb(saved(image, form, icc_profile=profile)), plain)


def test_grey_and_cmyk_have_profiles_of_their_own() -> None:
    light = matrix_profile((), 1.0)
    grey = Image.new("L", (32, 32), 55)  # linear light of sRGB's 128
    assert np.abs(rgb(saved(grey, "PNG", icc_profile=light)).astype(int) - 128).max() <= 2
    inks = Image.new("CMYK", (32, 32), (255, 0, 0, 0))
    pixels = rgb(saved(inks, "TIFF", icc_profile=cmyk_profile()))
    assert np.abs(pixels[0, 0].astype(int) - (0, 210, 255)).max() <= 6  # ink, not a lamp's cyan
    assert np.array_equal(rgb(saved(inks, "TIFF"))[0, 0], (0, 255, 255))


def cmyk_profile() -> bytes:
    """A printer of two grid points for each ink: Lab by hand, as lut8 of ICC.1:2001."""
    lab = bytearray()
    for inks in np.ndindex(2, 2, 2, 2):
        c, m, y, k = inks
        dark = 255 - 60 * c - 80 * m - 20 * y - 240 * k
        a, b = 128 - 37 * c + 74 * m - 5 * y, 128 - 50 * c - 3 * m + 93 * y
        lab += bytes(int(np.clip(value, 0, 255)) for value in (dark, a, b))
    ramp = bytes(range(256))
    table = struct.pack(">4s4x4B", b"mft1", 4, 3, 2, 0) + struct.pack(">9i", *[0] * 9)
    table += ramp * 4 + bytes(lab) + ramp * 3
    return matrix_profile((), 1.0, space=b"CMYK", kind=b"prtr", lab=True, tags={b"A2B0": table})


def test_gamma_of_a_png_counts_unless_it_is_that_of_srgb() -> None:
    linear = (np.asarray(quadrants()) / 255) ** 2.2 * 255
    data = png.encoded(linear.round().astype(np.uint8))
    gamma = chunk(b"gAMA", struct.pack(">I", 100_000))
    near(rgb(data[:33] + gamma + data[33:]), RED, (30, 180, 30), BLUE, GREY, by=3)
    plain = saved(quadrants(), "PNG")
    same = plain[:33] + chunk(b"gAMA", struct.pack(">I", 45_455)) + plain[33:]
    assert np.array_equal(rgb(same), np.asarray(quadrants()))
    assert look(same).meant


def deep(form: str) -> bytes:
    numbers = RAMP.astype(np.uint16)
    ramp = RAMP / 65535
    hot, gone = ramp.copy(), ramp.copy()
    hot[0, 0], hot[0, 1] = 1e30, np.inf
    gone[0, 0], gone[0, 1] = np.nan, -np.inf
    big = b"".join(b"\0" + row.tobytes() for row in numbers.astype(">u2"))
    pairs = np.stack([numbers, np.full_like(numbers, 65535)], -1).astype(">u2")
    tiff = {
        "16": numbers,
        "int32": (RAMP * 32767).astype(np.int32),
        "int32 of 16": RAMP.astype(np.int32),
        "int32 of 8": (RAMP / 257).round().astype(np.int32),
        "float": ramp.astype(np.float32),
        "float of 8": (ramp * 255).astype(np.float32),
        "hot": hot.astype(np.float32),
        "gone": gone.astype(np.float32),
    }
    if form in tiff:
        return saved(Image.fromarray(tiff[form]), "TIFF")
    if form == "unsigned":
        wide = (RAMP * 65536).astype(np.uint32)
        tags = TiffImagePlugin.ImageFileDirectory_v2()
        tags[339] = 1
        image = Image.fromarray(wide.view(np.int32))
        return saved(image, "TIFF", tiffinfo=tags).replace(
            struct.pack("<HHIHH", 339, 3, 1, 2, 0), struct.pack("<HHIHH", 339, 3, 1, 1, 0)
        )
    if form == "png with alpha":
        return raw_png(128, 96, 16, 4, b"".join(b"\0" + row.tobytes() for row in pairs))
    clear = chunk(b"tRNS", struct.pack(">H", 0)) if form == "png with a clear colour" else b""
    return raw_png(128, 96, 16, 0, big, clear)


@pytest.mark.parametrize(
    "form",
    ["16", "int32", "int32 of 16", "int32 of 8", "unsigned", "float", "float of 8", "hot", "gone",
     "png", "png with alpha"],
)  # fmt: skip
def test_deep_greys_keep_their_light(form: str) -> None:
    data = deep(form)
    assert is_ramp(rgb(data))
    assert is_ramp(kept(keepable(data)))


def test_a_clear_colour_among_deep_greys_is_white() -> None:
    pixels = rgb(deep("png with a clear colour"))
    assert (pixels[:, 0] == 255).all()
    assert is_ramp(pixels, but=96)


@pytest.mark.parametrize("form", ["RGBA", "LA", "P", "RGB", "RGBA64"])
def test_white_shows_through_wherever_a_picture_comes_from(form: str) -> None:
    """From a file, and as pixels out of another window."""
    if form == "RGBA64":
        image = QImage(8, 8, QImage.Format.Format_RGBA64)
        image.fill(QColor(255, 0, 0, 0))
        data = encoded(image)
    elif form == "P":
        image = Image.new("P", (8, 8), 0)
        image.putpalette([255, 0, 0])
        data = saved(image, "PNG", transparency=0)
    elif form == "RGB":
        data = saved(Image.new("RGB", (8, 8), "red"), "PNG", transparency=(255, 0, 0))
    else:
        data = saved(Image.new(form, (8, 8)), "PNG")
    assert (rgb(data) == 255).all()
    assert (kept(keepable(data)) == 255).all()


def test_dropped_pixels_keep_their_colours_and_their_depth() -> None:
    image = QImage(8, 8, QImage.Format.Format_RGB888)
    image.setColorSpace(QColorSpace(QColorSpace.NamedColorSpace.DisplayP3))
    image.fill(QColor(182, 53, 46))
    found = kept(keepable(encoded(image)))[0, 0]
    image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    wanted = image.pixelColor(0, 0)
    far = np.abs(found.astype(int) - (wanted.red(), wanted.green(), wanted.blue()))
    assert far.max() <= 2
    assert wanted.red() > 190
    grey = QImage(8, 8, QImage.Format.Format_Grayscale16)
    grey.fill(QColor(128, 128, 128))
    assert np.abs(kept(keepable(encoded(grey))).astype(int) - 128).max() <= 1


def test_much_text_or_a_broken_one_beside_a_picture_costs_nothing() -> None:
    plain = saved(quadrants(), "PNG")
    many = zlib.compress(b"x" * 5_000_000)
    for beside in (
        chunk(b"tEXt", b"Comment\0" + b"x" * 3_000_000),
        chunk(b"zTXt", b"Comment\0\0" + many),
        chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 30_000_000)),
        chunk(b"iTXt", b"Comment\0\1\0\0\0" + many),
        chunk(b"iTXt", b"no end"),
        chunk(b"iCCP", b"large\0\0" + many),
        chunk(b"iCCP", b"large\0\0not packed"),
        chunk(b"gAMA", b"no"),
        chunk(b"eXIf", b"no"),
        chunk(b"tEXt", b"Comment\0" + b"wrong")[:-4] + b"\0\0\0\0",
    ):
        data = plain[:33] + beside + plain[33:]
        assert np.array_equal(rgb(data), np.asarray(quadrants()))
        assert keepable(data)


@pytest.mark.parametrize(("form", "ending"), [("AVIF", "avif"), ("JPEG2000", "jp2")])
def test_avif_and_jpeg_2000_are_pictures(tmp_path: Path, form: str, ending: str) -> None:
    path = tmp_path / f"x.{ending}"
    path.write_bytes(
        saved(quadrants(), form, quality=95) if form == "AVIF" else saved(quadrants(), form)
    )
    near(rgb(path), RED, (30, 180, 30), BLUE, GREY)
    assert keepable(path).startswith(png.SIGNATURE), "older versions can read what is kept"


def test_a_picture_is_refused_for_its_size_before_it_is_decoded(tmp_path: Path) -> None:
    large = raw_png(20_000, 20_000, 1, 0, b"")
    with pytest.raises(UnreadableError, match="more than 160 million pixels"):
        rgb(large)
    for side, read in ((10_000, rgb), (8_100, keepable)):
        with pytest.raises(UnreadableError, match="million pixels; make it smaller"):
            read(raw_png(side, side, 8, 2, b""))
    scan = saved(quadrants(2000, 2000), "JPEG", progressive=True)
    begin = scan.rindex(b"\xff\xda")
    with pytest.raises(UnreadableError, match="too many scans"):
        rgb(scan[:begin] + scan[begin:-2] * 1000 + scan[-2:])


def test_a_large_picture_is_kept_as_small_as_a_painting_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("studio.pictures.keeping.MOST_PIXELS", 20_000)
    pixels = kept(keepable(saved(quadrants(800, 400), "JPEG", quality=90)))
    assert pixels.shape == (100, 200, 3)
    near(pixels, RED, (30, 180, 30), BLUE, GREY)


def test_a_truncated_or_wrong_file_is_refused_in_words(tmp_path: Path) -> None:
    whole = saved(Image.effect_noise((512, 512), 60), "JPEG")
    cases = {
        b"": "is empty",
        whole[: len(whole) // 2]: "is cut short",
        b"<html>404</html>": "is not a picture",
        png.SIGNATURE: "is not a picture",
    }
    path = tmp_path / "p\udcff.png"
    for data, words in cases.items():
        path.write_bytes(data)
        with pytest.raises(UnreadableError, match=words) as told:
            rgb(path)
        str(told.value).encode()  # can be written anywhere
    with pytest.raises(UnreadableError, match="is a folder"):
        rgb(tmp_path)


def test_pngs_say_that_they_are_in_srgb() -> None:
    data = png.encoded(
        np.asarray(quadrants()), {"prompt": "an en dash \N{EN DASH} and 圆", "seed": "7"}
    )
    assert chunk(b"sRGB", b"\0") in data
    assert data.index(b"sRGB") < data.index(b"IDAT")
    assert png.texts(io.BytesIO(data)) == {"prompt": "an en dash \N{EN DASH} and 圆", "seed": "7"}
    with Image.open(io.BytesIO(data)) as image:
        assert image.info["srgb"] == 0


def test_texts_are_read_whatever_wrote_them() -> None:
    about = PngImagePlugin.PngInfo()
    about.add_text("plain", "a")
    about.add_text("packed", "b" * 3000, zip=True)
    about.add_itxt("far", "圆" * 3000, zip=True)
    data = saved(quadrants(), "PNG", pnginfo=about)
    found = {"plain": "a", "packed": "b" * 3000, "far": "圆" * 3000}
    assert png.texts(io.BytesIO(data)) == found
    assert png.texts(io.BytesIO(data[:60])) == {"plain": "a"}
    assert png.texts(io.BytesIO(saved(quadrants(), "JPEG"))) == {}
