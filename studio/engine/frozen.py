"""Layers whose weights are frozen, for a gradient in what goes in: less work, and less kept for it.

They compute what the layers of torch compute, to the last digits of float32. Where weights are to
be trained, or the gradient of a gradient is wanted, use those.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

WINOGRAD_FROM = 20
"""Height and width from which Winograd's convolutions pay: twice as fast at 32 (measured)."""

CACHED = 2**21
"""Bytes that stay in a processor's cache from one pass over them to the next: in such parts the
gradient of GroupNorm and SiLU takes half the time (measured)."""

SIGMOID_SCALE = 1.702
"""With which x * sigmoid(scale * x) is nearest to GELU (Hendrycks and Gimpel, arXiv:1606.08415)."""


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


def quick_gelu(x: Tensor) -> Tensor:
    """x * sigmoid(1.702 x), the activation of OpenAI's CLIP, in half the passes over memory."""
    out: Tensor = _QuickGELU.apply(x)
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
        turned = ctx.weight.flip(2, 3).transpose(0, 1)
        return _by_nnpack(gradient, turned, None), None, None


def _by_nnpack(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    out: Tensor = torch._nnpack_spatial_convolution(
        x.contiguous(), weight.contiguous(), bias, [1, 1], [1, 1]
    )
    return out


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
        x, weight, bias, mean, inverse = ctx.saved_tensors
        groups = mean.shape[1]
        each = x.shape[1] // groups  # channels in a group
        scale = inverse.repeat_interleave(each, 1) * weight
        shift = bias - mean.repeat_interleave(each, 1) * scale
        in_x = torch.empty_like(x)
        at_once = _groups_at_once(x, groups)
        for first in range(0, groups, at_once):
            part, own = (slice(first * by, (first + at_once) * by) for by in (each, 1))
            seen = x[:, part]
            normed = torch.addcmul(shift[:, part, None, None], seen, scale[:, part, None, None])
            torch.ops.aten.silu_backward.grad_input(gradient[:, part], normed, grad_input=normed)
            means, inverses = mean[:, own], inverse[:, own]
            in_x[:, part], _, _ = torch.ops.aten.native_group_norm_backward(
                *(normed, seen, means, inverses, weight[part], *_sizes(seen), means.shape[1]),
                [True, False, False],
            )
        return in_x, None, None, None, None


def _groups_at_once(x: Tensor, groups: int) -> int:
    """For how many the gradient is computed together."""
    if x.device.type != "cpu" or x.nbytes <= 2 * CACHED:
        return groups
    return max(1, CACHED * groups // x.nbytes)


def _sizes(x: Tensor) -> tuple[int, int, int]:
    return x.shape[0], x.shape[1], x.shape[2] * x.shape[3]


class _QuickGELU(torch.autograd.Function):
    """With u = 1.702 x it is silu(u) / 1.702, and its derivative that of silu at u."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return F.silu(x * SIGMOID_SCALE, inplace=True).div_(SIGMOID_SCALE)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        scaled = x * SIGMOID_SCALE
        return torch.ops.aten.silu_backward.grad_input(gradient, scaled, grad_input=scaled)
