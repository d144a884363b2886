"""Every way to paint computes on a GPU what it does on the processor, and mixes no devices.

An iteration is one copy to the GPU and one from it, whatever is painted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from studio.core.film import Moment, Place
from studio.core.settings import OPTIMIZERS, STARTS, Crossing, Motion, Prompt, Settings, Stroke
from studio.engine import painter as module
from studio.engine.morph import Traveller
from studio.engine.painter import Painter, State, Step, state_from_bytes
from studio.engine.polish import Polisher
from studio.engine.recipes import RECIPES
from tests.engine import tiny
from tests.engine.fake_cuda import CPU, GPU, Gpu, gpu

PICTURE, MASK, BLOB = "a" * 64, "b" * 64, "c" * 64
DICE = np.random.default_rng(1)
PICTURES: dict[str, NDArray[np.uint8]] = {
    PICTURE: DICE.integers(0, 256, (40, 50, 3), dtype=np.uint8),
    MASK: DICE.integers(0, 256, (8, 8), dtype=np.uint8),
    BLOB: DICE.integers(0, 256, (6, 9, 4), dtype=np.uint8),
}
SEA, MASKED, NOISE = Prompt(text="sea"), Prompt(text="blur", mask=MASK), Prompt(noise=3)
SHOWN = Prompt(picture=PICTURE, stop=0.1)
MOVING = Motion(zoom=1.1, angle=5.0, x=0.05)
PATHS: dict[str, dict[str, Any]] = {
    **{optimizer: {"optimizer": optimizer} for optimizer in OPTIMIZERS},
    **{f"preset {name}": {"preset": name, "cutouts": 5} for name in RECIPES},
    **{f"start {start}": {"start": start} for start in STARTS},
    "motion": {"motion": MOVING, "optimizer": "adamw"},
    "motion, wrapped": {"motion": msgspec.structs.replace(MOVING, edges="wrap")},
    "average": {"average": 0.9, "motion": MOVING},
    "not smoothed": {"smooth": 0.0},
    "crossing texts": {"crossing": Crossing(prompts=(Prompt(text="red"),), share=0.3)},
    "crossing to a picture": {"crossing": Crossing(prompts=(SHOWN, MASKED), share=0.3)},
    "a mask beside none": {"prompts": (MASKED, SEA)},
    "masks only": {"prompts": (MASKED, MASKED)},
    "a picture": {"prompts": (SHOWN, SEA)},
    "noise": {"prompts": (NOISE, SEA)},
    "a weight below nothing": {"prompts": (SEA, Prompt(text="blur", weight=-0.5, stop=-1.0))},
    "two perceptors": {"perceptors": ("vit", "resnet"), "prompts": (SEA, MASKED, SHOWN)},
    "perceptors of unlike weight": {
        "perceptors": ("vit", "resnet"),
        "perceptor_weights": (1.0, 3.0),
    },
    "pulled to the start": {"start_weight": 0.5},
    "kept": {"keep": MASK, "average": 0.9},
    "kept, in motion": {"keep": MASK, "motion": MOVING},
    "kept, beside a region": {"keep": MASK, "prompts": (MASKED,)},
}


@pytest.fixture
def fake_cuda() -> Iterator[Gpu]:
    with gpu() as seen:
        yield seen


def new_painter(device: torch.device) -> Painter:
    perceptors = {"vit": tiny.vision_transformer(), "resnet": tiny.resnet()}
    return Painter(
        tiny.vqgan(), perceptors, pictures=PICTURES, device=device, imagination=tiny.imagination
    )


@pytest.fixture(scope="module")
def here() -> Painter:
    return new_painter(CPU)


@pytest.fixture(scope="module")
def there() -> Painter:
    with gpu():
        return new_painter(GPU)


def asked(**changes: Any) -> Settings:
    fixed: dict[str, Any] = {
        "prompts": (SEA,),
        "size": (24, 32),
        "seed": 5,
        "perceptors": ("vit",),
        "cutouts": 3,
        "learning_rate": 0.1,
    }
    if changes.get("start") == "picture":
        fixed["start_picture"] = PICTURE
    return Settings(**(fixed | changes))


def paint(painter: Painter, settings: Settings, state: State | None = None) -> tuple[State, Step]:
    state, _ = painter.step(state or painter.start(settings), settings)
    return painter.step(state, settings)


def assert_alike(step: Step, expected: Step) -> None:
    """The devices round in their own ways."""
    assert step.losses == pytest.approx(expected.losses, abs=1e-4)
    assert step.total == pytest.approx(expected.total, abs=1e-4)
    assert np.mean(step.codes == expected.codes) > 0.97
    assert np.abs(step.picture.astype(int) - expected.picture).mean() < 1


@pytest.mark.parametrize("path", PATHS)
def test_every_way_to_paint(path: str, here: Painter, there: Painter, fake_cuda: Gpu) -> None:
    settings = asked(**PATHS[path])
    _, expected = paint(here, settings)
    state, _ = there.step(there.start(settings), settings)
    fake_cuda.forget()
    state, step = there.step(state, settings)
    assert (fake_cuda.up.total(), fake_cuda.down.total()) == (1, 1), (fake_cuda.up, fake_cuda.down)
    assert state.z.device == GPU
    assert_alike(step, expected)


@pytest.mark.parametrize("kind", ["colour", "scramble", "imagine"])
def test_strokes(kind: Any, here: Painter, there: Painter, fake_cuda: Gpu) -> None:
    settings = asked(average=0.9)
    stroke = Stroke(kind=kind, picture=BLOB if kind == "colour" else MASK, x=4, y=4, seed=2)
    steps = []
    for painter in (here, there):
        state, _ = paint(painter, settings)
        steps.append(painter.step(state, settings, (stroke,))[1])
    assert_alike(steps[1], steps[0])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_painting_goes_on_from_its_bytes(optimizer: Any, there: Painter, fake_cuda: Gpu) -> None:
    settings = asked(optimizer=optimizer, average=0.9)
    state, _ = paint(there, settings)
    again = state_from_bytes(state.to_bytes(), GPU)
    for name, moment in state.moments.items():
        assert again.moments[name].device == moment.device, name
    _, expected = there.step(state, settings)
    fake_cuda.forget()
    assert_alike(there.step(again, settings)[1], expected)
    assert not [line for line in fake_cuda.down if "item" in line]


def test_memory_that_runs_out_is_done_with_less(
    there: Painter, fake_cuda: Gpu, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = asked(prompts=(SEA, MASKED, SHOWN), cutouts=7, start_weight=0.1)
    _, expected = paint(there, settings)
    encode_views = module.encode_views

    def full(perceptor: Any, picture: Any, views: Any) -> Any:
        if len(views) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return encode_views(perceptor, picture, views)

    monkeypatch.setattr(module, "encode_views", full)
    state, step = paint(there, settings)
    assert state.views_at_once == 2
    assert_alike(step, expected)


@pytest.mark.parametrize("polished", [False, True])
@pytest.mark.parametrize("requantize", [False, True])
def test_films_between_painted_pictures(
    polished: bool, requantize: bool, here: Painter, there: Painter, fake_cuda: Gpu
) -> None:
    settings = asked(prompts=(SEA, MASKED))
    places = Place(1, 1), Place(1, 2)
    codes = {place: DICE.integers(0, 24, (16, 12)).astype(np.uint16) for place in places}
    shares = [Moment(*places, share) for share in (0.0, 0.3, 0.5, 1.0)]
    films = []
    for painter in (here, there):
        polisher = Polisher(painter, lambda place: settings, 2) if polished else None
        film = Traveller(painter.vqgan, polisher=polisher, requantize=requantize)
        films.append(list(film.pictures(shares, codes.__getitem__)))
    for picture, expected in zip(*films, strict=True):
        assert np.abs(picture.astype(int) - expected).mean() < 1


def test_pictures_of_codes(here: Painter, there: Painter, fake_cuda: Gpu) -> None:
    codes = DICE.integers(0, 24, (5, 4)).astype(np.uint16)
    assert np.abs(there.picture(codes).astype(int) - here.picture(codes)).max() <= 1


def test_the_stand_in_refuses_what_a_gpu_refuses(fake_cuda: Gpu) -> None:
    one, other = torch.ones(3, device=GPU), torch.ones(3)
    with pytest.raises(RuntimeError, match="mixes devices"):
        one + other
    with pytest.raises(RuntimeError, match="mixes devices"):
        torch.stack((one, other))
    assert not fake_cuda.up
    assert not fake_cuda.down
    assert float((one + other.to(GPU) + torch.tensor(1.0)).sum()) == 9
    assert (fake_cuda.up.total(), fake_cuda.down.total()) == (1, 1)
