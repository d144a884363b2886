"""The program, called in this process or as one of its own, with tiny models to paint with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from studio import cli, places

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Result:
    """What a run of the program gave back."""

    status: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, Any]:
        """Standard output, which must be one JSON object and nothing else."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with blanks and letters of several scripts in its name."""
    here = tmp_path / "Meine Bilder ünï 画"
    here.mkdir()
    monkeypatch.chdir(here)
    for variable in ("XDG_STATE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    monkeypatch.setattr(places, "projects", lambda: tmp_path / "projects")
    return here


@pytest.fixture
def call(
    folder: Path, with_models: None, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Result]:
    """Call the program in this process."""

    def run(*words: str) -> Result:
        capsys.readouterr()
        return Result(cli.main(words), *capsys.readouterr())

    return run


@pytest.fixture
def environment(folder: Path, with_models: None) -> dict[str, str]:
    """The environment of a process; the current one with the folders of the test."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the program as a process."""
    started: list[subprocess.Popen[str]] = []

    def begin(*words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "main.py"), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=environment,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def process(start: Callable[..., subprocess.Popen[str]]) -> Callable[..., Result]:
    """Run the program as a process to its end."""

    def run(*words: str) -> Result:
        running = start(*words)
        out, err = running.communicate(timeout=200)
        return Result(running.returncode, out, err)

    return run


@pytest.fixture
def forbid(environment: dict[str, str], tmp_path: Path) -> Callable[..., None]:
    """Make packages fail when a process imports them."""

    def poison(*packages: str) -> None:
        for package in packages:
            trap = tmp_path / "traps" / package / "__init__.py"
            trap.parent.mkdir(parents=True)
            trap.write_text(f"raise AssertionError('{package} was imported')")
        environment["PYTHONPATH"] = os.pathsep.join([str(tmp_path / "traps"), str(ROOT)])

    return poison
