"""Networks of the real architectures and next to no size, with weights that leave nothing out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

import torch
from torch import nn

from studio.core import tokens
from studio.engine.imagination import Imagination, ImaginationConfig
from studio.engine.perceptor import CLIPConfig, Perceptor
from studio.engine.vqgan import VQGAN, VQGANConfig

Model = TypeVar("Model", bound=nn.Module)
WORDS = "a red circle on a blue sea, at night"


def vqgan(kind: Literal["vq", "gumbel"] = "vq", *, norm_groups: int = 32, patch: int = 1) -> VQGAN:
    """A VQGAN of factor 2 (times `patch`) with attention in its lower half, always the same."""
    config = VQGANConfig(
        ch=32,
        ch_mult=(1, 2),
        num_res_blocks=1,
        attn_resolutions=(16,),
        resolution=32,
        z_channels=8,
        embed_dim=6,
        codes=24,
        kind=kind,
        norm_groups=norm_groups,
        patch=patch,
    )
    model = _filled(lambda: VQGAN(config))
    model.decoder.conv_out.weight.mul_(2)  # so that pictures leave 0..1 here and there
    return model


def vision_transformer(**changes: Any) -> Perceptor:
    """A CLIP that sees 32 pixels through a vision transformer, always the same."""
    fields: dict[str, Any] = {
        "embed_dim": 16,
        "image_resolution": 32,
        "vision_layers": 2,
        "vision_width": 128,
        "vision_patch_size": 8,
        "transformer_width": 128,
        "transformer_layers": 2,
    }
    return _filled(lambda: Perceptor(CLIPConfig(**(fields | changes))))


def efficientnet(**changes: Any) -> Perceptor:
    """A CLIP that sees 64 pixels through an EfficientNet-Lite0, always the same."""
    shape = {"image_resolution": 64, "vision_layers": (1, 2, 2, 3, 3, 4, 1), "vision_width": 32}
    return vision_transformer(**({**shape, "vision_patch_size": None} | changes))


def resnet(**changes: Any) -> Perceptor:
    """A CLIP that sees 64 pixels through a ResNet, always the same."""
    convolutional = {
        "embed_dim": 24,
        "image_resolution": 64,
        "vision_layers": (1, 1, 1, 1),
        "vision_width": 8,
        "vision_patch_size": None,
    }
    model = vision_transformer(**(convolutional | changes))
    for module in model.clip.visual.modules():
        if isinstance(module, nn.Conv2d):
            module.weight.mul_(3)  # so that pictures do not all look alike to it
    return model


def few_words() -> dict[str, Any]:
    """Changes for a CLIP that knows only WORDS."""
    return {"kept_tokens": tuple(sorted(set(tokens.encode(WORDS))))}


def _filled(build: Callable[[], Model]) -> Model:
    """A frozen model; no bias stays zero and no scale one, so that none could be forgotten."""
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(0)
        model = build().eval().requires_grad_(False)
        for tensor in model.state_dict().values():
            if tensor.ndim == 1 and tensor.is_floating_point():
                tensor += 0.3 * (torch.rand_like(tensor) - 0.5)
    return model


def imagination(words: tuple[str, ...] = ("sea", "red", "circle"), **changes: Any) -> Imagination:
    """One of the tiny VQGAN's codes, with random weights."""
    fixed = {"codes": vqgan().config.codes, "cells": 4, "width": 16, "layers": 2, "heads": 2}
    texts = {"words": words, "word_width": 6, "context": 5}
    torch.manual_seed(7)
    model = Imagination(ImaginationConfig(**(fixed | texts | changes)))
    return model.eval().requires_grad_(False)
