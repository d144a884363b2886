"""Batch normalization for training, against torch's own."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from studio.workshop.norms import BatchNorm, quicken


@pytest.mark.parametrize("evaluating", [False, True])
def test_it_is_torchs_own_and_so_are_its_gradients(evaluating: bool) -> None:
    dice = torch.Generator().manual_seed(0)
    plain = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8))
    plain[1].weight.data.uniform_(0.5, 2, generator=dice)
    plain[1].bias.data.normal_(generator=dice)
    quick = copy.deepcopy(plain)
    quicken(quick)
    assert type(quick[1]) is BatchNorm
    pictures = torch.randn(6, 3, 9, 7, generator=dice) * 3 + 1
    aim = torch.randn(6, 8, 7, 5, generator=dice)
    found = []
    for network in (plain, quick):
        network.train(not evaluating)
        seen = pictures.clone().requires_grad_()
        made = network(seen)
        (made * aim).sum().backward()
        grads = [seen.grad, *(p.grad for p in network.parameters())]
        found.append([made, *grads, *network.buffers()])
    for one, other in zip(*found, strict=True):
        assert one is not None
        assert other is not None
        torch.testing.assert_close(other, one, atol=2e-4, rtol=1e-4)
