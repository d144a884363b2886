"""The bridge with tiny models, and a person who waits for its news."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio import places
from studio.core.settings import Prompt, Settings
from studio.work.facts import Draft, News
from studio.work.studio import Studio
from studio.work.weights import load
from tests.fakes import Fault, faulty
from tests.ui.conftest import nothing_left_behind, qtbot

__all__ = ["nothing_left_behind", "qtbot"]

SIGNALS = (
    *("opened", "closed", "changed", "activity_changed", "news", "finished", "failed", "said"),
    *("picture_read", "frame", "preview", "jobs_changed", "job_news", "job_finished"),
    *("queue_running", "queue_finished", "welcome"),
)


class Person(QObject):
    """Remembers all that the bridge tells, in order."""

    def __init__(self, studio: Studio, qtbot: QtBot) -> None:
        super().__init__(studio)
        self.studio, self.heard, self._qtbot = studio, [], qtbot
        self._ears = [Ear(name, self.heard, self) for name in SIGNALS]
        for ear in self._ears:
            getattr(studio, ear.name).connect(ear.hear)

    def all(self, name: str) -> list[Any]:
        """Everything that a signal has brought."""
        return [value for said, value in self.heard if said == name]

    def wait_for(self, name: str, count: int = 1) -> Any:
        """The last of so many; everything heard so far counts."""
        self._qtbot.waitUntil(lambda: len(self.all(name)) >= count)
        return self.all(name)[-1]

    def wait_until_it_is(self, activity: str) -> None:
        """Until the painter does this."""
        self._qtbot.waitUntil(lambda: self.studio.activity == activity)

    def forget(self) -> None:
        """Start listening anew."""
        self.heard.clear()

    def iterations(self) -> list[int]:
        """The numbers of all iterations of the news."""
        news: list[News] = self.all("news")
        return [iteration.number for each in news for iteration in each.iterations]


class Ear(QObject):
    """Hears one signal."""

    def __init__(self, name: str, heard: list[Any], parent: QObject) -> None:
        super().__init__(parent)
        self.name, self._heard = name, heard

    @Slot()
    @Slot(object)
    def hear(self, value: object = None) -> None:
        self._heard.append((self.name, value))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_models: None) -> Path:
    """Where projects go."""
    for variable in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    projects = tmp_path / "Bilder ünï"
    projects.mkdir()
    monkeypatch.setattr(places, "projects", lambda: projects)
    return projects


@pytest.fixture
def fault() -> Fault:
    """Set its `kind` to make the painter fail."""
    return Fault()


@pytest.fixture
def studio(qapp: QApplication, folder: Path, fault: Fault) -> Iterator[Studio]:
    studio = Studio(load=faulty(load, fault))
    yield studio
    studio.close()


@pytest.fixture
def person(studio: Studio, qtbot: QtBot) -> Person:
    return Person(studio, qtbot)


@pytest.fixture
def draft() -> Draft:
    return Draft(asked())


def asked(text: str = "sea", **changes: Any) -> Settings:
    """Settings of a painting that takes next to no time."""
    return Settings(**({"prompts": (Prompt(text=text),), "size": (32, 32), "cutouts": 2} | changes))


Wait = Callable[..., Any]
