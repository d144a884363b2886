"""Which iteration is on at what time: once, round and round, back and forth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.ui.timeline.facts import PlayMode
from studio.ui.timeline.playback import Playback


@st.composite
def playbacks(draw: st.DrawFn) -> Playback:
    first = draw(st.integers(0, 1000))
    last = first + draw(st.integers(0, 1000))
    start = draw(st.integers(first, last))
    speed = draw(st.sampled_from([-1, 1])) * draw(st.floats(0.1, 8000))
    return Playback(float(start), speed, first, last, draw(st.sampled_from(PlayMode)))


seconds = st.floats(0, 1000)


@given(playbacks(), seconds)
def test_playing_stays_in_its_range(playback: Playback, time: float) -> None:
    moment = playback.at(time)
    assert playback.first <= moment.iteration <= playback.last
    assert abs(moment.speed) == abs(playback.speed)
    if playback.mode is not PlayMode.ONCE:
        assert not moment.is_over


@given(playbacks())
def test_playing_starts_where_it_is_told(playback: Playback) -> None:
    assert playback.at(0).iteration == playback.start


@given(playbacks(), st.floats(0, 10), st.floats(0, 10))
def test_going_on_from_a_moment_is_the_same_playing(
    playback: Playback, one: float, other: float
) -> None:
    """The player starts anew whenever pace or range change; nobody must see it."""
    moment = playback.at(one)
    resumed = Playback(
        moment.position, moment.speed, playback.first, playback.last, playback.mode
    ).at(other)
    whole = playback.at(one + other)
    span = playback.last - playback.first + 1
    apart = abs(resumed.position - whole.position)
    if playback.mode is PlayMode.LOOP:
        apart = min(apart, span - apart)
    assert apart < 1e-3


def shown(playback: Playback, count: int) -> list[int]:
    return [playback.at(each).iteration for each in range(count)]


@pytest.mark.parametrize(
    ("mode", "speed", "expected"),
    [
        (PlayMode.ONCE, 1.0, [3, 4, 5, 5, 5, 5, 5]),
        (PlayMode.ONCE, -1.0, [3, 2, 2, 2, 2, 2, 2]),
        (PlayMode.LOOP, 1.0, [3, 4, 5, 2, 3, 4, 5]),
        (PlayMode.LOOP, -1.0, [3, 2, 5, 4, 3, 2, 5]),
        (PlayMode.PING_PONG, 1.0, [3, 4, 5, 4, 3, 2, 3]),
        (PlayMode.PING_PONG, -1.0, [3, 2, 3, 4, 5, 4, 3]),
    ],
)
def test_the_order_of_iterations(mode: PlayMode, speed: float, expected: list[int]) -> None:
    assert shown(Playback(3.0, speed, 2, 5, mode), 7) == expected


def test_once_is_over_at_the_end_and_not_before() -> None:
    playback = Playback(0.0, 10.0, 0, 20, PlayMode.ONCE)
    assert not playback.at(1.99).is_over
    assert playback.at(2.0).is_over
    assert Playback(20.0, -10.0, 0, 20, PlayMode.ONCE).at(2.0).is_over


def test_back_and_forth_turns_round() -> None:
    playback = Playback(0.0, 10.0, 0, 20, PlayMode.PING_PONG)
    assert playback.at(1.0).speed == 10.0
    assert playback.at(3.0).speed == -10.0
    assert playback.at(4.5).speed == 10.0


def test_a_start_outside_is_brought_in() -> None:
    assert Playback(99.0, 1.0, 10, 20, PlayMode.LOOP).at(0).iteration == 20
    assert Playback(0.0, 1.0, 10, 20, PlayMode.PING_PONG).at(0).iteration == 10
