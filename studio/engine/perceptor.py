"""CLIP as a guide (Radford et al. 2021, arXiv:2103.00020): texts and pictures to one space.

The networks and weights are the clip package's. Guidance needs only the class token of a vision
transformer, so its forward pass is restated here without the work that nobody reads.
"""

from __future__ import annotations

from typing import Literal

import msgspec
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.core import tokens
from studio.engine.clip_networks import (
    CLIP,
    ModifiedResNet,
    ResidualAttentionBlock,
    VisionTransformer,
)
from studio.engine.frozen import quick_mlp

# the mean and deviation of the pictures OpenAI's CLIP was trained on, per channel
MEAN = (0.48145466, 0.4578275, 0.40821073)
DEVIATION = (0.26862954, 0.26130258, 0.27577711)


class CLIPConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The shape of a CLIP; names as in `clip.model.CLIP`.

    `vision_layers` is a number for a vision transformer and four for a ResNet, which has no
    `vision_patch_size`. A CLIP trained on few words keeps rows for `kept_tokens` only (ascending):
    row 0 of its token table stands for every other token, row 1 + k for kept_tokens[k].

    `activation` is that of a ResNet. The published ones have ReLU, whose slope a loss on gradients
    cannot teach to change from picture to picture; a smooth one learns it.
    """

    embed_dim: int
    image_resolution: int
    vision_layers: int | tuple[int, int, int, int]
    vision_width: int
    vision_patch_size: int | None
    activation: Literal["relu", "gelu"] = "relu"
    transformer_width: int
    transformer_layers: int
    context_length: int = tokens.CONTEXT
    kept_tokens: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        sizes = (self.embed_dim, self.image_resolution, self.vision_width, self.transformer_width)
        if min(*sizes, self.context_length, self.transformer_layers) < 1:
            raise ValueError("every size must be 1 or more")
        if isinstance(self.vision_layers, int) and not self.vision_patch_size:
            raise ValueError("a vision transformer needs its vision_patch_size")
        if self.kept_tokens is not None and list(self.kept_tokens) != sorted(set(self.kept_tokens)):
            raise ValueError("kept_tokens must ascend")

    @property
    def vocab_size(self) -> int:
        """Rows of the token table."""
        return tokens.END + 1 if self.kept_tokens is None else len(self.kept_tokens) + 1


class Perceptor(nn.Module):
    """A CLIP, and how the painting asks it.

    `clip` holds the weights under the published names.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, config: CLIPConfig) -> None:
        super().__init__()
        self.config = config
        self.clip = CLIP(
            embed_dim=config.embed_dim,
            image_resolution=config.image_resolution,
            vision_layers=config.vision_layers,
            vision_width=config.vision_width,
            vision_patch_size=config.vision_patch_size,
            context_length=config.context_length,
            vocab_size=config.vocab_size,
            transformer_width=config.transformer_width,
            transformer_heads=max(1, config.transformer_width // 64),
            transformer_layers=config.transformer_layers,
        )
        if config.activation == "gelu":
            _smooth(self.clip.visual)
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1), persistent=False)
        deviation = torch.tensor(DEVIATION).view(1, 3, 1, 1)
        self.register_buffer("deviation", deviation, persistent=False)
        kept = config.kept_tokens
        self._rows = None if kept is None else {token: k + 1 for k, token in enumerate(kept)}

    @property
    def resolution(self) -> int:
        """Side in pixels of the pictures it reads."""
        return self.config.image_resolution

    def rows(self, text: str) -> list[int]:
        """Rows of the token table for a text. Raises RequestError when it is too long."""
        encoded = tokens.encode(text)
        return encoded if self._rows is None else [self._rows.get(token, 0) for token in encoded]

    def unknown_words(self, text: str) -> list[str]:
        """The words of a text that this CLIP was never taught."""
        if self._rows is None:
            return []
        return [word for word, ids in tokens.words(text) if not all(i in self._rows for i in ids)]

    def see_in(self, precision: torch.dtype) -> None:
        """Let a vision transformer multiply its matrices in a lower precision from now on.

        What it adds up and normalizes stays float32, as does a ResNet. The weights are rounded in
        place, so that they take no more memory: such a CLIP is for painting, not to be saved.
        """
        if isinstance(self.clip.visual, VisionTransformer):
            for module in self.clip.visual.transformer.modules():
                if isinstance(module, (nn.Linear, nn.MultiheadAttention)):
                    module.to(precision)

    def encode_text(self, text: str) -> Tensor:
        """Unit embedding of a text, (1, embed_dim)."""
        rows = torch.tensor([self.rows(text)], device=self.mean.device)
        return F.normalize(self.clip.encode_text(rows).float(), dim=-1)

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        """Unit embeddings of pictures: (n, 3, R, R) in 0..1 -> (n, embed_dim)."""
        pictures = (pictures - self.mean) / self.deviation
        visual = self.clip.visual
        if isinstance(visual, VisionTransformer):
            embedded = class_token(visual, pictures) @ visual.proj
        else:
            embedded = self.clip.encode_image(pictures)
        return F.normalize(embedded.float(), dim=-1)


def _smooth(network: nn.Module) -> None:
    """Put GELU (Hendrycks and Gimpel, arXiv:1606.08415) in the place of every ReLU."""
    for name, module in network.named_children():
        if isinstance(module, nn.ReLU):
            setattr(network, name, _GELU())
        else:
            _smooth(module)


class _GELU(nn.GELU):
    def forward(self, x: Tensor) -> Tensor:
        if x.requires_grad:
            # of a single picture it comes in strides by which torch 2.14 goes on wrongly
            x.register_hook(Tensor.contiguous)
        return super().forward(x)


def class_token(visual: VisionTransformer, pictures: Tensor) -> Tensor:
    """The class token after the last layer: (n, 3, R, R) -> (n, width)."""
    x = _patches(visual, pictures)  # (n, 1 + patches, width)
    *layers, last = visual.transformer.resblocks
    for layer in layers:
        x = _layer(layer, x, x.shape[1])
    out: Tensor = visual.ln_post(_layer(last, x, 1)[:, 0])
    return out


def features(visual: VisionTransformer | ModifiedResNet, pictures: Tensor) -> list[Tensor]:
    """What each layer makes of the places of a picture, for a perceptual loss.

    (n, 3, R, R), normalized -> (n, places, channels) each.
    """
    if isinstance(visual, ModifiedResNet):
        return _stages(visual, pictures)
    x = _patches(visual, pictures)
    seen = []
    for layer in visual.transformer.resblocks:
        x = _layer(layer, x, x.shape[1])
        seen.append(x[:, 1:])
    return seen


def _stages(visual: ModifiedResNet, pictures: Tensor) -> list[Tensor]:
    x = pictures
    for number in (1, 2, 3):
        convolution, norm = getattr(visual, f"conv{number}"), getattr(visual, f"bn{number}")
        x = getattr(visual, f"relu{number}")(norm(convolution(x)))
    seen = [visual.avgpool(x)]
    for layer in (visual.layer1, visual.layer2, visual.layer3, visual.layer4):
        seen.append(layer(seen[-1]))
    return [each.flatten(2).transpose(1, 2) for each in seen]


def _patches(visual: VisionTransformer, pictures: Tensor) -> Tensor:
    x = _in_patches(visual.conv1, pictures)
    start = visual.class_embedding.expand(x.shape[0], 1, -1)
    x = torch.cat([start, x], 1) + visual.positional_embedding
    out: Tensor = visual.ln_pre(x)
    return out


def _in_patches(layer: nn.Conv2d, pictures: Tensor) -> Tensor:
    """A convolution whose steps are as long as it is wide, as the matrix product that it is."""
    side = layer.kernel_size[0]
    patches = pictures.unflatten(3, (-1, side)).unflatten(2, (-1, side))  # (n, 3, h, s, w, s)
    patches = patches.permute(0, 2, 4, 1, 3, 5).flatten(3).flatten(1, 2)  # (n, h * w, 3 * s * s)
    return F.linear(patches.to(layer.weight.dtype), layer.weight.flatten(1))


def _layer(block: ResidualAttentionBlock, x: Tensor, queries: int) -> Tensor:
    """A transformer layer of which only the first `queries` places are wanted."""
    x = x[:, :queries] + _attention(block.attn, block.ln_1(x), queries)
    seen = block.ln_2(x)
    if block.mlp.c_fc.weight.requires_grad:  # it may be asked for the gradient of a gradient
        return x + block.mlp(seen)
    return x + quick_mlp(block.mlp.c_fc, block.mlp.c_proj, seen)


def _linear(layer: nn.Linear, x: Tensor) -> Tensor:
    return F.linear(x.to(layer.weight.dtype), layer.weight, layer.bias)


def _attention(layer: nn.MultiheadAttention, x: Tensor, queries: int) -> Tensor:
    width = layer.embed_dim
    weight, bias = layer.in_proj_weight, layer.in_proj_bias
    x = x.to(weight.dtype)
    q = F.linear(x[:, :queries], weight[:width], bias[:width])
    k, v = F.linear(x, weight[width:], bias[width:]).chunk(2, -1)
    q, k, v = (t.unflatten(-1, (layer.num_heads, -1)).transpose(1, 2) for t in (q, k, v))
    if x.device.type == "cpu" and x.dtype != torch.float32:
        # torch's fused attention takes five times as long in half precision here (measured)
        shares = (q * q.shape[-1] ** -0.5 @ k.mT).softmax(-1, dtype=torch.float32)
        mixed = shares.to(v.dtype) @ v
    else:
        mixed = F.scaled_dot_product_attention(q, k, v)
    return _linear(layer.out_proj, mixed.transpose(1, 2).flatten(2))
