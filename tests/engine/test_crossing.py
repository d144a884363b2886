"""Guidance while prompts cross: it begins at the one side, ends at the other and never jumps."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from studio.core.crossing import pulls
from studio.core.settings import Crossing, Prompt, Settings
from studio.engine.guidance import Target, crossed, slerp, spherical_distance
from studio.engine.painter import Painter, Step
from tests.engine import tiny

SEA, SKY = Prompt(text="sea", stop=0.1), Prompt(text="sky at night", weight=2)
AWAY = Prompt(text="red circle", weight=-0.5)
NOISE = Prompt(noise=4, weight=0.5)
SIDES = st.lists(
    st.sampled_from([SEA, SKY, AWAY, NOISE, Prompt(text="sea", weight=0.3)]), min_size=1, max_size=3
).map(tuple)


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter(tiny.vqgan(), {"vit": tiny.vision_transformer()})


def unit(*numbers: float) -> torch.Tensor:
    return F.normalize(torch.tensor([numbers], dtype=torch.float32), dim=-1)


def angle(one: torch.Tensor, other: torch.Tensor) -> float:
    return 2 * math.asin(min(1.0, float((one - other).norm()) / 2))


@examples(max_examples=40)
@given(st.integers(0, 99), st.floats(0, 1))
def test_the_great_circle_is_gone_along_at_an_even_pace(seed: int, share: float) -> None:
    dice = torch.Generator().manual_seed(seed)
    drawn = torch.randn(2, 1, 16, generator=dice, dtype=torch.float64)
    a, b = F.normalize(drawn, dim=-1)
    between = slerp(a, b, share)
    assert between.norm().item() == pytest.approx(1)
    assert angle(a, between) == pytest.approx(share * angle(a, b), abs=1e-6)
    assert angle(b, between) == pytest.approx((1 - share) * angle(a, b), abs=1e-6)


def test_vectors_that_are_alike_or_opposite_stay_unit_vectors() -> None:
    a = unit(1, 2, 3)
    assert torch.allclose(slerp(a, a, 0.3), a)
    assert slerp(a, unit(1, 2, 3.00001), 0.5).isfinite().all()
    assert torch.allclose(slerp(a, -a, 0.25), a)


def target_of(prompt: Prompt | None) -> Target | None:
    if prompt is None:
        return None
    dice = torch.Generator().manual_seed(len(prompt.text) + (prompt.noise or 0))
    embedding = F.normalize(torch.randn(1, 16, generator=dice), dim=-1)
    return Target(prompt.weight, prompt.stop, (embedding,))


def guidance(ones: tuple[Prompt, ...], others: tuple[Prompt, ...], share: float) -> torch.Tensor:
    """The gradient that all pulls together make, at a place that is always the same."""
    seen = unit(*range(1, 17)).requires_grad_()
    total = torch.zeros(())
    crossing = Crossing(prompts=others, share=share) if 0 < share < 1 else None
    for pull in pulls(ones if share < 1 else others, crossing):
        target = crossed(pull, target_of(pull.start), target_of(pull.end))
        distance = spherical_distance(seen, target.embeddings[0]).sum()
        total = total + target.weight * distance
    (gradient,) = torch.autograd.grad(total, seen)
    return gradient


@examples(max_examples=40)
@given(SIDES, SIDES, st.floats(0, 0.999))
def test_the_guidance_never_jumps(
    ones: tuple[Prompt, ...], others: tuple[Prompt, ...], share: float
) -> None:
    step = guidance(ones, others, min(1.0, share + 1e-3)) - guidance(ones, others, share)
    assert step.abs().max() < 0.05


def test_nothing_to_pull_towards_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="nothing to pull"):
        crossed(pulls((SEA,), None)[0], None, None)


def step_with(painter: Painter, **fields: Any) -> Step:
    fixed = {"size": (16, 16), "seed": 5, "perceptors": ("vit",), "cutouts": 2}
    settings = Settings(**(fixed | fields))
    return painter.step(painter.start(settings), settings)[1]


def test_an_iteration_in_a_crossing_has_a_loss_for_each_pull(painter: Painter) -> None:
    ones, others = (SEA, AWAY), (Prompt(text="red circle", weight=-1.5), SKY, NOISE)
    first = step_with(painter, prompts=ones).losses
    last = step_with(painter, prompts=others).losses
    begins = step_with(painter, prompts=ones, crossing=Crossing(prompts=others, share=1e-6)).losses
    ends = step_with(
        painter, prompts=ones, crossing=Crossing(prompts=others, share=1 - 1e-6)
    ).losses
    # sea becomes sky, away from the circle stays, and noise comes
    assert begins == pytest.approx((*first, 0), abs=1e-4)
    assert ends == pytest.approx((last[1], last[0], last[2]), abs=1e-4)


def test_words_of_both_sides_are_looked_up() -> None:
    painter = Painter(tiny.vqgan(), {"few": tiny.vision_transformer(**tiny.few_words())})
    settings = Settings(
        prompts=(Prompt(text="zebra"),),
        perceptors=("few",),
        crossing=Crossing(prompts=(Prompt(text="giraffe"),), share=0.5),
    )
    assert painter.unknown_words(settings) == {"few": ["zebra", "giraffe"]}
