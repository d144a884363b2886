"""Each loss against its formula, and what its gradient reaches."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from taming.modules.vqvae.quantize import VectorQuantizer2
from torch import Tensor, nn

from studio.engine.perceptor import features
from studio.training.losses import (
    adaptive_weight,
    codebook_loss,
    codebook_term,
    commitment_term,
    hinge_loss,
    likeness_loss,
    perceived,
    perceptual_loss,
    pixel_loss,
    total_variation,
)
from tests.training import tiny


def numbers(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_the_codebook_learns_at_full_weight_and_the_encoder_at_a_quarter() -> None:
    z, vectors = numbers(2, 3, 4, 5).requires_grad_(), numbers(2, 3, 4, 5, seed=1).requires_grad_()
    loss = codebook_loss(z, vectors)
    apart = (z - vectors).detach()
    assert float(loss.detach()) == pytest.approx(1.25 * float(apart.square().mean()), rel=1e-6)
    to_z, to_vectors = torch.autograd.grad(loss, (z, vectors))
    # d/dv mean((v - z)^2) and d/dz 0.25 mean((z - v)^2), each with the other held still
    torch.testing.assert_close(to_vectors, -2 * apart / apart.numel())
    torch.testing.assert_close(to_z, 0.25 * 2 * apart / apart.numel())


def test_the_codebook_loss_is_tamings() -> None:
    theirs = VectorQuantizer2(7, 4, beta=0.25, legacy=False)
    theirs.embedding.weight.data.copy_(numbers(7, 4))
    z = numbers(2, 4, 3, 3, seed=1).requires_grad_()
    _quantized, expected, (_, _, codes) = theirs(z)
    vectors = theirs.embedding(codes.view(2, 3, 3)).movedim(-1, 1)
    ours = codebook_loss(z, vectors)
    torch.testing.assert_close(ours, expected, atol=1e-6, rtol=0)
    for mine, other in zip(
        torch.autograd.grad(ours, (z, theirs.embedding.weight)),
        torch.autograd.grad(expected, (z, theirs.embedding.weight)),
        strict=True,
    ):
        torch.testing.assert_close(mine, other, atol=1e-6, rtol=0)


def test_pixels_count_with_their_edges_and_the_coarse_picture() -> None:
    real = numbers(1, 1, 4, 4)
    assert float(pixel_loss(real, real)) == 0
    # a constant difference has no edges
    assert float(pixel_loss(real + 0.5, real)) == pytest.approx(0.5 + 0.5)
    corner = real.clone()
    corner[..., 0, 0] += 1
    # one of 16 pixels, one of 12 steps down, one of 12 across, and the mean of the only block
    expected = 1 / 16 + 0.5 * (1 / 12 + 1 / 12) + 1 / 16
    assert float(pixel_loss(corner, real)) == pytest.approx(expected, rel=1e-5)


def test_coarse_differences_keep_their_sign_until_they_are_averaged() -> None:
    real = torch.zeros(1, 1, 4, 4)
    stripes = torch.tensor([1.0, -1.0, 1.0, -1.0]).expand(1, 1, 4, 4)
    # every pixel is off by 1, every step across by 2, no step down, and the mean by nothing
    assert float(pixel_loss(stripes, real)) == pytest.approx(1 + 0.5 * 2)


@pytest.mark.parametrize("convolutional", [False, True])
def test_perceptual_distance_is_nothing_only_between_equal_pictures(convolutional: bool) -> None:
    perceptor = tiny.perceptor(convolutional=convolutional).eval().requires_grad_(False)
    real = numbers(2, 3, 64, 32).tanh()
    made = (real + 0.3 * numbers(2, 3, 64, 32, seed=1)).requires_grad_()
    assert float(perceptual_loss(perceptor, real, real)) == 0
    loss = perceptual_loss(perceptor, made, real)
    assert loss > 0
    (gradient,) = torch.autograd.grad(loss, made)
    assert gradient.flatten(2).any(2).all()


@pytest.mark.parametrize("convolutional", [False, True])
def test_perceptual_distance_is_the_mean_over_tiles(convolutional: bool) -> None:
    perceptor = tiny.perceptor(convolutional=convolutional).eval().requires_grad_(False)
    made, real = numbers(1, 3, 64, 96).tanh(), numbers(1, 3, 64, 96, seed=1).tanh()
    tiles = [
        perceptual_loss(perceptor, *(p[..., y : y + 32, x : x + 32] for p in (made, real)))
        for y in (0, 32)
        for x in (0, 32, 64)
    ]
    torch.testing.assert_close(perceptual_loss(perceptor, made, real), torch.stack(tiles).mean())


def test_hinge_loss_is_its_formula() -> None:
    real, made = torch.tensor([-0.5, 0.25, 3.0]), torch.tensor([-4.0, -0.5, 1.5])
    expected = 0.5 * ((1.5 + 0.75 + 0) / 3 + (0 + 0.5 + 2.5) / 3)
    assert float(hinge_loss(real, made)) == pytest.approx(expected)
    assert float(hinge_loss(torch.ones(3), -torch.ones(3))) == 0


def two_losses(last: nn.Parameter) -> tuple[Tensor, Tensor]:
    """A reconstruction and an adversarial loss of one picture made by a last layer."""
    made = numbers(5, 3) @ last
    return made.square().mean(), -made.tanh().mean()


def test_adaptive_weight_is_the_ratio_of_two_gradients() -> None:
    last = nn.Parameter(numbers(3, 2, seed=1))
    reconstruction, adversarial = two_losses(last)
    weight = adaptive_weight(reconstruction, adversarial, last)
    (reconstruction + weight * adversarial).backward()  # the graph is still there
    norms = []
    for which in (0, 1):
        again = nn.Parameter(last.detach().clone())
        two_losses(again)[which].backward()
        assert again.grad is not None
        norms.append(float(again.grad.square().sum().sqrt()))
    assert float(weight) == pytest.approx(norms[0] / (norms[1] + 1e-4), rel=1e-5)
    assert not weight.requires_grad


def test_adaptive_weight_is_bounded() -> None:
    last = nn.Parameter(numbers(3, 2, seed=1))
    reconstruction, adversarial = two_losses(last)
    assert float(adaptive_weight(1e6 * reconstruction, 0 * adversarial, last)) == 1e4
    assert float(adaptive_weight(0 * reconstruction, adversarial, last)) == 0


def test_no_gradient_reaches_the_encoder_from_the_codebook_term() -> None:
    z, vectors = numbers(2, 3, 4, 5).requires_grad_(), numbers(2, 3, 4, 5, seed=1).requires_grad_()
    apart = (z - vectors).detach()
    to_z, to_vectors = torch.autograd.grad(
        codebook_term(z, vectors), (z, vectors), allow_unused=True
    )
    assert to_z is None
    torch.testing.assert_close(to_vectors, -2 * apart / apart.numel())
    to_z, to_vectors = torch.autograd.grad(
        commitment_term(z, vectors), (z, vectors), allow_unused=True
    )
    assert to_vectors is None
    torch.testing.assert_close(to_z, 2 * apart / apart.numel())


def test_total_variation_is_the_mean_step_between_neighbours() -> None:
    made = numbers(2, 3, 5, 6).requires_grad_()
    values = made.detach().numpy()
    expected = np.abs(values[:, :, 1:] - values[:, :, :-1]).mean()
    expected += np.abs(values[..., 1:] - values[..., :-1]).mean()
    loss = total_variation(made)
    assert float(loss.detach()) == pytest.approx(expected, rel=1e-5)
    (gradient,) = torch.autograd.grad(loss, made)
    down = np.sign(np.diff(values, axis=2)) / (2 * 3 * 4 * 6)
    across = np.sign(np.diff(values, axis=3)) / (2 * 3 * 5 * 5)
    by_hand = np.zeros_like(values)
    by_hand[:, :, 1:] += down
    by_hand[:, :, :-1] -= down
    by_hand[..., 1:] += across
    by_hand[..., :-1] -= across
    np.testing.assert_allclose(gradient.numpy(), by_hand, atol=1e-7)


def test_likeness_is_one_minus_the_cosine() -> None:
    perceptor = tiny.perceptor().eval().requires_grad_(False)
    made = numbers(2, 3, 32, 32).tanh().requires_grad_()
    wanted = F.normalize(numbers(2, 16, seed=1), dim=-1)
    loss = likeness_loss(perceptor, made, wanted)
    seen = perceptor.encode_pictures(made / 2 + 0.5)
    cosines = [torch.dot(s, w) / (s.norm() * w.norm()) for s, w in zip(seen, wanted, strict=True)]
    restated = 1 - (cosines[0] + cosines[1]) / 2
    torch.testing.assert_close(loss, restated)
    ours, theirs = (torch.autograd.grad(each, made)[0] for each in (loss, restated))
    torch.testing.assert_close(ours, theirs, atol=1e-6, rtol=1e-4)


def test_perception_is_the_mean_over_layers_of_unit_differences() -> None:
    perceptor = tiny.perceptor().eval().requires_grad_(False)
    made = numbers(1, 3, 32, 32).tanh().requires_grad_()
    real = numbers(1, 3, 32, 32, seed=1).tanh()
    seen = [
        features(perceptor.clip.visual, (each / 2 + 0.5 - perceptor.mean) / perceptor.deviation)
        for each in (made, real)
    ]
    restated = torch.zeros(())
    for ours, theirs in zip(*seen, strict=True):
        ours = ours / ours.norm(dim=-1, keepdim=True)
        theirs = theirs / theirs.norm(dim=-1, keepdim=True)
        # |a - b|^2 = 2 - 2 cos
        restated = restated + (2 - 2 * (ours * theirs).sum(-1)).mean() / len(seen[0])
    loss = perceived(perceptor, made, real)
    torch.testing.assert_close(loss, restated, atol=1e-5, rtol=1e-4)
    ours, theirs = (torch.autograd.grad(each, made)[0] for each in (loss, restated))
    torch.testing.assert_close(ours, theirs, atol=1e-6, rtol=1e-3)


def test_pictures_of_any_size_can_be_perceived() -> None:
    perceptor = tiny.perceptor().eval().requires_grad_(False)
    for side in (16, 40, 96):
        made = numbers(1, 3, side, side).tanh().requires_grad_()
        (gradient,) = torch.autograd.grad(perceived(perceptor, made, -made.detach()), made)
        assert gradient.flatten(2).any(2).all()


def test_hinge_pulls_only_what_is_not_told_apart_yet() -> None:
    real = torch.tensor([-0.5, 0.25, 3.0]).requires_grad_()
    made = torch.tensor([-4.0, -0.5, 1.5]).requires_grad_()
    to_real, to_made = torch.autograd.grad(hinge_loss(real, made), (real, made))
    torch.testing.assert_close(to_real, torch.tensor([-1 / 6, -1 / 6, 0.0]))
    torch.testing.assert_close(to_made, torch.tensor([0.0, 1 / 6, 1 / 6]))
