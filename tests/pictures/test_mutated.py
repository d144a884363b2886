"""Pictures changed at random, by EXIF, mode, structure and bytes: read or refused, and soon."""

from __future__ import annotations

import os
import random
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.pictures import png
from tests.pictures.odd import chunk, exif, matrix_profile, quadrants, raw_png, saved

MANY = int(os.environ.get("MUTATED_PICTURES", "150"))
SECONDS, MEGABYTES = 5.0, 500
FORMS = {
    "PNG": ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"],
    "JPEG": ["L", "RGB", "CMYK"],
    "TIFF": ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I;16", "I", "F"],
    "WEBP": ["RGB", "RGBA"],
    "GIF": ["L", "P"],
    "BMP": ["1", "L", "P", "RGB"],
    "AVIF": ["RGB", "RGBA"],
    "JPEG2000": ["L", "LA", "RGB", "RGBA", "I;16"],
}
CHILD = """
import sys, time
from pathlib import Path
from studio.errors import StudioError
from studio.pictures.decoder import look, rgb
from studio.pictures.keeping import keepable
from studio.training.own_pictures import pixels_of
for path in sorted(Path(sys.argv[1]).iterdir()):
    ways = [look, keepable, lambda each: pixels_of(each, 64)]
    for read in ways if path.name.startswith("bomb") else [*ways, rgb]:
        began, told = time.process_time(), "read"
        try:
            read(path)
        except StudioError as error:
            told = str(error)
        about = Path("/proc/self/status").read_text()
        peak = int(about.partition("VmHWM:")[2].split()[0]) // 1024
        print(f"{path.name}|{time.process_time() - began:.2f}|{peak}|{told}", flush=True)
"""
"""Prints a line for each picture and each way to read it; the peak is that of all so far.

Seconds are those of the processor, as the machine may have other work.
"""


def of_mode(mode: str, width: int, height: int, chance: random.Random) -> Image.Image:
    colours = quadrants(width, height)
    if mode in ("I", "F", "I;16"):
        kind = {"I": np.int32, "F": np.float32, "I;16": np.uint16}[mode]
        numbers = np.asarray(colours.convert("L")).astype(np.float64) * chance.choice(
            [1, 257, 1e-3]
        )
        numbers[0, :4] = (0, 65535, chance.choice([1e30, -1, 7]), 255) if mode == "F" else 0
        return Image.fromarray(numbers.astype(kind))
    if mode == "LAB":
        return Image.merge("LAB", colours.split())
    return (
        colours.convert("RGBA").convert(mode) if mode in ("LA", "RGBA") else colours.convert(mode)
    )


def odd_exif(chance: random.Random) -> bytes:
    entries = [
        (chance.choice([0x112, 0x11A, 0x8769, 0x8825, 0x111, 0x14A, chance.randrange(65536)]),
         chance.randrange(14), chance.choice([0, 1, 2, 9, 2**31, 2**32 - 1]), chance.randbytes(4))
        for _ in range(chance.randrange(6))
    ]  # fmt: skip
    block = exif(*entries, data=chance.randbytes(40), order=chance.choice("<>"))
    return block[: chance.randrange(8, len(block) + 1)] if chance.random() < 0.3 else block


def one(chance: random.Random) -> bytes:
    """A picture of any kind with something odd about it, or a few bytes changed."""
    form = chance.choice(list(FORMS))
    image = of_mode(
        chance.choice(FORMS[form]), chance.randrange(1, 200), chance.randrange(1, 200), chance
    )
    options: dict[str, object] = {}
    if form in ("PNG", "JPEG", "WEBP", "AVIF") and chance.random() < 0.6:
        options["exif"] = odd_exif(chance)
    if form in ("PNG", "JPEG", "WEBP", "TIFF", "AVIF") and chance.random() < 0.3:
        profile = matrix_profile(
            ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06)), chance.uniform(0.1, 5)
        )
        options["icc_profile"] = changed(profile, chance, 6)
    if form == "JPEG" and chance.random() < 0.3:
        options["progressive"] = True
    if form == "TIFF" and image.mode not in ("I", "F", "I;16", "LAB", "YCbCr"):
        options["compression"] = chance.choice([None, "tiff_lzw", "tiff_adobe_deflate", "packbits"])
    try:
        data = saved(image, form, **options)
    except Exception:  # what Pillow cannot write, it need not read
        data = saved(image.convert("RGB"), "PNG")
    if data.startswith(png.SIGNATURE) and chance.random() < 0.3:
        kind = chance.choice(
            [b"tEXt", b"zTXt", b"iTXt", b"iCCP", b"gAMA", b"tRNS", b"eXIf", b"acTL"]
        )
        data = data[:33] + chunk(kind, chance.randbytes(chance.randrange(60))) + data[33:]
    return changed(data, chance, chance.choice([0, 0, 1, 3, 20]))


def changed(data: bytes, chance: random.Random, times: int) -> bytes:
    """Bytes replaced, mostly near the beginning, where sizes and kinds are told; or cut off."""
    data = bytearray(data)
    for _ in range(times):
        at = int(len(data) * chance.random() ** 3)
        wide = struct.pack(
            chance.choice(["<I", ">I", "<H", ">H", "B"]), chance.choice([0, 1, 127, 255])
        )
        data[at : at + len(wide)] = chance.choice([wide, chance.randbytes(1), b"\xff" * len(wide)])
    if times and chance.random() < 0.2:
        del data[chance.randrange(len(data)) :]
    return bytes(data)


def bombs() -> Iterator[bytes]:
    """Small files of large pictures."""
    for side in (7_900, 8_900, 30_000):
        yield raw_png(side, side, 1, 0, bytes(1 + side // 8) * side)
        yield raw_png(side, side, 8, 6, b"")
    yield saved(Image.new("L", (7_700, 7_700), 9), "JPEG", progressive=True)
    yield saved(Image.new("RGB", (4_900, 4_900), "red"), "WEBP", lossless=True, method=0)
    yield saved(Image.new("RGB", (3_400, 3_400), "red"), "JPEG2000")
    yield saved(Image.new("P", (8_000, 8_000)), "GIF")
    yield saved(Image.new("F", (4_000, 4_000), 0.5), "TIFF", compression="tiff_lzw")


def lines(folder: Path) -> list[list[str]]:
    words = [sys.executable, "-W", "error", "-c", CHILD, str(folder)]
    told = subprocess.run(words, capture_output=True, text=True, cwd=Path.cwd(), timeout=280)
    assert told.returncode == 0, told.stderr[-3000:]
    assert "Traceback" not in told.stderr
    return [line.split("|", 3) for line in told.stdout.splitlines()]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
@pytest.mark.parametrize("kind", ["odd", "bomb"])
def test_any_picture_is_read_or_refused_in_a_sentence_and_soon(tmp_path: Path, kind: str) -> None:
    chance = random.Random(14)
    made = (one(chance) for _ in range(MANY)) if kind == "odd" else bombs()
    count = 0
    for count, data in enumerate(made, 1):
        (tmp_path / f"{kind}{count:04}").write_bytes(data)
    found = lines(tmp_path)
    ways = 4 if kind == "odd" else 3
    assert len(found) == ways * count
    for name, seconds, megabytes, told in found:
        assert float(seconds) < SECONDS, (name, seconds, told)
        assert int(megabytes) < MEGABYTES, (name, megabytes, told)
        assert told == "read" or (told.startswith("The picture ") and told.endswith("."))
    if kind == "odd":
        assert sum(told == "read" for _, _, _, told in found) > 4 * count // 3
