"""Keyframes: exact where they lie, smooth between them, and no edit alters what is painted."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core import planning
from studio.core.easing import EASES, Ease, eased
from studio.core.schedule import FIELDS, Change, Keyframe, settings_at
from studio.core.settings import Motion, Prompt, Settings
from studio.errors import RequestError

SEA = Settings(prompts=(Prompt(text="sea"),))
LAST = 40
STEEPEST = 3
"""How much faster than an even pace an eased value ever goes: the slope of the cubic curves."""
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "prompts": st.lists(
        st.builds(
            Prompt,
            text=st.sampled_from(["sea", "sky", "sand", "fog"]),
            weight=st.sampled_from([1.0, 2.0, -0.5]),
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    "learning_rate": st.floats(0.01, 1),
    "cutouts": st.integers(1, 64),
    "seed": st.integers(0, 9),
    "motion": st.builds(
        Motion,
        zoom=st.floats(0.9, 1.1),
        angle=st.floats(-5, 5),
        x=st.floats(-0.1, 0.1),
        y=st.floats(-0.1, 0.1),
        edges=st.sampled_from(["reflect", "wrap"]),
    ),
}
SOME = st.fixed_dictionaries({}, optional=VALUES)
EASED = st.fixed_dictionaries(
    {"ease": st.sampled_from(EASES)},
    optional={"eases": st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(EASES))},
)
KEYFRAMES = st.dictionaries(st.integers(0, LAST), st.tuples(SOME, EASED), max_size=5).map(
    lambda found: [Keyframe(iteration=at, **values, **ease) for at, (values, ease) in found.items()]
)
SMOOTH: tuple[Ease, ...] = ("linear", "in", "out", "in-out")


def planned(*keyframes: Keyframe, **fields: Any) -> list[Change]:
    return [Change(0, msgspec.structs.replace(SEA, **fields), keyframes)]


@given(KEYFRAMES, st.randoms(), st.integers(0, LAST + 5))
def test_the_order_of_keyframes_says_nothing(keyframes: list[Keyframe], dice: Any, at: int) -> None:
    mixed = list(keyframes)
    dice.shuffle(mixed)
    assert settings_at(planned(*mixed), at) == settings_at(planned(*keyframes), at)
    changes, again = planned(), planned()
    for one, other in zip(keyframes, mixed, strict=True):
        changes = [planning.with_keyframe(changes, one, 0)]
        again = [planning.with_keyframe(again, other, 0)]
    assert changes == again
    assert settings_at(changes, at) == settings_at(planned(*keyframes), at)


@given(KEYFRAMES)
def test_values_are_exactly_those_of_the_keyframes(keyframes: list[Keyframe]) -> None:
    for keyframe in keyframes:
        found = settings_at(planned(*keyframes), keyframe.iteration)
        for name, value in keyframe.values.items():
            assert getattr(found, name) == value
        if "prompts" in keyframe.values:
            assert found.crossing is None


@given(KEYFRAMES, st.integers(0, LAST))
def test_what_no_keyframe_sets_stays_and_the_last_one_holds(
    keyframes: list[Keyframe], beyond: int
) -> None:
    changes = planned(*keyframes)
    set_somewhere = {name for each in keyframes for name in each.values}
    for at in range(LAST + 1):
        found = settings_at(changes, at)
        for name in set(FIELDS) - set_somewhere:
            assert getattr(found, name) == getattr(SEA, name)
    assert settings_at(changes, LAST + beyond) == settings_at(changes, LAST)


@given(KEYFRAMES)
def test_nothing_that_is_eased_jumps(keyframes: list[Keyframe]) -> None:
    smooth = [
        msgspec.structs.replace(each, eases={}, ease="linear" if each.ease == "step" else each.ease)
        for each in keyframes
    ]
    changes = planned(*smooth)
    measures: dict[str, Callable[[Settings], float]] = {
        "learning_rate": lambda each: math.log(each.learning_rate),
        "zoom": lambda each: math.log(each.motion.zoom),
        "angle": lambda each: each.motion.angle,
        "x": lambda each: each.motion.x,
    }
    places = {"learning_rate": "learning_rate"} | dict.fromkeys(("zoom", "angle", "x"), "motion")
    found = [settings_at(changes, at) for at in range(LAST + 1)]
    for measured, of in measures.items():
        name = places[measured]
        stops = sorted({0, *(k.iteration for k in smooth if name in k.values)})
        for at in range(LAST):
            first = max(stop for stop in stops if stop <= at)
            last = min((stop for stop in stops if stop > at), default=None)
            step = of(found[at + 1]) - of(found[at])
            way = 0.0 if last is None else of(found[last]) - of(found[first])
            even = 0.0 if last is None else abs(way) / (last - first)
            assert abs(step) <= STEEPEST * even + 1e-9
            assert step * way >= -1e-12  # it never turns back
    shares = [0.0 if each.crossing is None else each.crossing.share for each in found]
    stops = sorted({0, *(k.iteration for k in smooth if "prompts" in k.values)})
    for at in range(LAST):
        first = max(stop for stop in stops if stop <= at)
        last = min((stop for stop in stops if stop > at), default=None)
        if last is not None and found[first].prompts != found[last].prompts:
            after = 1.0 if at + 1 == last else shares[at + 1]
            assert 0 <= after - shares[at] <= STEEPEST / (last - first) + 1e-9


def test_a_value_travels_from_where_it_begins() -> None:
    later = Keyframe(iteration=10, learning_rate=0.8, cutouts=5, seed=7, motion=Motion(zoom=1.21))
    changes = planned(
        Keyframe(iteration=0, ease="linear"), later, learning_rate=0.2, cutouts=2, seed=1
    )
    found = settings_at(changes, 5)
    assert found.learning_rate == pytest.approx(0.4)
    assert found.motion.zoom == pytest.approx(1.1)
    assert (found.cutouts, found.seed) == (round(3.5), 1)
    assert settings_at(changes, 10).seed == 7


def test_each_value_eases_in_its_own_way() -> None:
    first = Keyframe(iteration=0, ease="in", eases={"cutouts": "step"})
    changes = planned(first, Keyframe(iteration=10, cutouts=90, motion=Motion(x=0.5)), cutouts=10)
    assert settings_at(changes, 5).motion.x == pytest.approx(0.5 / 8)
    assert [settings_at(changes, at).cutouts for at in (9, 10)] == [10, 90]


def test_prompts_cross_and_equal_ones_do_not() -> None:
    sky = (Prompt(text="sky"),)
    changes = planned(Keyframe(iteration=8, prompts=sky), Keyframe(iteration=16, prompts=sky))
    found = settings_at(changes, 2)
    assert found.prompts == SEA.prompts
    assert found.crossing is not None
    assert found.crossing.prompts == sky
    assert found.crossing.share == eased(0.25, "in-out") == 4 / 64
    assert settings_at(changes, 0).crossing is settings_at(changes, 12).crossing is None


@pytest.mark.parametrize("ease", EASES)
def test_curves_keep_their_ends_and_never_fall(ease: Ease) -> None:
    found = [eased(share / 50, ease) for share in range(51)]
    assert (found[0], found[-1]) == (0, 1)
    assert found == sorted(found)
    if ease != "step":
        assert max(b - a for a, b in pairwise(found)) <= STEEPEST / 50


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"iteration": -1}, "iteration 0 or later"),
        ({"hold": math.nan}, "0 seconds or more"),
        ({"hold": -1.0}, "0 seconds or more"),
        ({"ease": "bounce"}, "'bounce' is no way to ease"),
        ({"eases": {"size": "in"}}, "'size' is nothing that a keyframe sets"),
    ],
)
def test_keyframes_that_make_no_sense_are_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(RequestError, match=said):
        Keyframe(**({"iteration": 3} | fields))


def test_values_that_cannot_be_painted_are_refused_when_they_are_planned() -> None:
    for bad in ({"cutouts": 0}, {"learning_rate": -1.0}, {"prompts": ()}, {"seed": -1}):
        with pytest.raises(RequestError):
            planning.with_keyframe(planned(), Keyframe(iteration=5, **bad), 0)
        with pytest.raises(RequestError):
            planning.with_values(planned(), bad, 0)


# Edits of the plan

EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("paint"), st.integers(1, 10)),
        st.tuples(st.just("set"), st.integers(0, LAST), SOME, EASED),
        st.tuples(st.just("remove"), st.integers(0, 9)),
        st.tuples(st.just("move"), st.integers(0, 9), st.integers(0, LAST)),
        st.tuples(st.just("values"), SOME, st.booleans()),
    ),
    max_size=12,
)


class Book:
    """The changes of a take as a project keeps them, and what was painted with them."""

    def __init__(self, changes: list[Change]) -> None:
        self.changes = changes
        self.painted: list[Settings] = []

    @property
    def length(self) -> int:
        return len(self.painted)

    @property
    def keyframes(self) -> tuple[Keyframe, ...]:
        return planning.plan(self.changes, self.length).keyframes

    def paint(self, count: int) -> None:
        for _ in range(count):
            self.painted.append(settings_at(self.changes, self.length))

    def put(self, change: Change) -> None:
        assert change.iteration == self.length
        earlier = [each for each in self.changes if each.iteration < change.iteration]
        self.changes = [*earlier, change]

    def edit(self, kind: str, *about: Any) -> None:
        if kind == "paint":
            self.paint(*about)
        elif kind == "set":
            at, values, ease = about
            keyframe = Keyframe(iteration=at, **values, **ease)
            self.put(planning.with_keyframe(self.changes, keyframe, self.length))
        elif kind == "values":
            self.put(planning.with_values(self.changes, about[0], self.length, about[1]))
        elif self.keyframes:
            at = self.keyframes[about[0] % len(self.keyframes)].iteration
            if kind == "remove":
                self.put(planning.without_keyframe(self.changes, at, self.length))
            else:
                self.put(planning.with_moved(self.changes, at, about[1], self.length))


@given(EDITS)
def test_no_edits_alter_what_is_painted(edits: list[tuple[Any, ...]]) -> None:
    book = Book(planned())
    for kind, *about in edits:
        book.edit(kind, *about)
        assert [settings_at(book.changes, at) for at in range(book.length)] == book.painted
        iterations = [each.iteration for each in book.keyframes]
        assert iterations == sorted(set(iterations))


@given(EDITS, st.integers(1, 20), SOME, EASED)
def test_what_is_planned_ahead_makes_nothing_jump(
    edits: list[tuple[Any, ...]], ahead: int, values: dict[str, Any], ease: dict[str, Any]
) -> None:
    book = Book(planned())
    for kind, *about in edits:
        book.edit(kind, *about)
    before, length = settings_at(book.changes, book.length), book.length
    at = length + ahead
    for edit in (
        lambda: planning.with_keyframe(
            book.changes, Keyframe(iteration=at, **values, **ease), length
        ),
        lambda: planning.without_keyframe(book.changes, at, length),
    ):
        book.put(edit())
        after = settings_at(book.changes, length)
        if before.crossing is None:
            assert after == before
        else:  # where texts blend both are pulled towards instead, each with its share
            names = [name for name in FIELDS if name != "prompts"]
            assert [getattr(after, n) for n in names] == [getattr(before, n) for n in names]
        before = after


def test_a_keyframe_ahead_of_what_is_painted_keeps_the_present_value() -> None:
    book = Book(planned(learning_rate=0.2))
    book.paint(10)
    book.put(planning.with_keyframe(book.changes, Keyframe(iteration=20, learning_rate=0.8), 10))
    assert book.keyframes == (
        Keyframe(iteration=10, learning_rate=0.2),
        Keyframe(iteration=20, learning_rate=0.8),
    )
    assert settings_at(book.changes, 15).learning_rate == pytest.approx(0.4)


def test_planned_in_the_middle_of_a_crossing_both_sides_go_on_with_their_shares() -> None:
    sky, fog = (Prompt(text="sky"),), (Prompt(text="fog"),)
    first = Keyframe(iteration=0, ease="linear")
    book = Book(planned(first, Keyframe(iteration=20, prompts=sky)))
    book.paint(5)
    book.put(planning.with_keyframe(book.changes, Keyframe(iteration=10, prompts=fog), 5))
    anchor = next(each for each in book.keyframes if each.iteration == 5)
    assert anchor.prompts == (Prompt(text="sea", weight=0.75), Prompt(text="sky", weight=0.25))
    assert anchor.ease_of("prompts") == "linear"


def test_a_keyframe_set_again_keeps_the_values_that_are_not_given() -> None:
    first = Keyframe(iteration=9, cutouts=3, learning_rate=0.1, ease="in", hold=2)
    changes = [planning.with_keyframe(planned(), first, 0)]
    again = planning.with_keyframe(changes, Keyframe(iteration=9, cutouts=4), 0)
    assert again.keyframes == (Keyframe(iteration=9, cutouts=4, learning_rate=0.1),)


def test_a_painted_keyframe_counts_from_now_on() -> None:
    book = Book(planned())
    book.paint(10)
    book.put(planning.with_keyframe(book.changes, Keyframe(iteration=4, cutouts=3), 10))
    assert [settings_at(book.changes, at).cutouts for at in (4, 9, 10)] == [16, 16, 3]
    book.put(planning.without_keyframe(book.changes, 4, 10))
    assert settings_at(book.changes, 10).cutouts == 16
    with pytest.raises(RequestError, match="no keyframe at iteration 4"):
        planning.without_keyframe(book.changes, 4, 10)
    with pytest.raises(RequestError, match="no keyframe at iteration 4"):
        planning.with_moved(book.changes, 4, 20, 10)


def test_a_keyframe_takes_its_values_along_when_it_moves() -> None:
    there = Keyframe(iteration=30, seed=5, cutouts=9)
    changes = planned(Keyframe(iteration=20, cutouts=3, hold=1, ease="out"), there)
    moved = planning.with_moved(changes, 20, 30, 0)
    joined = Keyframe(iteration=30, seed=5, cutouts=3, hold=1, ease="out")
    assert moved.keyframes == (joined,)


def test_a_slider_writes_keyframes_for_what_has_some_or_is_recorded() -> None:
    book = Book(planned(Keyframe(iteration=20, cutouts=3)))
    book.paint(10)
    moved = {"cutouts": 8, "learning_rate": 0.5, "optimizer": "adamw"}
    change = planning.with_values(book.changes, moved, 10)
    assert change.keyframes == (
        Keyframe(iteration=10, cutouts=8),
        Keyframe(iteration=20, cutouts=3),
    )
    assert (change.settings.learning_rate, change.settings.optimizer) == (0.5, "adamw")
    recorded = planning.with_values(book.changes, moved, 10, record=True)
    assert recorded.keyframes[0] == Keyframe(iteration=10, cutouts=8, learning_rate=0.5)
    assert recorded.settings.learning_rate == SEA.learning_rate
    assert recorded.settings.optimizer == "adamw"


def test_changes_that_lie_ahead_become_keyframes_that_step() -> None:
    sky, fog = (Prompt(text="sky"),), (Prompt(text="fog"),)
    changes = [
        Change(at, msgspec.structs.replace(SEA, prompts=prompts, cutouts=cutouts))
        for at, prompts, cutouts in ((0, SEA.prompts, 4), (10, sky, 4), (20, fog, 6))
    ]
    found = planning.plan(changes, 15)
    for at in range(15, 30):
        assert settings_at([found], at) == settings_at(changes, at)
    assert [each.iteration for each in found.keyframes] == [0, 20]


def test_a_crossing_that_comes_with_given_settings_is_forgotten() -> None:
    sky = (Prompt(text="sky"),)
    book = Book(planned(Keyframe(iteration=20, prompts=sky)))
    half = settings_at(book.changes, 10)
    assert half.crossing is not None
    assert settings_at([Change(0, half)], 3).crossing is None
    change = planning.with_values(book.changes, {"crossing": half.crossing, "cutouts": 3}, 0)
    assert change.settings.crossing is None
