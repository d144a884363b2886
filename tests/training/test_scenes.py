"""The scene generator: exact repeats, any size, and captions that hold."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from studio.training.scenes import _FAMILIES, company, describe, draw, families, styles
from studio.training.scenes.spec import Family
from studio.training.scenes.styles import restyle
from studio.training.scenes.words import MAX_WORDS


def test_same_index_gives_same_picture() -> None:
    for index in range(8):
        assert np.array_equal(draw(1, index, 48).picture, draw(1, index, 48).picture)
    assert not np.array_equal(draw(1, 0, 48).picture, draw(2, 0, 48).picture)


def test_same_composition_at_two_sizes() -> None:
    correlations = []
    for index in range(40):
        if describe(3, index).style:
            continue
        small, large = draw(3, index, 64).picture, draw(3, index, 128).picture
        halved = large.reshape(64, 2, 64, 2, 3).mean((1, 3))
        correlations.append(np.abs(halved - small).mean())
    assert np.median(correlations) < 8


@pytest.mark.parametrize("size", [37, 128])
@pytest.mark.parametrize("family", _FAMILIES, ids=lambda family: family.name)
def test_every_family_draws(family: Family, size: int) -> None:
    for seed in range(4):
        rng = np.random.default_rng(seed)
        facts, _ = family.sample(rng)
        picture = family.paint(rng, size, facts)
        assert picture.shape == (size, size, 3)
        assert picture.dtype == np.float32
        assert np.isfinite(picture).all()


@pytest.mark.parametrize("size", [37, 128])
@pytest.mark.parametrize("style", styles())
def test_every_style_draws(style: str, size: int) -> None:
    plain = draw(0, 1, size).picture.astype(np.float32) / np.float32(255)
    styled = restyle(np.random.default_rng(0), plain, style)
    assert styled.shape == plain.shape
    assert 0 <= styled.min() <= styled.max() <= 1
    assert not np.allclose(styled, plain)


def test_captions_are_clean() -> None:
    rng = np.random.default_rng(0)
    seen = set()
    for index in range(3000):
        caption = describe(5, index).caption(rng)
        assert caption == caption.lower().strip()
        assert 1 <= len(caption.split()) <= MAX_WORDS
        assert set(caption) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ,")
        seen.add(caption)
    assert len(seen) > 2500


def test_describe_is_what_draw_says() -> None:
    for index in range(10):
        assert describe(7, index) == draw(7, index, 32).wordings


def test_distribution() -> None:
    counts = Counter(describe(9, index).family for index in range(4000))
    assert len(families()) >= 20
    assert set(counts) == set(families())
    assert max(counts.values()) < 0.15 * 4000
    styled = sum(bool(describe(9, index).style) for index in range(2000)) / 2000
    assert 0.25 < styled < 0.45


def test_a_company_has_as_many_as_it_says() -> None:
    rng = np.random.default_rng(0)
    told = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
    for _ in range(60):
        facts, phrases = company.FAMILIES[0].sample(rng)
        assert told[phrases.nouns[0].split()[0]] == facts["count"]


def test_what_is_said_to_be_left_is_on_the_left() -> None:
    family = company.FAMILIES[1]
    for seed in range(40):
        rng = np.random.default_rng(seed)
        facts, phrases = family.sample(rng)
        if facts["where"] not in ("left of", "right of"):
            continue
        plain = {**facts, "ground": "colour", "back": "black", "weather": ""}
        lone = family.paint(np.random.default_rng(0), 64, {**plain, "colour": "black"})
        both = family.paint(np.random.default_rng(0), 64, plain)
        middle = np.abs(both - lone).sum((0, 2)) @ np.arange(64)
        middle /= max(np.abs(both - lone).sum(), 1e-6)
        if np.abs(both - lone).sum() > 20:
            assert (middle < 32) == (facts["where"] == "left of"), phrases.nouns[0]
