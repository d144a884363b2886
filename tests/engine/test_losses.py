"""The further losses, by what they do to a picture that is painted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import ImageColor

from studio.core.settings import DEFAULTS, Prompt, Settings
from studio.engine.losses import LOSSES
from studio.engine.painter import Painter
from tests.engine import tiny

Picture = NDArray[np.float64]


def grain(picture: Picture) -> float:
    return float(sum(np.abs(np.diff(picture, axis=axis)).mean() for axis in (0, 1)))


def greyness(picture: Picture) -> float:
    return float(-(picture.max(2) - picture.min(2)).mean())


def flipped(*axes: int) -> Callable[[Picture], float]:
    return lambda picture: float(np.abs(picture - np.flip(picture, axes)).mean())


def off_palette(picture: Picture) -> float:
    colours = [ImageColor.getrgb(each)[:3] for each in DEFAULTS["palette"]]
    apart = [np.square(picture * 255 - colour).sum(2) for colour in colours]
    return float(np.min(apart, axis=0).mean())


def off_white_edge(picture: Picture) -> float:
    rim = picture.copy()
    rim[4:-4, 4:-4] = 1
    return float(np.square(1 - rim).sum())


def seam(picture: Picture) -> float:
    """Mean jump from one edge to the opposite one."""
    jumps = (picture[0] - picture[-1], picture[:, 0] - picture[:, -1])
    return float(np.mean([np.abs(jump).mean() for jump in jumps]))


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter(tiny.vqgan(), {"vit": tiny.vision_transformer()})


def painted(painter: Painter, **knobs: float) -> Picture:
    settings = Settings(
        prompts=(Prompt(text="sea"),),
        size=(32, 32),
        seed=3,
        perceptors=("vit",),
        cutouts=2,
        smooth=0,
        **knobs,  # type: ignore[arg-type]
    )
    state = painter.start(settings)
    for _ in range(12):
        state, step = painter.step(state, settings)
    return step.picture / 255


@pytest.mark.parametrize(
    ("knob", "measure"),
    [
        ("smoothness", grain),
        ("saturation", greyness),
        ("symmetry_left_right", flipped(1)),
        ("symmetry_up_down", flipped(0)),
        ("symmetry_rotational", flipped(0, 1)),
        ("palette_strength", off_palette),
        ("edge_strength", off_white_edge),
        ("tiling", seam),
    ],
)
def test_a_loss_makes_of_the_picture_what_it_says(
    painter: Painter, knob: str, measure: Callable[[Picture], float]
) -> None:
    assert measure(painted(painter, **{knob: 50})) < measure(painted(painter))


def test_below_nothing_colours_fade(painter: Painter) -> None:
    assert greyness(painted(painter, saturation=-50)) > greyness(painted(painter))


@pytest.mark.parametrize("weight", sorted({each.weight for each in LOSSES} - {"start_weight"}))
def test_a_loss_counts_by_its_weight_in_the_total(painter: Painter, weight: str) -> None:
    def total(value: float) -> float:
        settings = Settings(
            prompts=(Prompt(text="sea"),),
            size=(32, 32),
            perceptors=("vit",),
            cutouts=2,
            **{weight: value},  # type: ignore[arg-type]
        )
        return painter.step(painter.start(settings), settings)[1].total

    nothing, once, twice = map(total, (0, 1, 2))
    assert once > nothing
    assert twice - nothing == pytest.approx(2 * (once - nothing), rel=1e-3)
