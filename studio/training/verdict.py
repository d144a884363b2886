"""An honest verdict: how well a VQGAN gives back pictures that it was never trained on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from torch import Tensor

from studio.atomic import write_whole
from studio.engine.perceptor import Perceptor
from studio.engine.vqgan import VQGAN
from studio.pictures import png
from studio.pictures.lettering import Letters
from studio.training import losses
from studio.training.pictures import parts, reconstruct

MOST = 64
"""Held-out pictures that are judged by."""
SHOWN = 8
"""Held-out pictures that are shown beside their reconstructions."""
BEYOND_CHANCE = 0.05
"""Decibels that are called no change."""
GAP, HEAD = 8, 26
"""Pixels between pictures of the contact sheet, and above them."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """How well held-out pictures are given back."""

    l1: float
    """Mean absolute difference of values in 0..1."""
    psnr: float
    """Decibels, the mean over the pictures; higher is better."""
    ssim: float
    """-1..1, higher is better (Wang et al. 2004, its constants and Gaussian window)."""
    frechet: float
    """Fréchet distance between CLIP embeddings of the pictures and of what is given back."""
    perplexity: float
    """Codes in use, counted by how evenly (exp of their entropy)."""
    codes_used: int
    pictures: int


@torch.no_grad()
def judge(vqgan: VQGAN, perceptor: Perceptor, pictures: NDArray[np.uint8]) -> Figures:
    """Figures on pictures (n, side, side, 3), n 2 or more for a Fréchet distance above 0."""
    real = as_values(pictures)
    made = as_values(given_back(vqgan, pictures))
    codes = torch.cat(
        [
            vqgan.nearest_codes(vqgan.encode(as_values(part) * 2 - 1)).flatten()
            for part in parts(pictures)
        ]
    )
    return Figures(
        l1=float((made - real).abs().mean()),
        psnr=float(psnr(made, real).mean()),
        ssim=float(ssim(made, real)),
        frechet=frechet(seen(perceptor, made), seen(perceptor, real)),
        perplexity=float(losses.perplexity(codes, vqgan.config.codes)),
        codes_used=len(codes.unique()),
        pictures=len(pictures),
    )


def given_back(vqgan: VQGAN, pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pictures as the VQGAN reconstructs them, (n, H, W, 3) both."""
    return np.concatenate([reconstruct(vqgan, part) for part in parts(pictures)])


def as_values(pictures: NDArray[np.uint8]) -> Tensor:
    """(n, H, W, 3) uint8 -> (n, 3, H, W) in 0..1."""
    return torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float() / 255


def psnr(made: Tensor, real: Tensor) -> Tensor:
    """Peak signal-to-noise ratio in decibels of each picture (n, 3, H, W) in 0..1; 100 at most."""
    error = (made - real).square().flatten(1).mean(1)
    return -10 * error.clamp(min=1e-10).log10()


def ssim(made: Tensor, real: Tensor) -> Tensor:
    """Structural similarity, the mean over pictures (n, 3, H, W) in 0..1 of 11 pixels or more.

    Wang et al. 2004, equation 13, where the whole window lies in the picture, channel by channel.
    (torchmetrics' mirrors the borders, and so gives other figures than the paper's program.)
    """
    reach = torch.arange(11.0) - 5
    line = torch.exp(-reach.square() / (2 * 1.5**2))
    window = (torch.outer(line, line) / line.sum() ** 2).expand(3, 1, 11, 11)

    def mean(values: Tensor) -> Tensor:
        return F.conv2d(values, window, groups=3)

    mx, my = mean(made), mean(real)
    vx, vy = mean(made * made) - mx * mx, mean(real * real) - my * my
    shared = mean(made * real) - mx * my
    c1, c2 = 0.01**2, 0.03**2
    alike = (2 * mx * my + c1) * (2 * shared + c2)
    return (alike / ((mx * mx + my * my + c1) * (vx + vy + c2))).mean()


@torch.no_grad()
def seen(perceptor: Perceptor, pictures: Tensor) -> NDArray[np.float64]:
    """Embeddings of pictures with values in 0..1, (n, embed_dim)."""
    each = [losses.embedded(perceptor, part * 2 - 1) for part in pictures.split(32)]
    return torch.cat(each).double().numpy()


def frechet(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Fréchet distance of two sets of vectors taken for Gaussian (Heusel et al. 2017, FID).

    |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)). With fewer vectors than dimensions it is a rough
    figure, good for before and after on the same pictures only.
    """
    apart = np.square(one.mean(0) - other.mean(0)).sum()
    spreads = [np.atleast_2d(np.cov(each, rowvar=False, bias=True)) for each in (one, other)]
    root = _root(spreads[0])
    # C1 C2 has the eigenvalues of C1^(1/2) C2 C1^(1/2), which is symmetric
    shared = np.linalg.eigvalsh(root @ spreads[1] @ root).clip(min=0)
    crossed = 2 * np.sqrt(shared).sum()
    return max(0.0, float(apart + np.trace(spreads[0]) + np.trace(spreads[1]) - crossed))


def _root(spread: NDArray[np.float64]) -> NDArray[np.float64]:
    values, vectors = np.linalg.eigh(spread)
    rooted: NDArray[np.float64] = (vectors * np.sqrt(values.clip(min=0))) @ vectors.T
    return rooted


def improved(before: Figures, after: Figures) -> bool:
    """Whether held-out pictures are given back better, by PSNR, and not worse by SSIM."""
    return after.psnr > before.psnr + BEYOND_CHANCE and after.ssim >= before.ssim - 0.005


def in_words(before: Figures, after: Figures) -> str:
    """The verdict in a few plain sentences."""
    change = after.psnr - before.psnr
    if improved(before, after):
        said = "It improved: held-out pictures are given back"
    elif change > BEYOND_CHANCE:
        said = "It is mixed: PSNR rose but SSIM fell; held-out pictures are given back"
    else:
        said = "It did not improve: held-out pictures are given back"
    told = (
        f"{said} with {after.psnr:.2f} dB instead of {before.psnr:.2f} dB ({change:+.2f}), "
        f"SSIM {after.ssim:.3f} instead of {before.ssim:.3f}."
    )
    if after.perplexity < 0.5 * before.perplexity:
        told += " It uses fewer codes than before."
    if after.pictures < 8:
        kept = "picture is" if after.pictures == 1 else "pictures are"
        told += f" Only {after.pictures} {kept} held out, which is little to judge by."
    return told


def contact_sheet(path: Path, rows: Sequence[tuple[str, NDArray[np.uint8]]]) -> None:
    """A picture of pictures (n, side, side, 3): rows of them, each with its title."""
    count, side = rows[0][1].shape[:2]
    font = Letters(14)
    widest = max(round(font.length(title)) for title, _ in rows)
    width, height = max(count * (side + GAP), widest + GAP) + GAP, len(rows) * (side + HEAD + GAP)
    sheet = Image.new("RGB", (width, height), (32, 32, 34))
    draw = ImageDraw.Draw(sheet)
    for number, (title, row) in enumerate(rows):
        top = number * (side + HEAD + GAP)
        font.write(draw, (GAP, top + 5), title, (220, 220, 220))
        for column, picture in enumerate(row):
            sheet.paste(Image.fromarray(picture), (GAP + column * (side + GAP), top + HEAD))
    write_whole(path, png.encoded(sheet))
