"""A loop under measurement, as a process: it paints what each line that comes in asks for.

So two loops take turns on the same machine while each has its memory to itself. A line asks for one
iteration, or for a whole sitting. As a program this is our own loop: `python -m studio.engine.laps
COURSE`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray

from studio.core.settings import Settings
from studio.engine import device as devices
from studio.engine import weights
from studio.engine.measure import finish, peak_memory, user_seconds
from studio.engine.painter import Painter, State
from studio.engine.perceptor import Perceptor
from studio.engine.vqgan import VQGAN


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """What a loop is to paint."""

    settings: Settings
    device: str
    vqgan: str
    """Path of the weights."""
    perceptors: dict[str, str]
    precision: str = "float32"
    """torch's name of the type in which CLIP multiplies; the reference has its own way."""
    sits: bool = False
    """Whether it paints sittings, each with settings of its own, instead of single iterations."""


class Lap(msgspec.Struct, frozen=True):
    """What an iteration took."""

    seconds: float
    user_seconds: float
    """Of all processors that were at it."""
    peak_memory_bytes: int | None
    """Of the whole process until now, on a GPU of torch on it; None where nobody says."""


class Sitting(msgspec.Struct, frozen=True):
    """A painting from its start on."""

    settings: Settings
    looks: tuple[int, ...]
    """After which iterations it is looked at, rising; the last is where it ends."""


class Look(msgspec.Struct, frozen=True):
    """What a sitting has come to."""

    iteration: int
    """How many are painted."""
    seconds: float
    """That they took; of the processors (user time) where they do all the work."""
    picture: bytes
    """RGB of the newest iteration, row by row."""


class Loop(Protocol):
    """A loop that can be looked at."""

    def step(self) -> object:
        """Paint an iteration."""

    def picture(self) -> NDArray[np.uint8]:
        """That of the newest iteration, (H, W, 3)."""


def course() -> Course:
    """The course of this process."""
    return msgspec.json.decode(sys.argv[1], type=Course)


def device(course: Course) -> torch.device:
    """Where it computes."""
    return devices.choose(course.device)


def models(course: Course) -> tuple[VQGAN, Mapping[str, Perceptor]]:
    """The models that it names."""
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


def sit(begin: Callable[[Settings], Loop], device: torch.device) -> None:
    """Paint a `Sitting` for each line of standard input, and print a `Look` as JSON for each."""
    for line in sys.stdin:
        sitting = msgspec.json.decode(line, type=Sitting)
        loop, seconds = begin(sitting.settings), 0.0
        for iteration in range(1, sitting.looks[-1] + 1):
            began = _clock(device)
            loop.step()
            seconds += _clock(device) - began
            if iteration in sitting.looks:
                look = Look(iteration, seconds, loop.picture().tobytes())
                print(msgspec.json.encode(look).decode(), flush=True)


def _clock(device: torch.device) -> float:
    """Seconds; on a processor those that other programs do not lengthen."""
    finish(device)
    return user_seconds() if device.type == "cpu" else time.perf_counter()


class _Ours:
    """The painter, from iteration to iteration."""

    def __init__(self, painter: Painter, settings: Settings) -> None:
        self._painter, self._settings = painter, settings
        self._state: State = painter.start(settings)

    def step(self) -> None:
        self._state, self._step = self._painter.step(self._state, self._settings)

    def picture(self) -> NDArray[np.uint8]:
        return self._step.picture


def _main() -> None:
    asked = course()
    chosen = device(asked)
    vqgan, perceptors = models(asked)
    for perceptor in perceptors.values():
        perceptor.see_in(getattr(torch, asked.precision), chosen)
    painter = Painter(vqgan, perceptors, device=chosen)
    if asked.sits:
        sit(partial(_Ours, painter), painter.device)
    else:
        run(_Ours(painter, asked.settings).step, painter.device)


if __name__ == "__main__":
    _main()
