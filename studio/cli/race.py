"""`bench` against the reference loop: each a process of its own, and they take turns."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

import studio
from studio.core.settings import Settings
from studio.errors import RequestError, StudioError

if TYPE_CHECKING:
    from studio.engine.laps import Course, Lap, Look

_T = TypeVar("_T")

REFERENCE = Path(studio.__file__).parents[1] / "tests/reference_loop.py"
"""Where a checkout has it; an installed package comes without."""
OURS = ("-m", "studio.engine.laps")
"""Our own loop, as words for Python."""


@dataclass(frozen=True)
class Times:
    """How one loop did; medians over all its iterations but the first."""

    seconds: float
    user_seconds: float
    first_seconds: float
    """The first iteration, which also warms up."""
    peak_memory_bytes: int | None


def reference(named: Path | None) -> Path | None:
    """The program of the reference loop; None when none was named and this is no checkout.

    Raises RequestError when the one named is not there.
    """
    if named is not None and not named.is_file():
        raise RequestError(f"There is no {named}; name the reference loop of a checkout.")
    found = named or REFERENCE
    return found if found.is_file() else None


def race(reference: Path, courses: Mapping[str, Course], rounds: int) -> dict[str, Times]:
    """The loops by name: the reference on the first course, ours on each under the course's name.

    They paint an iteration each in turn. Raises StudioError when one of them breaks down.
    """
    programs: dict[str, tuple[Sequence[str], Course]] = {
        "reference": ([str(reference)], next(iter(courses.values())))
    }
    programs |= {name: (OURS, each) for name, each in courses.items()}
    laps: dict[str, list[Lap]] = {name: [] for name in programs}
    with ExitStack() as loops_running:
        loops = {
            name: loops_running.enter_context(running(words, reference, course))
            for name, (words, course) in programs.items()
        }
        for _ in range(1 + rounds):
            for name, loop in loops.items():
                laps[name].append(loop.lap())
    return {name: _times(done) for name, done in laps.items()}


class Running:
    """One of the processes."""

    def __init__(self, process: subprocess.Popen[str], complaints: Any) -> None:
        self._process, self._complaints = process, complaints

    def lap(self) -> Lap:
        """Let it paint an iteration."""
        from studio.engine.laps import Lap

        self._ask("")
        return self._told(Lap)

    def sit(self, settings: Settings, looks: tuple[int, ...]) -> Iterator[Look]:
        """Let one that sits paint a painting, and look at it after these iterations."""
        from studio.engine.laps import Look, Sitting

        self._ask(msgspec.json.encode(Sitting(settings, looks)).decode())
        for _ in looks:
            yield self._told(Look)

    def _ask(self, line: str) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # then it says nothing either
            print(line, file=self._process.stdin, flush=True)

    def _told(self, kind: type[_T]) -> _T:
        assert self._process.stdout is not None
        try:
            return msgspec.json.decode(self._process.stdout.readline(), type=kind)
        except msgspec.DecodeError as error:
            self._complaints.seek(0)
            silent = (
                "it was ended from outside, perhaps because memory ran out; try a smaller --size"
            )
            lines = self._complaints.read().strip().splitlines() or [silent]
            program = Path(self._process.args[-2]).name  # type: ignore[index, arg-type]
            raise StudioError(f"The loop {program} broke down: {lines[-1]}") from error


@contextmanager
def running(words: Sequence[str], reference: Path, course: Course) -> Iterator[Running]:
    command = [sys.executable, "-W", "ignore", *words, msgspec.json.encode(course).decode()]
    paths = [str(reference.resolve().parents[1]), os.environ.get("PYTHONPATH", "")]
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        ) as process,
    ):
        try:
            yield Running(process, complaints)
        finally:
            process.kill()


def _times(laps: Sequence[Lap]) -> Times:
    first, *rest = laps
    return Times(
        seconds=statistics.median(lap.seconds for lap in rest),
        user_seconds=statistics.median(lap.user_seconds for lap in rest),
        first_seconds=first.seconds,
        peak_memory_bytes=laps[-1].peak_memory_bytes,
    )
