"""`bench`: how fast this machine paints, and how fast it could at most."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studio.cli import answer
from studio.cli.plan import fitted, models_named
from studio.core.settings import Prompt, Settings
from studio.log import log
from studio.models import store

if TYPE_CHECKING:
    from studio.engine.perceptor import Perceptor
    from studio.engine.vqgan import VQGAN

RANDOM = "imagenet-f16-random"
PROMPT = "a red circle on a blue background"


@dataclass(frozen=True)
class Subject:
    """What is measured."""

    vqgan: VQGAN
    perceptors: Mapping[str, Perceptor]
    settings: Settings


def run(arguments: argparse.Namespace) -> int:
    """Measure, and print the table."""
    subject = _random(arguments) if arguments.model == RANDOM else _installed(arguments)
    iterations = arguments.iterations or (3 if arguments.model == RANDOM else 5)
    found = _measured(subject, arguments.device, iterations)
    answer.give(found, _lines(found), as_json=arguments.json)
    return 0


def _random(arguments: argparse.Namespace) -> Subject:
    from studio.engine.measure import IMAGENET_F16, published_with_random_weights

    log.warning("%s has random weights: it measures time and paints only noise.", RANDOM)
    settings = _settings(arguments, IMAGENET_F16.factor, RANDOM, (RANDOM,))
    vqgan, perceptor = published_with_random_weights()
    return Subject(vqgan, {RANDOM: perceptor}, settings)


def _installed(arguments: argparse.Namespace) -> Subject:
    vqgan, perceptors = models_named(arguments.model, None)
    names = tuple(model.name for model in perceptors)
    settings = _settings(arguments, store.factor(vqgan), vqgan.name, names)
    from studio.engine import weights

    loaded = {model.name: weights.load_perceptor(model.weights) for model in perceptors}
    return Subject(weights.load_vqgan(vqgan.weights), loaded, settings)


def _settings(
    arguments: argparse.Namespace, factor: int, model: str, perceptors: tuple[str, ...]
) -> Settings:
    return Settings(
        prompts=(Prompt(text=PROMPT),),
        size=fitted(arguments.size, factor),
        cutouts=arguments.cutouts,
        model=model,
        perceptors=perceptors,
    )


def _measured(subject: Subject, device: str, iterations: int) -> dict[str, Any]:
    import torch

    from studio.engine import device as devices
    from studio.engine import measure

    chosen = devices.choose(device)
    measured = measure.measure(
        subject.vqgan, subject.perceptors, subject.settings, chosen, iterations
    )
    speed = measure.speed(chosen)
    floor, work = measure.floor_seconds(measured.work, speed), measured.work
    return {
        "seconds_per_iteration": measured.seconds_per_iteration,
        "stages": measured.stages,
        "peak_memory_bytes": measured.peak_memory_bytes,
        "floor_seconds": floor,
        "gflop": (work.matmul + work.convolution) / 1e9,
        "gflops": {"matmul": speed.matmul / 1e9, "convolution": speed.convolution / 1e9},
        "iterations": iterations,
        "threads": torch.get_num_threads(),
        "device": devices.describe(chosen),
        "torch": torch.__version__,
        "size": list(subject.settings.size),
        "cutouts": subject.settings.cutouts,
        "model": subject.settings.model,
    }


def _lines(found: dict[str, Any]) -> Iterator[str]:
    width, height = found["size"]
    yield (
        f"{found['model']}, {width}x{height}, {found['cutouts']} cutouts, "
        f"{found['device']}, torch {found['torch']}"
    )
    yield ""
    for stage, seconds in found["stages"].items():
        share = seconds / found["seconds_per_iteration"]
        yield f"  {stage:<26} {seconds:>9.4f} s {share:>5.0%}"
    yield f"  {'iteration (median)':<26} {found['seconds_per_iteration']:>9.4f} s"
    yield (
        f"  {'arithmetic floor':<26} {found['floor_seconds']:>9.4f} s  "
        f"{found['gflop']:.1f} GFLOP at {found['gflops']['matmul']:.0f} (matrices) and "
        f"{found['gflops']['convolution']:.0f} (convolutions) GFLOP/s"
    )
    peak = found["peak_memory_bytes"]
    yield f"  {'peak memory':<26} {'unknown' if peak is None else answer.megabytes(peak):>11}"
