"""Takes in the order of their tracks, and what a take is made of."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from studio.ui.timeline.facts import Take
from studio.ui.timeline.rows import TRACK, least_height, rows
from studio.ui.timeline.tree import lineage, tracks

ROOT = Take(1, "one", 100)
LEFT = Take(2, "two", 150, 1, 60)
RIGHT = Take(3, "three", 90, 1, 40)
DEEP = Take(4, "four", 120, 2, 50)


@st.composite
def trees(draw: st.DrawFn) -> list[Take]:
    takes: list[Take] = []
    for number in range(1, draw(st.integers(1, 12)) + 1):
        parent = draw(st.none() | st.sampled_from(takes)) if takes else None
        at = draw(st.integers(0, parent.length)) if parent else 0
        length = at + draw(st.integers(0, 50))
        takes.append(Take(number, "x", length, parent.number if parent else None, at))
    return takes


def test_branches_stand_under_what_they_left() -> None:
    found = tracks([ROOT, LEFT, RIGHT, DEEP])
    assert [(each.take.number, each.depth) for each in found] == [(1, 0), (2, 1), (4, 2), (3, 1)]


@given(trees())
def test_every_take_has_one_track_below_its_parent(takes: list[Take]) -> None:
    found = [each.take.number for each in tracks(takes)]
    assert sorted(found) == [each.number for each in takes]
    for take in takes:
        assert take.parent is None or found.index(take.parent) < found.index(take.number)


def test_a_take_whose_parent_is_gone_is_a_root() -> None:
    assert [(each.take.number, each.depth) for each in tracks([LEFT, DEEP])] == [(2, 0), (4, 1)]


def test_lineage_goes_back_to_the_root() -> None:
    takes = [ROOT, LEFT, RIGHT, DEEP]
    assert lineage(takes, 2) == {2: 150, 1: 60}
    assert lineage(takes, 4) == {4: 120, 2: 50, 1: 50}
    assert lineage(takes, 9) == {}
    assert lineage(takes, None) == {}


@given(trees())
def test_a_take_has_no_more_of_an_ancestor_than_there_is(takes: list[Take]) -> None:
    lengths = {each.number: each.length for each in takes}
    for take in takes:
        for number, end in lineage(takes, take.number).items():
            assert 0 <= end <= lengths[number]


@given(st.integers(0, 2000), st.integers(0, 40))
def test_rows_fill_the_height_without_overlap(height: int, count: int) -> None:
    shared = rows(height, count)
    spans = (shared.ruler, shared.markers, shared.film, shared.curve, shared.tracks)
    assert spans[0].top == 0
    for one, other in pairwise(spans):
        assert one.height > 0
        assert one.bottom <= other.top <= one.bottom + 4
    assert shared.tracks.bottom == max(height, least_height())
    assert shared.tracks.height >= TRACK
