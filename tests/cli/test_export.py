"""`export`: what it answers, what it refuses and in which words, and how it ends when stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.core.schedule import Change
from studio.core.settings import Prompt, Settings
from studio.project.document import ModelRef
from studio.project.file import Project
from tests.cli.conftest import Result
from tests.film.conftest import SIZE, rows

Call = Callable[..., Result]


@pytest.fixture
def project(folder: Path) -> str:
    """A project of twelve iterations, in the current folder."""
    path = folder / "some waves.vqproj"
    settings = Settings(prompts=(Prompt(text="waves"),), size=SIZE)
    models = [ModelRef("starter", "0" * 64, "vqgan")]
    with Project.create(path, models=models, changes=[Change(0, settings)]) as opened:
        opened.record_all(1, rows(0, 12, SIZE))
    return path.name


def test_json_tells_what_was_made(call: Call, project: str, folder: Path) -> None:
    result = call("export", project, "film.webp", "--fps", "10", "--duration", "1", "--json")
    assert (result.status, len(result.out.splitlines())) == (0, 1)
    assert result.answer == {
        "out": "film.webp",
        "frames": 10,
        "seconds": 1.0,
        "fps": 10.0,
        "size": [64, 48],
        "bytes": (folder / "film.webp").stat().st_size,
        "stop_frames": [0, 9],
    }


def test_people_read_the_same(call: Call, project: str) -> None:
    result = call("export", project, "film.webp", "--speed", "6", "--fps", "5")
    assert result.status == 0
    assert "10 of 64x48, 5 a second, 2.00 s" in result.out
    assert "Making film.webp: 10 frames" in result.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("film.avi", "No film ends in .avi"),
        ("film.mp4 --from 12", "iterations 0 to 11"),
        ("film.mp4 --from -1", "iterations 0 to 11"),
        ("film.mp4 --to 12", "iterations 0 to 11"),
        ("film.mp4 --from 9 --to 3", "begin at iteration 9"),
        ("film.mp4 --take 3", "no take 3; it has 1"),
        ("film.mp4 --mode morph --from 3 --to 3", "at least two stops"),
        ("film.mp4 --mode morph --duration 0.01", "too short for 2 stops"),
        ("film.mp4 --fps 0", "frames a second"),
        ("film.mp4 --fps 1000", "frames a second"),
        ("film.gif --fps 60", "at most 50 frames a second"),
        ("film.mp4 --duration -3", "duration"),
        ("film.mp4 --duration 1e9", "too long"),
        ("film.mp4 --speed 0", "speed"),
        ("film.mp4 --duration 1 --hold-first 2", "held for longer"),
        ("film.mp4 --size 63x48", "must be even"),
        ("film.gif --soundtrack a.mp3", "carries no sound"),
        ("film.mp4 --soundtrack a.mp3", "no sound file a.mp3"),
        ("film.mp4 --preset cinema", "no preset 'cinema'"),
        ("film.mp4 --pace fast", "invalid choice"),
        ("nowhere/film.mp4", "no folder"),
        (".", "holds other things"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    words: str, said: str, call: Call, project: str, folder: Path
) -> None:
    before = sorted(folder.iterdir())
    result = call("export", project, *words.split())
    assert result.status == 2
    assert said in result.err.splitlines()[-1]
    assert "Traceback" not in result.err
    assert sorted(folder.iterdir()) == before


def test_a_morph_without_its_model_says_which(call: Call, project: str) -> None:
    result = call("export", project, "film.mp4", "--mode", "morph", "--json")
    assert (result.status, result.out) == (1, "")
    assert "is not the starter that some waves.vqproj was painted with" in result.err


def test_best_without_its_model_is_made_of_previews_and_says_so(call: Call, project: str) -> None:
    result = call("export", project, "film.webp", "--quality", "best", "--json")
    assert result.status == 0
    assert "made of the recorded previews instead" in result.err


def test_a_project_without_iterations_is_refused(call: Call, folder: Path) -> None:
    changes = [Change(0, Settings(prompts=(Prompt(text="x"),)))]
    Project.create("empty.vqproj", models=[], changes=changes).close()
    result = call("export", "empty.vqproj", "film.mp4")
    assert result.status == 2
    assert "not painted yet" in result.err


@pytest.mark.slow
def test_a_timelapse_needs_neither_torch_nor_qt(
    process: Callable[..., Result], project: str, forbid: Callable[..., None], folder: Path
) -> None:
    forbid("torch", "PySide6", "qasync", "clip", "taming")
    result = process("export", project, "film.mp4", "--pace", "even", "--json")
    assert result.status == 0, result.err
    assert result.answer["bytes"] == (folder / "film.mp4").stat().st_size


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals as people send them on POSIX")
@pytest.mark.parametrize("out", ["film.mp4", "frames"])
def test_ctrl_c_ends_with_130_and_leaves_nothing(
    out: str, start: Callable[..., subprocess.Popen[str]], project: str, folder: Path
) -> None:
    (folder / "film.mp4").write_bytes(b"the former film")
    running = start("export", project, out, "--duration", "1500")
    deadline = time.monotonic() + 60
    while not list(folder.glob(".*.part*")) and time.monotonic() < deadline:
        assert running.poll() is None
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "nothing of" in err
    assert sorted(each.name for each in folder.iterdir()) == ["film.mp4", project]
    assert (folder / "film.mp4").read_bytes() == b"the former film"
