"""Captions with one word changed, and pictures with one thing wrong."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from studio.training import scenes
from studio.training.near_misses import missed, spoilt, tells_sides


def misses(caption: str) -> set[str | None]:
    return {missed(caption, np.random.default_rng(seed)) for seed in range(200)}


def test_colours_change_or_change_places() -> None:
    found = misses("a red circle on a blue background")
    assert "a blue circle on a red background" in found
    assert any(each and each.endswith("circle on a blue background") for each in found)
    assert "a red circle on a blue background" not in found


def test_colours_that_say_the_same_in_any_order_do_not_change_places() -> None:
    assert "blue and red stripes" not in misses("red and blue stripes")


@pytest.mark.parametrize(
    ("caption", "miss"),
    [
        ("a cup to the left of a ball", "a cup to the right of a ball"),
        ("a cup above a ball", "a cup below a ball"),
        ("a castle at night", "a castle by day"),
        ("three balls", "two balls"),
    ],
)
def test_sides_numbers_and_times_change(caption: str, miss: str) -> None:
    assert miss in misses(caption)


def test_a_caption_that_tells_of_none_has_no_near_miss() -> None:
    assert misses("a castle on a hill") == {None}


def test_near_misses_of_scenes_differ_from_their_captions() -> None:
    rng = np.random.default_rng(0)
    captions = [scenes.describe(1, index).caption(rng) for index in range(300)]
    found = [(caption, missed(caption, rng)) for caption in captions]
    assert all(caption != miss for caption, miss in found)
    assert sum(miss is not None for _, miss in found) > 150


def test_spoilt_pictures_are_others_of_the_same_kind() -> None:
    pictures = torch.rand(24, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    sided = torch.arange(24) % 2 == 0
    made = spoilt(pictures, sided, np.random.default_rng(0))
    assert made.shape == pictures.shape
    assert 0 <= float(made.min()) <= float(made.max()) <= 1
    assert not (made == pictures).flatten(1).all(1).any()
    mirrored = (made == pictures.flip(3)).flatten(1).all(1)
    assert mirrored.any()
    assert not mirrored[~sided].any()


def test_sides_are_told_by_words_of_their_own() -> None:
    assert tells_sides("a cup on the left")
    assert not tells_sides("a bright cup")
