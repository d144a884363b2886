"""How fast this machine could paint: the work of an iteration, and the arithmetic floor.

The floor is the time that the multiplications of an iteration would take if the machine did them as
fast as it multiplies large matrices and convolves, and did nothing else.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F

from studio.core.settings import Settings
from studio.engine import weights
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


class Stopwatch:
    """Adds up the seconds of each stage; a painter's `watch`."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self.seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        finish(self._device)
        began = time.perf_counter()
        yield
        finish(self._device)
        self.seconds[stage] += time.perf_counter() - began


def write_random_weights(folder: Path) -> tuple[Path, Path]:
    """The weights of a VQGAN and a CLIP that paint nothing but noise.

    Their architectures are those of imagenet-f16-16384 and ViT-B/32, in the precisions in which
    those are published.
    """
    vqgan, perceptor = folder / "vqgan.safetensors", folder / "clip.safetensors"
    with torch.random.fork_rng():
        torch.manual_seed(0)
        weights.save(vqgan, VQGAN(IMAGENET_F16), torch.float32)
        weights.save(perceptor, Perceptor(VIT_B_32))
    return vqgan, perceptor


def work(vqgan: VQGANConfig, perceptors: Sequence[CLIPConfig], settings: Settings) -> Work:
    """What an iteration multiplies and adds, counted on plain networks that hold no numbers.

    It is that of the formulae, whatever a painter leaves out or finds a shorter way for.
    """
    from torch.utils.flop_counter import FlopCounterMode  # 0.1 GB, which a loop need not have

    with torch.device("meta"):
        network = VQGAN(vqgan).requires_grad_(False)
        seeing = [Perceptor(each).requires_grad_(False).clip for each in perceptors]
        width, height = (side // vqgan.factor for side in settings.size)
        z = torch.empty(1, vqgan.embed_dim, height, width, requires_grad=True)
        with FlopCounterMode(display=False) as counter:
            z.detach().movedim(1, 3) @ network.quantize.vectors.T
            network.decoder(network.post_quant_conv(z)).sum().backward()
            for clip in seeing:
                side = clip.visual.input_resolution
                views = torch.empty(settings.cutouts, 3, side, side, requires_grad=True)
                clip.encode_image(views).sum().backward()
    counts = counter.get_flop_counts()["Global"]
    convolution = sum(count for kind, count in counts.items() if "convolution" in str(kind))
    # what is no convolution is a matrix product or attention
    return Work(sum(counts.values()) - convolution, convolution)


def speed(device: torch.device, dtype: torch.dtype = torch.float32) -> Work:
    """Floating-point operations a second of this machine, at large sizes."""
    a, b = (torch.randn(2048, 2048, device=device, dtype=dtype) for _ in range(2))
    picture = torch.randn(1, 128, 128, 128, device=device, dtype=dtype)
    kernel = torch.randn(128, 128, 3, 3, device=device, dtype=dtype)
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
        finish(device)
        quickest = min(quickest, time.perf_counter() - began)
    return operations / quickest


def finish(device: torch.device) -> None:
    """Wait until the device has done all that it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def processor() -> str:
    """The name of this computer's processor and what it can do at once, such as AVX512."""
    name = platform.processor() or platform.machine()
    told = Path("/proc/cpuinfo")
    if sys.platform == "darwin":
        asked = ["sysctl", "-n", "machdep.cpu.brand_string"]
        name = subprocess.run(asked, capture_output=True, text=True).stdout.strip() or name
    elif told.exists():
        lines = told.read_text().splitlines()
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        name = names[0] if names else name
    return f"{name} ({torch.backends.cpu.get_cpu_capability()})"


def user_seconds() -> float:
    """What the processors have computed for this process until now."""
    try:
        import resource
    except ImportError:  # Windows has none
        return os.times().user
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def peak_memory(device: torch.device) -> int | None:
    """Bytes of this process at their most, on a GPU those of torch; None where nobody says."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    told = Path("/proc/self/status")
    if told.exists():  # what getrusage says begins with the peak of the process that started this
        for line in told.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    try:
        import resource
    except ImportError:  # Windows has none
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
