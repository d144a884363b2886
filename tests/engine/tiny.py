"""Networks of the real architectures and next to no size, with weights that leave nothing out."""

from __future__ import annotations

from typing import Literal

import torch
from torch import nn

from studio.engine.perceptor import CLIPConfig, Perceptor
from studio.engine.vqgan import VQGAN, VQGANConfig


def vqgan(kind: Literal["vq", "gumbel"] = "vq", *, norm_groups: int = 32) -> VQGAN:
    """A VQGAN of factor 2 with attention at its 16 pixels, always the same."""
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
    )
    model = filled(lambda: VQGAN(config))
    with torch.no_grad():
        model.decoder.conv_out.weight.mul_(3)  # pictures that leave 0..1 here and there
    return model


def vision_transformer(**changes: object) -> Perceptor:
    """A CLIP that sees 32 pixels through a vision transformer, always the same."""
    return filled(lambda: Perceptor(_clip(changes)))


def resnet() -> Perceptor:
    """A CLIP that sees 64 pixels through a ResNet, always the same."""
    other = {
        "embed_dim": 24,
        "image_resolution": 64,
        "vision_layers": (1, 1, 1, 1),
        "vision_width": 8,
        "vision_patch_size": None,
    }
    model = filled(lambda: Perceptor(_clip(other)))
    for name, parameter in model.named_parameters():
        if name.endswith("bn3.weight"):
            nn.init.ones_(parameter)  # they begin at zero, which switches the blocks off
    return model


def _clip(changes: object) -> CLIPConfig:
    fields = {
        "embed_dim": 16,
        "image_resolution": 32,
        "vision_layers": 2,
        "vision_width": 128,
        "vision_patch_size": 8,
        "transformer_width": 128,
        "transformer_layers": 2,
    }
    return CLIPConfig(**(fields | changes))
