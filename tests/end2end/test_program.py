"""The program as a process of its own, under Xvfb, driven as a person drives it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio.errors import StudioError
from studio.project.file import Project

ROOT = Path(__file__).parents[2]
PATIENCE = 90
"""Seconds; a machine may be busy."""
MISSING = [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"{' and '.join(MISSING)} must be installed"),
]


class Screen:
    """A display of its own, with one program on it."""

    def __init__(self, home: Path, models: Path) -> None:
        self.home = home
        read, write = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24"],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as said:
            self._display = f":{said.readline().strip()}"
        self._environment = {
            **os.environ,
            "DISPLAY": self._display,
            "QT_QPA_PLATFORM": "xcb",
            "QT_SCALE_FACTOR": "1",
            "HOME": str(home),
            "VQGAN_CLIP_STUDIO_MODELS": str(models),
            **{name: str(home / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME")},
            "XDG_STATE_HOME": str(home / "XDG_STATE_HOME"),
            "PYTHONUNBUFFERED": "1",
        }
        self.program: subprocess.Popen[bytes] | None = None

    def start(self, *words: str) -> None:
        """The program, until its window has come up."""
        before = self._times_ready()
        with (self.home / "output.txt").open("ab") as output:
            self.program = subprocess.Popen(
                [sys.executable, "main.py", *words],
                cwd=ROOT,
                env=self._environment,
                stdout=output,
                stderr=output,
            )
        self.wait(lambda: self._times_ready() > before, "a window")
        self.focus()

    def focus(self) -> None:
        """Give the window the keys, as there is no window manager to do so."""
        self.do("windowfocus", "--sync", self._windows("VQGAN-CLIP Studio")[0])

    def keys(self, *keys: str) -> None:
        """Press keys, one after the other."""
        self.do("key", "--delay", "60", *keys)

    def type(self, text: str) -> None:
        self.do("type", "--delay", "40", text)

    def do(self, *words: str) -> str:
        """What xdotool does, and says."""
        done = subprocess.run(
            ["xdotool", *words], env=self._environment, capture_output=True, text=True, timeout=60
        )
        return done.stdout

    def title(self) -> str:
        """The title of the program's window."""
        windows = self._windows("VQGAN-CLIP Studio")
        return self.do("getwindowname", windows[0]).strip() if windows else ""

    def wait(self, holds: Callable[[], bool], what: str) -> None:
        """Until something is so."""
        until = time.monotonic() + PATIENCE
        while not holds():
            assert self.program is None or self.program.poll() is None, self.said()
            assert time.monotonic() < until, f"{what} did not come: {self.said()}"
            time.sleep(0.1)

    def said(self) -> str:
        """What the program printed."""
        return (self.home / "output.txt").read_text(errors="replace")

    def kill(self) -> None:
        """As the system does it when memory runs out."""
        assert self.program is not None
        self.program.send_signal(signal.SIGKILL)
        self.program.wait()
        self.program = None

    def await_end(self) -> int:
        """The exit status of the program, which has been asked to quit."""
        assert self.program is not None
        status = self.program.wait(PATIENCE)
        self.program = None
        return status

    def end(self) -> None:
        if self.program is not None:
            self.kill()
        self._server.terminate()
        self._server.wait()

    def _times_ready(self) -> int:
        logs = (self.home / "XDG_STATE_HOME").rglob("studio.log")
        return sum(log.read_text().count("models are ready") for log in logs)

    def _windows(self, name: str) -> list[str]:
        return self.do("search", "--onlyvisible", "--name", name).split()


@pytest.fixture
def screen(tmp_path: Path, models: Path) -> Iterator[Screen]:
    """An empty home and a display."""
    screen = Screen(tmp_path, models)
    yield screen
    screen.end()


def untitled(screen: Screen) -> list[Path]:
    folder = screen.home / "XDG_DATA_HOME" / "vqgan-clip-studio" / "untitled"
    return sorted(folder.glob("*.vqproj"))


def lengths(path: Path) -> dict[int, int]:
    """Iterations by take; none while the file is being written."""
    try:
        with Project.open(path, read_only=True) as project:
            return {take.id: project.length(take.id) for take in project.takes()}
    except (StudioError, OSError):
        return {}


def pause(screen: Screen) -> None:
    """Until it rests: then the newest iteration's state is kept."""
    screen.keys("ctrl+Return")
    screen.wait(lambda: all(map(rests, untitled(screen))), "a pause")


def rests(path: Path) -> bool:
    """Whether painting on from the end of every take would replay nothing."""
    try:
        with Project.open(path, read_only=True) as project:
            ends = {take.id: project.length(take.id) for take in project.takes()}
            saved = [project.nearest_state(take, length) for take, length in ends.items()]
    except (StudioError, OSError):
        return False
    return [state and state[0] for state in saved] == list(ends.values())


def has_painted(screen: Screen, take: int, length: int) -> bool:
    """Whether the untitled painting has come so far."""
    return any(lengths(path).get(take, 0) >= length for path in untitled(screen))


def test_the_whole_way_by_keyboard(screen: Screen) -> None:
    screen.start()
    screen.keys("ctrl+n")
    screen.type("red circle")
    screen.keys("Return")
    screen.wait(lambda: has_painted(screen, 1, 4), "four iterations")
    pause(screen)
    screen.keys("Escape", "Home", "Right")
    screen.keys("ctrl+l", "ctrl+a")
    screen.type("sky")
    screen.keys("ctrl+Return")
    screen.wait(lambda: has_painted(screen, 2, 4), "a branch")
    pause(screen)
    screen.keys("ctrl+l", "ctrl+a")
    screen.type("birds")
    screen.keys("Tab", "Escape", "ctrl+z")
    screen.keys("ctrl+shift+s")
    kept = screen.home / "kept.vqproj"
    screen.wait(lambda: bool(screen._windows("Save the project as")), "a dialog")
    screen.keys("ctrl+a")
    screen.type(str(kept))
    screen.keys("Return")
    screen.wait(kept.exists, "the project")
    screen.wait(lambda: "kept.vqproj" in screen.title(), "its name in the title")
    screen.focus()
    screen.keys("ctrl+q")
    assert screen.await_end() == 0
    assert not untitled(screen)
    painted = lengths(kept)
    assert painted[1] >= 4
    assert painted[2] >= 4
    with Project.open(kept, read_only=True) as project:
        branch = project.take(2)
        assert (branch.parent, branch.branched_at) == (1, 2)
        assert [each.settings.prompts[0].text for each in project.changes(2)][-1] == "sky"

    screen.start(str(kept))
    screen.wait(lambda: "kept.vqproj" in screen.title(), "the project")
    screen.keys("ctrl+q")
    assert screen.await_end() == 0
    assert lengths(kept) == painted


def test_what_is_painted_outlives_a_kill(screen: Screen) -> None:
    screen.start()
    screen.keys("ctrl+n")
    screen.type("red circle")
    screen.keys("Return")
    screen.wait(lambda: has_painted(screen, 1, 4), "four iterations")
    screen.kill()
    [left] = untitled(screen)
    before = lengths(left)[1]
    assert before >= 4
    screen.start()
    screen.wait(lambda: "Studio" in screen.title(), "a window")
    assert untitled(screen) == [left]
    assert lengths(left)[1] == before
