"""`doctor`: what this installation consists of, and what is wrong with a remedy for each."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from studio import __version__, places
from studio.cli import answer
from studio.errors import StudioError
from studio.log import log_path
from studio.models import store
from studio.models.store import Installed

PACKAGES = (
    "torch",
    "torchvision",
    "clip-anytorch",
    "taming-transformers-rom1504",
    "einops",
    "pytorch-lightning",
    "safetensors",
    "numpy",
    "pillow",
    "msgspec",
    "platformdirs",
    "tqdm",
    "imageio-ffmpeg",
    "PySide6-Essentials",
    "qasync",
)
LEAST_FREE = 1_000_000_000
"""Bytes on the disk; below it a long painting may not fit."""
REINSTALL = "install VQGAN-CLIP Studio again with pip"

Problem = dict[str, str]


def run(arguments: argparse.Namespace) -> int:
    """Examine the installation; 1 when something is wrong."""
    problems: list[Problem] = []
    found: dict[str, Any] = {
        "version": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": _packages(problems),
        "devices": _devices(problems),
        "memory_bytes": _memory(),
        "disk_free_bytes": _disk(problems),
        "ffmpeg": _ffmpeg(problems),
        "models": _models(problems),
        "folders": _folders(problems),
        "log": str(log_path()),
        "problems": problems,
    }
    answer.give(found, _lines(found), as_json=arguments.json)
    return 1 if problems else 0


def _packages(problems: list[Problem]) -> dict[str, str | None]:
    versions: dict[str, str | None] = {}
    for name in PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = None
            problems.append(_problem(f"The package {name} is missing", REINSTALL))
    return versions


def _devices(problems: list[Problem]) -> list[str]:
    try:
        from studio.engine import device as devices

        names = dict.fromkeys(["cpu", devices.choose("auto").type])
        return [devices.describe(devices.choose(name)) for name in names]
    except (ImportError, OSError, RuntimeError) as error:
        problems.append(_problem(f"torch cannot be used ({error})", REINSTALL))
        return []


def _memory() -> int | None:
    """Bytes of main memory, where the system says."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf
        return None


def _disk(problems: list[Problem]) -> int:
    folder = _existing(places.projects())
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        problems.append(
            _problem(f"Only {answer.megabytes(free)} are free at {folder}", "free some space")
        )
    return free


def _ffmpeg(problems: list[Problem]) -> str | None:
    try:
        import imageio_ffmpeg

        program = imageio_ffmpeg.get_ffmpeg_exe()
        shown = subprocess.run(
            [program, "-version"], capture_output=True, text=True, timeout=20, check=True
        )
    except (ImportError, RuntimeError, OSError, subprocess.SubprocessError) as error:
        problems.append(_problem(f"ffmpeg cannot be run ({error})", REINSTALL))
        return None
    return f"{shown.stdout.splitlines()[0]} ({program})"


def _models(problems: list[Problem]) -> list[dict[str, Any]]:
    named = os.environ.get(store.VARIABLE)
    if named and not Path(named).is_dir():
        problems.append(
            _problem(
                f"{store.VARIABLE} names {named}, which is no folder",
                "name a folder of models with it, or unset it",
            )
        )
    models = store.installed()
    for kind in ("vqgan", "clip"):
        if not any(model.kind == kind for model in models):
            problems.append(_problem(f"There is no {kind} on this machine", REINSTALL))
    return [_model(model, problems) for model in models]


def _model(model: Installed, problems: list[Problem]) -> dict[str, Any]:
    found = {"name": model.name, "kind": model.kind, "path": str(model.weights)}
    try:
        actual, expected = store.sha256(model), store.expected_sha256(model)
        if expected in (None, actual):
            store.check_config(model)
    except (OSError, StudioError) as error:
        problems.append(_problem(f"{model.weights} cannot be read ({error})", "install it again"))
        return {**found, "state": "unreadable"}
    if expected not in (None, actual):
        problems.append(_problem(f"{model.weights} is not what it should be", "install it again"))
        return {**found, "sha256": actual, "state": "damaged"}
    return {**found, "sha256": actual, "state": "verified" if expected else "not verified"}


def _folders(problems: list[Problem]) -> dict[str, str]:
    folders = {
        "projects": places.projects(),
        "models": places.user_data() / "models",
        "log": log_path().parent,
    }
    for name, folder in folders.items():
        there = _existing(folder)
        try:
            with tempfile.TemporaryFile(dir=there):
                pass
        except OSError as error:
            problems.append(
                _problem(
                    f"The folder for {name}, {folder}, cannot be written ({error.strerror})",
                    f"change the permissions of {there}",
                )
            )
    return {name: str(folder) for name, folder in folders.items()}


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next(each for each in (folder, *folder.parents) if each.is_dir())


def _problem(what: str, remedy: str) -> Problem:
    return {"problem": what, "remedy": remedy}


def _lines(found: dict[str, Any]) -> Iterator[str]:
    memory = found["memory_bytes"]
    yield f"studio    {found['version']}"
    yield f"python    {found['python']} ({sys.executable})"
    yield f"system    {found['platform']}"
    yield f"devices   {', '.join(found['devices']) or 'none'}"
    yield f"memory    {'unknown' if memory is None else answer.megabytes(memory)}"
    yield f"disk      {answer.megabytes(found['disk_free_bytes'])} free"
    yield f"ffmpeg    {found['ffmpeg'] or 'missing'}"
    for name, version in found["packages"].items():
        yield f"package   {name} {version or 'missing'}"
    for model in found["models"]:
        yield f"model     {model['name']} {model['kind']}: {model['state']} ({model['path']})"
    for name, folder in found["folders"].items():
        yield f"folder    {name}: {folder}"
    yield ""
    for problem in found["problems"]:
        yield f"PROBLEM   {problem['problem']}; {problem['remedy']}."
    if not found["problems"]:
        yield "All is well."
