"""The losses of a VQGAN (Esser, Rombach, Ommer 2021, arXiv:2012.09841, sections 3.1 and 3.2)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.engine.perceptor import Perceptor, features

COMMITMENT = 0.25
"""beta of van den Oord et al. 2017 (arXiv:1711.00937), equation 3."""


def codebook_loss(z: Tensor, vectors: Tensor) -> Tensor:
    """Codebook term plus COMMITMENT times the commitment term; stop-gradients as in the paper.

    `z` and the `vectors` chosen for it have the same shape.
    """
    return F.mse_loss(vectors, z.detach()) + COMMITMENT * F.mse_loss(z, vectors.detach())


def pixel_loss(made: Tensor, real: Tensor) -> Tensor:
    """Absolute differences of pixels, of their edges, and of the picture at a quarter the size."""
    rows = (made - real).diff(dim=-2).abs().mean()
    columns = (made - real).diff(dim=-1).abs().mean()
    coarse = F.avg_pool2d(made - real, 4).abs().mean()
    return (made - real).abs().mean() + 0.5 * (rows + columns) + coarse


def perceptual_loss(perceptor: Perceptor, made: Tensor, real: Tensor) -> Tensor:
    """Distance of unit patch features in every layer of a CLIP (LPIPS' form, arXiv:1801.03924).

    Pictures (B, 3, H, W) in -1..1, H and W multiples of the perceptor's resolution, are compared
    tile by tile. The CLIP is our own, so nothing has to be downloaded.
    """
    visual = perceptor.clip.visual
    pairs = zip(
        features(visual, _tiles(perceptor, made)),
        features(visual, _tiles(perceptor, real)),
        strict=True,
    )
    distances = [
        (F.normalize(a.float(), dim=-1) - F.normalize(b.float(), dim=-1)).square().sum(-1).mean()
        for a, b in pairs
    ]
    return torch.stack(distances).mean()


def _tiles(perceptor: Perceptor, pictures: Tensor) -> Tensor:
    side = perceptor.resolution
    tiles = pictures.unfold(2, side, side).unfold(3, side, side)  # (B, 3, rows, columns, R, R)
    tiles = tiles.permute(0, 2, 3, 1, 4, 5).flatten(0, 2)
    return (tiles / 2 + 0.5 - perceptor.mean) / perceptor.deviation


def hinge_loss(real: Tensor, made: Tensor) -> Tensor:
    """What the discriminator minimises (Lim and Ye 2017, arXiv:1705.02894)."""
    return 0.5 * (F.relu(1 - real).mean() + F.relu(1 + made).mean())


def adaptive_weight(reconstruction: Tensor, adversarial: Tensor, last: nn.Parameter) -> Tensor:
    """Equation 7 of the VQGAN paper: how much the adversarial loss may weigh, at most 1e4."""
    (towards_real,) = torch.autograd.grad(reconstruction, last, retain_graph=True)
    (towards_fooling,) = torch.autograd.grad(adversarial, last, retain_graph=True)
    ratio = towards_real.norm() / (towards_fooling.norm() + 1e-4)
    return ratio.clamp(0, 1e4).detach()
