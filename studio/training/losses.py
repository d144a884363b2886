"""The losses of a VQGAN (Esser, Rombach, Ommer 2021, arXiv:2012.09841, sections 3.1 and 3.2)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.engine.perceptor import Perceptor, features

COMMITMENT = 0.25
"""beta of van den Oord et al. 2017 (arXiv:1711.00937), equation 3."""


def codebook_term(z: Tensor, vectors: Tensor) -> Tensor:
    """Draws the codebook vectors chosen for `z` towards it; `z` learns nothing from it.

    `z` and `vectors` have the same shape. Equation 3 of the same paper, second term.
    """
    return F.mse_loss(vectors, z.detach())


def commitment_term(z: Tensor, vectors: Tensor) -> Tensor:
    """Holds `z` to the codebook vectors chosen for it; they learn nothing from it (third term)."""
    return F.mse_loss(z, vectors.detach())


def codebook_loss(z: Tensor, vectors: Tensor) -> Tensor:
    """Codebook term plus COMMITMENT times the commitment term; stop-gradients as in the paper.

    taming's quantizer with `legacy=True` has COMMITMENT at the other term.
    """
    return codebook_term(z, vectors) + COMMITMENT * commitment_term(z, vectors)


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


def perceived(perceptor: Perceptor, made: Tensor, real: Tensor) -> Tensor:
    """The perceptual loss of pictures of any size, brought to a multiple of the CLIP's own."""
    side = perceptor.resolution * max(1, round(made.shape[-1] / perceptor.resolution))
    return perceptual_loss(perceptor, resized(made, side), resized(real, side))


def likeness_loss(perceptor: Perceptor, made: Tensor, wanted: Tensor) -> Tensor:
    """How far pictures are from unit embeddings (B, embed_dim): one minus the cosine, in the mean.

    Each picture (B, 3, H, W) in -1..1 is seen whole, at the perceptor's resolution.
    """
    return 1 - (embedded(perceptor, made) * wanted).sum(-1).mean()


def embedded(perceptor: Perceptor, pictures: Tensor) -> Tensor:
    """Unit embeddings of whole pictures: (B, 3, H, W) in -1..1 -> (B, embed_dim)."""
    seen = resized(pictures, perceptor.resolution)
    return perceptor.encode_pictures(seen / 2 + 0.5)


def resized(pictures: Tensor, side: int) -> Tensor:
    """Pictures at side x side, smoothed where they shrink."""
    if pictures.shape[-2:] == (side, side):
        return pictures
    return F.interpolate(pictures, (side, side), mode="bilinear", antialias=True)


def total_variation(made: Tensor) -> Tensor:
    """Mean absolute step between neighbouring pixels, down and across (Rudin et al. 1992)."""
    return made.diff(dim=-2).abs().mean() + made.diff(dim=-1).abs().mean()


def perplexity(codes: Tensor, rows: int) -> Tensor:
    """How many of `rows` codes are in use, counted by how evenly: exp of their entropy, 1..rows."""
    shares = torch.bincount(codes.flatten(), minlength=rows) / codes.numel()
    return torch.special.entr(shares).sum().exp()


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
