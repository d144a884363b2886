"""A loop under measurement, as a process: it paints one iteration for each line that comes in.

So two loops take turns on the same machine while each has its memory to itself. As a program this
is our own loop: `python -m studio.engine.laps COURSE`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import torch

from studio.core.settings import Settings
from studio.engine import device as devices
from studio.engine import weights
from studio.engine.measure import finish, peak_memory, published_with_random_weights, user_seconds
from studio.engine.painter import Painter, State
from studio.engine.perceptor import Perceptor
from studio.engine.vqgan import VQGAN


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """What a loop is to paint."""

    settings: Settings
    device: str
    vqgan: str | None = None
    """Path of the weights; None for the published architectures with random ones."""
    perceptors: dict[str, str] = {}
    precision: str = "float32"
    """torch's name of the type in which CLIP multiplies; the reference has its own way."""


class Lap(msgspec.Struct, frozen=True):
    """What an iteration took."""

    seconds: float
    user_seconds: float
    """Of all processors that were at it."""
    peak_memory_bytes: int | None
    """Of the whole process until now, on a GPU of torch on it; None where nobody says."""


def course() -> Course:
    """The course of this process."""
    return msgspec.json.decode(sys.argv[1], type=Course)


def device(course: Course) -> torch.device:
    """Where it computes."""
    return devices.choose(course.device)


def models(course: Course) -> tuple[VQGAN, Mapping[str, Perceptor]]:
    """The models that it names."""
    if course.vqgan is None:
        vqgan, perceptor = published_with_random_weights()
        return vqgan, dict.fromkeys(course.settings.perceptors, perceptor)
    named = course.perceptors.items()
    loaded = {name: weights.load_perceptor(Path(path)) for name, path in named}
    return weights.load_vqgan(Path(course.vqgan)), loaded


def run(step: Callable[[], object], device: torch.device) -> None:
    """Paint an iteration for each line of standard input, and print its `Lap` as JSON."""
    for _ in sys.stdin:
        began, user = time.perf_counter(), user_seconds()
        step()
        finish(device)
        lap = Lap(time.perf_counter() - began, user_seconds() - user, peak_memory(device))
        print(msgspec.json.encode(lap).decode(), flush=True)


class _Ours:
    """The painter, from iteration to iteration."""

    def __init__(self, course: Course) -> None:
        self.device = device(course)
        self.settings = course.settings
        vqgan, perceptors = models(course)
        for perceptor in perceptors.values():
            perceptor.see_in(getattr(torch, course.precision))
        self._painter = Painter(vqgan, perceptors, device=self.device)
        self._state: State = self._painter.start(self.settings)

    def step(self) -> None:
        self._state, _ = self._painter.step(self._state, self.settings)


if __name__ == "__main__":
    ours = _Ours(course())
    run(ours.step, ours.device)
