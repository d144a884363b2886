"""A small project in a folder with an awkward name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from made_up import Painter

from studio.project.file import Project


@pytest.fixture
def painter() -> Painter:
    return Painter()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "Ünï 🎨 #1 %20?"
    folder.mkdir()
    return folder / "a painting.vqproj"


@pytest.fixture
def project(painter: Painter, path: Path) -> Iterator[Project]:
    with painter.create(path) as project:
        yield project
