"""How fast this machine paints: seconds by stage, peak memory, and the arithmetic floor.

The floor is the time that the multiplications of an iteration would take if the machine did them as
fast as it multiplies large matrices and convolves, and did nothing else.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch.utils.flop_counter import FlopCounterMode

from studio.core.settings import Settings
from studio.engine.painter import Painter
from studio.engine.perceptor import CLIPConfig, Perceptor
from studio.engine.vqgan import VQGAN, VQGANConfig

IMAGENET_F16 = VQGANConfig(
    ch=128,
    ch_mult=(1, 1, 2, 2, 4),
    num_res_blocks=2,
    attn_resolutions=(16,),
    resolution=256,
    z_channels=256,
    embed_dim=256,
    codes=16384,
)
VIT_B_32 = CLIPConfig(
    embed_dim=512,
    image_resolution=224,
    vision_layers=12,
    vision_width=768,
    vision_patch_size=32,
    transformer_width=512,
    transformer_layers=12,
)
MEASURED_FOR = 1.0
"""Seconds for which a speed of the machine is measured."""


@dataclass(frozen=True)
class Work:
    """Multiplications and additions, as floating-point operations or as so many in a second."""

    matmul: float
    convolution: float


@dataclass(frozen=True)
class Measured:
    """What painting took."""

    seconds_per_iteration: float
    """Median."""
    stages: dict[str, float]
    """Median seconds; "rest" is what lies outside the stages."""
    peak_memory_bytes: int | None
    """Of the whole process, on a GPU of torch on it; None where the system does not say."""
    work: Work
    """Of one iteration."""


class Stopwatch:
    """Adds up the seconds of each stage; a painter's `watch`."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self.seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        _finish(self._device)
        began = time.perf_counter()
        yield
        _finish(self._device)
        self.seconds[stage] += time.perf_counter() - began


def published_with_random_weights() -> tuple[VQGAN, Perceptor]:
    """The architectures of imagenet-f16-16384 and ViT-B/32, which paint nothing but noise."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        vqgan, perceptor = VQGAN(IMAGENET_F16), Perceptor(VIT_B_32)
    return vqgan.eval().requires_grad_(False), perceptor.eval().requires_grad_(False)


def measure(
    vqgan: VQGAN,
    perceptors: Mapping[str, Perceptor],
    settings: Settings,
    device: torch.device,
    iterations: int,
) -> Measured:
    """Paint one iteration to warm up and count, then `iterations` to measure."""
    stopwatch = Stopwatch(device)
    painter = Painter(vqgan, perceptors, device=device, watch=stopwatch)
    state = painter.start(settings)
    with FlopCounterMode(display=False) as counter:
        state, _ = painter.step(state, settings)
    totals: list[float] = []
    stages: dict[str, list[float]] = defaultdict(list)
    for _ in range(iterations):
        stopwatch.seconds.clear()
        state, step = painter.step(state, settings)
        totals.append(step.seconds)
        for stage, seconds in stopwatch.seconds.items():
            stages[stage].append(seconds)
        stages["rest"].append(step.seconds - sum(stopwatch.seconds.values()))
    return Measured(
        seconds_per_iteration=statistics.median(totals),
        stages={stage: statistics.median(seconds) for stage, seconds in stages.items()},
        peak_memory_bytes=peak_memory(device),
        work=_counted(counter),
    )


def speed(device: torch.device) -> Work:
    """Floating-point operations a second of this machine in float32, at large sizes."""
    a, b = (torch.randn(2048, 2048, device=device) for _ in range(2))
    picture = torch.randn(1, 128, 128, 128, device=device)
    kernel = torch.randn(128, 128, 3, 3, device=device)
    return Work(
        matmul=_rate(lambda: a @ b, 2 * 2048**3, device),
        convolution=_rate(
            lambda: F.conv2d(picture, kernel, padding=1), 2 * 9 * 128**2 * 128**2, device
        ),
    )


def floor_seconds(work: Work, speed: Work) -> float:
    """How long the work takes at that speed."""
    return work.matmul / speed.matmul + work.convolution / speed.convolution


def _rate(work: Callable[[], object], operations: int, device: torch.device) -> float:
    """Operations a second of the quickest run, over MEASURED_FOR seconds of runs."""
    quickest, ends = float("inf"), time.perf_counter() + MEASURED_FOR
    while time.perf_counter() < ends:
        began = time.perf_counter()
        work()
        _finish(device)
        quickest = min(quickest, time.perf_counter() - began)
    return operations / quickest


def _counted(counter: FlopCounterMode) -> Work:
    """The counted operations; what is no convolution is a matrix product or attention."""
    counts = counter.get_flop_counts()["Global"]
    convolution = sum(count for kind, count in counts.items() if "convolution" in str(kind))
    return Work(sum(counts.values()) - convolution, convolution)


def _finish(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def peak_memory(device: torch.device) -> int | None:
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    try:
        import resource
    except ImportError:  # Windows has none
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
