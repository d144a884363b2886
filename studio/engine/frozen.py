"""Layers whose weights are frozen, for a gradient in what goes in: less work, and less kept for it.

They compute what the layers of torch compute, to the last digits of float32. Where weights are to
be trained, or the gradient of a gradient is wanted, use those.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

WINOGRAD_FROM = 20
"""Height and width from which Winograd's convolutions pay: twice as fast at 32 (measured)."""

TILE = 6
"""Rows and columns that Winograd's convolutions compute together."""

BAND = 2**23
"""Bytes of the rows that are convolved together; NNPACK needs four times as much beside them. With
less the weights are transformed too often (measured)."""

CACHED = 2**21
"""Bytes that stay in a processor's cache from one pass over them to the next: in such parts the
gradient of GroupNorm and SiLU takes half the time (measured)."""


def convolved(layer: nn.Conv2d, x: Tensor) -> Tensor:
    """A convolution, by Winograd's minimal filtering where that is faster.

    F(6x6, 3x3) of Lavin and Gray 2015, arXiv:1509.09308: 64 multiplications for 36 outputs instead
    of 324. Its error is that of float32 at a few times the rounding of a plain convolution.
    """
    if not _winograd_pays(layer, x):
        out: Tensor = layer(x)
        return out
    filtered: Tensor = _Winograd.apply(x, layer.weight, layer.bias)
    return filtered


def normed_silu(norm: nn.GroupNorm, x: Tensor) -> Tensor:
    """GroupNorm, then SiLU, of (n, C, h, w)."""
    if _is_trained(norm) or not x.requires_grad:
        return F.silu(norm(x), inplace=not _is_trained(norm))
    out: Tensor = _NormSilu.apply(x, norm.weight, norm.bias, norm.num_groups, norm.eps)
    return out


def normed_convolved(norm: nn.GroupNorm, layer: nn.Conv2d, x: Tensor) -> Tensor:
    """GroupNorm, SiLU and a convolution of (n, C, h, w), of which only the input is kept.

    By Winograd's convolutions what lies between them is never there as a whole.
    """
    if _is_trained(norm) or not _winograd_pays(layer, x):
        return convolved(layer, normed_silu(norm, x))
    out: Tensor = _NormSiluWinograd.apply(
        x, norm.weight, norm.bias, norm.num_groups, norm.eps, layer.weight, layer.bias
    )
    return out


def _is_trained(layer: nn.Conv2d | nn.GroupNorm) -> bool:
    return layer.weight.requires_grad and torch.is_grad_enabled()


def _winograd_pays(layer: nn.Conv2d, x: Tensor) -> bool:
    return (
        layer.kernel_size == (3, 3)
        and (layer.stride, layer.padding, layer.dilation) == ((1, 1), (1, 1), (1, 1))
        and (layer.groups, layer.padding_mode) == (1, "zeros")
        and min(x.shape[2:]) >= WINOGRAD_FROM
        and x.device.type == "cpu"
        and x.dtype == layer.weight.dtype == torch.float32
        and not _is_trained(layer)
        and _has_winograd()
    )


@lru_cache(maxsize=1)
def _has_winograd() -> bool:
    """Whether NNPACK runs here, with the instructions that it was measured with."""
    with_vectors = torch.backends.cpu.get_cpu_capability() in ("AVX2", "AVX512")
    # asking also sets NNPACK up, without which it fails
    return with_vectors and torch.backends.nnpack.is_available()


class _Winograd(torch.autograd.Function):
    """3x3, padded by 1. Only the weights are needed for the gradient, and nothing is saved.

    So a checkpoint around it need not compute it again.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        ctx.weight = weight
        return _by_nnpack(x, weight, bias)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        return _by_nnpack(gradient, _turned(ctx.weight), None), None, None


class _NormSiluWinograd(torch.autograd.Function):
    """`_NormSilu` and `_Winograd` in one."""

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        norm_weight: Tensor,
        norm_bias: Tensor,
        groups: int,
        eps: float,
        weight: Tensor,
        bias: Tensor | None,
    ) -> Tensor:
        means, inverses = [], []
        for part, own in _parts(x, groups):
            seen, count = x[:, part], own.stop - own.start
            _, mean, inverse = torch.native_group_norm(
                seen, norm_weight[part], norm_bias[part], *_sizes(seen), count, eps
            )
            means.append(mean)
            inverses.append(inverse)
        norm = _Norm(norm_weight, norm_bias, torch.cat(means, 1), torch.cat(inverses, 1))
        ctx.save_for_backward(x, *norm)
        ctx.weight = weight
        return _by_nnpack(x, weight, bias, lambda band: F.silu(norm(band), inplace=True))

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        x, *norm = ctx.saved_tensors
        in_x = _by_nnpack(gradient, _turned(ctx.weight), None)
        _through_norm_silu(x, _Norm(*norm), in_x, in_x)
        return in_x, None, None, None, None, None, None


def _turned(weight: Tensor) -> Tensor:
    """Of the convolution that takes a gradient back."""
    return weight.flip(2, 3).transpose(0, 1)


def _by_nnpack(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    prepared: Callable[[Tensor], Tensor] = lambda band: band,
) -> Tensor:
    """A convolution of what is `prepared` of x, in bands of rows: of one picture to the last bit.

    Each needs less memory, and what is between its steps stays in the processor's cache.
    """
    height, row = x.shape[2], x[0, :1, 0].nbytes * max(weight.shape[:2])
    whole = math.ceil(height / TILE)
    bands = math.ceil(whole / max(1, BAND // (TILE * row)))
    weight = weight.contiguous()
    if bands == 1:
        return _band(prepared(x), weight, bias, 1)
    rows = TILE * math.ceil(whole / bands)
    out = x.new_empty(x.shape[0], weight.shape[0], *x.shape[2:])
    for first in range(0, height, rows):
        last = min(first + rows, height)
        above, below = first == 0, last == height
        band = prepared(x[:, :, first - 1 + above : last + 1 - below])
        out[:, :, first:last] = _band(F.pad(band, (0, 0, above, below)), weight, bias, 0)
    return out


def _band(x: Tensor, weight: Tensor, bias: Tensor | None, above: int) -> Tensor:
    """A convolution with so many rows of zeros above and below, and a column on either side."""
    out: Tensor = torch._nnpack_spatial_convolution(
        x.contiguous(), weight, bias, [above, 1], [1, 1]
    )
    return out


class _Norm(NamedTuple):
    """A GroupNorm whose means, (n, groups), and inverse deviations are known."""

    weight: Tensor
    bias: Tensor
    mean: Tensor
    inverse: Tensor

    def __call__(self, x: Tensor) -> Tensor:
        each = x.shape[1] // self.mean.shape[1]  # channels in a group
        scale = self.inverse.repeat_interleave(each, 1) * self.weight
        shift = self.bias - self.mean.repeat_interleave(each, 1) * scale
        return torch.addcmul(shift[:, :, None, None], x, scale[:, :, None, None])


class _NormSilu(torch.autograd.Function):
    """Keeps its input and two numbers for each group; what lies between is computed again."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, groups: int, eps: float
    ) -> Tensor:
        normed, mean, inverse = torch.native_group_norm(x, weight, bias, *_sizes(x), groups, eps)
        ctx.save_for_backward(x, weight, bias, mean, inverse)
        return F.silu(normed, inplace=True)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        x, *norm = ctx.saved_tensors
        in_x = torch.empty_like(x)
        _through_norm_silu(x, _Norm(*norm), gradient, in_x)
        return in_x, None, None, None, None


def _through_norm_silu(x: Tensor, norm: _Norm, gradient: Tensor, in_x: Tensor) -> None:
    """Take a gradient back to x, into `in_x`, which may be the gradient itself."""
    for part, own in _parts(x, norm.mean.shape[1]):
        seen, weight, mean, inverse = x[:, part], norm.weight[part], *norm[2:]
        mean, inverse = mean[:, own], inverse[:, own]
        normed = _Norm(weight, norm.bias[part], mean, inverse)(seen)
        torch.ops.aten.silu_backward.grad_input(gradient[:, part], normed, grad_input=normed)
        in_x[:, part], _, _ = torch.ops.aten.native_group_norm_backward(
            *(normed, seen, mean, inverse, weight, *_sizes(seen), mean.shape[1]),
            [True, False, False],
        )


def _parts(x: Tensor, groups: int) -> Iterator[tuple[slice, slice]]:
    """The channels of x, and their groups, that are computed together."""
    each, at_once = x.shape[1] // groups, _groups_at_once(x, groups)
    for first in range(0, groups, at_once):
        last = min(first + at_once, groups)
        yield slice(first * each, last * each), slice(first, last)


def _groups_at_once(x: Tensor, groups: int) -> int:
    """How many stay in a processor's cache."""
    if x.device.type != "cpu" or x.nbytes <= 2 * CACHED:
        return groups
    return max(1, CACHED * groups // x.nbytes)


def _sizes(x: Tensor) -> tuple[int, int, int]:
    return x.shape[0], x.shape[1], x.shape[2] * x.shape[3]
