"""Where a picture answers its prompts, told from the views that are seen anyway.

A place answers a prompt where views that show it are more like the prompt than others: the masked
evidence of RISE (Petsiuk, Das and Saenko 2018, arXiv:1806.07421), with cutouts for its masks.
"""

from __future__ import annotations

import torch
from torch import Tensor

from studio.engine.views import Views

PLACES = 16
"""Along each side of the picture."""


def footprints(views: Views) -> Tensor:
    """Which places each view shows: (n, PLACES * PLACES) of 0 and 1, on the CPU."""
    side = (torch.arange(PLACES) + 0.5) / PLACES * 2 - 1
    y, x = torch.meshgrid(side, side, indexing="ij")
    points = torch.stack((x.flatten(), y.flatten(), torch.ones(PLACES**2)))  # (3, places)
    seen = torch.linalg.inv(views.homography) @ points  # (n, 3, places)
    there = (seen[:, :2].abs() <= seen[:, 2:].abs()).all(1) & (seen[:, 2] > 0)
    return there.float()


def answers(losses: Tensor, views: Views) -> Tensor:
    """Of losses of prompts in views, (prompts, n): (prompts, 2, PLACES, PLACES).

    First the sum, over the views that show a place, of how much less their loss is than that of a
    view in the mean; then how many views those are.
    """
    shown = footprints(views)
    better = losses.mean(1, keepdim=True) - losses
    sums = torch.stack((better @ shown, shown.sum(0).expand(len(losses), -1)), 1)
    return sums.unflatten(2, (PLACES, PLACES))
