"""CLIP as a guide (Radford et al. 2021, arXiv:2103.00020): texts and pictures to one space.

The networks and weights are the clip package's. Guidance needs only the class token of a vision
transformer, so its forward pass is restated here without the work that nobody reads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

import msgspec
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call

from studio.core import tokens
from studio.engine import efficientnet
from studio.engine.clip_networks import (
    CLIP,
    ModifiedResNet,
    ResidualAttentionBlock,
    VisionTransformer,
)
from studio.engine.efficientnet import EfficientNet
from studio.engine.frozen_vision import FrozenLayer

Layer = Callable[[Tensor, int], Tensor]
"""Of all places (n, places, width) to so many first ones."""

# the mean and deviation of the pictures OpenAI's CLIP was trained on, per channel
MEAN = (0.48145466, 0.4578275, 0.40821073)
DEVIATION = (0.26862954, 0.26130258, 0.27577711)
# those with which EfficientNet-Lite was trained
HALF = (0.5, 0.5, 0.5)

LARGEST_SIZE = 2**13
MOST_LAYERS = 256
"""What no CLIP has more of; published ones have 1024 and 36."""


class CLIPConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The shape of a CLIP; names as in `clip.model.CLIP`.

    `vision_layers` is a number for a vision transformer, four for a ResNet, and the seven of
    EfficientNet-Lite0; the last two have no `vision_patch_size`. A CLIP trained on few words keeps
    rows for `kept_tokens` only (ascending): row 0 of its token table stands for every other token,
    row 1 + k for kept_tokens[k].

    One with `words` reads whole words instead: row 0 stands for every other word, row 1 + k for
    words[k], then come start and end. Its table has vectors of `word_width`, learnt from texts
    alone (GloVe, Pennington et al. 2014), which one matrix widens: words that no picture was
    captioned with still lie near others that were.

    `activation` is that of a ResNet. The published ones have ReLU, whose slope a loss on gradients
    cannot teach to change from picture to picture; a smooth one learns it.
    """

    embed_dim: int
    image_resolution: int
    vision_layers: int | tuple[int, ...]
    vision_width: int
    vision_patch_size: int | None
    activation: Literal["relu", "gelu"] = "relu"
    transformer_width: int
    transformer_layers: int
    context_length: int = tokens.CONTEXT
    kept_tokens: tuple[int, ...] | None = None
    words: tuple[str, ...] | None = None
    word_width: int = 50

    def __post_init__(self) -> None:
        sizes = (self.embed_dim, self.image_resolution, self.vision_width, self.transformer_width)
        if min(*sizes, self.word_width, self.context_length, self.transformer_layers) < 1:
            raise ValueError("every size must be 1 or more")
        if max(*sizes, self.context_length, self.vision_patch_size or 1) > LARGEST_SIZE:
            raise ValueError(f"no size may be more than {LARGEST_SIZE}")
        if min(self._layers) < 1 or self.blocks > MOST_LAYERS:
            raise ValueError(f"it has {self.blocks} layers, and may have 1 to {MOST_LAYERS}")
        if isinstance(self.vision_layers, int):
            if (self.vision_patch_size or 0) < 1:
                raise ValueError("a vision transformer needs its vision_patch_size")
        elif len(self.vision_layers) != 4 and not self.is_efficientnet:
            raise ValueError(
                "vision_layers must be a number, four, or the seven of EfficientNet-Lite0"
            )
        if self.words is not None and len(set(self.words)) < len(self.words):
            raise ValueError("words must differ")
        if self.words is not None and self.kept_tokens is not None:
            raise ValueError("it reads either words or tokens")
        if self.kept_tokens is not None and list(self.kept_tokens) != sorted(set(self.kept_tokens)):
            raise ValueError("kept_tokens must ascend")
        if self.kept_tokens and not 0 <= self.kept_tokens[0] <= self.kept_tokens[-1] <= tokens.END:
            raise ValueError(f"kept_tokens must be 0 to {tokens.END}")

    @property
    def is_efficientnet(self) -> bool:
        """Whether EfficientNet-Lite0 is its picture tower."""
        shape = (self.vision_layers, self.vision_width, self.vision_patch_size)
        return shape == (efficientnet.LAYERS, efficientnet.WIDTH, None)

    @property
    def _layers(self) -> tuple[int, ...]:
        vision = self.vision_layers
        return (self.transformer_layers, *((vision,) if isinstance(vision, int) else vision))

    @property
    def blocks(self) -> int:
        """Layers of both towers."""
        return sum(self._layers)

    @property
    def vocab_size(self) -> int:
        """Rows of the table of words or tokens."""
        if self.words is not None:
            return len(self.words) + 3
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
        own = config.is_efficientnet  # of which the package knows nothing
        self.clip = CLIP(
            embed_dim=config.embed_dim,
            image_resolution=1 if own else config.image_resolution,
            vision_layers=1 if own else config.vision_layers,
            vision_width=64 if own else config.vision_width,
            vision_patch_size=1 if own else config.vision_patch_size,
            context_length=config.context_length,
            vocab_size=config.vocab_size,
            transformer_width=config.transformer_width,
            transformer_heads=max(1, config.transformer_width // 64),
            transformer_layers=config.transformer_layers,
        )
        if config.words is not None:
            self.clip.token_embedding = nn.Sequential(
                nn.Embedding(config.vocab_size, config.word_width),
                nn.Linear(config.word_width, config.transformer_width, bias=False),
            )
        if own:
            self.clip.visual = EfficientNet(config.embed_dim)
        elif config.activation == "gelu":
            _smooth(self.clip.visual)
        spread = (HALF, HALF) if own else (MEAN, DEVIATION)
        for name, each in zip(("mean", "deviation"), spread, strict=True):
            self.register_buffer(name, torch.tensor(each).view(1, 3, 1, 1), persistent=False)
        self._layers: list[FrozenLayer] | None = None
        known: Sequence[int | str] | None = config.words or config.kept_tokens
        self._rows = None if known is None else {each: k + 1 for k, each in enumerate(known)}

    @property
    def resolution(self) -> int:
        """Side in pixels of the pictures it reads."""
        return self.config.image_resolution

    def rows(self, text: str) -> list[int]:
        """Rows of its table for a text. Raises RequestError when it is too long."""
        encoded = tokens.encode(text)
        if self._rows is None:
            return encoded
        if self.config.words is None:
            return [self._rows.get(token, 0) for token in encoded]
        start = len(self.config.words) + 1
        return [start, *(self._rows.get(word, 0) for word, _ in tokens.words(text)), start + 1]

    def unknown_words(self, text: str) -> list[str]:
        """The words of a text that this CLIP was never taught."""
        if self._rows is None:
            return []
        split = tokens.words(text)
        if self.config.words is not None:
            return [word for word, _ in split if word not in self._rows]
        return [word for word, ids in split if not all(i in self._rows for i in ids)]

    def see_in(self, precision: torch.dtype, device: torch.device) -> None:
        """Let a vision transformer multiply its matrices in a precision from now on, on a device.

        To be asked once. What it adds up and normalizes stays float32, as does a ResNet. The
        weights of its layers are taken from `clip` and laid out anew, and those of texts, which are
        seldom read, are kept in half precision where nothing is lost: such a CLIP is for painting,
        not to be saved.
        """
        self.to(device)
        for part in (self.clip.token_embedding, self.clip.transformer):
            if all(torch.equal(each, each.half().float()) for each in part.parameters()):
                part.half()
        visual = self.clip.visual
        if isinstance(visual, EfficientNet):
            visual.to(memory_format=torch.channels_last)
        if not isinstance(visual, VisionTransformer):
            return
        blocks, self._layers = list(visual.transformer.resblocks), []
        visual.transformer.resblocks = nn.Sequential()
        while blocks:  # one by one, so that they are never there twice
            self._layers.append(FrozenLayer(blocks.pop(0), precision))

    def encode_text(self, text: str) -> Tensor:
        """Unit embedding of a text, (1, embed_dim)."""
        rows = torch.tensor([self.rows(text)], device=self.mean.device)
        return F.normalize(read(self.clip, rows), dim=-1)

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        """Unit embeddings of pictures: (n, 3, R, R) in 0..1 -> (n, embed_dim)."""
        pictures = (pictures - self.mean) / self.deviation
        visual = self.clip.visual
        if isinstance(visual, VisionTransformer):
            embedded = class_token(visual, pictures, self._layers) @ visual.proj
        else:
            embedded = self.clip.encode_image(pictures)
        return F.normalize(embedded.float(), dim=-1)


def read(clip: CLIP, rows: Tensor) -> Tensor:
    """What `clip.encode_text` makes of rows (n, length), (n, embed_dim).

    In float32 also where layers are kept in half precision.
    """
    places = clip.positional_embedding[: rows.shape[1]]
    x = (clip.token_embedding(rows).float() + places).transpose(0, 1)
    for block in clip.transformer.resblocks:
        weights = {name: weight.float() for name, weight in block.named_parameters()}
        x = functional_call(block, weights, x)
    each = torch.arange(len(rows), device=rows.device)
    out: Tensor = clip.ln_final(x)[rows.argmax(-1), each] @ clip.text_projection
    return out


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


def class_token(
    visual: VisionTransformer, pictures: Tensor, layers: Sequence[Layer] | None = None
) -> Tensor:
    """The class token after the last layer: (n, 3, R, R) -> (n, width).

    `layers` stand in for the network's own.
    """
    if layers is None:
        layers = [partial(_layer, block) for block in visual.transformer.resblocks]
    x = _patches(visual, pictures)  # (n, 1 + patches, width)
    for layer in layers[:-1]:
        x = layer(x, x.shape[1])
    out: Tensor = visual.ln_post(layers[-1](x, 1)[:, 0])
    return out


def features(
    visual: VisionTransformer | ModifiedResNet | EfficientNet, pictures: Tensor
) -> list[Tensor]:
    """What each layer makes of the places of a picture, for a perceptual loss.

    (n, 3, R, R), normalized -> (n, places, channels) each.
    """
    if isinstance(visual, ModifiedResNet):
        return _stages(visual, pictures)
    if isinstance(visual, EfficientNet):
        return [each.flatten(2).transpose(1, 2) for each in visual.stages(pictures)]
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


def _layer(block: ResidualAttentionBlock, x: Tensor, places: int) -> Tensor:
    """A transformer layer, of which only the first places are wanted."""
    seen = block.ln_1(x).transpose(0, 1)  # (all places, n, width), as torch's attention has it
    mixed, _ = block.attn(seen[:places], seen, seen, need_weights=False)
    x = x[:, :places] + mixed.transpose(0, 1)
    out: Tensor = x + block.mlp(block.ln_2(x))
    return out
