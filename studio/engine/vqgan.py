"""VQGAN: pictures to a grid of latent codes and back (Esser et al. 2021, arXiv:2012.09841).

The layers are taming-transformers' own, with the parameter names of the published checkpoints;
only the order of the computation is ours, where it is cheaper at the same result.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import Any, Literal

import msgspec
import torch
import torch.nn.functional as F
from taming.modules.diffusionmodules.model import AttnBlock, Decoder, Encoder, ResnetBlock
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from studio.engine.frozen import convolved, normed_convolved, normed_silu

MOST_CODES = 2**16
"""Rows of the codebook, so that a code fits the 16 bits in which every iteration keeps it."""

MOST_CHANNELS = 2**13
MOST_LEVELS = 12
MOST_BLOCKS = 64
LARGEST_SIDE = 2**14
"""What no VQGAN has more of; published ones have 512 channels, 5 levels, 2 blocks, 256 pixels."""

RECOMPUTED_FROM = 2**28
"""Bytes of what goes into a residual block, from which on the backward pass computes the middle of
the block again instead of keeping it: at 1024x1024 it is 0.5 GB for each."""

FUSED_FROM = 2**11
"""Places from which on attention gets the layout that torch computes in one pass: in half the time,
and without a matrix of all places by all places, which has 17 GB at 2048x2048."""


class VQGANConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The shape of a VQGAN; names as in taming's yaml files, `codes` being its n_embed."""

    ch: int
    ch_mult: tuple[int, ...]
    num_res_blocks: int
    attn_resolutions: tuple[int, ...]
    resolution: int
    z_channels: int
    embed_dim: int
    codes: int
    kind: Literal["vq", "gumbel"] = "vq"
    norm_groups: int = 32
    """Groups of every GroupNorm; taming has 32 always, which at 32 channels leaves each channel on
    its own and wipes out the colour of plain areas."""
    patch: int = 1
    """Pixels along one side of the square that the outermost layers see as one place with more
    channels (Shi et al. 2016, arXiv:1609.05158): at full size nothing is left to convolve."""

    def __post_init__(self) -> None:
        sizes = (self.ch, self.z_channels, self.embed_dim, self.codes, self.norm_groups, self.patch)
        if not self.ch_mult or min(*sizes, *self.ch_mult, self.num_res_blocks) < 1:
            raise ValueError("every size must be 1 or more")
        outside = 3 * self.patch**2
        channels = max(self.ch * max(self.ch_mult), self.z_channels, self.embed_dim, outside)
        if channels > MOST_CHANNELS:
            raise ValueError(f"it has {channels} channels, and no VQGAN more than {MOST_CHANNELS}")
        levels = max(len(self.ch_mult), len(self.attn_resolutions))
        if levels > MOST_LEVELS or self.num_res_blocks > MOST_BLOCKS:
            raise ValueError(f"it has {levels} levels of {self.num_res_blocks} blocks")
        if not all(1 <= side <= LARGEST_SIDE for side in (self.resolution, *self.attn_resolutions)):
            raise ValueError(f"its pictures have sides of 1 to {LARGEST_SIDE} pixels")
        if self.ch % self.norm_groups:
            raise ValueError(f"{self.ch} channels cannot be put in {self.norm_groups} groups")
        if self.codes > MOST_CODES:
            raise ValueError(f"it has {self.codes} codes, and a project keeps {MOST_CODES}")

    @property
    def factor(self) -> int:
        """Pixels along one side of the square that one code stands for."""
        return self.patch * 2 ** (len(self.ch_mult) - 1)

    @property
    def blocks(self) -> int:
        """Residual blocks of its encoder."""
        return self.num_res_blocks * len(self.ch_mult)


class Codebook(nn.Module):
    """The codebook of a VectorQuantizer2, under the published name `quantize.embedding`."""

    def __init__(self, codes: int, dim: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(codes, dim)

    @property
    def vectors(self) -> Tensor:
        """All codebook vectors, (codes, dim)."""
        return self.embedding.weight


class GumbelCodebook(nn.Module):
    """The codebook of a GumbelQuantize, which chooses codes by a linear layer when encoding."""

    def __init__(self, codes: int, hidden: int, dim: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(hidden, codes, 1)
        self.embed = nn.Embedding(codes, dim)

    @property
    def vectors(self) -> Tensor:
        """All codebook vectors, (codes, dim)."""
        return self.embed.weight


class VQGAN(nn.Module):
    """Encoder, codebook and decoder put together.

    Pictures are (B, 3, H, W) in -1..1 with H and W multiples of `config.factor`; latents are
    (B, embed_dim, H/factor, W/factor); codes are the int64 rows of the codebook.
    """

    def __init__(self, config: VQGANConfig) -> None:
        super().__init__()
        self.config = config
        layers: dict[str, Any] = {
            "ch": config.ch,
            "out_ch": 3 * config.patch**2,
            "ch_mult": config.ch_mult,
            "num_res_blocks": config.num_res_blocks,
            "attn_resolutions": config.attn_resolutions,
            "in_channels": 3 * config.patch**2,
            "resolution": config.resolution,
            "z_channels": config.z_channels,
            "dropout": 0.0,
        }
        with contextlib.redirect_stdout(io.StringIO()):  # taming's Decoder prints its shape
            self.encoder = Encoder(double_z=False, **layers)
            self.decoder = Decoder(**layers)
        if config.norm_groups != 32:
            _regroup(self, config.norm_groups)
        self.quantize: Codebook | GumbelCodebook
        if config.kind == "gumbel":
            self.quantize = GumbelCodebook(config.codes, config.z_channels, config.embed_dim)
            self.quant_conv = nn.Conv2d(config.z_channels, config.z_channels, 1)
        else:
            self.quantize = Codebook(config.codes, config.embed_dim)
            self.quant_conv = nn.Conv2d(config.z_channels, config.embed_dim, 1)
        self.post_quant_conv = nn.Conv2d(config.embed_dim, config.z_channels, 1)

    def encode(self, picture: Tensor) -> Tensor:
        """Latents of a picture: before quantization for "vq", codebook vectors for "gumbel"."""
        folded = F.pixel_unshuffle(picture, self.config.patch)
        hidden = self.quant_conv(_encode(self.encoder, folded))
        if isinstance(self.quantize, GumbelCodebook):
            return self.vectors_of(self.quantize.proj(hidden).argmax(1))
        return hidden

    def nearest_codes(self, z: Tensor) -> Tensor:
        """The codebook row nearest to each latent: (B, C, h, w) -> (B, h, w) int64."""
        vectors = self.quantize.vectors
        flat = z.movedim(1, -1).flatten(0, 2)
        with torch.autocast(z.device.type, enabled=False):  # half precision mistakes neighbours
            # |z|^2 is the same for every code, so the nearest is where |e|^2/2 - z.e is least
            half_norms = vectors.square().sum(1) / 2
            nearest = torch.addmm(half_norms, flat, vectors.t(), alpha=-1).argmin(1)
        return nearest.view(z.shape[0], *z.shape[2:])

    def vectors_of(self, codes: Tensor) -> Tensor:
        """Codebook vectors of codes: (B, h, w) -> (B, C, h, w)."""
        return F.embedding(codes, self.quantize.vectors).movedim(-1, 1)

    def quantized(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Nearest codebook vectors with the gradient passed straight through, and their codes."""
        codes = self.nearest_codes(z.detach())
        return straight_through(self.vectors_of(codes), z), codes

    def decode(self, z: Tensor) -> Tensor:
        """Picture of (quantized) latents, nominally in -1..1, not clamped."""
        return F.pixel_shuffle(_decode(self.decoder, self.post_quant_conv(z)), self.config.patch)

    def latent_range(self) -> tuple[Tensor, Tensor]:
        """Least and greatest codebook value of each channel, (1, C, 1, 1) each."""
        vectors = self.quantize.vectors
        low, high = vectors.amin(0), vectors.amax(0)
        return low[None, :, None, None], high[None, :, None, None]


class _Replace(torch.autograd.Function):
    """Forward one tensor, hand the gradient to another of the same shape."""

    @staticmethod
    def forward(ctx: object, forward: Tensor, backward: Tensor) -> Tensor:
        return forward.clone()

    @staticmethod
    def backward(ctx: object, *gradients: Tensor) -> tuple[None, Tensor]:
        return None, gradients[0]


def straight_through(forward: Tensor, backward: Tensor) -> Tensor:
    """The straight-through estimator (Bengio et al. 2013, arXiv:1308.3432)."""
    result: Tensor = _Replace.apply(forward, backward)
    return result


def _regroup(network: nn.Module, groups: int) -> None:
    for module in network.modules():
        if isinstance(module, nn.GroupNorm):
            module.num_groups = groups


def _encode(encoder: Encoder, picture: Tensor) -> Tensor:
    h = encoder.conv_in(picture)
    for level, down in enumerate(encoder.down):
        h = _blocks(down, h)
        if level != encoder.num_resolutions - 1:
            h = down.downsample(h)
    return _finish(encoder, _middle(encoder, h))


def _decode(decoder: Decoder, z: Tensor) -> Tensor:
    h = _middle(decoder, decoder.conv_in(z))
    for level in reversed(range(decoder.num_resolutions)):
        up = decoder.up[level]
        h = _blocks(up, h)
        if level != 0:
            h = convolved(up.upsample.conv, F.interpolate(h, scale_factor=2.0, mode="nearest"))
    return _finish(decoder, h)


def _middle(network: Encoder | Decoder, h: Tensor) -> Tensor:
    h = _residual(network.mid.block_1, h)
    h = _attend(network.mid.attn_1, h)
    return _residual(network.mid.block_2, h)


def _blocks(level: Any, h: Tensor) -> Tensor:
    for number, block in enumerate(level.block):
        h = _residual(block, h)
        if len(level.attn):
            h = _attend(level.attn[number], h)
    return h


def _finish(network: Encoder | Decoder, h: Tensor) -> Tensor:
    return normed_convolved(network.norm_out, network.conv_out, h)


def _residual(block: ResnetBlock, x: Tensor) -> Tensor:
    if x.requires_grad and x.nbytes >= RECOMPUTED_FROM:
        # apart, so that the second convolution, which keeps nothing, is not computed again
        out: Tensor = checkpoint(_residual_now, block, x, _apart, use_reentrant=False)
        return out
    return _residual_now(block, x, normed_convolved)


def _residual_now(
    block: ResnetBlock, x: Tensor, second: Callable[[nn.GroupNorm, nn.Conv2d, Tensor], Tensor]
) -> Tensor:
    # one expression, so that what the first convolution made goes before the shortcut makes more
    h = second(block.norm2, block.conv2, normed_convolved(block.norm1, block.conv1, x))
    if block.in_channels != block.out_channels:  # taming's dropout between them is 0
        x = block.nin_shortcut(x)
    return h.add_(x)


def _apart(norm: nn.GroupNorm, layer: nn.Conv2d, x: Tensor) -> Tensor:
    return convolved(layer, normed_silu(norm, x))


def _attend(block: AttnBlock, x: Tensor) -> Tensor:
    h = block.norm(x)
    # (B, C, h, w) -> (B, 1, hw, C): one head over all places
    q, k, v = (
        layer(h).flatten(2).transpose(1, 2).unsqueeze(1) for layer in (block.q, block.k, block.v)
    )
    if x.shape[2] * x.shape[3] >= FUSED_FROM:
        q, k, v = q.contiguous(), k.contiguous(), v.contiguous()
    h = F.scaled_dot_product_attention(q, k, v)
    h = h.squeeze(1).transpose(1, 2).reshape(x.shape)
    out: Tensor = x + block.proj_out(h)
    return out
