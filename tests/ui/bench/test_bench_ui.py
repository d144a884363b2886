"""`bench --ui`: what is measured is measured right; how quick it is, no test says."""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from studio import start
from studio.bench import made_up
from studio.bench.desk import Desk
from studio.bench.heartbeat import Heartbeat, delays
from studio.bench.waiting import pause, until
from studio.core.schedule import Change
from studio.core.settings import Prompt, Settings
from studio.project.file import FIRST_TAKE, Project
from studio.ui.garbage import Garbage
from studio.work.studio import Studio
from tests.film.conftest import rows


def test_a_steady_heart_is_never_late() -> None:
    found = delays([n / 1000 for n in range(1001)])
    assert found.longest == pytest.approx(0, abs=1e-6)
    assert found.seconds == pytest.approx(1)


def test_a_pause_counts_with_every_beat_that_it_swallowed() -> None:
    steady = [n / 1000 for n in range(900)]
    found = delays([*steady, 0.999, *(1 + n / 1000 for n in range(1, 2))])
    assert found.longest == pytest.approx(99, abs=0.5)
    assert 80 < found.p99 < 99
    assert found.median == pytest.approx(0, abs=0.1)


def test_the_heart_notices_that_the_thread_was_busy(qtbot: QtBot) -> None:
    heart = Heartbeat()
    heart.start()
    pause(0.02)
    time.sleep(0.05)
    pause(0.01)
    assert heart.stop().longest > 45


def test_rows_in_bulk_are_those_of_one_after_the_other(tmp_path: Path, with_models: None) -> None:
    made_up.make(tmp_path / "a.vqproj", 60)
    with Project.open(tmp_path / "a.vqproj", read_only=True) as project:
        assert project.length(FIRST_TAKE) == 60
        assert [each.number for each in project.iterations(FIRST_TAKE)] == list(range(60))
        assert project.proxy(FIRST_TAKE, 0) == project.proxy(FIRST_TAKE, made_up.PICTURES)
        assert project.proxy(FIRST_TAKE, 0) != project.proxy(FIRST_TAKE, 1)


@pytest.fixture
def desk(
    qtbot: QtBot, tmp_path: Path, with_models: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    for variable in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    desk = Desk(tmp_path)
    desk.window.show()
    yield desk
    desk.close()
    desk.window.deleteLater()


def test_every_position_is_waited_for(desk: Desk, tmp_path: Path) -> None:
    made_up.make(tmp_path / "a.vqproj", 30)
    assert desk.open(tmp_path / "a.vqproj", 30) > 0
    assert desk.scrub([3, 3, 20, 7]).a_second > 0
    assert desk.window.docks.timeline.position() == 7


@pytest.mark.slow
def test_after_scrubbing_a_long_project_it_paints_another(desk: Desk, tmp_path: Path) -> None:
    small = Settings(prompts=(Prompt(text="sea"),), size=(32, 32), cutouts=2)
    path = tmp_path / "a.vqproj"
    with Project.create(path, models=(), changes=[Change(0, small)]) as project:
        project.record_all(FIRST_TAKE, rows(0, 30, (32, 32)))
    desk.open(path, 30)
    desk.scrub([3, 20])
    desk.begin_painting()
    assert desk.window.document.length >= 3
    desk.end_painting()


def test_waiting_looks_again_after_a_signal(qtbot: QtBot) -> None:
    timer, ticks = QTimer(interval=1), []
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start()
    until(lambda: len(ticks) >= 3, timer.timeout)
    timer.stop()
    assert len(ticks) == 3


def test_garbage_is_looked_for_again_once_the_models_are_there(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen: list[bool] = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(True))
    studio = Studio()
    Garbage(studio)
    assert not gc.isenabled()
    studio.ready.emit([])
    assert gc.isenabled()
    studio.ready.emit([])
    assert frozen == [True]
    studio.close()
    studio.deleteLater()


def test_the_word_ui_leads_to_the_window_not_to_the_painter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[argparse.Namespace] = []

    def run(arguments: argparse.Namespace) -> int:
        asked.append(arguments)
        return 0

    monkeypatch.setattr("studio.bench.run.run", run)
    assert start.main(["bench", "--ui", "--json"]) == 0
    assert asked[0].json
