"""The memory that the catalogue estimates is that of the networks: parameters and activations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from studio.engine.clip_networks import VisionTransformer
from studio.engine.frozen_vision import FrozenLayer
from studio.engine.perceptor import CLIPConfig, Perceptor, class_token
from studio.engine.vqgan import VQGAN, VQGANConfig
from studio.models.catalogue import Published, published

CUTOUTS = 8
RESNETS = {
    "RN50": (1024, (3, 4, 6, 3), 64, 512),
    "RN101": (512, (3, 4, 23, 3), 64, 512),
    "RN50x4": (640, (4, 6, 10, 6), 80, 640),
    "RN50x16": (768, (6, 8, 18, 8), 96, 768),
    "RN50x64": (1024, (3, 15, 36, 10), 128, 1024),
}
TRANSFORMERS = {
    "ViT-B/32": (512, 12, 768, 32, 512),
    "ViT-B/16": (512, 12, 768, 16, 512),
    "ViT-L/14": (768, 24, 1024, 14, 768),
    "ViT-L/14@336px": (768, 24, 1024, 14, 768),
}


def taken(network: nn.Module, act: Callable[[Tensor], Tensor], shape: tuple[int, ...]) -> int:
    """Bytes of the network, and of what it keeps for the gradient of an input of that shape."""
    own = {tensor.untyped_storage()._cdata for tensor in network.state_dict().values()}
    kept: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        kept[tensor.untyped_storage()._cdata] = tensor.untyped_storage().nbytes()
        held.append(tensor)  # or another tensor might get its place
        return tensor

    held: list[Tensor] = []
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        act(torch.empty(shape, requires_grad=True))
    activations = sum(size for key, size in kept.items() if key not in own)
    return activations + 4 * sum(tensor.numel() for tensor in network.state_dict().values())


def clip_of(model: Published) -> Perceptor:
    assert model.input_size is not None
    if model.name in RESNETS:
        embed, layers, width, words = RESNETS[model.name]
        patch = None
    else:
        embed, layers, width, patch, words = TRANSFORMERS[model.name]
    return Perceptor(
        CLIPConfig(
            embed_dim=embed,
            image_resolution=model.input_size,
            vision_layers=layers,
            vision_width=width,
            vision_patch_size=patch,
            transformer_width=words,
            transformer_layers=12,
        )
    )


def painting_act(perceptor: Perceptor) -> Callable[[Tensor], Tensor]:
    """How it sees pictures when it guides, in float32."""
    visual = perceptor.clip.visual
    if not isinstance(visual, VisionTransformer):
        return perceptor.encode_pictures
    layers = [FrozenLayer(block, torch.float32) for block in visual.transformer.resblocks]
    return lambda pictures: class_token(visual, pictures, layers)


def vqgan_of(model: Published) -> VQGAN:
    """The shape that all published VQGANs of its factor have."""
    coarse = model.factor == 16
    return VQGAN(
        VQGANConfig(
            ch=128,
            ch_mult=(1, 1, 2, 2, 4) if coarse else (1, 1, 2, 4),
            num_res_blocks=2,
            attn_resolutions=(16,) if coarse else (32,),
            resolution=256,
            z_channels=256,
            embed_dim=256,
            codes=model.codes or 8192,
            kind="vq" if coarse else "gumbel",
        )
    )


@pytest.mark.slow
@pytest.mark.parametrize("model", published(), ids=lambda model: model.name)
def test_memory_is_that_of_the_network(model: Published) -> None:
    with torch.device("meta"):  # shapes without numbers
        if model.kind == "clip":
            clip = clip_of(model).eval().requires_grad_(False)
            shape = (CUTOUTS, 3, clip.resolution, clip.resolution)
            found = [taken(clip, painting_act(clip), shape)] * 2
        else:
            vqgan = vqgan_of(model).eval().requires_grad_(False)
            grids = [side // vqgan.config.factor for side in (256, 512)]
            found = [taken(vqgan, vqgan.decode, (1, 256, grid, grid)) for grid in grids]
    assert [model.memory.at_256, model.memory.at_512] == pytest.approx(found, rel=0.02)
