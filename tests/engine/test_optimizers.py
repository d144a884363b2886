"""The optimizers against torch's own classes, and what they must not load."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from studio.core.settings import OPTIMIZERS, Optimizer
from studio.engine.optimizers import follow

CLASSES = {
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "radam": torch.optim.RAdam,
    "adagrad": torch.optim.Adagrad,
    "rmsprop": torch.optim.RMSprop,
}

LOADS = """
import sys
import torch
from studio.engine import painter
from studio.engine.optimizers import follow
z = torch.ones(3, requires_grad=True)
z.sum().backward()
follow("adam", z, 0.1, {})
print([name for name in ("torch._dynamo", "torchvision", "sympy") if name in sys.modules])
"""


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_steps_are_those_of_torchs_class(name: Optimizer) -> None:
    dice = torch.Generator().manual_seed(1)
    ours, theirs = (torch.ones(1, 3, 4, 4, requires_grad=True) for _ in range(2))
    stepping, moments = CLASSES[name]([theirs], lr=0.05), {}
    for _ in range(3):
        gradient = torch.randn(ours.shape, generator=dice)
        ours.grad, theirs.grad = gradient.clone(), gradient.clone()
        moments = follow(name, ours, 0.05, moments)
        stepping.step()
        assert torch.equal(ours, theirs)
    assert moments.keys() == stepping.state[theirs].keys()
    for remembered, moment in moments.items():
        assert torch.equal(moment, stepping.state[theirs][remembered])


def test_moments_given_stay_as_they_are() -> None:
    z = torch.ones(2, requires_grad=True)
    z.grad = torch.ones(2)
    before = follow("adam", z, 0.1, {})
    kept = {name: moment.clone() for name, moment in before.items()}
    follow("adam", z, 0.1, before)
    assert all(torch.equal(before[name], moment) for name, moment in kept.items())


def test_painting_starts_without_torchs_compiler() -> None:
    done = subprocess.run([sys.executable, "-c", LOADS], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
