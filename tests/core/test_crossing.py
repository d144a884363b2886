"""Prompts on their way to others: nothing pulls harder or elsewhere all of a sudden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.crossing import FARTHEST, Pull, pulls, stilled, strength, subject
from studio.core.settings import Crossing, Prompt

PROMPTS = st.lists(
    st.one_of(
        st.builds(
            Prompt,
            text=st.sampled_from(["sea", "sky", "sand"]),
            weight=st.sampled_from([1.0, 0.5, -1.0, 0.0]),
            stop=st.sampled_from([None, 0.3]),
            mask=st.sampled_from([None, "a" * 64]),
            on=st.booleans(),
        ),
        st.builds(Prompt, picture=st.just("b" * 64), weight=st.sampled_from([1.0, -0.5])),
        st.builds(Prompt, noise=st.integers(0, 1)),
    ),
    min_size=1,
    max_size=5,
).map(tuple)
Where = tuple[object, ...]


def weights(found: Sequence[Pull], share: float) -> dict[Where, float]:
    """The weight of each subject and sign; what lies between two texts counts for the nearer."""
    total: dict[Where, float] = defaultdict(float)
    for pull in found:
        near = pull.start if pull.end is None or (pull.start and share < 0.5) else pull.end
        assert near is not None
        total[(*subject(near), near.weight < 0)] += pull.weight
    return {where: weight for where, weight in total.items() if abs(weight) > 1e-6}


def wanted(prompts: Sequence[Prompt]) -> dict[Where, float]:
    return weights([Pull(prompt, prompt, 0.0) for prompt in prompts], 0.0)


@given(PROMPTS, PROMPTS)
def test_a_crossing_begins_and_ends_with_what_stands_there(
    ones: tuple[Prompt, ...], others: tuple[Prompt, ...]
) -> None:
    for share, there in ((1e-9, ones), (1 - 1e-9, others)):
        found = weights(pulls(ones, Crossing(prompts=others, share=share)), share)
        expected = wanted(there)
        assert found.keys() == expected.keys()
        assert all(found[where] == pytest.approx(expected[where]) for where in expected)


@given(PROMPTS, PROMPTS, st.floats(0.01, 0.98))
def test_weights_and_stops_never_jump(
    ones: tuple[Prompt, ...], others: tuple[Prompt, ...], share: float
) -> None:
    before = pulls(ones, Crossing(prompts=others, share=share))
    after = pulls(ones, Crossing(prompts=others, share=share + 0.001))
    for one, other in zip(before, after, strict=True):
        assert (one.start, one.end) == (other.start, other.end)
        assert other.weight == pytest.approx(one.weight, abs=0.0021)
        assert (one.stop is None) == (other.stop is None)
        if one.stop is not None and other.stop is not None:
            assert other.stop == pytest.approx(one.stop, abs=0.001 * (FARTHEST + 1))


@given(PROMPTS, PROMPTS, st.floats(0.01, 0.99))
def test_each_prompt_pulls_once_and_only_texts_blend(
    ones: tuple[Prompt, ...], others: tuple[Prompt, ...], share: float
) -> None:
    found = pulls(ones, Crossing(prompts=others, share=share))
    assert tuple(pull.start for pull in found if pull.start is not None) == ones
    ends = [pull.end for pull in found if pull.end is not None]
    assert sorted(map(repr, ends)) == sorted(map(repr, others))
    for pull in found:
        if pull.is_blend:
            assert pull.start is not None
            assert pull.end is not None
            assert all((pull.start.text, pull.end.text))
            assert pull.start.mask == pull.end.mask
            assert (pull.start.weight < 0) == (pull.end.weight < 0)


def test_texts_are_paired_in_their_order() -> None:
    sea, sky, sand = (Prompt(text=text) for text in ("sea", "sky", "sand"))
    away = Prompt(text="blur", weight=-1)
    loud = Prompt(text="sky", weight=3)
    found = pulls((sea, sky, away), Crossing(prompts=(loud, sand), share=0.25))
    assert found == (Pull(sea, sand, 0.25), Pull(sky, loud, 0.25), Pull(away, None, 0.25))
    assert [pull.weight for pull in found] == [1, 1.5, -0.75]
    assert [pull.is_blend for pull in found] == [True, False, False]


def test_without_a_crossing_every_prompt_pulls_as_it_is() -> None:
    off = Prompt(text="sea", stop=0.2, on=False)
    [pull] = pulls((off,), None)
    assert (pull, pull.weight, pull.stop) == (Pull(off, off, 0.0), 0.0, 0.2)


@given(PROMPTS, PROMPTS, st.floats(0.01, 0.99))
def test_stilled_each_side_keeps_its_share(
    ones: tuple[Prompt, ...], others: tuple[Prompt, ...], share: float
) -> None:
    found: dict[Where, float] = defaultdict(float)
    for prompt in stilled(ones, Crossing(prompts=others, share=share)):
        found[(*subject(prompt), prompt.weight < 0)] += strength(prompt)
    expected: dict[Where, float] = defaultdict(float)
    for prompts, part in ((ones, 1 - share), (others, share)):
        for prompt in prompts:
            expected[(*subject(prompt), prompt.weight < 0)] += part * strength(prompt)
    for where in {*found, *expected}:
        assert found[where] == pytest.approx(expected[where], abs=1e-9)
    assert stilled(ones, None) == ones
