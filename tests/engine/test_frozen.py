"""Layers with frozen weights against torch's own, value and gradient."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.engine import frozen
from studio.engine.frozen import convolved, normed_convolved, normed_silu

SHAPES = [(1, 32, 20, 20), (1, 16, 33, 47), (2, 32, 64, 21), (1, 32, 19, 64), (1, 3, 32, 32)]


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def both(compute: Callable[[Tensor], Tensor], x: Tensor) -> tuple[Tensor, Tensor]:
    """What it computes, and the gradient of a random sum of that in x."""
    x = x.clone().requires_grad_()
    out = compute(x)
    (out * random(*out.shape, seed=1).to(out.dtype)).sum().backward()
    assert x.grad is not None
    return out.detach(), x.grad


def assert_same(ours: tuple[Tensor, Tensor], theirs: tuple[Tensor, Tensor]) -> None:
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("biased", [True, False])
def test_a_convolution_is_torchs(shape: tuple[int, ...], biased: bool) -> None:
    layer = nn.Conv2d(shape[1], 24, 3, padding=1, bias=biased).requires_grad_(False)
    x = random(*shape)
    assert_same(both(lambda x: convolved(layer, x), x), both(layer, x))


@pytest.mark.parametrize("height", [256, 259])
def test_a_large_convolution_is_the_same_in_bands(
    height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = nn.Conv2d(8, 4, 3, padding=1).requires_grad_(False)
    x = random(1, 8, height, 40)
    whole = both(lambda x: convolved(layer, x), x)
    monkeypatch.setattr(frozen, "BAND", 100 * 40 * 8 * 4)  # a hundred rows
    for one, other in zip(both(lambda x: convolved(layer, x), x), whole, strict=True):
        assert torch.equal(one, other)


def test_other_convolutions_are_left_as_they_are() -> None:
    x = random(1, 32, 24, 24)
    for layer in (
        nn.Conv2d(32, 32, 3, padding=1, stride=2),
        nn.Conv2d(32, 32, 3),
        nn.Conv2d(32, 32, 3, padding=1, groups=2),
        nn.Conv2d(32, 32, 3, padding=1, dilation=2),
        nn.Conv2d(32, 32, 3, padding=1, padding_mode="reflect"),
    ):
        layer.requires_grad_(False)
        assert torch.equal(convolved(layer, x), layer(x))


@pytest.mark.parametrize("groups", [4, 32])
@pytest.mark.parametrize("shape", [(2, 32, 9, 13), (1, 32, 256, 200), (2, 32, 150, 130)])
def test_a_norm_with_silu_is_torchs(groups: int, shape: tuple[int, ...]) -> None:
    norm = nn.GroupNorm(groups, 32, eps=1e-6).requires_grad_(False)
    norm.weight.copy_(random(32))
    norm.bias.copy_(random(32, seed=2))
    x = 3 * random(*shape) + 1
    assert_same(both(lambda x: normed_silu(norm, x), x), both(lambda x: F.silu(norm(x)), x))


@pytest.mark.parametrize("shape", [(2, 32, 24, 21), (1, 64, 200, 180), (1, 32, 9, 13)])
def test_a_norm_with_silu_and_a_convolution_is_torchs(shape: tuple[int, ...]) -> None:
    norm = nn.GroupNorm(8, shape[1], eps=1e-6).requires_grad_(False)
    norm.weight.copy_(random(shape[1]))
    norm.bias.copy_(random(shape[1], seed=2))
    layer = nn.Conv2d(shape[1], 24, 3, padding=1).requires_grad_(False)
    x = 3 * random(*shape) + 1
    ours = both(lambda x: normed_convolved(norm, layer, x), x)
    assert_same(ours, both(lambda x: layer(F.silu(norm(x))), x))
    with torch.no_grad():
        assert torch.equal(normed_convolved(norm, layer, x), ours[0])


def test_weights_that_learn_get_their_gradient() -> None:
    norm, layer = nn.GroupNorm(4, 32), nn.Conv2d(32, 32, 3, padding=1)
    x = random(1, 32, 24, 24)
    parameters = [*norm.parameters(), *layer.parameters()]
    ours = torch.autograd.grad(normed_convolved(norm, layer, x).square().sum(), parameters)
    theirs = torch.autograd.grad(layer(F.silu(norm(x))).square().sum(), parameters)
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other)
