"""Wrong requests: one sentence, the right exit status, nothing written, and no model waited for."""

from __future__ import annotations

import struct
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from studio.core.schedule import Change
from studio.core.settings import Prompt, Settings
from studio.project.document import ModelRef
from studio.project.file import Project
from tests.cli.conftest import Result

GOOD = ("paint", "a red circle", "--out", "good.png")
LONG = " ".join(["wonderful"] * 80)
RESUME = ("paint", "--resume", "--project", "there.vqproj")


def png_of(side: int, *, pixels: bool = True) -> bytes:
    """A PNG whose header promises side x side pixels, with few or none behind it."""
    chunks = [(b"IHDR", struct.pack(">2I5B", side, side, 8, 2, 0, 0, 0))]
    if pixels:
        chunks.append((b"IDAT", zlib.compress(bytes(100))))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def project(path: Path) -> bytes:
    models = [ModelRef("starter", "0" * 64, "vqgan"), ModelRef("starter", "1" * 64, "clip")]
    settings = Settings(prompts=(Prompt(text="a red circle"),), size=(64, 64), seed=1)
    Project.create(path, models=models, changes=[Change(0, settings)]).close()
    return path.read_bytes()


@pytest.fixture
def littered(folder: Path) -> Path:
    """A folder full of things that are no use."""
    (folder / "text.png").write_text("This is no picture at all.")
    (folder / "enormous.png").write_bytes(png_of(50_000))
    (folder / "large.png").write_bytes(png_of(8_100))
    (folder / "header.png").write_bytes(png_of(50_000, pixels=False))
    Image.effect_noise((64, 64), 60).save(folder / "whole.png")
    (folder / "cut.png").write_bytes((folder / "whole.png").read_bytes()[:900])
    (folder / "sub").mkdir()
    good = project(folder / "there.vqproj")
    page = 4096
    (folder / "damaged.vqproj").write_bytes(good[:page] + b"\xa5" * (len(good) - page))
    (folder / "newer.vqproj").write_bytes(good[:60] + struct.pack(">I", 9 << 16) + good[64:])
    (folder / "no.vqproj").write_text("This is no project.")
    return folder


CASES: list[tuple[str, tuple[str, ...], int]] = [
    ("There is no prompt", ("paint",), 2),
    ("There is no prompt", ("paint", ""), 2),
    ("There is no prompt", ("paint", "  \n"), 2),
    ("one side of a colon", ("paint", "a::b:c"), 2),
    ("ordinary number", ("paint", "sea:nan"), 2),
    ("empty prompt", ("paint", "sea |"), 2),
    ("not in UTF-8", ("paint", "caf\udce9"), 2),
    ("not in UTF-8", (*GOOD, "--negative", "caf\udce9"), 2),
    ("82 tokens", ("paint", LONG), 2),
    ("82 tokens", (*GOOD, "--negative", LONG), 2),
    ("is a story", (*GOOD, "--negative", "a ^ b"), 2),
    ("not a noise prompt", (*GOOD, "--noise-prompt", "x"), 2),
    ("holds no picture", ("paint", "picture=" + "a" * 64), 2),
    ("0x0 cannot be painted", (*GOOD, "--size", "0x0"), 2),
    ("100000x100000 cannot be painted", (*GOOD, "--size", "100000x100000"), 2),
    ("not a size", (*GOOD, "--size", "12"), 2),
    ("number from 1 up", (*GOOD, "--iterations", "0"), 2),
    ("number from 1 up", (*GOOD, "--iterations", "-3"), 2),
    ("whole number", (*GOOD, "--seed", "x"), 2),
    ("seed must lie", (*GOOD, "--seed", "-1"), 2),
    ("learning rate", (*GOOD, "--learning-rate", "nan"), 2),
    ("number of cutouts", (*GOOD, "--cutouts", "0"), 2),
    ("average (EMA)", (*GOOD, "--average", "1"), 2),
    ("init weight", (*GOOD, "--init-weight", "-1"), 2),
    ("invalid choice", (*GOOD, "--optimizer", "sgd"), 2),
    ("invalid choice", (*GOOD, "--device", "gpu"), 2),
    ("in quotes", ("paint", "a", "red", "circle"), 2),
    ("is not a picture", (*GOOD, "--init", "text.png"), 2),
    ("million pixels", (*GOOD, "--init", "enormous.png"), 2),
    ("million pixels", (*GOOD, "--init", "large.png"), 2),
    ("is not a picture", (*GOOD, "--init", "header.png"), 2),
    ("is cut short", (*GOOD, "--init", "cut.png"), 2),
    ("There is no picture", (*GOOD, "--init", "nowhere.png"), 2),
    ("is a folder", (*GOOD, "--init", "sub"), 2),
    ("one way only", (*GOOD, "--init", "whole.png", "--start", "fractal"), 2),
    ("There is no picture", (*GOOD, "--image-prompt", "nowhere.png:0.5"), 2),
    ("is not a picture", (*GOOD, "--image-prompt", "text.png:0.5"), 2),
    ("has a comma", (*GOOD, "--image-prompt", "text.png:0,5"), 2),
    ("ordinary number", (*GOOD, "--image-prompt", "text.png:1e308"), 2),
    ("pulls at the weight of 0", ("paint", "sea:0"), 2),
    ("is a folder", ("paint", "sea", "--out", "sub"), 2),
    ("must end in", ("paint", "sea", "--out", "picture.xyz"), 2),
    ("There is no folder", ("paint", "sea", "--out", "nowhere/picture.png"), 2),
    ("cannot be written", ("paint", "sea", "--out", "/proc/picture.png"), 2),
    ("exists already", (*GOOD, "--project", "there.vqproj"), 2),
    ("must end in .vqproj", (*GOOD, "--project", "whole.png", "--force"), 2),
    ("There is no folder", (*GOOD, "--project", "nowhere/new.vqproj"), 2),
    ("no model named 'none'", (*GOOD, "--model", "none"), 2),
    ("is published but", (*GOOD, "--model", "imagenet-f16-16384"), 2),
    ("no CLIP named '..'", (*GOOD, "--clip", "starter,.."), 2),
    ("--resume needs --project", ("paint", "sea", "--resume"), 2),
    ("Give --resume or --force", (*RESUME, "--force"), 2),
    ("There is no project", ("paint", "--resume", "--project", "nowhere.vqproj"), 2),
    ("not a VQGAN-CLIP Studio project", ("paint", "--resume", "--project", "no.vqproj"), 2),
    ("newer VQGAN-CLIP Studio", ("paint", "--resume", "--project", "newer.vqproj"), 2),
    ("damaged", ("paint", "--resume", "--project", "damaged.vqproj"), 1),
    ("--size cannot change", (*RESUME, "--size", "32x32"), 2),
    ("--seed cannot change", (*RESUME, "--seed", "2"), 2),
    ("--model cannot change", (*RESUME, "--model", "other"), 2),
    ("--init cannot change", (*RESUME, "--init", "whole.png"), 2),
    ("was painted with", RESUME, 1),
    ("There is no project", ("info", "nowhere.vqproj"), 2),
    ("not a VQGAN-CLIP Studio project", ("info", "text.png"), 2),
    ("No model named 'coco'", ("models", "download", "coco"), 2),
    ("invalid choice", ("dance",), 2),
    ("unrecognized arguments", (*GOOD, "--bogus"), 2),
    ("is a file", ("train", "starter", "--out", "text.png"), 2),
    ("no model named 'none'", ("bench", "--model", "none"), 2),
]


@pytest.mark.slow
@pytest.mark.parametrize(("sentence", "words", "status"), CASES)
def test_a_wrong_request_is_refused_in_one_sentence(
    sentence: str,
    words: tuple[str, ...],
    status: int,
    littered: Path,
    forbid: Callable[..., None],
    process: Callable[..., Result],
) -> None:
    forbid("torch", "PySide6")
    before = {path: path.stat().st_size for path in littered.rglob("*")}
    result = process(*words)
    assert (result.status, result.out) == (status, ""), result.err
    assert result.err.count("\n") == 1, result.err
    assert sentence in result.err
    assert "Traceback" not in result.err
    assert {path: path.stat().st_size for path in littered.rglob("*")} == before


@pytest.mark.slow
def test_a_device_that_is_not_there_is_refused_before_anything_is_written(
    call: Callable[..., Result], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    result = call(*GOOD, "--device", "cuda", "--project", "new.vqproj")
    assert (result.status, result.out) == (2, "")
    assert result.err == "This machine has no cuda device; use --device cpu or auto.\n"
    assert list(folder.iterdir()) == []


@pytest.mark.slow
def test_a_reader_who_goes_away_is_no_failure(
    start: Callable[..., subprocess.Popen[str]],
) -> None:
    running = start("models", "list")
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    assert running.stderr.read() == ""
    assert running.wait(60) == 0
    running.stdout = None
