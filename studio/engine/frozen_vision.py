"""The layers of CLIP's vision transformer with frozen weights, for a gradient in what they see.

In float32 they compute what the clip package's layers compute, to the last digits.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd.function import once_differentiable

from studio.engine.clip_networks import ResidualAttentionBlock

SIGMOID_SCALE = 1.702
"""With which x * sigmoid(scale * x) is nearest to GELU (Hendrycks and Gimpel, arXiv:1606.08415)."""


class FrozenLinear:
    """scale * x W^T + b, (..., in) -> (..., out), and the way back of a gradient without the scale.

    In half precision a processor's matrices are laid out as oneDNN multiplies them, once for each
    way, which otherwise happens in every product: a twelfth of its time (measured). In float32 it
    is an eighth, but a second layout of ViT-B/32 would take 0.34 GB.
    """

    def __init__(
        self, weight: Tensor, bias: Tensor, precision: torch.dtype, scale: float = 1.0
    ) -> None:
        self.precision, self._scale, self._bias = precision, scale, bias.to(precision)
        self._packed = _packs(weight.device, precision)
        if self._packed:
            pack = torch.ops.mkldnn._reorder_linear_weight
            self._there = pack((weight * scale).to(precision))
            self._back = pack(weight.t().to(precision).contiguous())
        else:
            self._back = weight.to(precision)
            self._there = self._back.t()

    def __call__(self, x: Tensor) -> Tensor:
        """With its gradient."""
        out: Tensor = _Linear.apply(x, self)
        return out

    def there(self, x: Tensor) -> Tensor:
        """Of (n, in) in its precision, and without a gradient."""
        if self._packed:
            return _multiply(x, self._there, self._bias)
        return torch.addmm(self._bias, x, self._there, alpha=self._scale)

    def back(self, gradient: Tensor) -> Tensor:
        """(n, out) in its precision -> (n, in)."""
        return _multiply(gradient, self._back) if self._packed else gradient @ self._back


class FrozenLayer:
    """A layer, of which only the first places may be wanted; its products are in a precision."""

    def __init__(self, block: ResidualAttentionBlock, precision: torch.dtype) -> None:
        attention, mlp, width = block.attn, block.mlp, block.attn.embed_dim
        weight, bias = attention.in_proj_weight, attention.in_proj_bias
        self._norms = block.ln_1, block.ln_2
        self._heads = attention.num_heads
        self._query = FrozenLinear(weight[:width], bias[:width], precision)
        self._key_and_value = FrozenLinear(weight[width:], bias[width:], precision)
        self._out = FrozenLinear(attention.out_proj.weight, attention.out_proj.bias, precision)
        # the activation is silu(scale * x) / scale, and in the gradient the factors cancel
        bias = mlp.c_fc.bias * SIGMOID_SCALE
        self._up = FrozenLinear(mlp.c_fc.weight, bias, precision, SIGMOID_SCALE)
        self._down = FrozenLinear(mlp.c_proj.weight, mlp.c_proj.bias, precision, 1 / SIGMOID_SCALE)

    def __call__(self, x: Tensor, places: int) -> Tensor:
        """(n, all places, width) -> (n, places, width), float32."""
        x = _first(x, places) + self._attention(self._norms[0](x), places)
        mixed: Tensor = _QuickMLP.apply(self._norms[1](x), self._up, self._down)
        return x + mixed

    def _attention(self, x: Tensor, places: int) -> Tensor:
        q = self._query(_first(x, places))
        k, v = self._key_and_value(x).chunk(2, -1)
        q, k, v = (t.unflatten(-1, (self._heads, -1)).transpose(1, 2) for t in (q, k, v))
        if x.device.type == "cpu" and q.dtype != torch.float32:
            # torch's fused attention takes five times as long in half precision here (measured)
            shares = (q * q.shape[-1] ** -0.5 @ k.mT).softmax(-1, dtype=torch.float32)
            mixed = shares.to(v.dtype) @ v
        else:
            mixed = F.scaled_dot_product_attention(q, k, v)
        return self._out(mixed.transpose(1, 2).flatten(2))


class _Linear(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, layer: FrozenLinear) -> Tensor:
        ctx.layer, ctx.dtype = layer, x.dtype
        return _in_rows(layer.there, x, layer.precision)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return _in_rows(ctx.layer.back, gradient, ctx.layer.precision).to(ctx.dtype), None


class _QuickMLP(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, up: FrozenLinear, down: FrozenLinear) -> Tensor:
        scaled = _in_rows(up.there, x, up.precision)
        ctx.save_for_backward(scaled)
        ctx.layers, ctx.dtype = (up, down), x.dtype
        return _in_rows(down.there, F.silu(scaled), down.precision)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        (scaled,), (up, down) = ctx.saved_tensors, ctx.layers
        inner = _in_rows(down.back, gradient, down.precision)
        torch.ops.aten.silu_backward.grad_input(inner, scaled, grad_input=inner)
        return _in_rows(up.back, inner, up.precision).to(ctx.dtype), None, None


def _in_rows(compute: Any, x: Tensor, precision: torch.dtype) -> Tensor:
    """What is computed of all rows of (..., in) together."""
    out: Tensor = compute(x.to(precision).reshape(-1, x.shape[-1]))
    return out.view(*x.shape[:-1], -1)


def _first(x: Tensor, places: int) -> Tensor:
    """(n, all, width) -> (n, places, width); the gradient of a part costs even if it is all."""
    return x if places == x.shape[1] else x[:, :places]


def _multiply(x: Tensor, packed: Tensor, bias: Tensor | None = None) -> Tensor:
    out: Tensor = torch.ops.mkldnn._linear_pointwise(x, packed, bias, "none", [], "")
    return out


def _packs(device: torch.device, precision: torch.dtype) -> bool:
    """Whether matrices of that precision are laid out anew there."""
    return (
        device.type == "cpu"
        and precision == torch.bfloat16
        and torch.backends.mkldnn.is_available()
        and torch.cpu._is_avx512_bf16_supported()
    )
