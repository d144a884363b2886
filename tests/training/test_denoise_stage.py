"""A CLIP learns to point back to the picture, and is the same network with folded norms."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from studio.engine.perceptor import Perceptor
from studio.training import denoise_stage, stage
from studio.training.denoise_stage import (
    DenoisePlan,
    DenoisingStage,
    encoded,
    fold_norms,
    pointing,
    random_pictures,
    unfold_norms,
    views_of,
)
from studio.training.stage import fit
from tests.training import tiny

pytestmark = pytest.mark.slow


@pytest.fixture
def perceptor() -> Perceptor:
    """With norms that do something."""
    made = tiny.perceptor(convolutional=True)
    generator = torch.Generator().manual_seed(1)
    for module in made.clip.visual.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            for each in (module.weight.data, module.bias.data, module.running_mean):
                assert each is not None
                each.add_(0.3 * torch.randn(each.shape, generator=generator))
    return made.eval()


def seen_by(perceptor: Perceptor) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        return perceptor.encode_pictures(torch.rand(3, 3, 32, 32, generator=generator))


def test_folding_and_unfolding_change_nothing(perceptor: Perceptor) -> None:
    before, names = seen_by(perceptor), list(perceptor.state_dict())
    norms = fold_norms(perceptor)
    assert not [m for m in perceptor.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    torch.testing.assert_close(seen_by(perceptor), before, atol=1e-5, rtol=1e-4)
    unfold_norms(norms)
    torch.testing.assert_close(seen_by(perceptor), before, atol=1e-5, rtol=1e-4)
    assert list(perceptor.state_dict()) == names


def test_a_transformer_has_nothing_to_fold() -> None:
    assert fold_norms(tiny.perceptor()) == []


def test_pointing_is_one_for_the_same_direction_and_minus_one_for_the_other() -> None:
    wanted = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    assert float(pointing(3 * wanted, wanted)) == pytest.approx(1, abs=1e-5)
    assert float(pointing(-wanted, wanted)) == pytest.approx(-1, abs=1e-5)


def test_what_is_finer_than_the_squares_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(denoise_stage, "POOLED", (2,))
    wanted = torch.rand(1, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    board = torch.tensor([[1.0, -1.0], [-1.0, 1.0]]).repeat(4, 4)
    assert float(pointing(wanted + 9 * board, wanted)) == pytest.approx(1, abs=1e-4)


def test_views_of_a_picture_and_its_corruption_are_the_same() -> None:
    picture = torch.rand(4, 3, 48, 48, generator=torch.Generator().manual_seed(0))
    one, other = views_of((picture, picture), 32, torch.Generator().manual_seed(1))
    assert one.shape == (4, 3, 32, 32)
    assert torch.equal(one, other)
    assert not torch.equal(
        one, views_of((picture, picture), 32, torch.Generator().manual_seed(2))[0]
    )


def test_left_stays_left_in_every_view() -> None:
    picture = torch.zeros(32, 3, 48, 48)
    picture[:, :, :, :24] = 1
    (seen,) = views_of((picture,), 32, torch.Generator().manual_seed(1))
    assert bool((seen[:, :, :, :16].mean((1, 2, 3)) > seen[:, :, :, 16:].mean((1, 2, 3))).all())


def test_a_text_is_the_same_without_the_places_after_its_end(perceptor: Perceptor) -> None:
    rows = torch.zeros(2, 77, dtype=torch.int64)
    for line, text in zip(rows, ("a red circle", "a blue sea at night"), strict=True):
        found = perceptor.rows(text)
        line[: len(found)] = torch.tensor(found)
    with torch.no_grad():
        torch.testing.assert_close(
            encoded(perceptor.clip, rows), perceptor.clip.encode_text(rows), atol=1e-5, rtol=1e-4
        )


def test_the_pool_keeps_paintings_and_goes_on_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "EPOCH", 1)
    pictures = tiny.pictures(count=16)
    noise = random_pictures(tiny.vqgan(), 8, 48, seed=1)
    plan = DenoisePlan(steps=1, batch=12, pooled=4)
    learner = DenoisingStage(tiny.perceptor(), pictures, noise, plan, name="d", seed=1)
    fit(learner, tmp_path)
    begun = learner.pool_rows[:, 0].any(1)
    assert int(begun.sum()) == 4
    assert not torch.equal(learner.pool[begun][:, 0], learner.pool[begun][:, 1])
    batch = learner.batch(np.random.default_rng(0))
    assert bool((batch.fresh | begun[batch.slots]).all())


def test_what_it_makes_is_the_moving_average(tmp_path: Path) -> None:
    pictures = tiny.pictures(count=16)
    noise = random_pictures(tiny.vqgan(), 8, 48, seed=1)
    plan = DenoisePlan(steps=3, batch=12)
    learner = DenoisingStage(tiny.perceptor(), pictures, noise, plan, name="d", seed=1)
    fit(learner, tmp_path)
    last = learner.perceptor.clip.text_projection.detach().clone()
    made = learner.finish().clip.text_projection
    assert not torch.equal(made, last)
    torch.testing.assert_close(made, last, atol=0.05, rtol=0)


def test_random_pictures_are_the_same_for_the_same_seed() -> None:
    one = random_pictures(tiny.vqgan(), 3, 32, seed=1)
    assert (one.shape, one.dtype) == ((3, 32, 32, 3), np.uint8)
    assert np.array_equal(one, random_pictures(tiny.vqgan(), 3, 32, seed=1))
    assert not np.array_equal(one, random_pictures(tiny.vqgan(), 3, 32, seed=2))


@pytest.mark.parametrize("convolutional", [True, False])
def test_its_gradient_learns_to_point_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, convolutional: bool
) -> None:
    monkeypatch.setattr(stage, "EPOCH", 20)
    pictures = tiny.pictures(count=16)
    noise = random_pictures(tiny.vqgan(), 8, 48, seed=1)
    plan = DenoisePlan(steps=40, batch=12, rate=3e-3)
    learner = DenoisingStage(
        tiny.perceptor(convolutional=convolutional), pictures, noise, plan, name="d", seed=1
    )
    alike: list[float] = []
    learn = learner.learn

    def watched(batch: denoise_stage.Corrupted, generator: torch.Generator) -> dict[str, Tensor]:
        figures = learn(batch, generator)
        alike.append(float(figures["alike"]))
        return figures

    monkeypatch.setattr(learner, "learn", watched)
    fit(learner, tmp_path)
    assert np.mean(alike[-8:]) > np.mean(alike[:8]) + 0.05
    assert isinstance(learner.finish(), Perceptor)
