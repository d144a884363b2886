"""How long `paint` takes from the start of its process to the first iteration on the disk."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack

from studio import leftovers
from studio.errors import StudioError
from studio.project.file import FIRST_TAKE, Project

STARTS = 3
LOOK_EVERY = 0.01
"""Seconds."""
PROGRAM = "import sys; from studio.start import main; sys.exit(main())"


def to_first_iteration(words: Sequence[str]) -> float:
    """Seconds, the median of some starts of `paint` with these words."""
    return statistics.median(_start(words) for _ in range(STARTS))


def _start(words: Sequence[str]) -> float:
    with leftovers.temporary() as folder, ExitStack() as open_:
        path, picture = folder / "first.vqproj", folder / "first.png"
        files = ("--iterations", "1", "--project", str(path), "--out", str(picture))
        command = [sys.executable, "-c", PROGRAM, "paint", *words, *files]
        began = time.perf_counter()
        process = open_.enter_context(
            subprocess.Popen(
                command,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "XDG_STATE_HOME": str(folder)},
            )
        )
        open_.callback(process.kill)
        while not path.exists():
            _wait(process)
        with Project.open(path, read_only=True) as project:
            while not project.length(FIRST_TAKE):
                _wait(process)
            took = time.perf_counter() - began
        process.wait()
    return took


def _wait(process: subprocess.Popen[bytes]) -> None:
    if process.poll():
        raise StudioError("A painting could not be started; try `paint` to see why.")
    time.sleep(LOOK_EVERY)
