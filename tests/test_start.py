"""The way in: whatever is closed, full, missing or named oddly is understood, or told in a line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from studio import crash, start
from studio.log import log_path
from tests.cli.conftest import environment, folder

__all__ = ["environment", "folder"]
ROOT = Path(__file__).parents[1]
PAINT = ("paint", "sea", "--size", "32x32", "--cutouts", "2", "--iterations", "2", "--seed", "1")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path | None]:
    """What the window is opened with; there is none."""
    found: list[Path | None] = []

    def main(path: Path | None = None) -> int:
        found.append(path)
        return 0

    monkeypatch.setattr("studio.app.main", main)
    return found


@pytest.mark.parametrize(
    ("word", "path"),
    [
        ("a b.vqproj", "a b.vqproj"),
        ("X.VQPROJ", "X.VQPROJ"),
        ("file:///a%20b/%C3%BC.vqproj", "/a b/ü.vqproj"),
        ("FILE:///a.vqproj", "/a.vqproj"),
        ("file://localhost/a.vqproj", "/a.vqproj"),
    ],
)
def test_a_project_opens_however_it_is_named(
    word: str, path: str, opened: list[Path | None]
) -> None:
    assert start.main([word]) == 0
    assert opened == [Path(path)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a.vqproj", "b.vqproj"], "one project at a time"),
        (["painting.PNG"], "`paint PROMPT --init"),
        (["file:///a/b.jpeg"], "no project"),
        (["file://server/a.vqproj"], "another machine"),
    ],
)
def test_what_the_window_cannot_open_is_told_in_a_line(
    words: list[str],
    said: str,
    opened: list[Path | None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert start.main(words) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert not opened


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is a screen")
@pytest.mark.parametrize("display", [None, ":7999"])
@pytest.mark.parametrize("words", [[], ["bench", "--ui"]])
def test_without_a_screen_a_line_says_so_and_no_crash_is_told_of(
    words: list[str], display: str | None, environment: dict[str, str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        environment.pop(name, None)
    if display is not None:
        environment["DISPLAY"] = display
    elif words:
        return  # it measures offscreen then
    code = "import studio.bench.starting as s; s.start = lambda: s.Start(0, 0, False)\n"
    code += f"import sys; from studio.start import main; sys.exit(main({words!r}))"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert "no screen" in done.stderr
    assert "Traceback" not in done.stderr
    watch = crash.start()
    assert watch is not None
    watch.end()
    assert crash.previous() is None


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="shells close nothing there")
@pytest.mark.parametrize("closed", ["2>&-", "<&- >&- 2>&-"])
def test_with_closed_streams_it_paints(
    closed: str, environment: dict[str, str], folder: Path
) -> None:
    command = f'exec "$0" "$@" {closed}'
    words = [sys.executable, str(ROOT / "main.py"), *PAINT, "--out", "a.png"]
    done = subprocess.run(
        ["sh", "-c", command, *words, "--project", "a.vqproj"],
        env=environment,
        capture_output=True,
        timeout=200,
    )
    assert done.returncode == 0
    assert (folder / "a.png").exists()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to be had")
def test_a_full_disk_costs_the_log_and_nothing_else(
    environment: dict[str, str], folder: Path
) -> None:
    log_path().parent.mkdir(parents=True)
    log_path().symlink_to("/dev/full")
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "models", "list"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0
    for words in ("Traceback", "Logging error", "Exception ignored"):
        assert words not in done.stderr
    code = "from studio.log import log, start_logging; start_logging(); log.warning('said')"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=200
    )
    assert (done.returncode, done.stderr) == (0, "said\n")
