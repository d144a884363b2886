"""Where the program's own things lie: what it brings along, and what it keeps for a person."""

from __future__ import annotations

from pathlib import Path

import platformdirs

import studio

_PACKAGE = Path(studio.__file__).parent


def resources() -> Path:
    """The folder with what the program brings along: models, catalogue, icons."""
    packed = _PACKAGE / "resources"
    return packed if packed.is_dir() else _PACKAGE.parent / "resources"


def user_data() -> Path:
    """The folder for what a person adds: models and, of an installed program, projects."""
    return platformdirs.user_data_path("vqgan-clip-studio", appauthor=False)


def projects() -> Path:
    """The folder for projects that are given no name of their own."""
    in_checkout = (_PACKAGE.parent / "main.py").is_file()
    return (_PACKAGE.parent if in_checkout else user_data()) / "projects"


def judge() -> Path:
    """The folder of the CLIP that judges paintings; it is in a checkout, and never shipped."""
    return _PACKAGE.parent / "tests" / "judge"


def examples() -> Path:
    """The folder with the example projects that the program brings along."""
    packed = _PACKAGE / "examples"
    return packed if packed.is_dir() else _PACKAGE.parent / "projects"
