"""The frames of a preview: made ahead, kept while there is room, never waited for."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from studio.errors import StudioError
from studio.work.errands import Errands
from studio.work.facts import Picture
from studio.work.reel import Reel

PICTURE = 30
"""Bytes of a picture."""


@pytest.fixture
def errands(qtbot: QtBot) -> Iterator[Errands]:
    errands = Errands()
    yield errands
    errands.close()


class Maker:
    """Makes pictures of one number, when it is let."""

    def __init__(self, *, waits: bool = False) -> None:
        self.made: list[int] = []
        self.may = threading.Event()
        if not waits:
            self.may.set()

    def __call__(self, moments: Sequence[int]) -> list[Picture]:
        assert self.may.wait(10)
        self.made += moments
        return [np.full((1, PICTURE // 3, 3), moment, np.uint8) for moment in moments]


def number(picture: Picture | None) -> int | None:
    return None if picture is None else int(picture[0, 0, 0])


def test_frames_come_ahead_and_equal_ones_are_made_once(errands: Errands, qtbot: QtBot) -> None:
    reel, maker = Reel(errands), Maker()
    reel.load([0, 0, 0, 1, 2, 2], maker, batch=2)
    qtbot.waitUntil(lambda: reel.ready() == [(0, 5)])
    assert maker.made == [0, 1, 2]
    assert [number(reel.frame(index)) for index in range(6)] == [0, 0, 0, 1, 2, 2]


def test_a_late_frame_is_replaced_by_the_one_before(errands: Errands, qtbot: QtBot) -> None:
    reel, maker = Reel(errands, room=4 * PICTURE), Maker()
    reel.load(range(100), maker, batch=1)
    qtbot.waitUntil(lambda: reel.ready() == [(0, 3)])
    maker.may.clear()
    assert number(reel.frame(5)) == 3
    with qtbot.waitSignal(reel.arrived):
        maker.may.set()
    qtbot.waitUntil(lambda: number(reel.frame(5)) == 5)


def test_room_is_kept_to_what_plays_next(errands: Errands, qtbot: QtBot) -> None:
    reel, maker = Reel(errands, room=10 * PICTURE), Maker()
    reel.load(range(100), maker, batch=2)
    for index in (0, 40, 95):
        reel.frame(index)
        wanted = {(index + ahead) % 100 for ahead in range(10)}
        qtbot.waitUntil(lambda wanted=wanted: at_hand(reel) == wanted)  # type: ignore[misc]
    assert len(maker.made) < 40


def at_hand(reel: Reel) -> set[int]:
    return {index for first, last in reel.ready() for index in range(first, last + 1)}


def test_what_takes_long_is_made_all_along_the_film_first(errands: Errands, qtbot: QtBot) -> None:
    reel, maker = Reel(errands), Maker()
    reel.load(range(64), maker, batch=1, coarse=True)
    qtbot.waitUntil(lambda: reel.ready() == [(0, 63)])
    after_first = maker.made[1:]  # of the first alone it is known how large pictures are
    assert after_first[:7] == [16, 32, 48, 8, 24, 40, 56]
    assert sorted(maker.made) == list(range(64))


def test_looks_are_answered_by_one_word_at_a_time(errands: Errands, qtbot: QtBot) -> None:
    reel, maker, told = Reel(errands), Maker(waits=True), list[int]()
    reel.arrived.connect(lambda: told.append(1))
    reel.load(range(50), maker, batch=1)
    assert reel.frame(0) is None
    maker.may.set()
    qtbot.waitUntil(lambda: reel.ready() == [(0, 49)])
    qtbot.waitUntil(lambda: bool(told))
    assert len(told) == 1


def test_pictures_of_another_film_are_thrown_away(errands: Errands, qtbot: QtBot) -> None:
    reel, slow, quick = Reel(errands), Maker(waits=True), Maker()
    reel.load([7], slow, batch=1)
    reel.load([8, 9], quick, batch=1)
    slow.may.set()
    qtbot.waitUntil(lambda: reel.ready() == [(0, 1)])
    assert [number(reel.frame(index)) for index in range(2)] == [8, 9]


def test_what_cannot_be_made_is_told_once(errands: Errands, qtbot: QtBot) -> None:
    def fails(moments: Sequence[int]) -> list[Picture]:
        raise StudioError("There is no such picture.")

    reel = Reel(errands)
    with qtbot.waitSignal(reel.failed) as failed:
        reel.load(range(5), fails, batch=1)
    assert failed.args is not None
    assert failed.args[0].sentence == "There is no such picture."
    assert reel.frame(0) is None


def test_a_film_that_fails_late_does_not_take_the_next_with_it(
    errands: Errands, qtbot: QtBot
) -> None:
    begun, may = threading.Event(), threading.Event()

    def fails_late(moments: Sequence[int]) -> list[Picture]:
        begun.set()
        may.wait(60)
        raise StudioError("The file is gone.")

    reel, faults = Reel(errands), list[object]()
    reel.failed.connect(faults.append)
    reel.load([7], fails_late, batch=1)
    assert begun.wait(60)
    reel.load([8, 9], Maker(), batch=1)
    may.set()
    qtbot.waitUntil(lambda: reel.ready() == [(0, 1)])
    assert not faults
