"""The painting loop: the same every time, saved and resumed exactly, within any memory."""

from __future__ import annotations

import contextlib
import itertools
import logging
import random
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from studio.core.settings import OPTIMIZERS, STARTS, Optimizer, Prompt, Settings, Start
from studio.engine import painter as module
from studio.engine.painter import Painter, State, Step, around, state_from_bytes
from studio.engine.perceptor import Perceptor
from studio.engine.views import Views
from studio.errors import StudioError
from tests.engine import tiny
from tests.engine.reference import Taming, as_tensor

CPU = torch.device("cpu")
PICTURE, MASK = "a" * 64, "b" * 64
CPU_IS_FULL = RuntimeError(
    "[enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: can't allocate memory: "
    "you tried to allocate 40000000000 bytes. Error code 12 (Cannot allocate memory)"
)
GPU_IS_FULL = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")


@pytest.fixture(scope="module")
def painter() -> Painter:
    dice = np.random.default_rng(1)
    pictures: Mapping[str, NDArray[np.uint8]] = {
        PICTURE: dice.integers(0, 256, (40, 50, 3), dtype=np.uint8),
        MASK: dice.integers(0, 256, (8, 8), dtype=np.uint8),
    }
    perceptors = {"vit": tiny.vision_transformer(), "resnet": tiny.resnet()}
    return Painter(tiny.vqgan(), perceptors, pictures=pictures, imagination=tiny.imagination)


def asked(**changes: Any) -> Settings:
    fixed = {
        "prompts": (Prompt(text="sea"), Prompt(text="blur", weight=-0.5)),
        "size": (24, 32),
        "seed": 5,
        "perceptors": ("vit",),
        "cutouts": 3,
        "learning_rate": 0.5,
    }
    return Settings(**(fixed | changes))


def paint(
    painter: Painter, settings: Settings, count: int, state: State | None = None
) -> tuple[State, list[Step]]:
    state, steps = state or painter.start(settings), []
    for _ in range(count):
        state, step = painter.step(state, settings)
        steps.append(step)
    return state, steps


def assert_same_state(one: State, other: State) -> None:
    """To the last bit; the bytes of two states may still list their fields in another order."""
    plain, tensors = [], []
    for state in (one, other):
        given = {each.name: getattr(state, each.name) for each in fields(State)}
        found = {"z": given.pop("z"), "average": given.pop("average"), **given.pop("moments")}
        tensors.append({name: tensor for name, tensor in found.items() if tensor is not None})
        plain.append(given)
    assert plain[0] == plain[1]
    assert tensors[0].keys() == tensors[1].keys()
    for name, tensor in tensors[0].items():
        assert torch.equal(tensor, tensors[1][name]), name


def assert_same_steps(some: Sequence[Step], others: Sequence[Step]) -> None:
    for one, other in zip(some, others, strict=True):
        assert (one.iteration, one.losses, one.total) == (
            other.iteration,
            other.losses,
            other.total,
        )
        assert np.array_equal(one.codes, other.codes)
        assert np.array_equal(one.picture, other.picture)


@pytest.mark.parametrize("size", [(24, 32), (64, 16), (16, 64), (6, 6)])
def test_pictures_and_codes_have_their_sizes(painter: Painter, size: tuple[int, int]) -> None:
    state, (step,) = paint(painter, asked(size=size), 1)
    width, height = size
    assert (step.picture.shape, step.picture.dtype) == ((height, width, 3), np.uint8)
    assert (step.codes.shape, step.codes.dtype) == ((height // 2, width // 2), np.uint16)
    assert state.z.shape == (1, 6, height // 2, width // 2)
    assert (step.iteration, state.iteration) == (0, 1)
    assert len(step.losses) == 2
    assert step.total == pytest.approx(sum(step.losses), abs=1e-5)
    assert step.seconds > 0


@pytest.mark.parametrize("average", [0.0, 0.8])
def test_codes_give_their_picture_again(painter: Painter, average: float) -> None:
    _, steps = paint(painter, asked(average=average), 3)
    for step in steps:
        again = painter.picture(step.codes)
        assert np.abs(again.astype(int) - step.picture).max() <= 1
    assert not np.array_equal(steps[0].codes, steps[2].codes)


def test_a_seed_decides_everything(painter: Painter) -> None:
    _, first = paint(painter, asked(), 3)
    _, again = paint(painter, asked(), 3)
    assert_same_steps(first, again)
    _, other = paint(painter, asked(seed=6), 3)
    assert not np.array_equal(first[0].codes, other[0].codes)


def test_every_iteration_has_views_of_its_own(painter: Painter) -> None:
    # nothing moves, so only the views can change the loss
    _, steps = paint(painter, asked(learning_rate=1e-12, smooth=0.0), 3)
    assert np.array_equal(steps[0].codes, steps[2].codes)
    assert len({step.total for step in steps}) == 3


def test_nothing_else_that_is_random_is_touched(painter: Painter) -> None:
    torch.manual_seed(3)
    np.random.seed(3)
    random.seed(3)
    before = torch.get_rng_state(), np.random.get_state()[1].tolist(), random.getstate()
    _, first = paint(painter, asked(start="fractal"), 2)
    assert torch.equal(torch.get_rng_state(), before[0])
    assert np.random.get_state()[1].tolist() == before[1]
    assert random.getstate() == before[2]
    torch.manual_seed(4)
    _, again = paint(painter, asked(start="fractal"), 2)
    assert_same_steps(first, again)


def test_a_painter_remembers_nothing_of_other_paintings(painter: Painter) -> None:
    fresh = Painter(painter.vqgan, painter.perceptors, pictures=painter.pictures)
    _, first = paint(fresh, asked(), 2)
    paint(painter, asked(seed=9, prompts=(Prompt(picture=PICTURE),), start="gradient"), 2)
    _, again = paint(painter, asked(), 2)
    assert_same_steps(first, again)


def test_a_step_leaves_its_state_alone(painter: Painter) -> None:
    settings = asked(average=0.5)
    state, _ = paint(painter, settings, 2)
    before = state_from_bytes(state.to_bytes(), CPU)
    one, first = painter.step(state, settings)
    other, again = painter.step(state, settings)
    assert_same_state(state, before)
    assert_same_state(one, other)
    assert_same_steps([first], [again])


@pytest.mark.parametrize("average", [0.0, 0.9])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_three_and_three_iterations_are_six(
    painter: Painter, optimizer: Optimizer, average: float
) -> None:
    settings = asked(optimizer=optimizer, average=average, start_weight=0.1)
    whole, steps = paint(painter, settings, 6)
    half, first = paint(painter, settings, 3)
    fresh = Painter(painter.vqgan, painter.perceptors, pictures=painter.pictures)
    resumed, second = paint(fresh, settings, 3, state_from_bytes(half.to_bytes(), CPU))
    assert_same_state(whole, resumed)
    assert_same_steps(steps, first + second)


def test_every_field_of_a_state_is_saved(painter: Painter) -> None:
    state, _ = paint(painter, asked(average=0.3), 2)
    state = replace(state, views_at_once=2)
    again = state_from_bytes(state.to_bytes(), CPU)
    assert (again.iteration, again.optimizer, again.views_at_once) == (2, "adam", 2)
    assert again.average_share == state.average_share
    assert set(again.moments) == set(state.moments) == {"step", "exp_avg", "exp_avg_sq"}
    assert torch.equal(again.z, state.z)
    assert_same_state(again, state)
    bare = state_from_bytes(painter.start(asked()).to_bytes(), CPU)
    assert (bare.iteration, bare.optimizer, bare.moments, bare.average) == (0, None, {}, None)
    assert bare.views_at_once is None


def test_another_optimizer_begins_anew(painter: Painter) -> None:
    state, _ = paint(painter, asked(), 2)
    changed, _ = paint(painter, asked(optimizer="rmsprop"), 1, state)
    forgetful = replace(state, optimizer=None, moments={})
    expected, _ = paint(painter, asked(optimizer="rmsprop"), 1, forgetful)
    assert_same_state(changed, expected)


SAVED = State(
    iteration=7,
    z=torch.arange(12.0).view(1, 3, 2, 2),
    optimizer="adam",
    moments={"step": torch.tensor(7.0), "exp_avg": torch.ones(1, 3, 2, 2)},
    average=torch.zeros(1, 3, 2, 2),
    average_share=0.25,
).to_bytes()


def without(part: bytes) -> bytes:
    """The saved state with the last letter of a part of its header changed."""
    assert SAVED.count(part) == 1
    return SAVED.replace(part, part[:-1] + b"?")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"\xff" * 64,
        SAVED[:5],
        SAVED[:60],
        SAVED[:-1],
        SAVED + b"\0",
        without(b'"z'),
        without(b'"iteration'),
        without(b'"iteration":"7'),
        without(b'"average_share'),
        without(b"__metadata__"),
    ],
    ids=map(str, itertools.count()),
)
def test_a_damaged_state_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(StudioError, match=r"^A saved painting state is damaged") as raised:
        state_from_bytes(data, CPU)
    assert raised.value.exit_status == 1


@given(st.integers(0, len(SAVED) - 1), st.integers(0, 255))
@examples(max_examples=300)
def test_any_changed_byte_gives_a_state_or_a_sentence(place: int, value: int) -> None:
    with contextlib.suppress(StudioError):
        state_from_bytes(SAVED[:place] + bytes([value]) + SAVED[place + 1 :], CPU)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_sentence(data: bytes) -> None:
    with pytest.raises(StudioError):
        state_from_bytes(data, CPU)


def starting(start: Start, **changes: Any) -> Settings:
    return asked(start=start, start_picture=PICTURE if start == "picture" else None, **changes)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("size", [(24, 32), (40, 8)])
def test_every_start_paints(painter: Painter, start: Start, size: tuple[int, int]) -> None:
    state = painter.start(starting(start, size=size))
    assert (state.iteration, state.z.dtype) == (0, torch.float32)
    assert state.z.isfinite().all()
    _, (step,) = paint(painter, starting(start, size=size), 1)
    assert step.picture.shape == (size[1], size[0], 3)
    alike = torch.equal(state.z, painter.start(starting(start, size=size, seed=6)).z)
    assert alike == (start == "picture")


def test_random_codes_are_vectors_of_the_codebook(painter: Painter) -> None:
    z = painter.start(asked()).z
    vectors = painter.vqgan.quantize.vectors
    codes = [
        [torch.equal(latent, vector) for vector in vectors].index(True)
        for latent in z.movedim(1, -1).flatten(0, 2)
    ]
    assert len(set(codes)) > 12


def test_a_picture_that_fits_starts_as_its_latents(painter: Painter) -> None:
    pixels = painter.pictures[PICTURE]
    z = painter.start(starting("picture", size=(50, 40))).z
    expected = Taming(painter.vqgan).hidden(as_tensor(pixels) * 2 - 1)
    torch.testing.assert_close(z, expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("tall", [True, False])
def test_a_picture_covers_the_canvas_and_loses_what_overhangs(painter: Painter, tall: bool) -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (80, 40, 3), dtype=np.uint8)
    shrunk = Image.fromarray(pixels).resize((20, 40), Image.Resampling.BILINEAR)
    middle = np.array(shrunk)[10:30]
    if not tall:
        pixels, middle = (np.ascontiguousarray(each.swapaxes(0, 1)) for each in (pixels, middle))
    own = Painter(painter.vqgan, painter.perceptors, pictures={PICTURE: pixels})
    z = own.start(starting("picture", size=(20, 20))).z
    expected = Taming(painter.vqgan).hidden(as_tensor(middle) * 2 - 1)
    # Pillow rounds to whole levels
    torch.testing.assert_close(z, expected, atol=0.2 * float(expected.std()), rtol=0)


def test_a_gradient_is_smooth_and_a_fractal_is_not_plain(painter: Painter) -> None:
    for start, most in (("gradient", 0.15), ("fractal", 1.0)):
        settings = starting(start, size=(32, 32))
        picture = module.first_picture(start, (32, 32), module.generator(3), None)
        assert picture.shape == (1, 3, 32, 32)
        assert picture.min() >= 0
        assert picture.max() <= 1
        assert 0 < (picture[..., 1:] - picture[..., :-1]).abs().max() < most
        assert painter.start(settings).z.std() > 0


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_latents_stay_within_the_codebook(painter: Painter, optimizer: Optimizer) -> None:
    low, high = painter.vqgan.latent_range()
    state, _ = paint(painter, asked(optimizer=optimizer, learning_rate=50.0), 3)
    assert (state.z >= low - 1e-6).all()
    assert (state.z <= high + 1e-6).all()


def test_the_average_is_that_of_the_latents_so_far(painter: Painter) -> None:
    settings, keep = asked(average=0.6), 0.6
    state, latents = painter.start(settings), []
    for _ in range(4):
        latents.append(state.z)
        state, step = painter.step(state, settings)
    shares = [keep**age for age in reversed(range(4))]
    mean = sum(share * z for share, z in zip(shares, latents, strict=True)) / sum(shares)
    torch.testing.assert_close(state.average / state.average_share, mean)
    codes = painter.vqgan.nearest_codes(mean)[0].numpy()
    assert np.array_equal(step.codes, codes)
    # what is shown changes nothing in what is painted
    plain, _ = paint(painter, asked(), 4)
    assert torch.equal(plain.z, state.z)


def test_the_average_can_be_switched_on_and_off(painter: Painter) -> None:
    state, _ = paint(painter, asked(), 2)
    state, (step,) = paint(painter, asked(average=0.9), 1, state)
    without_average, (plain,) = paint(painter, asked(), 1, paint(painter, asked(), 2)[0])
    assert np.array_equal(step.codes, plain.codes)  # the average of a single one
    state, _ = paint(painter, asked(), 1, state)
    assert (state.average, state.average_share) == (None, 0.0)
    assert torch.equal(state.z, paint(painter, asked(), 1, without_average)[0].z)


def test_smoothing_moves_latents_to_the_mean_around_them() -> None:
    z = torch.randn(1, 3, 5, 4, generator=torch.Generator().manual_seed(1))
    found = around(z)
    for row in range(5):
        for column in range(4):
            expected = torch.zeros(3)
            for down, high in ((-1, 1), (0, 2), (1, 1)):
                for right, wide in ((-1, 1), (0, 2), (1, 1)):
                    r, c = min(max(row + down, 0), 4), min(max(column + right, 0), 3)
                    expected += high * wide / 16 * z[0, :, r, c]
            torch.testing.assert_close(found[0, :, row, column], expected)


def test_smoothing_comes_after_the_step(painter: Painter) -> None:
    rough, _ = paint(painter, asked(smooth=0.0), 1)
    smooth, _ = paint(painter, asked(smooth=0.3), 1)
    torch.testing.assert_close(smooth.z, 0.7 * rough.z + 0.3 * around(rough.z))


class Memory:
    """Room for so many views in one pass, or none at all."""

    def __init__(self, room: int, error: Exception) -> None:
        self.room, self.error = room, error
        self.passes: list[int] = []

    def encode_views(self, perceptor: Perceptor, picture: Tensor, views: Views) -> Tensor:
        if len(views) > self.room:
            raise self.error
        self.passes.append(len(views))
        return ENCODE_VIEWS(perceptor, picture, views)


ENCODE_VIEWS = module.encode_views
LAVISH = asked(
    prompts=(
        Prompt(text="sea"),
        Prompt(text="blur", weight=-0.5),
        Prompt(picture=PICTURE, stop=0.1),
    ),
    perceptors=("vit", "resnet"),
    cutouts=7,
    start_weight=0.2,
)


@pytest.mark.parametrize("error", [GPU_IS_FULL, CPU_IS_FULL, MemoryError()])
@pytest.mark.parametrize(("room", "passes"), [(4, [4, 3]), (3, [2, 2, 2, 1]), (1, [1] * 7)])
def test_when_memory_runs_out_a_step_takes_more_passes_to_the_same_end(
    painter: Painter,
    room: int,
    passes: list[int],
    error: Exception,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    state, expected = painter.step(painter.start(LAVISH), LAVISH)
    memory = Memory(room, error)
    monkeypatch.setattr(module, "encode_views", memory.encode_views)
    with caplog.at_level(logging.WARNING, "studio"):
        saved, step = painter.step(painter.start(LAVISH), LAVISH)
    assert memory.passes == [size for size in passes for _ in LAVISH.perceptors]
    assert step.losses == pytest.approx(expected.losses, abs=1e-5)
    assert step.total == pytest.approx(expected.total, abs=1e-5)
    assert np.array_equal(step.codes, expected.codes)
    gradient, other = (each.moments["exp_avg"] / 0.1 for each in (saved, state))
    scale = other.abs().max()
    torch.testing.assert_close(gradient / scale, other / scale, atol=5e-5, rtol=0)
    assert saved.views_at_once == passes[0]
    tried = [4, 2, 1][: [4, 2, 1].index(passes[0]) + 1]
    assert [record.getMessage() for record in caplog.records] == [
        f"Memory ran out; painting on with {at_once} of 7 cutouts per pass." for at_once in tried
    ]


def test_what_fitted_once_is_not_tried_again(
    painter: Painter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    memory = Memory(4, GPU_IS_FULL)
    monkeypatch.setattr(module, "encode_views", memory.encode_views)
    state, _ = paint(painter, LAVISH, 1)
    caplog.clear()
    state = state_from_bytes(state.to_bytes(), CPU)
    paint(painter, LAVISH, 2, state)
    assert caplog.records == []


def test_fewer_cutouts_than_fit_make_one_pass(
    painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = replace(painter.start(asked()), views_at_once=50)
    memory = Memory(2, GPU_IS_FULL)
    monkeypatch.setattr(module, "encode_views", memory.encode_views)
    state, _ = paint(painter, asked(cutouts=3), 1, state)
    assert state.views_at_once == 2


@pytest.mark.parametrize("error", [GPU_IS_FULL, CPU_IS_FULL])
def test_one_view_too_many_is_the_end(
    painter: Painter, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "encode_views", Memory(0, error).encode_views)
    with pytest.raises(StudioError, match="24x32 even with one cutout per pass; paint a smaller"):
        paint(painter, asked(), 1)


def test_a_picture_that_does_not_fit_is_the_end(
    painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decode(_: Tensor) -> Tensor:
        raise CPU_IS_FULL

    monkeypatch.setattr(painter.vqgan, "decode", decode)
    with pytest.raises(StudioError, match="Memory ran out at 24x32"):
        paint(painter, asked(), 1)


@pytest.mark.parametrize("error", [GPU_IS_FULL, CPU_IS_FULL, MemoryError()])
def test_a_first_picture_that_does_not_fit_is_the_end(
    painter: Painter, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def encode(_: Tensor) -> Tensor:
        raise error

    monkeypatch.setattr(painter.vqgan, "encode", encode)
    with pytest.raises(StudioError, match="at 24x32 before the first iteration; paint a smaller"):
        painter.start(asked(start="fractal", seed=2024))  # one that no other test began with


def test_other_errors_are_not_taken_for_full_memory(
    painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = Memory(0, RuntimeError("shapes differ"))
    monkeypatch.setattr(module, "encode_views", memory.encode_views)
    with pytest.raises(RuntimeError, match="shapes differ"):
        paint(painter, asked(), 1)


def test_knobs_may_change_at_any_iteration(painter: Painter) -> None:
    state = painter.start(asked())
    for change in (
        {"prompts": (Prompt(text="storm"),)},
        {"perceptors": ("resnet", "vit")},
        {"cutouts": 5, "preset": "pytti"},
        {"learning_rate": 0.01, "optimizer": "adagrad"},
    ):
        settings = msgspec.structs.replace(asked(), **change)
        state, step = painter.step(state, settings)
        assert len(step.losses) == len(settings.prompts)
        assert np.isfinite(step.total)


def test_words_that_a_clip_never_learnt_are_named() -> None:
    clips = {
        "few": tiny.vision_transformer(**tiny.few_words()),
        "all": tiny.vision_transformer(),
    }
    prompts = (Prompt(text="a red zebra"), Prompt(picture=PICTURE))
    unknown = Painter(tiny.vqgan(), clips).unknown_words(
        asked(prompts=prompts, perceptors=("few", "all"))
    )
    assert unknown == {"few": ["zebra"], "all": []}


def test_a_prompt_that_is_off_does_not_pull(painter: Painter) -> None:
    both = asked(prompts=(Prompt(text="sea"), Prompt(text="sky", on=False)))
    one = asked(prompts=(Prompt(text="sea"),))
    _, with_both = painter.step(painter.start(both), both)
    _, with_one = painter.step(painter.start(one), one)
    assert with_both.losses == (*with_one.losses, 0.0)
    np.testing.assert_array_equal(with_both.codes, with_one.codes)


def test_over_a_painting_half_precision_pulls_the_latents_the_same_way() -> None:
    exact, lower = (Painter(tiny.vqgan(), {"vit": tiny.vision_transformer()}) for _ in range(2))
    lower.perceptors["vit"].see_in(torch.bfloat16, torch.device("cpu"))
    settings = Settings(
        prompts=(Prompt(text="a red circle"),), size=(32, 32), perceptors=("vit",), cutouts=4
    )
    state = exact.start(settings)
    for _ in range(3):
        # Adam's first moment after one step from nothing is a tenth of the gradient
        fresh = replace(state, optimizer=None, moments={})
        after, ours = (painter.step(fresh, settings)[0] for painter in (exact, lower))
        gradients = [each.moments["exp_avg"].flatten() for each in (after, ours)]
        assert not torch.equal(*gradients)
        one, other = gradients
        assert torch.nn.functional.cosine_similarity(one, other, dim=0) > 0.99
        state = after
