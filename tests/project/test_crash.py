"""Crashes of real processes, as the next start finds them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio import crash
from studio.held import hold

SEGFAULT = "import faulthandler; faulthandler._sigsegv()"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The folder of the logs."""
    return tmp_path / "logs"


def python(place: Path, *lines: str) -> subprocess.CompletedProcess[str]:
    """Run lines in a process whose crashes are watched, as `watch`."""
    start = (
        "from pathlib import Path; from studio import crash\n"
        f"crash.log_path = lambda: Path({str(place / 'studio.log')!r})\n"
        "watch = crash.start()\n"
    )
    return subprocess.run(
        [sys.executable, "-c", start + "\n".join(lines)],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path(crash.__file__).parents[1],
    )


def test_an_orderly_end_leaves_nothing(place: Path) -> None:
    assert python(place, "watch.end()").returncode == 0
    assert os.listdir(place) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="signals are told otherwise on Windows")
def test_a_segmentation_fault_is_told_at_the_next_start(place: Path) -> None:
    assert python(place, "def brush(): " + SEGFAULT, "brush()").returncode != 0
    told = python(place, "print(crash.previous()); watch.end()").stdout
    assert "Segmentation fault" in told
    assert "in brush" in told
    assert told.startswith("VQGAN-CLIP Studio 0.")
    assert os.listdir(place) == ["crash.log"]
    assert "None" in python(place, "crash.forget(); print(crash.previous()); watch.end()").stdout
    assert os.listdir(place) == []


def test_so_is_an_exception_that_nobody_caught(place: Path) -> None:
    ended = python(place, "raise ValueError('no paint')")
    assert "ValueError: no paint" in ended.stderr, "the hook before is called too"
    told = python(place, "print(crash.previous()); watch.end()").stdout
    assert "ValueError: no paint" in told


def test_and_one_in_another_thread(place: Path) -> None:
    lines = (
        "import threading, os",
        "def paint(): raise ValueError('dry brush')",
        "thread = threading.Thread(target=paint); thread.start(); thread.join(); os._exit(1)",
    )
    assert "dry brush" in python(place, *lines).stderr
    assert "dry brush" in python(place, "print(crash.previous()); watch.end()").stdout


def test_what_was_survived_is_no_crash(place: Path) -> None:
    lines = ("import sys", "sys.excepthook(ValueError, ValueError('once'), None)", "watch.end()")
    assert "once" in python(place, *lines).stderr
    assert os.listdir(place) == []


def test_stopping_by_keyboard_or_by_force_is_no_crash(place: Path) -> None:
    python(place, "raise KeyboardInterrupt")
    python(place, "import os; os._exit(1)")
    assert "None" in python(place, "print(crash.previous()); watch.end()").stdout
    assert os.listdir(place) == []


def test_a_window_that_still_runs_is_left_alone(place: Path) -> None:
    place.mkdir()
    running = place / "crash-1.log"
    with running.open("w+") as file:
        hold(file)
        file.write("VQGAN-CLIP Studio\nTraceback of something it survived\n")
        file.flush()
        assert "None" in python(place, "print(crash.previous()); watch.end()").stdout
        assert running.exists()
    assert "survived" in python(place, "print(crash.previous()); watch.end()").stdout


def test_crashes_add_up_until_they_are_forgotten(place: Path) -> None:
    for name in ("first", "second"):
        python(place, f"raise ValueError({name!r})")
    told = python(place, "print(crash.previous()); watch.end()").stdout
    assert told.index("first") < told.index("second")


def test_a_folder_that_cannot_be_written_costs_only_the_log(place: Path) -> None:
    place.touch()
    ended = python(place, "assert watch is None and crash.previous() is None; crash.forget()")
    assert ended.returncode == 0, ended.stderr
