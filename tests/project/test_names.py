"""Names that are too long are told to be, whoever refuses them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studio.core.schedule import Change
from studio.core.settings import Prompt, Settings
from studio.errors import RequestError
from studio.project.file import Project

CHANGES = [Change(0, Settings(prompts=(Prompt(text="sea"),)))]


@pytest.mark.parametrize("length", [248, 250, 251, 252, 253, 254, 255, 256])
def test_a_name_without_room_for_what_lies_beside_it(length: int, tmp_path: Path) -> None:
    path = tmp_path / f"{'a' * (length - 7)}.vqproj"
    with pytest.raises(RequestError, match="too long"):
        Project.create(path, models=(), changes=CHANGES)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("length", [505, 511, 520, 700])
def test_a_path_that_sqlite_does_not_take(length: int, tmp_path: Path) -> None:
    folder = tmp_path
    while len(os.fsencode(folder)) < length - 100:
        folder /= "ü" * 40
    folder.mkdir(parents=True)
    path = folder / f"{'a' * (length - len(os.fsencode(folder)) - 8)}.vqproj"
    with pytest.raises(RequestError, match="too long"):
        Project.create(path, models=(), changes=CHANGES)
    assert os.listdir(folder) == []
