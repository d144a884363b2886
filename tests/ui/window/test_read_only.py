"""A project that may not be written where it is: shown, played and exported as a copy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from studio.core.schedule import Change
from studio.core.settings import Prompt, Settings
from studio.project import database, faults
from studio.project.file import Project
from studio.project.lock import WriterLock
from studio.work.easel import untitled_folder
from tests.film.conftest import rows
from tests.ui.window.conftest import Hand


class Refused(WriterLock):
    """A folder named "shared" may not be written."""

    def __init__(self, path: Path) -> None:
        if path.parent.name == "shared":
            raise faults.forbidden(path)
        super().__init__(path)


@pytest.mark.slow
def test_a_project_in_a_read_only_folder_opens_as_a_copy(
    open_window: Callable[..., Hand], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "shared" / "a.vqproj"
    path.parent.mkdir()
    settings = Settings(prompts=(Prompt(text="sea"),), size=(32, 32), cutouts=2)
    with Project.create(path, models=(), changes=[Change(0, settings)]) as project:
        project.record_all(1, rows(0, 12, (32, 32)))
    before = path.read_bytes()
    monkeypatch.setattr(database, "WriterLock", Refused)
    hand = open_window(path)
    document = hand.window.document
    hand.wait(lambda: document.length == 12)
    assert document.contents is not None
    assert document.contents.untitled
    assert document.contents.path.parent == untitled_folder()
    hand.wait(lambda: "may not be written" in hand.window.status.currentMessage())
    hand.wait(lambda: hand.window.canvas.picture() is not None)
    assert hand.window.actions_["export_film"].isEnabled()
    assert path.read_bytes() == before
