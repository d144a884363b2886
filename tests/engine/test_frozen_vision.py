"""Layers of a transformer with frozen weights against clip's own, value and gradient."""

from __future__ import annotations

import pytest
import torch
from clip.model import ResidualAttentionBlock
from torch import Tensor

from studio.engine import frozen_vision
from studio.engine.frozen_vision import FrozenLayer, FrozenLinear

WIDTH, PLACES = 128, 7


@pytest.fixture(params=["laid out", "plain"])
def matrices(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """As oneDNN lays them out, and as on a graphics card."""
    if not torch.backends.mkldnn.is_available():
        pytest.skip("torch has no oneDNN here")
    monkeypatch.setattr(frozen_vision, "_packs", lambda *_: request.param == "laid out")


def block() -> ResidualAttentionBlock:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        made = ResidualAttentionBlock(WIDTH, 2).requires_grad_(False)
        for parameter in made.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)  # biases and norms too
        made.mlp.c_fc.weight.mul_(3)  # so that the activation bends
    return made


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.usefixtures("matrices")
@pytest.mark.parametrize("places", [PLACES, 1])
def test_a_layer_is_clips(places: int) -> None:
    plain, x, pull = block(), random(3, PLACES, WIDTH), random(3, places, WIDTH, seed=1)
    ours, theirs = x.clone().requires_grad_(), x.clone().requires_grad_()
    frozen = FrozenLayer(plain, torch.float32)(ours, places)
    wanted = plain(theirs.transpose(0, 1)).transpose(0, 1)[:, :places]
    torch.testing.assert_close(frozen, wanted, rtol=1e-4, atol=1e-4)
    (frozen * pull).sum().backward()
    (wanted * pull).sum().backward()
    assert ours.grad is not None
    assert theirs.grad is not None
    torch.testing.assert_close(ours.grad, theirs.grad, rtol=1e-4, atol=1e-4)


@pytest.mark.usefixtures("matrices")
@pytest.mark.parametrize("rows", [1, 5, 50])
def test_a_linear_layer_is_scaled_on_its_way_there_alone(rows: int) -> None:
    weight, bias, x = random(12, WIDTH), random(12, seed=1), random(rows, WIDTH, seed=2)
    layer = FrozenLinear(weight, bias, torch.float32, scale=2.5)
    torch.testing.assert_close(layer.there(x), 2.5 * x @ weight.T + bias, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(layer.back(x[:, :12]), x[:, :12] @ weight, rtol=1e-4, atol=1e-4)


def test_what_flows_on_is_float32_in_a_lower_precision_too() -> None:
    x = random(2, PLACES, WIDTH).requires_grad_()
    seen = FrozenLayer(block(), torch.bfloat16)(x, PLACES)
    exact = FrozenLayer(block(), torch.float32)(x, PLACES)
    assert seen.dtype == torch.float32
    assert not torch.equal(seen, exact)
    torch.testing.assert_close(seen, exact, rtol=0.05, atol=0.05 * exact.std().item())
