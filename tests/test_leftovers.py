"""What a process that was killed leaves behind is tidied up at the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg
import pytest

from studio import cli, leftovers
from studio.leftovers import sweep

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")

WAIT = "print('at it', flush=True); time.sleep(600)"
FILM = """
import asyncio
from studio.film import encoder
from studio.film.formats import format_of_kind
from studio.film.spec import About, Spec
few = bytes(each & 0xC0 for each in range(256))  # colours, or palettegen takes ages
def frames():
    yield from [os.urandom(128 * 128 * 3).translate(few) for _ in range({made})]
    {then}
about = About("a prompt", 1, "starter", "a program")
spec = Spec(format=format_of_kind({kind!r}), size=(128, 128), frames={count}, fps=25,
            quality="best", about=about)
asyncio.run(encoder.make(frames(), spec, out))
"""
WHOLE = f"""
from studio.atomic import whole_file
with whole_file(out) as unfinished:
    unfinished.write_bytes(b"half")
    {WAIT}
"""
BRIEFLY = f"""
from studio import leftovers
with leftovers.temporary() as folder:
    (folder / "film.mkv").touch()
    {WAIT}
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of its own; there is a film already."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    for name in ("films/frames", "tmp"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "films/film.gif").write_bytes(b"the former film")
    (tmp_path / "films/frames/frame-000000.png").write_bytes(b"the former frame")
    return tmp_path


def python(home: Path, body: str, out: str = "film.gif") -> subprocess.Popen[str]:
    """A process that makes a film at `out`."""
    place = str(home / "films" / out)
    head = f"import os, sys, time\nfrom pathlib import Path\nout = Path({place!r})\n"
    return subprocess.Popen(
        [sys.executable, "-c", head + body],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


def killed_at_it(home: Path, body: str, out: str = "film.gif") -> None:
    with python(home, body, out) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "at it\n"
        process.kill()


def film(kind: str, *, then: str = WAIT, made: int = 60, count: int = 100) -> str:
    return FILM.format(kind=kind, then=then, made=made, count=count)


def left(home: Path) -> list[str]:
    """Everything but the former films."""
    found = [each for name in ("films", "tmp") for each in (home / name).iterdir()]
    found += (home / "state").rglob("*.note")
    return [each.name for each in found if each.name not in ("film.gif", "frames")]


MAKERS = {
    "a file": (WHOLE, "film.gif"),
    "a GIF": (film("gif"), "film.gif"),
    "a film": (film("mp4"), "film.mp4"),
    "a folder": (film("folder"), "frames"),
    "a folder for a while": (BRIEFLY, ""),
}


@pytest.mark.slow
@pytest.mark.parametrize("maker", MAKERS)
def test_what_was_not_finished_is_gone_after_the_next_start(maker: str, home: Path) -> None:
    killed_at_it(home, *MAKERS[maker])
    assert len(left(home)) >= 2, "something is left, and a note of it"
    assert cli.main(["models", "verify", "none of this name"]) == 2
    assert left(home) == []
    assert (home / "films/film.gif").read_bytes() == b"the former film"
    assert (home / "films/frames/frame-000000.png").read_bytes() == b"the former frame"


@pytest.mark.slow
@pytest.mark.parametrize("renames", [1, 2])
def test_a_folder_of_frames_survives_a_kill_between_two_renames(renames: int, home: Path) -> None:
    deadly = f"""
renamed, rename = [], Path.rename
def kill_after(self, target):
    rename(self, target)
    renamed.append(target)
    if len(renamed) == {renames}:
        os.kill(os.getpid(), 9)
Path.rename = kill_after
"""
    with python(home, deadly + film("folder", then="", made=3, count=3), "frames") as process:
        process.wait()
    assert process.returncode == -signal.SIGKILL
    sweep()
    assert len(list((home / "films/frames").iterdir())) == 3
    assert left(home) == []


@pytest.mark.slow
def test_what_a_living_process_makes_is_left_alone(home: Path) -> None:
    with python(home, WHOLE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        before = left(home)
        sweep()
        assert left(home) == before
        process.kill()
    sweep()
    assert left(home) == []


def note_of(home: Path, *paths: Path) -> Path:
    note = home / "state" / "vqgan-clip-studio" / "log" / "unfinished" / "a.note"
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_bytes(b"\0".join(map(os.fsencode, paths)))
    return note


def test_a_note_of_something_else_is_thrown_away_and_not_obeyed(home: Path) -> None:
    for paths in ([home / "films/film.gif"] * 2, [home / "films"] * 2, [home], []):
        note = note_of(home, *paths)
        sweep()
        assert not note.exists()
        assert (home / "films/film.gif").exists()


def test_what_is_on_a_disk_that_is_not_here_is_remembered(home: Path) -> None:
    note = note_of(home, home / "away/.1.part.mp4", home / "away/film.mp4")
    sweep()
    (home / "away").mkdir()
    (home / "away/.1.part.mp4").touch()
    sweep()
    assert not note.exists()
    assert list((home / "away").iterdir()) == []


def test_where_no_note_can_be_written_files_are_made_all_the_same(home: Path) -> None:
    (home / "state").touch()
    with leftovers.temporary() as folder:
        assert folder.is_dir()
    assert not folder.exists()


def processes(home: Path) -> list[str]:
    """The ffmpegs that work on our films."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = each.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if words.startswith("ffmpeg\0") and str(home) in words:
            found.append(words)
    return found


def until(holds: Callable[[], bool]) -> None:
    patience = time.monotonic() + 75
    while not holds():
        assert time.monotonic() < patience
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="processes are told otherwise")
@pytest.mark.parametrize("at", ["palette.png", "film.gif"])
def test_the_ffmpeg_of_a_film_ends_with_the_program(
    at: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = home / "ffmpeg"  # which would need minutes for a film of seconds
    slow.write_text(
        f"#!{sys.executable}\nimport os, sys\nwords = sys.argv[1:]\n"
        "for number in [n for n, word in enumerate(words) if word == '-i'][:1]:\n"
        "    words[number:number] = ['-readrate', '0.05'] if 'gif' in words else []\n"
        f"os.execv({imageio_ffmpeg.get_ffmpeg_exe()!r}, ['ffmpeg', *words])\n"
    )
    slow.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(slow))
    then = WAIT if at == "palette.png" else ""
    with python(home, film("gif", then=then, made=200, count=200)) as process:
        try:
            until(lambda: ["paletteuse" in each for each in processes(home)] == [at == "film.gif"])
        finally:
            process.kill()
    until(lambda: not processes(home))
    sweep()
    assert left(home) == []
