"""How the latents follow their gradient: torch's optimizers, one step at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.optim.adam import adam

from studio.core.settings import Optimizer

CLASSES: dict[Optimizer, Callable[..., torch.optim.Optimizer]] = {
    "adamw": torch.optim.AdamW,
    "radam": torch.optim.RAdam,
    "adagrad": torch.optim.Adagrad,
    "rmsprop": torch.optim.RMSprop,
}


def follow(
    optimizer: Optimizer, z: Tensor, rate: float, moments: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    """Move z by its gradient, in place, and return what the optimizer remembers for the next step.

    `moments` is what the last step returned, under torch's own names; empty at the first.
    """
    moments = {name: moment.clone() for name, moment in moments.items()}
    if optimizer == "adam":
        return _by_adam(z, rate, moments)
    stepping = CLASSES[optimizer]([z], lr=rate)
    if moments:
        stepping.state[z] = moments
    stepping.step()
    return dict(stepping.state[z])


@torch.no_grad()
def _by_adam(z: Tensor, rate: float, moments: dict[str, Tensor]) -> dict[str, Tensor]:
    """What torch.optim.Adam does. The classes load torch's compiler: a second, and 0.1 GB."""
    assert z.grad is not None
    if not moments:
        still = {name: torch.zeros_like(z) for name in ("exp_avg", "exp_avg_sq")}
        moments = {"step": torch.tensor(0.0), **still}
    adam(
        [z],
        [z.grad],
        [moments["exp_avg"]],
        [moments["exp_avg_sq"]],
        [],
        [moments["step"]],
        amsgrad=False,
        beta1=0.9,
        beta2=0.999,
        lr=rate,
        weight_decay=0.0,
        eps=1e-8,
        maximize=False,
    )
    return moments
