"""Plans of films: exact counts, exact ends, stops at their frames, and loops that close."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.easing import EASES
from studio.core.film import LOOPS, PACES, Moment, Order, Place, Stop
from studio.core.film_plan import frame_count, morph, stops_between, timelapse
from studio.core.film_way import Leg
from studio.core.schedule import Keyframe
from studio.errors import RequestError

seconds = st.decimals("0.01", "40", places=3).map(float)
rates = st.one_of(st.sampled_from([12.5, 23.976, 29.97, 30.0]), st.floats(0.5, 120))


def line(length: int, take: int = 1, first: int = 0) -> tuple[Place, ...]:
    return tuple(Place(take, number) for number in range(first, first + length))


def position(moment: Moment) -> float:
    """Where in a single line of iterations a moment lies."""
    start, end = moment.start.iteration, moment.end.iteration
    return start + (end - start) * moment.share


def legs_of(stops: list[Stop], changes: list[float], loop: str) -> list[Leg]:
    ends = [Place(stop.take, stop.iteration) for stop in stops]
    if loop == "loop":
        ends.append(ends[0])
    return [Leg(pair, tuple(changes)) for pair in pairwise(ends)]


@given(seconds, rates)
def test_a_film_has_as_many_frames_as_its_length_times_its_rate(length: float, fps: float) -> None:
    count = frame_count(length, fps)
    assert count == max(1, round(Fraction(str(length)) * Fraction(str(fps))))
    assert abs(count - length * fps) <= 0.5 + 1e-9 or count == 1


@pytest.mark.parametrize(
    ("length", "fps", "frames"), [(0.1 + 0.2, 10, 3), (1.1, 30, 33), (0, 9, 1)]
)
def test_frames_are_counted_as_people_write_numbers(length: float, fps: float, frames: int) -> None:
    assert frame_count(length, fps) == frames


@given(
    st.integers(1, 90),
    seconds,
    rates,
    st.sampled_from(PACES),
    st.sampled_from(LOOPS),
    st.lists(st.floats(0, 9), min_size=90, max_size=90),
)
def test_a_timelapse_is_exact_in_count_and_ends_and_goes_one_way(
    length: int, duration: float, fps: float, pace: str, loop: str, changes: list[float]
) -> None:
    order = Order(duration=duration, fps=fps, pace=pace, loop=loop)  # type: ignore[arg-type]
    leg = Leg(line(length), tuple(changes[: length - 1]))
    moments, stops = timelapse(order, leg)
    assert len(moments) == frame_count(duration, fps)
    if len(moments) > 1:
        assert moments[0] == Moment((1, 0), (1, 0), 0)
        assert moments[stops[-1]] == Moment((1, length - 1), (1, length - 1), 0)
    there = [position(each) for each in moments[: stops[-1] + 1]]
    assert there == sorted(there)
    if pace == "iterations" and loop != "loop":
        assert {each.share for each in moments} == {0}


@given(st.integers(2, 40), st.integers(1, 20))
def test_each_iteration_of_a_timelapse_is_shown_equally_long(length: int, times: int) -> None:
    order = Order(duration=length * times / 10, fps=10)
    shown = [position(each) for each in timelapse(order, Leg(line(length))).moments]
    assert shown == [number for number in range(length) for _ in range(times)]


@given(st.integers(2, 40), st.integers(4, 80))
def test_a_pingpong_goes_back_without_showing_its_ends_twice(length: int, frames: int) -> None:
    order = Order(duration=frames / 10, fps=10, loop="pingpong", pace="even")
    moments, (_, turn) = timelapse(order, Leg(line(length), (1.0,) * (length - 1)))
    there, back = moments[1:turn], moments[turn:]
    ends = [each for each in back if position(each) == length - 1]
    assert len(ends) <= 2  # of an odd number of frames one is left over
    assert back[len(ends) :] == there[::-1]
    assert position(moments[-1]) > 0


def test_an_even_pace_spends_its_frames_where_the_picture_changes() -> None:
    changes = (8.0, 1.0, 1.0)
    moments, _ = timelapse(Order(duration=1.1, fps=10, pace="even"), Leg(line(4), changes))
    sums = [0.0, 8.0, 9.0, 10.0]
    reached = []
    for each in map(position, moments):
        step = min(int(each), 2)
        reached.append(sums[step] + (each - step) * changes[step])
    steps = [after - before for before, after in pairwise(reached)]
    assert steps == pytest.approx([1.0] * 10)


@given(st.integers(2, 60), st.integers(8, 200), st.sampled_from(PACES))
def test_a_loop_ends_in_its_first_picture_by_ever_smaller_steps(
    length: int, frames: int, pace: str
) -> None:
    order = Order(duration=frames / 10, fps=10, loop="loop", pace=pace)  # type: ignore[arg-type]
    moments = timelapse(order, Leg(line(length), (1.0,) * (length - 1))).moments
    assert moments[-1] == moments[0]
    closing = [each for each in moments if each.start == (1, length - 1) and each.end == (1, 0)]
    shares = [each.share for each in closing]
    assert shares == sorted(shares)


def test_holds_and_speed_add_up_to_the_length() -> None:
    order = Order(speed=10, fps=20, hold_first=0.5, hold_last=1)
    moments, stops = timelapse(order, Leg(line(30)))
    assert len(moments) == (0.5 + 3 + 1) * 20
    assert [position(each) for each in moments[:12]] == [0] * 12
    assert [position(each) for each in moments[-22:]] == [29] * 22
    assert stops == (0, 90 - 22)


def test_holds_longer_than_the_film_are_refused() -> None:
    with pytest.raises(RequestError, match="held for longer"):
        timelapse(Order(duration=1, hold_first=2), Leg(line(9)))


times = st.decimals("0", "3", places=2).map(float)
some_stops = st.lists(
    st.builds(
        Stop,
        take=st.integers(1, 2),
        iteration=st.integers(0, 9),
        hold=times,
        travel=times,
        ease=st.sampled_from(EASES),
    ),
    min_size=2,
    max_size=6,
)


@given(
    some_stops,
    st.none() | seconds,
    rates,
    st.sampled_from(PACES),
    st.sampled_from(LOOPS),
    st.lists(st.floats(0, 9), max_size=9),
)
def test_a_morph_is_exact_in_count_and_at_every_stop(
    stops: list[Stop],
    duration: float | None,
    fps: float,
    pace: str,
    loop: str,
    changes: list[float],
) -> None:
    order = Order(mode="morph", duration=duration, fps=fps, pace=pace, loop=loop)  # type: ignore[arg-type]
    visited = [Place(stop.take, stop.iteration) for stop in stops]
    if loop == "pingpong":
        visited += visited[-2:0:-1]
    natural = [Fraction(str(stop.hold)) for stop in stops]
    natural += [Fraction(str(stop.travel)) for stop in (stops if loop == "loop" else stops[:-1])]
    if loop == "pingpong":
        natural += [Fraction(str(stop.hold)) for stop in stops[1:-1]]
        natural += [Fraction(str(stop.travel)) for stop in stops[:-1]]
    count = frame_count(sum(natural) if duration is None else duration, fps)
    legs = legs_of(stops, changes, loop)
    if count < len(visited):
        with pytest.raises(RequestError, match="too short"):
            morph(order, stops, legs)
        return
    moments, frames = morph(order, stops, legs)
    assert len(moments) == count
    assert len(frames) == len(visited)
    assert list(frames) == sorted(set(frames))
    for frame, place in zip(frames, visited, strict=True):
        assert moments[frame] == Moment(place, place, 0)
    assert all(0 <= each.share < 1 for each in moments)


def test_stops_come_at_their_times() -> None:
    stops = [Stop(take=1, iteration=n, hold=h, travel=2) for n, h in ((0, 1), (5, 0), (9, 0.5))]
    moments, frames = morph(Order(mode="morph", fps=10), stops, legs_of(stops, [], "once"))
    assert len(moments) == 55
    assert frames == (0, 30, 50)
    stretched = morph(Order(mode="morph", fps=10, duration=11), stops, legs_of(stops, [], "once"))
    assert stretched.stop_frames == (0, 60, 100)


def test_an_even_morph_gives_a_leg_as_much_time_as_it_changes() -> None:
    stops = [Stop(take=1, iteration=n, hold=0, travel=2) for n in (0, 1, 2)]
    legs = [Leg(line(2), (3.0, 3.0)), Leg(line(2, first=1), (1.0, 1.0))]
    order = Order(mode="morph", fps=10, pace="even")
    assert morph(order, stops, legs).stop_frames == (0, 30, 39)


def test_a_pingpong_morph_comes_back_as_it_went() -> None:
    stops = [Stop(take=1, iteration=n, hold=0, travel=1, ease="in") for n in (0, 4, 9)]
    order = Order(mode="morph", fps=10, loop="pingpong")
    moments = morph(order, stops, legs_of(stops, [], "pingpong")).moments
    assert moments[:1] + moments[:0:-1] == moments


def test_a_morph_of_one_stop_is_refused() -> None:
    with pytest.raises(RequestError, match="two stops"):
        morph(Order(mode="morph"), [Stop(take=1, iteration=3)], [])


def test_stops_come_from_keyframes() -> None:
    keys = [
        Keyframe(iteration=4, hold=1.5, ease="out"),
        Keyframe(iteration=20),
        Keyframe(iteration=2),
    ]
    usual = Stop(take=3, iteration=0)
    stops = stops_between(3, 2, 9, keys, usual)
    assert [(stop.take, stop.iteration, stop.hold, stop.ease) for stop in stops] == [
        (3, 2, 0.0, "in-out"),
        (3, 4, 1.5, "out"),
        (3, 9, 0.5, "in-out"),
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"fps": 0}, "frames a second"),
        ({"fps": float("nan")}, "frames a second"),
        ({"duration": -1}, "duration"),
        ({"speed": 0}, "speed"),
        ({"hold_last": -2}, "held"),
        ({"size": (0, 4)}, "0x4"),
        ({"polish": 0}, "guided steps"),
    ],
)
def test_orders_that_make_no_film_are_refused(wrong: dict[str, float], said: str) -> None:
    with pytest.raises(RequestError, match=said):
        Order(**wrong)  # type: ignore[arg-type]


def test_a_film_of_a_million_frames_is_refused() -> None:
    with pytest.raises(RequestError, match="too long"):
        timelapse(Order(duration=1e6), Leg(line(3)))
