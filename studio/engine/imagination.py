"""Imagination: a text to a whole grid of codes, before CLIP has looked once.

The second stage of the VQGAN paper (Esser et al. 2021, section 3.3) as a masked transformer
(MaskGIT, Chang et al. 2022, arXiv:2202.04200): all places at once, the surest kept first. Texts
guide it as in Ho and Salimans 2022 (arXiv:2207.12598): away from what it would imagine without one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from studio.core import tokens
from studio.engine.vqgan import MOST_CODES, VQGAN

PASSES = 12
GUIDANCE = 4.0
"""How far towards the text, in the last pass."""
RESTLESS = 3.0
"""How much chance has a say in what is kept, in the first pass."""
MOST_LAYERS, MOST_CHANNELS, MOST_PLACES = 64, 2**12, 2**10
"""Of any imagination; what says more is no model but an attack, or a mistake."""
WAVES = 6
"""Frequencies by which a place is told, across and down."""


class ImaginationConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The shape of an imagination of a VQGAN with so many `codes`.

    `cells` is the side of the grids that it learned; row 0 of its words stands for all others, row
    1 for no text at all, row 2 + k for words[k].
    """

    codes: int
    cells: int
    width: int
    layers: int
    heads: int
    words: tuple[str, ...]
    word_width: int
    context: int
    """The most words that it reads of a text."""

    def __post_init__(self) -> None:
        sizes = (self.codes, self.cells, self.width, self.layers, self.heads, self.word_width)
        if min(*sizes, self.context) < 1:
            raise ValueError("every size must be 1 or more")
        if max(self.width, self.word_width) > MOST_CHANNELS or self.layers > MOST_LAYERS:
            raise ValueError(f"it has {self.layers} layers of {self.width} channels")
        if max(self.cells, self.context) > MOST_PLACES or self.codes > MOST_CODES:
            raise ValueError(f"it has {self.codes} codes in {self.cells} rows")
        if self.width % self.heads:
            raise ValueError(f"{self.width} channels cannot be shared by {self.heads} heads")

    @property
    def blocks(self) -> int:
        """Layers of the network."""
        return self.layers


class Imagination(nn.Module):
    """Codes (n, h, w) in which -1 is yet to be imagined, and words, to a guess for each place."""

    def __init__(self, config: ImaginationConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.words = nn.Embedding(len(config.words) + 2, config.word_width)
        self.widened = nn.Linear(config.word_width, width)
        self.order = nn.Parameter(0.02 * torch.randn(config.context, width))
        self.codes = nn.Embedding(config.codes + 1, width)  # the last row: yet to be imagined
        self.places = nn.Linear(4 * WAVES, width)
        self.blocks = nn.ModuleList(Block(width, config.heads) for _ in range(config.layers))
        self.norm, self.out = nn.LayerNorm(width), nn.Linear(width, width)
        self.bias = nn.Parameter(torch.zeros(config.codes))
        nn.init.normal_(self.codes.weight, std=0.02)
        self._rows = {word: k + 2 for k, word in enumerate(config.words)}

    def rows(self, texts: Sequence[str]) -> Tensor:
        """Rows of the words of texts, (n, words), -1 after their ends. "" is no text at all."""
        found = []
        for text in texts:
            row = [self._rows.get(word, 0) for word, _ in tokens.words(text)] or [1]
            found.append(torch.tensor(row[: self.config.context]))
        return pad_sequence(found, batch_first=True, padding_value=-1)

    def forward(self, rows: Tensor, codes: Tensor) -> Tensor:
        """Scores of every code for each place to be imagined.

        (n, words), (n, h, w) -> (places, codes), in the order of `codes < 0`.
        """
        height, width = codes.shape[1:]
        told = self.widened(self.words(rows.clamp(min=0))) + self.order[: rows.shape[1]]
        seen = self.codes(codes.where(codes >= 0, self.config.codes))
        seen = seen + self.places(waves(height, width).to(seen))
        x = torch.cat([told, seen.flatten(1, 2)], 1)  # (n, words + h*w, width)
        there = F.pad(rows >= 0, (0, height * width), value=True)[:, None, None]
        for block in self.blocks:
            x = block(x, there)
        x = self.out(self.norm(x[:, rows.shape[1] :][codes.flatten(1) < 0]))
        scores: Tensor = x @ self.codes.weight[:-1].t() + self.bias
        return scores


class Block(nn.Module):
    """A layer of a transformer, normed before each part."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm_1, self.norm_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attend, self.mixed = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: Tensor, there: Tensor) -> Tensor:
        """(n, places, width) both ways; `there` (n, 1, 1, places) says which may be looked at."""
        q, k, v = (
            self.attend(self.norm_1(x)).unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        )
        seen = attended(q, k, v, there)
        x = x + self.mixed(seen.transpose(1, 2).flatten(2))
        out: Tensor = x + self.down(F.gelu(self.up(self.norm_2(x))))
        return out


def attended(q: Tensor, k: Tensor, v: Tensor, there: Tensor) -> Tensor:
    """What each place makes of those that are there; all (n, heads, places, channels)."""
    if not q.requires_grad:
        return F.scaled_dot_product_attention(q, k, v, attn_mask=there)
    # the fused one takes half of a training step on a CPU (measured with torch 2.14)
    sums = (q * q.shape[-1] ** -0.5).flatten(0, 1) @ k.flatten(0, 1).transpose(1, 2)
    barred = torch.zeros(there.shape, dtype=q.dtype, device=q.device).masked_fill(~there, -1e4)
    shares = (sums.unflatten(0, q.shape[:2]) + barred).softmax(-1, dtype=q.dtype)
    return shares @ v


def waves(height: int, width: int) -> Tensor:
    """Where each place lies in the picture, (height, width, 4 * WAVES), at any proportions."""
    longest = max(height, width)
    down = (torch.arange(height) + 0.5 - height / 2) / longest
    across = (torch.arange(width) + 0.5 - width / 2) / longest
    rates = math.pi * 2.0 ** torch.arange(WAVES)
    vertical, horizontal = down[:, None] * rates, across[:, None] * rates
    parts = [
        each[:, None].expand(height, width, WAVES) for each in (vertical.sin(), vertical.cos())
    ] + [each[None].expand(height, width, WAVES) for each in (horizontal.sin(), horizontal.cos())]
    return torch.cat(parts, -1)


@torch.no_grad()
def imagine(
    model: Imagination,
    texts: Sequence[tuple[str, float]],
    size: tuple[int, int],
    generator: torch.Generator,
    *,
    given: Tensor | None = None,
    passes: int = PASSES,
    guidance: float = GUIDANCE,
) -> Tensor:
    """Codes (h, w) for texts with their weights; `size` is (h, w).

    `given` (h, w) are codes that stay, -1 where the picture is to be imagined. Weights count to
    each other; below zero a text is led away from.
    """
    rows = model.rows(["", *(text for text, _ in texts)]).to(model.bias.device)
    whole = sum(abs(weight) for _, weight in texts) or 1.0
    shares = [weight / whole for _, weight in texts]
    codes = torch.full(size, -1) if given is None else given.clone()
    codes = codes.flatten().to(model.bias.device)
    begun = int((codes < 0).sum())
    for number in range(1, passes + 1):
        fresh = (codes < 0).nonzero()[:, 0]
        if not len(fresh):
            break
        told = model(rows, codes.view(1, *size).expand(len(rows), -1, -1)).float()
        free, *texted = told.view(len(rows), len(fresh), -1)
        lead = sum(share * (each - free) for share, each in zip(shares, texted, strict=True))
        chances = (free + lead * (1 + guidance * number / passes)).softmax(-1)
        drawn = torch.multinomial(chances.cpu(), 1, generator=generator).to(codes.device)
        noise = torch.rand(len(fresh), generator=generator).clamp(1e-9, 1 - 1e-9).to(codes.device)
        chance = -(-noise.log()).log() * RESTLESS * (1 - number / passes)
        sure = chances.gather(1, drawn)[:, 0].log() + chance
        left = min(len(fresh), int(begun * math.cos(math.pi / 2 * number / passes)))
        kept = sure.topk(len(fresh) - left).indices
        codes = codes.index_copy(0, fresh[kept], drawn[kept, 0])
    return codes.view(size)


@torch.no_grad()
def imagined_latents(
    model: Imagination,
    vqgan: VQGAN,
    texts: Sequence[tuple[str, float]],
    size: tuple[int, int],
    generator: torch.Generator,
) -> Tensor:
    """Latents (1, C, h, w) of an imagined picture of a size (h, w) in cells.

    It is imagined with as many cells as the model learned, in the picture's proportions, and a
    larger or smaller picture is that one enlarged or shrunk: a whole, not a patchwork of wholes.
    """
    scale = model.config.cells / math.sqrt(size[0] * size[1])
    rows, columns = (max(1, round(side * scale)) for side in size)
    codes = imagine(model, texts, (rows, columns), generator)[None]
    z = vqgan.vectors_of(codes.to(vqgan.quantize.vectors.device)).contiguous()
    if (rows, columns) == size:
        return z
    sides = [side * vqgan.config.factor for side in size]
    picture = F.interpolate(vqgan.decode(z), sides, mode="bicubic", antialias=True)
    quantized, _ = vqgan.quantized(vqgan.encode(picture.clamp(-1, 1)))
    return quantized
