"""Stages stop and go on exactly, the codebook starts well and stays alive, a whole run works."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from studio.core.settings import Prompt, Settings
from studio.engine.painter import Painter
from studio.engine.weights import load_perceptor, load_vqgan
from studio.training import clip_stage, pictures, scenes, stage, starter, vqgan_stage
from studio.training.clip_stage import Batch, CLIPPlan, CLIPStage
from studio.training.denoise_stage import DenoisePlan
from studio.training.stage import Stage, cosine, fit
from studio.training.starter import STAGES, Recipe, Starter
from studio.training.vqgan_stage import VQGANPlan, VQGANStage, random_crops, start_codebook
from tests.training import tiny

pytestmark = pytest.mark.slow


class PowerCutError(Exception):
    """The power went out."""


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two steps per epoch, small crops."""
    monkeypatch.setattr(stage, "EPOCH", 2)
    monkeypatch.setattr(vqgan_stage, "CROPS", ((32, 4),))


class Line(Stage):
    """Learns a noisy line."""

    def __init__(self, *, stop_at: int | None = None) -> None:
        super().__init__(name="line", steps=4, seed=3)
        self.stop_at = stop_at
        self.seen: list[tuple[int, float]] = []
        with torch.random.fork_rng():
            torch.manual_seed(0)
            self.line = nn.Linear(3, 1)

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.Adam(self.line.parameters(), lr=0.1)

    def batch(self, rng: np.random.Generator) -> Tensor:
        return torch.from_numpy(rng.standard_normal((5, 3), dtype=np.float32))

    def learn(self, batch: Any, generator: torch.Generator) -> dict[str, Tensor]:
        if self.step == self.stop_at:
            raise PowerCutError
        self.seen.append((self.step, float(batch.sum())))
        optimizer: Any = self.optimizers()
        loss = (self.line(batch) - torch.randn(5, 1, generator=generator)).square().mean()
        optimizer.zero_grad()
        self.manual_backward(loss)
        optimizer.step()
        return {"loss": loss.detach()}


def assert_same_weights(one: nn.Module, other: nn.Module) -> None:
    ours, theirs = one.state_dict(), other.state_dict()
    assert ours.keys() == theirs.keys()
    for name, tensor in ours.items():
        assert torch.equal(tensor, theirs[name]), name


@pytest.mark.parametrize("stop_at", [2, 3])
def test_an_interrupted_stage_ends_as_if_it_had_not_been(tmp_path: Path, stop_at: int) -> None:
    whole, first, second = Line(), Line(stop_at=stop_at), Line()
    fit(whole, tmp_path / "whole")
    with pytest.raises(PowerCutError):
        fit(first, tmp_path / "parts")
    fit(second, tmp_path / "parts")
    assert [step for step, _ in whole.seen] == [0, 1, 2, 3]
    assert first.seen[:2] + second.seen == whole.seen  # the epoch that was cut short is repeated
    assert_same_weights(whole, second)
    assert not torch.equal(second.line.weight, Line().line.weight)
    assert sorted(path.name for path in (tmp_path / "parts").iterdir()) == ["line.ckpt"]


def test_a_finished_stage_takes_no_more_steps(tmp_path: Path) -> None:
    whole, again = Line(), Line()
    fit(whole, tmp_path)
    fit(again, tmp_path)
    assert again.seen == []
    assert_same_weights(whole, again)


def test_lightning_keeps_quiet(tmp_path: Path) -> None:
    said: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    listener = Listener()
    logging.getLogger("pytorch_lightning").addHandler(listener)
    try:
        fit(Line(), tmp_path)
        fit(Line(), tmp_path)
    finally:
        logging.getLogger("pytorch_lightning").removeHandler(listener)
    assert said == []


def test_the_learning_rate_rises_and_then_falls_to_its_floor() -> None:
    rates = [cosine(step, 600, warm_up=60, floor=0.1) for step in range(601)]
    assert rates[0] == pytest.approx(1 / 60, rel=1e-3)
    assert np.argmax(rates) == 59
    assert rates[59:] == sorted(rates[59:], reverse=True)
    assert rates[330] == pytest.approx(0.1 + 0.9 * 0.5 * (1 + np.cos(np.pi * 0.55)))
    assert rates[600] == pytest.approx(0.1)


def test_an_interrupted_clip_ends_as_if_it_had_not_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = tiny.pictures()
    plan = CLIPPlan(steps=4, batch=4, attack=0.5, painted=2, reconstructed=0.5)
    monkeypatch.setattr(clip_stage, "POOL", 3)

    def begin() -> CLIPStage:
        return CLIPStage(
            tiny.perceptor(), drawn, plan, name="clip", seed=1, reconstructed=tiny.pictures(count=6)
        )

    whole, first, second = begin(), begin(), begin()
    fit(whole, tmp_path / "whole")
    learn = first.learn

    def learn_until(batch: Any, generator: torch.Generator) -> dict[str, Tensor]:
        if first.step == 3:
            raise PowerCutError
        return learn(batch, generator)

    monkeypatch.setattr(first, "learn", learn_until)
    with pytest.raises(PowerCutError):
        fit(first, tmp_path / "parts")
    fit(second, tmp_path / "parts")
    assert second.step == 4
    assert_same_weights(whole, second)


def test_painted_pictures_are_kept_and_grow_likelier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clip_stage, "POOL", 2)
    monkeypatch.setattr(clip_stage, "FRESH", 0.0)
    plan = CLIPPlan(steps=100, batch=4, rate=0.0, painted=2)
    stage = CLIPStage(tiny.perceptor(), tiny.pictures(), plan, name="clip", seed=1)
    generator = torch.Generator().manual_seed(0)

    def likeness(batch: Batch) -> float:
        seen = stage.perceptor.encode_pictures(stage.pool[batch.slots].float())
        texts = F.normalize(stage.perceptor.clip.encode_text(batch.rows), dim=-1)
        return float((seen * texts[:2]).sum())

    with torch.no_grad():
        batch = stage.batch(np.random.default_rng(0))
        assert batch.fresh.all()
        begun = stage.perceptor.clip.encode_text(batch.rows)
    stage._painted(batch, F.normalize(begun, dim=-1), generator)
    assert stage.pool_scenes[batch.slots].tolist() == batch.scenes.tolist()
    with torch.no_grad():
        first = likeness(batch)
    batch = batch._replace(fresh=torch.zeros(2, dtype=torch.bool))
    for _ in range(20):
        stage._painted(batch, F.normalize(begun, dim=-1), generator)
    with torch.no_grad():
        assert likeness(batch) > first + 0.05
    assert 0 <= float(stage.pool.min()) < float(stage.pool.max()) <= 1
    again = stage.batch(np.random.default_rng(3))
    assert not again.fresh.any()
    kept = dict(zip(batch.slots.tolist(), batch.scenes.tolist(), strict=True))
    assert again.scenes.tolist() == [kept[slot] for slot in again.slots.tolist()]


def test_the_codebook_starts_at_deviation_one_and_leaves_pictures_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vqgan_stage, "BANK", 4000)
    vqgan, sources = tiny.vqgan(codes=16), (tiny.pictures(),)
    crops = random_crops(sources, np.random.default_rng(5))
    with torch.no_grad():
        vqgan.quant_conv.weight.mul_(20)  # so that there is something to scale
        before, before_z = vqgan.decode(vqgan.encode(crops)), vqgan.encode(crops)
        start_codebook(vqgan, sources, seed=1)
        after, z = vqgan.decode(vqgan.encode(crops)), vqgan.encode(crops)
    torch.testing.assert_close(after, before, atol=1e-4, rtol=1e-4)
    assert abs(float(before_z.std()) - 1) > 0.3
    assert float(z.std()) == pytest.approx(1, abs=0.1)
    torch.testing.assert_close(z * (before_z.std() / z.std()), before_z, atol=1e-3, rtol=1e-3)


def test_k_means_brings_the_codebook_nearer_to_the_latents(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vqgan_stage, "BANK", 4000)
    sources = (tiny.pictures(),)
    crops = random_crops(sources, np.random.default_rng(5))
    errors = []
    for rounds in (0, 12):
        vqgan = tiny.vqgan(codes=16)
        start_codebook(vqgan, sources, seed=1, rounds=rounds)
        with torch.no_grad():
            z = vqgan.encode(crops)
            errors.append(float((vqgan.quantized(z)[0] - z).square().mean()))
    assert errors[1] < 0.9 * errors[0]


@pytest.mark.parametrize("revived", [True, False])
def test_dead_codes_come_alive_on_latents_until_it_is_too_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, revived: bool
) -> None:
    monkeypatch.setattr(stage, "EPOCH", 1)
    vqgan, source = tiny.vqgan(codes=8), tiny.pictures()
    plan = VQGANPlan(warm_up=1, steps=1, gan_from=100, revive_until=100 if revived else 0.5)
    training = VQGANStage(vqgan, tiny.perceptor(), (source,), plan, seed=1)
    with torch.no_grad():
        training.done.fill_(20)
        batch = training.batch(np.random.default_rng((1, 20)))
        latents = vqgan.encode(batch).movedim(1, -1).flatten(0, 2)
        vectors = vqgan.quantize.vectors
        vectors.fill_(1000)  # nothing is near
        vectors[0] = latents.mean(0)
        training.usage.zero_()
    fit(training, tmp_path)
    after = vqgan.quantize.vectors.detach()
    # the first code alone was used, and the step moved it by no more than the rate
    torch.testing.assert_close(after[0], latents.mean(0), atol=0.01, rtol=0)
    if revived:
        # autocast may have computed the latents in half precision
        assert torch.cdist(after[1:], latents).min(1).values.max() < 0.2 * latents.std()
        assert (training.usage[1:] == 1).all()
    else:
        assert (after[1:] > 900).all()
        assert (training.usage[1:] == 0).all()


@pytest.fixture
def in_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw in this process, where drawing can be watched."""
    monkeypatch.setattr(pictures, "ProcessPoolExecutor", lambda _: ThreadPoolExecutor(1))
    monkeypatch.setattr(pictures, "CHUNK", 4)


def only(allowed: Callable[[int], bool]) -> Callable[[int, int, int], scenes.Scene]:
    """`scenes.draw`, with the power going out at some scenes."""
    draw = scenes.draw

    def drawn(seed: int, index: int, size: int) -> scenes.Scene:
        if not allowed(index):
            raise PowerCutError
        return draw(seed, index, size)

    return drawn


def drawn_at_once(count: int, size: int) -> NDArray[np.uint8]:
    return np.stack([scenes.draw(1, index, size).picture for index in range(count)])


@pytest.mark.usefixtures("in_threads")
def test_interrupted_drawing_goes_on_after_the_last_whole_chunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(scenes, "draw", only(lambda index: index < 6))
        with pytest.raises(PowerCutError):
            pictures.render(tmp_path, seed=1, count=10, size=32)
    with monkeypatch.context() as patched:
        patched.setattr(scenes, "draw", only(lambda index: index >= 4))
        found = pictures.render(tmp_path, seed=1, count=10, size=32)
    assert np.array_equal(found.pixels, drawn_at_once(10, 32))
    with monkeypatch.context() as patched:
        patched.setattr(scenes, "draw", only(lambda index: False))
        again = pictures.render(tmp_path, seed=1, count=10, size=32)
    assert np.array_equal(again.pixels, found.pixels)
    assert again.caption(3, np.random.default_rng(0)) == scenes.describe(1, 3).caption(
        np.random.default_rng(0)
    )


@pytest.mark.usefixtures("in_threads")
def test_drawing_fewer_or_more_scenes_leaves_none_black(tmp_path: Path) -> None:
    for count in (6, 3, 10):
        found = pictures.render(tmp_path, seed=1, count=count, size=32)
        assert np.array_equal(found.pixels, drawn_at_once(count, 32))


def test_a_whole_run_leaves_models_that_paint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vqgan_stage, "CROPS", ((64, 2),))
    monkeypatch.setattr(vqgan_stage, "BANK", 1100)
    plan = CLIPPlan(steps=2, batch=4)
    attacked = CLIPPlan(steps=2, batch=4, attack=0.5, painted=2)
    recipe = Recipe(
        small_scenes=20,
        large_scenes=4,
        reconstructed=8,
        captions=60,
        clip=plan,
        vqgan=VQGANPlan(warm_up=2, steps=2, gan_from=1),
        clip_robust=attacked,
        clip_painting=CLIPPlan(steps=2, batch=4, attack=0.5, reconstructed=0.6),
        clip_denoising=DenoisePlan(steps=2, batch=4),
        random_pictures=6,
    )
    run = Starter(tmp_path, recipe)
    run.run()
    made = {stage: tmp_path / f"{stage}.safetensors" for stage in STAGES if stage != "scenes"}
    assert all(path.exists() for path in made.values())

    vqgan, clip = load_vqgan(made["vqgan"]), load_perceptor(made["clip-denoising"])
    painter = Painter(vqgan, {"starter": clip})
    words = Settings(prompts=(Prompt(text="a red circle"),), size=(64, 64), cutouts=2)
    state, step = painter.step(painter.start(words), words)
    assert (state.iteration, step.picture.shape) == (1, (64, 64, 3))
    assert np.isfinite(step.total)

    times = {stage: path.stat().st_mtime_ns for stage, path in made.items()}

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a finished stage was trained again")

    monkeypatch.setattr(starter, "fit", never)
    run.run()
    assert {stage: path.stat().st_mtime_ns for stage, path in made.items()} == times
