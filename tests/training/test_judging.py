"""The arithmetic of ranks, and that a judge's near misses are false and its captions its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from studio.engine.weights import load_perceptor
from studio.training import scenes
from studio.training.judge import Judge, JudgeRecipe, JudgeStage, accuracy, worn, worn_views
from studio.training.judge_words import caption, near_miss
from studio.training.judging import similarities, verdict
from studio.training.stage import fit
from tests.training import tiny

PROMPTS = ("one", "two", "three")


def test_ranks_pairs_and_the_mean_of_reciprocal_ranks() -> None:
    found = np.array([[0.9, 0.1, 0.2], [0.5, 0.4, 0.3], [0.8, 0.7, 0.6]])
    said = verdict(found, PROMPTS, [(0, 1), (0, 2), (1, 2)])
    assert [row.rank for row in said.rows] == [1, 2, 3]
    assert [row.first for row in said.rows] == ["one", "one", "one"]
    assert [row.similarity for row in said.rows] == [0.9, 0.4, 0.6]
    assert (said.first, said.pairs_right, said.pairs) == (1, 0, 3)
    assert said.mean_reciprocal_rank == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)


def test_a_pair_is_right_only_if_both_prompts_prefer_their_own() -> None:
    found = np.array([[0.5, 0.4, 0.9], [0.3, 0.6, 0.9], [0.1, 0.7, 0.2]])
    said = verdict(found, PROMPTS, [(0, 1), (1, 2)])
    assert (said.pairs_right, said.first) == (1, 0)


def test_what_is_as_like_comes_before_the_own_painting() -> None:
    said = verdict(np.full((3, 3), 0.5), PROMPTS, [(0, 1)])
    assert [row.rank for row in said.rows] == [3, 3, 3]
    assert (said.first, said.pairs_right) == (0, 0)


def test_pictures_are_compared_whatever_their_size() -> None:
    judge = tiny.perceptor().eval()
    small = tiny.pictures(count=1).pixels[0]
    pictures = [small, small, np.zeros((40, 64, 3), np.uint8)]
    found = similarities(judge, ("a red circle", "a blue circle"), pictures)
    assert found.shape == (2, 3)
    assert np.array_equal(found[:, 0], found[:, 1])
    assert not np.allclose(found[:, 0], found[:, 2])


@pytest.mark.parametrize(
    ("text", "family", "misses"),
    [
        (
            "a red circle to the left of it",
            "two shapes",
            {"right", "circle", "red"},
        ),
        ("two red balls", "several shapes", {"two", "red"}),
        ("a city at night", "city", {"at night", "city"}),
    ],
)
def test_a_near_miss_changes_one_thing(text: str, family: str, misses: set[str]) -> None:
    rng = np.random.default_rng(0)
    made = {near_miss(text, family, rng) for _ in range(60)}
    assert text not in made
    assert len(made) > len(misses)


def test_swapped_colours_are_a_near_miss_only_where_they_are_false() -> None:
    rng = np.random.default_rng(0)

    def made(text: str, family: str) -> set[str | None]:
        return {near_miss(text, family, rng) for _ in range(80)}

    swapped = "a blue square on red"
    assert swapped in made("a red square on blue", "shape")
    swapped = "red above and blue below"
    assert swapped in made("blue above and red below", "plain colour")
    assert "a blue and red gradient" not in made("a red and blue gradient", "plain colour")
    assert "blue and red stripes" not in made("red and blue stripes", "pattern")
    assert "a blue ball and a red ball" not in made("a red ball and a blue ball", "two shapes")
    assert near_miss("something", "abstract", rng) is None


def test_its_captions_are_worded_unlike_those_of_training() -> None:
    rng = np.random.default_rng(0)
    numbers = range(300)
    own = {caption(scenes.describe(7, k), scenes.facts(7, k), rng) for k in numbers}
    theirs = {scenes.describe(7, k).caption(rng) for k in numbers}
    assert len(own & theirs) < 0.12 * len(own)
    assert all(len(text.split()) <= 28 for text in own)


def test_worn_pictures_are_like_the_originals_but_not_the_same() -> None:
    pixels = tiny.pictures(count=3).pixels
    made = worn(tiny.vqgan(), pixels, torch.Generator().manual_seed(0))
    assert made.shape == pixels.shape
    assert made.dtype == np.uint8
    pictures = torch.from_numpy(pixels.copy()).permute(0, 3, 1, 2).float() / 255
    views = worn_views(pictures, 32, torch.Generator().manual_seed(0))
    assert views.shape == (3, 3, 32, 32)
    whole = torch.nn.functional.interpolate(pictures, (32, 32), mode="area")
    assert 0.001 < (views - whole).abs().mean() < 0.25


@pytest.mark.slow
def test_a_judge_learns_to_tell_captions_apart(tmp_path: Path) -> None:
    pictures = tiny.pictures(count=24)
    recipe = JudgeRecipe(seed=pictures.seed, steps=36, batch=16, near_misses=8, rate=3e-3)
    judge = tiny.perceptor(convolutional=True)
    losses: list[float] = []
    stage = JudgeStage(judge, pictures.pixels, pictures.pixels, np.arange(12), recipe)
    fit(stage, tmp_path, told=lambda step, figures: losses.append(figures["loss"]))
    assert len(losses) == recipe.steps
    assert np.mean(losses[-10:]) < np.mean(losses[:10]) - 0.2


@pytest.mark.slow
def test_a_judge_is_made_from_nothing_and_not_made_twice(tmp_path: Path) -> None:
    few = {"scenes": 24, "unseen": 128, "worn": 3, "captions": 60, "steps": 2, "batch": 6}
    judge = Judge(tmp_path, JudgeRecipe(**few))
    vqgan = Path("resources/models/starter/vqgan.safetensors")
    steps: list[int] = []
    found = judge.run(vqgan, told=lambda step, _: steps.append(step))
    assert steps == [0, 1]
    assert found.pictures == 128
    assert 0 <= found.first < 0.1
    made = load_perceptor(judge.weights)
    assert made.unknown_words("a red circle to the left of a blue square") == []
    assert judge.run(vqgan, told=lambda step, _: steps.append(step)) == found
    assert steps == [0, 1]


def test_accuracy_of_a_judge_that_knows_nothing_is_that_of_chance() -> None:
    pictures = tiny.pictures(count=128)
    found = accuracy(tiny.perceptor().eval(), pictures.pixels, pictures.seed)
    assert found.pictures == 128
    assert found.first < 0.06
    assert found.near_misses > 40
