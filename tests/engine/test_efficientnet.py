"""The picture tower that is an EfficientNet-Lite0, against timm's."""

from __future__ import annotations

import pytest
import timm
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from studio.engine.efficientnet import LAYERS, SHARP, EfficientNet
from studio.engine.perceptor import CLIPConfig, features
from tests.engine import tiny


class Bent(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return (F.silu(SHARP * x) / SHARP).clamp(max=6)


@pytest.fixture(scope="module")
def reference() -> nn.Module:
    torch.manual_seed(3)
    network = timm.create_model("tf_efficientnet_lite0", num_classes=0).eval()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(std=0.1)
            module.running_var.uniform_(0.5, 1.5)
            if isinstance(module.act, nn.ReLU6):
                module.act = Bent()
    return network.requires_grad_(False)


@pytest.fixture(scope="module")
def tower(reference: nn.Module) -> EfficientNet:
    """With the weights of the reference, its norms folded and its activations scaled."""
    made = EfficientNet(8).requires_grad_(False)
    convolutions = [each for each in reference.modules() if isinstance(each, nn.Conv2d)]
    norms = [each for each in reference.modules() if isinstance(each, nn.BatchNorm2d)]
    ours = [each for each in made.modules() if isinstance(each, nn.Conv2d)]
    for mine, its, norm in zip(ours, convolutions, norms, strict=True):
        plain = nn.BatchNorm2d(norm.num_features, eps=norm.eps).eval()
        plain.load_state_dict(norm.state_dict())
        folded = fuse_conv_bn_eval(its, plain)
        bends = isinstance(norm.act, Bent)
        sharp_in = mine.groups > 1 or not bends
        mine.weight.copy_(folded.weight * (SHARP if bends else 1) / (SHARP if sharp_in else 1))
        mine.bias.copy_(folded.bias * (SHARP if bends else 1))
    return made


@pytest.mark.parametrize("side", [64, 112])
def test_it_sees_what_timms_sees(tower: EfficientNet, reference: nn.Module, side: int) -> None:
    pictures = torch.rand(2, 3, side, side) * 2 - 1
    assert torch.allclose(tower.seen(pictures), reference(pictures), atol=1e-5, rtol=1e-4)


def test_its_stages_lead_to_what_it_sees(tower: EfficientNet) -> None:
    pictures = torch.rand(1, 3, 64, 64)
    stages = tower.stages(pictures)
    assert [each.shape[-1] for each in stages] == [32, 16, 8, 4, 2]
    assert torch.equal(stages[-1], tower.blocks(F.silu(tower.conv1(pictures)).clamp(max=24)))
    assert [each.shape[1] for each in features(tower, pictures)] == [1024, 256, 64, 16, 4]


def test_a_clip_with_it_reads_pictures_in_its_own_range() -> None:
    perceptor = tiny.efficientnet()
    pictures = torch.rand(2, 3, 64, 64)
    seen = F.normalize(perceptor.clip.visual(pictures * 2 - 1), dim=-1)
    assert torch.allclose(perceptor.encode_pictures(pictures), seen, atol=1e-6)


def test_its_gradient_can_be_taught() -> None:
    perceptor = tiny.efficientnet().requires_grad_(True)
    pictures = torch.rand(1, 3, 64, 64, requires_grad=True)
    likeness = perceptor.encode_pictures(pictures)[0, 0]
    (gradient,) = torch.autograd.grad(likeness, pictures, create_graph=True)
    gradient.square().sum().backward()
    assert perceptor.clip.visual.conv1.weight.grad.abs().max() > 0
    assert perceptor.clip.visual.blocks[7].depthwise.bias.grad.abs().max() > 0


@pytest.mark.parametrize("layers", [(1, 2, 2, 3, 3, 4, 2), (1, 2, 2), (*LAYERS, 1)])
def test_no_other_count_of_layers_is_one(layers: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="the seven of EfficientNet-Lite0"):
        CLIPConfig(
            embed_dim=8,
            image_resolution=64,
            vision_layers=layers,
            vision_width=32,
            vision_patch_size=None,
            transformer_width=64,
            transformer_layers=1,
        )
