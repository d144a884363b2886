"""The reference loop paints what the formulae say, so that comparing with it means something."""

from __future__ import annotations

import pytest
import torch
from torchvision.transforms import functional

from studio.core.settings import Prompt, Settings
from studio.engine.painter import Painter
from studio.engine.perceptor import Perceptor
from tests import reference_loop
from tests.engine import tiny
from tests.reference_loop import ReferenceLoop

CPU = torch.device("cpu")
SETTINGS = Settings(
    prompts=(Prompt(text="a red circle"),),
    size=(32, 32),
    seed=3,
    perceptors=("tiny",),
    cutouts=4,
    learning_rate=0.1,
)


@pytest.fixture
def perceptor() -> Perceptor:
    return tiny.vision_transformer(**tiny.few_words())


@pytest.mark.parametrize("groups", [4, 32])
def test_its_picture_is_that_of_our_painter(perceptor: Perceptor, groups: int) -> None:
    vqgan = tiny.vqgan(norm_groups=groups)
    loop = ReferenceLoop(vqgan, perceptor, SETTINGS, CPU)
    painter = Painter(vqgan, {"tiny": perceptor})
    codes = vqgan.nearest_codes(loop.z.detach())[0].numpy().astype("uint16")
    theirs = loop.synth().detach()[0].permute(1, 2, 0).mul(255).round().byte().numpy()
    assert abs(theirs.astype(int) - painter.picture(codes).astype(int)).max() <= 1


def test_its_loss_falls_and_its_latents_stay_in_the_codebook(perceptor: Perceptor) -> None:
    loop = ReferenceLoop(tiny.vqgan(), perceptor, SETTINGS, CPU)
    losses = [loop.step().item() for _ in range(60)]
    assert sum(losses[-10:]) < sum(losses[:10])
    assert bool(((loop.low <= loop.z) & (loop.z <= loop.high)).all())


def test_hue_turns_as_torchvision_turns_it() -> None:
    pictures = torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(1))
    hsv = reference_loop.to_hsv(pictures)
    turned = reference_loop.from_hsv(hsv + torch.tensor([0.2, 0, 0]).view(1, 3, 1, 1))
    assert torch.allclose(turned, functional.adjust_hue(pictures, 0.2), atol=1e-4)


def test_a_homography_takes_points_to_points() -> None:
    dice = torch.Generator().manual_seed(1)
    here, there = torch.rand(2, 3, 4, 2, generator=dice)
    points = torch.cat((here, torch.ones(3, 4, 1)), 2) @ reference_loop.homography(here, there).mT
    assert torch.allclose(points[..., :2] / points[..., 2:], there, atol=1e-3)


@pytest.mark.parametrize("disturbed", [reference_loop.sloped, reference_loop.tilted])
def test_disturbed_views_show_the_picture_and_black_around_it(disturbed: object) -> None:
    torch.manual_seed(1)
    white = torch.ones(16, 3, 24, 24)
    seen = disturbed(white)  # type: ignore[operator]
    assert seen.shape == white.shape
    assert torch.allclose(seen[:, :, 12, 12], torch.ones(16, 3), atol=1e-4)
    assert bool((seen.amin((1, 2, 3)) < 0.5).all())
