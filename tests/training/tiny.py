"""Networks of the real architectures and next to no size, and pictures to train them on."""

from __future__ import annotations

import numpy as np
import torch

from studio.core import tokens
from studio.engine.perceptor import CLIPConfig, Perceptor
from studio.engine.vqgan import VQGAN, VQGANConfig
from studio.training import scenes
from studio.training.pictures import ScenePictures


def vqgan(*, codes: int = 16) -> VQGAN:
    """A VQGAN of factor 2, always the same."""
    shape = VQGANConfig(
        ch=32,
        ch_mult=(1, 2),
        num_res_blocks=1,
        attn_resolutions=(),
        resolution=32,
        z_channels=8,
        embed_dim=8,
        codes=codes,
        norm_groups=4,
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return VQGAN(shape)


def perceptor(*, convolutional: bool = False) -> Perceptor:
    """A CLIP that sees 32 pixels and knows a few words, always the same."""
    shape = CLIPConfig(
        embed_dim=16,
        image_resolution=32,
        vision_layers=(1, 1, 1, 1) if convolutional else 2,
        vision_width=4 if convolutional else 64,
        vision_patch_size=None if convolutional else 8,
        transformer_width=64,
        transformer_layers=1,
        kept_tokens=tuple(sorted(set(tokens.encode("a red circle on a blue sea at night")))),
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return Perceptor(shape)


def pictures(*, count: int = 12, size: int = 48) -> ScenePictures:
    """The first scenes of seed 1."""
    drawn = [scenes.draw(1, index, size).picture for index in range(count)]
    return ScenePictures(1, np.stack(drawn))
