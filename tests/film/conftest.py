"""Projects that nobody painted, and films looked at with ffmpeg."""

from __future__ import annotations

import io
import math
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from studio.core.schedule import Change
from studio.core.settings import Prompt, Settings
from studio.project.document import Iteration, ModelRef
from studio.project.file import Project
from studio.project.iterations import Row

SIZE = (64, 48)
Pixels = NDArray[np.uint8]


def picture(number: int, size: tuple[int, int] = SIZE) -> Pixels:
    """A picture that changes as paintings do: much at first, then ever less."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    gone = 1 - math.exp(-number / 6)
    waves = [np.sin(x / 9 + 4 * gone), np.cos(y / 7 - 3 * gone), np.sin((x + y) / 11 + 5 * gone)]
    return (128 + 100 * np.stack(waves, -1)).astype(np.uint8)


def jpeg(pixels: Pixels) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=95, subsampling=0)
    return file.getvalue()


def rows(first: int, stop: int, size: tuple[int, int], shift: int = 0) -> Iterator[Row]:
    for number in range(first, stop):
        codes = np.full((size[1] // 16, size[0] // 16), number, np.uint16)
        yield Iteration(number, (0.5,), 0.5, 0.1), codes, jpeg(picture(number + shift, size))


@pytest.fixture
def painted(tmp_path: Path) -> Callable[..., Path]:
    """Make a project of so many iterations; another take may branch off."""

    def make(
        length: int = 24,
        size: tuple[int, int] = SIZE,
        branch_at: int | None = None,
        prompt: str = "waves at dawn",
    ) -> Path:
        path = tmp_path / "a project ünï.vqproj"
        settings = Settings(prompts=(Prompt(text=prompt),), size=size, seed=7)
        models = [ModelRef("starter", "0" * 64, "vqgan")]
        with Project.create(path, models=models, changes=[Change(0, settings)]) as project:
            project.record_all(1, rows(0, length, size))
            if branch_at is not None:
                take = project.add_take(1, branch_at).id
                project.record_all(take, rows(branch_at, length, size, shift=100))
        return path

    return make


@dataclass(frozen=True)
class Film:
    """What ffmpeg says about a file, and its frames."""

    said: str
    frames: Pixels
    """(N, H, W, 3)."""

    def found(self, pattern: str) -> str:
        match = re.search(pattern, self.said)
        assert match is not None, self.said
        return match[1]

    @property
    def codec(self) -> str:
        return self.found(r"Video: (\w+)")

    @property
    def pixel_format(self) -> str:
        return self.found(r"Video: \w+[^,]*, (\w+)")

    @property
    def fps(self) -> float:
        return float(self.found(r"([\d.]+) fps"))

    @property
    def size(self) -> tuple[int, int]:
        return self.frames.shape[2], self.frames.shape[1]


def ffmpeg(*words: str, data: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    executable = imageio_ffmpeg.get_ffmpeg_exe()
    return subprocess.run([executable, *words], input=data, capture_output=True, timeout=60)


@pytest.fixture
def watched() -> Callable[[Path], Film]:
    """Look at a film: as ffmpeg reads it; a WebP and a folder as Pillow does."""

    def look(path: Path) -> Film:
        said = ffmpeg("-hide_banner", "-i", str(path)).stderr.decode()
        match = re.search(r"Video: .*?, (\d+)x(\d+)", said)
        assert match is not None, said
        width, height = int(match[1]), int(match[2])
        raw = ["-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
        data = ffmpeg("-v", "error", "-i", str(path), *raw).stdout
        return Film(said, np.frombuffer(data, np.uint8).reshape(-1, height, width, 3))

    return look


def psnr(one: Pixels, other: Pixels) -> float:
    """Peak signal to noise, dB."""
    error = np.square(one.astype(np.float64) - other).mean()
    return 99.0 if error == 0 else 10 * math.log10(255**2 / error)
