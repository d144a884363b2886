"""What a painting takes is said before, asked where it is too much, and shown meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton

from studio.core.settings import Settings
from studio.engine.painter import Painter, State, Step
from studio.work.facts import Memory
from tests.ui.window.conftest import Hand


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """An iteration lasts until this is set."""
    done, step = Event(), Painter.step

    def slow(self: Painter, state: State, settings: Settings, *more: Any) -> tuple[State, Step]:
        done.wait(60)
        return step(self, state, settings, *more)

    monkeypatch.setattr(Painter, "step", slow)
    done.set()
    yield done
    done.set()


@pytest.fixture
def room(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let there be so much memory."""
    hand.wait(lambda: bool(hand.window.room._demands))

    def let(room: int) -> None:
        found = Memory(used=10**9, total=10**11, room=room)
        monkeypatch.setattr("studio.work.memory.seen", lambda device: found)
        hand.wait(lambda: hand.window.room._memory == found)

    return let


def said(hand: Hand, words: str) -> list[str]:
    """What notes that can be seen say of it."""
    labels = hand.window.findChildren(QLabel)
    return [each.text() for each in labels if words in each.text() and not each.isHidden()]


def asked(hand: Hand) -> QMessageBox:
    [box] = [each for each in hand.window.findChildren(QMessageBox) if each.isVisible()]
    return box


def answer(hand: Hand, words: str) -> None:
    [button] = [each for each in asked(hand).findChildren(QPushButton) if words in each.text()]
    hand.click(button)


def test_memory_and_time_stand_beside_size_and_paint(hand: Hand) -> None:
    hand.wait(lambda: len(said(hand, "GB of memory")) == 2)
    window = hand.window
    small = window.room.seconds(window.document.settings)
    window.document.edit({"size": (64, 64)}, "Size")
    large = window.room.seconds(window.document.settings)
    assert small is not None
    assert large is not None
    assert small < large
    assert said(hand, "for an iteration")


def test_what_does_not_fit_is_asked_before(hand: Hand, room: Callable[[int], None]) -> None:
    window, document = hand.window, hand.window.document
    hand.write_prompt("sea")
    window.docks.prompts.commit()
    room(1)
    assert said(hand, "It needs about")
    hand.click(window.docks.bar.paint)
    answer(hand, "Cancel")
    assert document.contents is None
    hand.click(window.docks.bar.paint)
    answer(hand, "Paint anyway")
    hand.wait(lambda: document.length == 6 and hand.is_at_rest())
    hand.click(window.docks.bar.paint)  # which was answered already
    hand.wait(lambda: document.length == 12 and hand.is_at_rest())


def test_a_size_that_fits_is_offered(hand: Hand, room: Callable[[int], None]) -> None:
    window, document = hand.window, hand.window.document
    hand.write_prompt("sea")
    window.docks.prompts.commit()
    document.edit({"size": (64, 64)}, "Size")
    [demand] = window.room._demands.values()
    assert demand is not None
    needed = demand.memory(document.settings)
    document.edit({"size": (4096, 4096)}, "Size")
    room(round(needed / 0.9) + 1000)
    hand.click(window.docks.bar.paint)
    answer(hand, "Paint 64 x 64")
    hand.wait(lambda: document.length == 6 and hand.is_at_rest())
    assert document.settings.size == (64, 64)


def test_the_queue_is_asked_about_too(hand: Hand, room: Callable[[int], None]) -> None:
    window = hand.window
    hand.write_prompt("sea")
    window.docks.prompts.commit()
    room(1)
    window.queue._add(["sea"], [1], 6, False)
    answer(hand, "Cancel")
    window.queue._add(["sea"], [1], 6, False)
    answer(hand, "Paint anyway")
    hand.wait(lambda: len(window.queue._jobs) == 1)


def test_pause_and_stop_answer_within_an_iteration(hand: Hand, painted: Event) -> None:
    window, bar = hand.window, hand.window.docks.bar
    hand.wait(lambda: bool(window.room._demands))
    painted.clear()
    hand.write_prompt("sea")
    hand.click(bar.paint)
    hand.wait(lambda: window.studio.activity == "painting")
    hand.click(bar.paint)
    assert bar.paint.text() == "Pausing…"
    assert said(hand, "Pausing…")
    hand.click(bar.stop)
    assert bar.paint.text() == "Stopping…"
    painted.set()
    hand.wait(lambda: window.studio.activity == "idle")
    assert bar.paint.text() == "Paint"
    assert window.document.length < 6


def test_the_gauge_moves_within_an_iteration(
    hand: Hand, painted: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = hand.window
    hand.wait(lambda: bool(window.room._demands))
    painted.clear()
    hand.write_prompt("sea")
    hand.click(window.docks.bar.paint)
    hand.wait(lambda: window.studio.activity == "painting")
    began = time.monotonic()
    monkeypatch.setattr(
        "studio.work.memory.seen",
        lambda device: Memory(round((5 + time.monotonic() - began) * 1e9), 10**12, 10**12),
    )
    for gigabytes in (5, 6):
        hand.wait(lambda size=gigabytes: bool(said(hand, f"{size}.")))  # type: ignore[misc]
    painted.set()
