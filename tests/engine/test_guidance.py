"""The loss of an iteration, and its gradient in the latents, against a slow restatement."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import Tensor

from studio.core.settings import PRESETS, Preset, Prompt, Settings
from studio.engine.guidance import Target, spherical_distance, view_losses, view_shares
from studio.engine.painter import Painter, clamp_with_gradient, generator
from studio.engine.recipes import RECIPES, Framing, Recipe
from studio.engine.regions import untouched
from studio.engine.views import draw_views
from tests.engine import reference, tiny

PICTURE, LEFT, CORNER, NOWHERE = (letter * 64 for letter in "abcd")
FIRST_STEP_OF_ADAM = 0.1
"""Its mean of gradients after one step, in gradients."""


def noise(*shape: int) -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)


@pytest.fixture(scope="module")
def pictures() -> Mapping[str, NDArray[np.uint8]]:
    left, corner = np.zeros((20, 30), np.uint8), np.zeros((48, 32), np.uint8)
    left[:, :15] = 255
    corner[:16, 16:] = noise(16, 16)
    return {
        PICTURE: noise(40, 50, 3),
        LEFT: left,
        CORNER: corner,
        NOWHERE: np.zeros((8, 8), np.uint8),
    }


@pytest.fixture(scope="module")
def painter(pictures: Mapping[str, NDArray[np.uint8]]) -> Painter:
    # smooth, as a ReLU within a rounding of its kink would make another gradient of the same loss
    perceptors = {"vit": tiny.vision_transformer(), "resnet": tiny.resnet(activation="gelu")}
    return Painter(tiny.vqgan(), perceptors, pictures=pictures)


def asked(*prompts: Prompt, **changes: Any) -> Settings:
    fixed = {"size": (32, 48), "seed": 6, "perceptors": ("vit",), "cutouts": 5}
    return Settings(prompts=prompts, **(fixed | changes))


def gradient_and_losses(painter: Painter, settings: Settings) -> tuple[Tensor, Tensor, float]:
    after, step = painter.step(painter.start(settings), settings)
    gradient = after.moments["exp_avg"] / FIRST_STEP_OF_ADAM
    return gradient, torch.tensor(step.losses), step.total


def check(painter: Painter, settings: Settings) -> Tensor:
    """That the painter's losses and gradient are those of the restatement; the gradient."""
    z = painter.start(settings).z.clone().requires_grad_()
    loss = reference.Loss(
        painter.vqgan, painter.perceptors, painter.pictures, settings, z.detach().clone()
    )
    losses, total = loss(z)
    total.backward()
    found, each, together = gradient_and_losses(painter, settings)
    torch.testing.assert_close(each, torch.stack(losses).detach(), atol=1e-5, rtol=0)
    assert together == pytest.approx(total.item(), abs=1e-5)
    assert z.grad is not None
    beyond = untouched(loss.targets, (z.shape[2], z.shape[3]))
    assert_same_gradient(found, z.grad if beyond is None else z.grad.masked_fill(beyond, 0))
    return found


def assert_same_gradient(found: Tensor, expected: Tensor) -> None:
    """But for the rounding of float32, which plain areas make worse."""
    scale = expected.abs().max().clamp(min=1e-9)
    torch.testing.assert_close(found / scale, expected / scale, atol=5e-5, rtol=0)


SEA = Prompt(text="sea")
CASES = {
    "one": asked(SEA),
    "weights": asked(SEA, Prompt(text="sky", weight=0.3), Prompt(text="ship", weight=2.5)),
    "negative": asked(SEA, Prompt(text="blur", weight=-0.7)),
    "nothing": asked(SEA, Prompt(text="sky", weight=0.0)),
    "image": asked(Prompt(picture=PICTURE, weight=1.5), SEA),
    "away from an image": asked(Prompt(picture=PICTURE, weight=-1.5)),
    "noise": asked(SEA, Prompt(noise=42, weight=0.5), Prompt(noise=43, weight=-0.2)),
    "left": asked(SEA, Prompt(text="ship", mask=LEFT)),
    "corner": asked(SEA, Prompt(text="ship", mask=CORNER, weight=-2), Prompt(noise=1, mask=LEFT)),
    "image in a mask": asked(Prompt(picture=PICTURE, mask=LEFT)),
    "several CLIPs": asked(SEA, Prompt(text="blur", weight=-0.7), perceptors=("vit", "resnet")),
    "weighed CLIPs": asked(SEA, perceptors=("vit", "resnet"), perceptor_weights=(3.0, 0.5)),
    "image for weighed": asked(
        Prompt(picture=PICTURE, stop=0.01),
        perceptors=("resnet", "vit"),
        perceptor_weights=(0.1, 2.0),
    ),
    "image for several": asked(Prompt(picture=PICTURE, mask=CORNER), perceptors=("resnet", "vit")),
}


@pytest.mark.parametrize("settings", CASES.values(), ids=CASES.keys())
def test_loss_and_gradient_are_those_of_the_formulae(painter: Painter, settings: Settings) -> None:
    assert check(painter, settings).abs().max() > 1e-6


def test_only_what_weights_of_perceptors_are_to_each_other_matters(painter: Painter) -> None:
    alike, doubled, heavy = (
        gradient_and_losses(
            painter, asked(SEA, perceptors=("vit", "resnet"), perceptor_weights=weights)
        )[1]
        for weights in ((), (2.0, 2.0), (1e6, 1e-6))
    )
    alone = gradient_and_losses(painter, asked(SEA))[1]
    torch.testing.assert_close(alike, doubled)
    assert (alike - alone).abs() > 1e-3
    # the same views but for how far the smaller one may be enlarged
    assert (heavy - alone).abs() < (alike - alone).abs()


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_gives_the_gradient_of_its_views(painter: Painter, preset: Preset) -> None:
    check(painter, asked(SEA, Prompt(text="sky", mask=LEFT), preset=preset))


@pytest.mark.parametrize("weight", [0.7, -0.7])
def test_a_stop_ends_the_pull_and_not_the_figure(painter: Painter, weight: float) -> None:
    pulled = asked(Prompt(text="sea", weight=weight))
    gradient, (figure,), _ = gradient_and_losses(painter, pulled)
    signed = float(figure) / 0.7
    for stop, pulls in ((signed - 0.5, True), (signed, None), (signed + 0.5, False)):
        stopped = asked(Prompt(text="sea", weight=weight, stop=stop))
        found = check(painter, stopped)
        assert gradient_and_losses(painter, stopped)[1] == figure
        if pulls:
            torch.testing.assert_close(found, gradient)
        elif pulls is None:  # some views are past it and others are not
            assert found.abs().max() > 0
            assert not torch.allclose(found, gradient)
        else:
            assert not found.any()


@pytest.mark.parametrize("start", ["codes", "gradient", "picture"])
def test_the_start_pulls_by_its_weight(painter: Painter, start: Any) -> None:
    given = {"start": start, "start_picture": PICTURE if start == "picture" else None}
    settings = asked(SEA, start_weight=0.8, learning_rate=0.3, **given)
    first = painter.start(settings).z
    check(painter, settings)  # at the start itself there is nothing to pull
    state, _ = painter.step(painter.start(settings), settings)
    z = state.z.clone().requires_grad_()
    loss = reference.Loss(
        painter.vqgan, painter.perceptors, painter.pictures, settings, first, iteration=1
    )
    losses, total = loss(z)
    total.backward()
    assert (total - sum(losses)).item() > 0.001
    after, step = painter.step(state, settings)
    assert step.total == pytest.approx(total.item(), abs=1e-5)
    before = (1 - FIRST_STEP_OF_ADAM) * state.moments["exp_avg"]
    assert_same_gradient((after.moments["exp_avg"] - before) / FIRST_STEP_OF_ADAM, z.grad)


def test_a_mask_that_no_view_sees_pulls_nowhere(painter: Painter) -> None:
    settings = asked(Prompt(text="ship", mask=NOWHERE))
    gradient, losses, total = gradient_and_losses(painter, settings)
    assert not gradient.any()
    assert (float(losses), total) == (0, 0)


def test_losses_are_the_same_together_and_one_by_one(painter: Painter) -> None:
    prompts = (SEA, Prompt(text="blur", weight=-0.7), Prompt(picture=PICTURE))
    together = gradient_and_losses(painter, asked(*prompts))
    alone = [gradient_and_losses(painter, asked(prompt)) for prompt in prompts]
    torch.testing.assert_close(together[1], torch.cat([losses for _, losses, _ in alone]))
    assert together[2] == pytest.approx(sum(total for _, _, total in alone), abs=1e-5)


def test_following_the_gradient_nears_a_prompt_and_leaves_the_opposite(painter: Painter) -> None:
    for weight in (1, -1):
        settings = asked(Prompt(text="sea", weight=weight), learning_rate=0.2, start="gradient")
        state, first = painter.step(painter.start(settings), settings)
        for _ in range(15):
            state, last = painter.step(state, settings)
        assert last.total < first.total


def unit(*angles: float) -> Tensor:
    return torch.tensor([[math.cos(angle), math.sin(angle)] for angle in angles])


@given(st.floats(-3.1, 3.1), st.floats(-math.pi, math.pi))
def test_the_distance_is_half_the_squared_angle(between: float, angle: float) -> None:
    found = spherical_distance(unit(angle), unit(angle + between))
    assert float(found) == pytest.approx(between**2 / 2, abs=1e-3)


@given(st.integers(0, 2**32), st.integers(2, 64))
@settings(max_examples=25)
def test_the_distance_is_symmetric_and_within_its_bounds(seed: int, width: int) -> None:
    dice = torch.Generator().manual_seed(seed)
    a, b = (
        torch.nn.functional.normalize(torch.randn(4, width, generator=dice), dim=-1)
        for _ in range(2)
    )
    found = spherical_distance(a, b)
    assert torch.equal(found, spherical_distance(b, a))
    assert (found >= 0).all()
    assert (found <= math.pi**2 / 2 + 1e-5).all()


@pytest.mark.parametrize("sign", [1, -1])
def test_the_gradient_of_the_distance_is_finite_everywhere(sign: int) -> None:
    a = unit(*torch.linspace(-3, 3, 50).tolist()).requires_grad_()
    spherical_distance(a, sign * a.detach()).sum().backward()
    assert a.grad.isfinite().all()


def test_an_image_prompt_that_is_reached_pulls_no_more(painter: Painter) -> None:
    settings = asked(SEA)
    _, step = painter.step(painter.start(settings), settings)
    own = Painter(painter.vqgan, painter.perceptors, pictures={PICTURE: step.picture})
    gradient, losses, _ = gradient_and_losses(own, asked(Prompt(picture=PICTURE)))
    assert gradient.isfinite().all()
    # the picture is in whole levels of 255 and the canvas is not
    assert 0 <= float(losses) < 1e-3


def test_the_clamp_lets_values_back_in_and_no_further_out() -> None:
    values = torch.tensor([-0.5, -0.5, 0.0, 0.5, 0.5, 1.0, 1.5, 1.5])
    gradient = torch.tensor([1.0, -1.0, 1.0, 2.0, -2.0, -1.0, 1.0, -1.0])
    picture = values.clone().requires_grad_()
    clamped = clamp_with_gradient(picture)
    clamped.backward(gradient)
    assert torch.equal(clamped, values.clamp(0, 1))
    # the step goes against the gradient
    assert picture.grad.tolist() == [0.0, -1.0, 1.0, 2.0, -2.0, -1.0, 1.0, 0.0]


@given(st.integers(0, 1000), st.integers(1, 12))
@settings(max_examples=25)
def test_the_shares_of_a_prompt_add_up_to_one(seed: int, count: int) -> None:
    recipe = Recipe(framings=(Framing(side=(0.3, 1.2), degrees=(-30.0, 30.0)),))
    views = draw_views(count, (40, 30), 32, recipe, generator(seed))
    masks = [None, torch.ones(1, 1, 5, 5), torch.rand(1, 1, 9, 9, generator=generator(seed, 1))]
    shares = view_shares([Target(1.0, mask=mask) for mask in masks], views)
    assert shares.shape == (3, count)
    assert (shares >= 0).all()
    torch.testing.assert_close(shares.sum(1), torch.ones(3))
    torch.testing.assert_close(shares[1], shares[0])


def test_views_outside_a_mask_count_for_nothing() -> None:
    views = draw_views(40, (64, 64), 32, RECIPES["crowson"], generator(0))
    left = torch.zeros(1, 1, 64, 64)
    left[..., :8] = 1
    (share,) = view_shares([Target(1.0, mask=left)], views)
    begins = (views.centres() - views.spans())[:, 0]
    beside = begins > -1 + 2 * 16 / 64  # small views see the mask a little blurred
    assert beside.any()
    assert not share[beside].any()
    assert share[~beside].sum() == pytest.approx(1)


def test_views_are_weighed_one_by_one() -> None:
    seen, wanted = unit(0.1, 0.5, 1.0), unit(0.0)
    losses = view_losses([seen, seen], [Target(-2.0, stop=-0.2)], [[wanted, unit(0.2)]])
    expected = [-(a**2 + (a - 0.2) ** 2) / 2 for a in (0.1, 0.5, 1.0)]
    torch.testing.assert_close(losses, torch.tensor([expected]), atol=1e-5, rtol=0)


def test_the_restatement_minds_every_field_of_a_prompt(painter: Painter) -> None:
    """What `check` compares with changes with each field, so nothing is compared in vain."""
    plain = Prompt(text="sea", weight=0.5)
    changes: list[dict[str, Any]] = [{"weight": -0.5}, {"weight": 0.6}, {"mask": LEFT}]
    found = [plain, *(msgspec.structs.replace(plain, **change) for change in changes)]
    losses = [gradient_and_losses(painter, asked(prompt))[2] for prompt in found]
    assert len({round(loss, 5) for loss in losses}) == len(found)
