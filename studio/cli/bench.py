"""`bench`: how fast this machine paints, how fast it could at most, and against a plain loop."""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from studio import leftovers
from studio.cli import answer, bench_lines, race, starting
from studio.cli.plan import fitted, models_named
from studio.core.schedule import Change
from studio.core.settings import Prompt, Settings
from studio.log import log
from studio.models import store
from studio.project.document import ModelRef
from studio.project.file import FIRST_TAKE, Project

if TYPE_CHECKING:
    import torch

    from studio.engine.laps import Course
    from studio.engine.measure import Work
    from studio.engine.perceptor import Perceptor
    from studio.engine.vqgan import VQGAN

SIZE = (256, 256)
RANDOM = "imagenet-f16-random"
PROMPT = "a red circle on a blue background"


@dataclass(frozen=True)
class Subject:
    """What is measured."""

    settings: Settings
    vqgan: Path
    perceptors: Mapping[str, Path]

    @property
    def is_random(self) -> bool:
        """Whether it paints nothing but noise."""
        return self.settings.model == RANDOM

    def loaded(self) -> tuple[VQGAN, Mapping[str, Perceptor]]:
        """Its models."""
        from studio.engine import laps

        return laps.models(self.course("cpu", "float32"))

    def course(self, device: str, precision: str) -> Course:
        """The same work for the reference loop and for ours, in the reference's way."""
        from studio.engine.laps import Course

        settings = msgspec.structs.replace(
            self.settings, preset="nerdyrodent", learning_rate=0.1, smooth=0.0
        )
        return Course(
            settings=settings,
            device=device,
            vqgan=str(self.vqgan),
            perceptors={name: str(path) for name, path in self.perceptors.items()},
            precision=precision,
        )


def run(arguments: argparse.Namespace) -> int:
    """Measure, and print the table."""
    against = race.reference(arguments.against)
    with _subject(arguments) as subject:
        iterations = arguments.iterations or (3 if subject.is_random else 5)
        if against is None:
            log.warning(
                "Ratios need the reference loop, which is in a checkout; name it with --against."
            )
        found = _measured(subject, arguments.device, iterations, against)
    answer.give(found, bench_lines.lines(found), as_json=arguments.json)
    return 0


@contextmanager
def _subject(arguments: argparse.Namespace) -> Iterator[Subject]:
    if arguments.model == RANDOM:
        from studio.engine.measure import IMAGENET_F16, write_random_weights

        log.warning("%s has random weights: it measures time and paints only noise.", RANDOM)
        with leftovers.temporary() as folder:
            vqgan_path, perceptor_path = write_random_weights(folder)
            settings = _settings(arguments, IMAGENET_F16.factor, RANDOM, (RANDOM,))
            yield Subject(settings, vqgan_path, {RANDOM: perceptor_path})
        return
    vqgan, perceptors = models_named(arguments.model, None)
    paths = {model.name: model.weights for model in perceptors}
    settings = _settings(arguments, store.factor(vqgan), vqgan.name, tuple(paths))
    yield Subject(settings, vqgan.weights, paths)


def _settings(
    arguments: argparse.Namespace, factor: int, model: str, perceptors: tuple[str, ...]
) -> Settings:
    return Settings(
        prompts=(Prompt(text=PROMPT),),
        size=fitted(arguments.size or SIZE, factor),
        cutouts=arguments.cutouts,
        model=model,
        perceptors=perceptors,
    )


def _measured(
    subject: Subject, device: str, iterations: int, against: Path | None
) -> dict[str, Any]:
    import torch

    from studio.engine import device as devices
    from studio.engine import measure

    chosen, settings = devices.choose(device), subject.settings
    vqgan, perceptors = subject.loaded()
    shapes = [perceptors[name].config for name in settings.perceptors]
    work = measure.work(vqgan.config, shapes, settings)
    precisions = {"float32": torch.float32}
    lower = devices.precision(chosen)
    if lower != torch.float32 and any(shape.vision_patch_size for shape in shapes):
        precisions["mixed"] = lower  # a ResNet has float32 always
    *_, used = precisions  # that in which it is painted
    for perceptor in perceptors.values():
        perceptor.see_in(precisions[used], chosen)
    found = _painted(settings, vqgan, perceptors, chosen, iterations)
    del vqgan, perceptors  # so that the loops below have the memory
    speeds = {name: measure.speed(chosen, dtype) for name, dtype in precisions.items()}
    floors = {name: measure.floor_seconds(work, speed) for name, speed in speeds.items()}
    started, raced = _started(subject, device), None
    if against is not None:
        courses = {
            name: subject.course(device, str(dtype).removeprefix("torch."))
            for name, dtype in precisions.items()
        }
        raced = _raced(courses, iterations, against, floors)
    return found | {
        "precision": str(precisions[used]).removeprefix("torch."),
        "floor_seconds": floors["float32"],
        "floors": floors,
        "floor_share": floors[used] / found["seconds_per_iteration"],
        "gflop": (work.matmul + work.convolution) / 1e9,
        "gflops": _gflops(speeds["float32"]),
        "start_seconds": started,
        "against": raced,
        "iterations": iterations,
        "threads": torch.get_num_threads(),
        "processor": measure.processor(),
        "device": devices.describe(chosen),
        "torch": torch.__version__,
        "size": list(settings.size),
        "cutouts": settings.cutouts,
        "model": settings.model,
    }


def _painted(
    settings: Settings,
    vqgan: VQGAN,
    perceptors: Mapping[str, Perceptor],
    device: torch.device,
    iterations: int,
) -> dict[str, Any]:
    """Seconds of the iterations of a painting into a project, of each stage, and of recording."""
    from studio.engine import measure
    from studio.engine.painter import Painter
    from studio.painting import Painting

    watch = measure.Stopwatch(device)
    painter = Painter(vqgan, perceptors, device=device, watch=watch)
    seconds: dict[str, list[float]] = defaultdict(list)
    models = [ModelRef(settings.model, "0" * 64, "vqgan")]
    with leftovers.temporary() as folder:
        path = folder / "bench.vqproj"
        with Project.create(path, models=models, changes=[Change(0, settings)]) as project:
            painting = Painting(painter, project, FIRST_TAKE)
            first = painting.paint_one().seconds
            for _ in range(iterations):
                watch.seconds.clear()
                began = time.perf_counter()
                step = painting.paint_one()
                seconds["recording"].append(time.perf_counter() - began - step.seconds)
                seconds["iteration"].append(step.seconds)
                for stage, each in watch.seconds.items():
                    seconds[stage].append(each)
                seconds["rest"].append(step.seconds - sum(watch.seconds.values()))
            painting.settle()
    medians = {name: statistics.median(each) for name, each in seconds.items()}
    return {
        "seconds_per_iteration": medians.pop("iteration"),
        "recording_seconds": medians.pop("recording"),
        "first_iteration_seconds": first,
        "stages": medians,
        "peak_memory_bytes": measure.peak_memory(device),
    }


def _started(subject: Subject, device: str) -> float | None:
    if subject.is_random:
        return None
    width, height = subject.settings.size
    size = f"{width}x{height}"
    words = (PROMPT, "--model", subject.settings.model, "--size", size, "--device", device)
    return starting.to_first_iteration(words)


def _raced(
    courses: Mapping[str, Course], iterations: int, against: Path, floors: Mapping[str, float]
) -> dict[str, Any]:
    """Our loop and the reference loop, and how many times as fast and how much smaller ours is."""
    times = race.race(against, courses, iterations)
    theirs = times.pop("reference")
    return {"program": str(against), "reference": asdict(theirs)} | {
        name: asdict(ours) | _ratios(ours, theirs) | {"floor_share": floors[name] / ours.seconds}
        for name, ours in times.items()
    }


def _ratios(ours: race.Times, theirs: race.Times) -> dict[str, float | None]:
    memory = None
    if ours.peak_memory_bytes is not None and theirs.peak_memory_bytes is not None:
        memory = ours.peak_memory_bytes / theirs.peak_memory_bytes
    return {
        "times_as_fast": theirs.seconds / ours.seconds,
        "times_as_fast_user": theirs.user_seconds / ours.user_seconds,
        "memory_share": memory,
    }


def _gflops(speed: Work) -> dict[str, float]:
    return {"matmul": speed.matmul / 1e9, "convolution": speed.convolution / 1e9}
