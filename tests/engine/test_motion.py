"""Motion: signs as the settings say, both kinds of edges, and a flight that can be resumed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from studio.core.settings import Motion, Optimizer, Prompt, Settings
from studio.engine.motion import warped, warped_moments
from studio.engine.painter import Painter, State, state_from_bytes
from tests.engine import tiny

CPU = torch.device("cpu")


def dot(width: int, height: int, x: int, y: int) -> Tensor:
    image = torch.zeros(1, 1, height, width)
    image[0, 0, y, x] = 1
    return image


def middle(image: Tensor) -> tuple[float, float]:
    """Where the light of an image lies, in pixels from its centre, to the right and down."""
    light = image[0, 0].clamp(min=0)
    light = light / light.sum()
    right = torch.arange(image.shape[3]) - (image.shape[3] - 1) / 2
    down = torch.arange(image.shape[2]) - (image.shape[2] - 1) / 2
    return float((light.sum(0) * right).sum()), float((light.sum(1) * down).sum())


@pytest.mark.parametrize("mode", ["bilinear", "bicubic"])
@pytest.mark.parametrize(
    ("motion", "right", "down"),
    [
        (Motion(x=0.1), 6 + 4, 0),
        (Motion(y=0.1), 6, 2),
        (Motion(zoom=1.5), 9, 0),
        (Motion(zoom=0.75), 4.5, 0),
        (Motion(angle=90), 0, -6),
        (Motion(angle=-90), 0, 6),
        (Motion(angle=90, zoom=1.5, y=0.1), 0, -9 + 2),
    ],
)
def test_a_dot_goes_where_the_motion_says(
    motion: Motion, right: float, down: float, mode: str
) -> None:
    # a dot of 2x2 pixels, 6 to the right of the centre of 40x20
    image = sum(dot(40, 20, x, y) for x in (25, 26) for y in (9, 10))
    assert isinstance(image, Tensor)
    found = middle(warped(image, motion, mode))
    assert found == pytest.approx((right, down), abs=0.15)


def test_edges_reflect_or_show_the_other_side() -> None:
    columns = torch.arange(8.0).expand(1, 1, 4, 8)
    wrapped = warped(columns, Motion(x=0.25, edges="wrap"), "bicubic")
    torch.testing.assert_close(wrapped, columns.roll(2, 3), atol=1e-5, rtol=0)
    reflected = warped(columns, Motion(x=0.25), "bicubic")[0, 0, 0]
    expected = torch.tensor([1.0, 0, 0, 1, 2, 3, 4, 5])
    torch.testing.assert_close(reflected, expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize("mode", ["bilinear", "bicubic"])
@pytest.mark.parametrize("size", [(6, 4), (5, 7), (3, 3)])
def test_wrapped_a_whole_turn_of_the_torus_changes_nothing(
    size: tuple[int, int], mode: str
) -> None:
    width, height = size
    image = torch.rand(1, 2, height, width, generator=torch.Generator().manual_seed(1))
    for motion in (Motion(x=1, edges="wrap"), Motion(y=-1, edges="wrap")):
        torch.testing.assert_close(warped(image, motion, mode), image, atol=1e-4, rtol=0)
    there = warped(image, Motion(x=0.5 / width, edges="wrap"), mode)
    seam = warped(image.roll(1, 3), Motion(x=0.5 / width, edges="wrap"), mode)
    torch.testing.assert_close(there.roll(1, 3), seam, atol=1e-5, rtol=0)


def test_moments_move_by_a_cell_when_the_picture_moves_by_one() -> None:
    dice = torch.Generator().manual_seed(1)
    moments = {
        "step": torch.tensor(5.0),
        "exp_avg": torch.randn(1, 6, 4, 8, generator=dice),
        "exp_avg_sq": torch.rand(1, 6, 4, 8, generator=dice) * 1e-12,
    }
    moved = warped_moments(moments, Motion(x=1 / 8, y=1 / 4, edges="wrap"))
    assert torch.equal(moved["step"], moments["step"])
    for name in ("exp_avg", "exp_avg_sq"):
        expected = moments[name].roll((1, 1), (2, 3))
        scale = float(expected.abs().max())
        torch.testing.assert_close(moved[name], expected, atol=1e-5 * scale, rtol=0)
    turned = warped_moments(moments, Motion(angle=33, zoom=1.3))
    assert bool((turned["exp_avg_sq"] >= 0).all())


# A flight

FLIGHT = Motion(zoom=1.05, angle=2, x=0.02, edges="wrap")


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter(tiny.vqgan(), {"vit": tiny.vision_transformer()})


def asked(**changes: Any) -> Settings:
    fixed = {"size": (24, 32), "seed": 5, "perceptors": ("vit",), "cutouts": 2}
    return Settings(
        prompts=(Prompt(text="sea"),),
        **(fixed | {"learning_rate": 0.5, "motion": FLIGHT} | changes),
    )


def flown(painter: Painter, settings: Settings, count: int) -> State:
    state = painter.start(settings)
    for _ in range(count):
        state, _ = painter.step(state, settings)
    return state


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop"])
def test_a_flight_goes_on_exactly_and_forgets_nothing(
    painter: Painter, optimizer: Optimizer
) -> None:
    settings = asked(optimizer=optimizer, average=0.5)
    half = flown(painter, settings, 2)
    kept = state_from_bytes(half.to_bytes(), CPU)
    one, step = painter.step(half, settings)
    other, again = painter.step(kept, settings)
    assert torch.equal(half.z, kept.z)
    assert all(torch.equal(half.moments[name], moment) for name, moment in kept.moments.items())
    assert torch.equal(one.z, other.z)
    assert (step.codes == again.codes).all()
    forgotten, _ = painter.step(replace(half, moments={}, optimizer=None), settings)
    assert not torch.equal(one.z, forgotten.z)


def test_the_first_iteration_is_not_moved(painter: Painter) -> None:
    _, moved = painter.step(painter.start(asked()), asked())
    _, still = painter.step(painter.start(asked()), asked(motion=Motion()))
    assert (moved.codes == still.codes).all()


def test_a_slow_flight_gets_somewhere(painter: Painter) -> None:
    # a quarter of a latent cell at a time: four of them are a cell, and nothing else moves
    motion = Motion(x=0.25 / 12, edges="wrap")
    settings = asked(motion=motion, learning_rate=1e-12, smooth=0.0, cutouts=1)
    first, state = painter.start(settings).z, flown(painter, settings, 5)

    def apart(cells: int) -> float:
        return float((state.z - first.roll(cells, 3)).square().mean())

    assert apart(1) < min(apart(0), apart(2))


def test_what_is_remembered_is_moved_along(painter: Painter) -> None:
    # the gradient of an iteration is a tenth of what Adam then remembers
    settings = asked(motion=Motion(y=1 / 16, edges="wrap"), average=0.9)
    state = flown(painter, settings, 1)
    assert state.average is not None
    carried = painter._carried(state, settings.motion)
    assert carried.average is not None
    for found, before in (
        (carried.average, state.average),
        (carried.moments["exp_avg"], state.moments["exp_avg"]),
    ):
        expected = before.roll(1, 2)
        scale = float(expected.abs().max())
        torch.testing.assert_close(found, expected, atol=1e-4 * scale, rtol=0)
