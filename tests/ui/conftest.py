"""Every test of the window: offscreen, and nothing may outlive it."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from functools import partial
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_API", "pyside6")

import pytest
import shiboken6
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

PATIENCE = 120_000
"""Milliseconds; a machine may be busy."""


@pytest.fixture(autouse=True)
def nothing_left_behind(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that leaves a running thread, an active timer or a top-level widget."""
    started: list[Any] = []
    for kind in (QThread, QTimer):
        _watch(kind, started, monkeypatch)
    gc.freeze()  # what is there already need not be looked through after each of a thousand tests
    before = set(map(id, QApplication.topLevelWidgets()))
    yield
    # pytest-qt has closed what it was given by now; what is to be deleted later is deleted here
    qapp.sendPostedEvents(None, 52)  # QEvent.DeferredDelete
    gc.collect()
    alive = [each for each in started if shiboken6.isValid(each)]
    running = [each for each in alive if isinstance(each, QThread) and each.isRunning()]
    ticking = [each for each in alive if isinstance(each, QTimer) and each.isActive()]
    shown = [each for each in QApplication.topLevelWidgets() if id(each) not in before]
    for thread in running:
        thread.quit()
        thread.wait(5000)
    for widget in shown:
        widget.close()
    assert not running, f"threads still run: {running}"
    assert not ticking, f"timers still tick: {ticking}"
    assert not shown, f"top-level widgets are left: {shown}"


@pytest.fixture
def qtbot(qtbot: QtBot) -> QtBot:
    """pytest-qt's, which waits for what must come as long as a busy machine takes."""
    for name in ("waitUntil", "waitSignal", "waitSignals", "waitExposed", "waitActive"):
        setattr(qtbot, name, partial(getattr(qtbot, name), timeout=PATIENCE))
    return qtbot


def _watch(kind: Any, started: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    start = kind.start

    def watched(self: Any, *words: Any) -> None:
        started.append(self)
        start(self, *words)

    monkeypatch.setattr(kind, "start", watched)
