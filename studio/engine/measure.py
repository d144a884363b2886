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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.core.demand import Demand
from studio.core.knobs import KNOB
from studio.core.settings import Prompt, Settings
from studio.engine import weights
from studio.engine.painter import Painter, views_at_once
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
TRIED_SIDE, TRIED_CUTOUTS = 128, (4, 8)
"""Pixels and cutouts of the iterations from which the demand of larger ones is reckoned."""
AT_WORK = 3
"""Tensors as large as the largest that is kept, which are there at once besides (measured)."""


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


class _Keeping(Stopwatch):
    """Adds up the bytes that each stage keeps for the backward pass as well."""

    def __init__(self, device: torch.device, own: set[int]) -> None:
        super().__init__(device)
        self.kept: dict[str, int] = defaultdict(int)
        self.largest = 0
        self._own, self._stage = own, ""
        self._seen: dict[int, Tensor] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        self._stage = stage
        self._seen.clear()
        with super().__call__(stage):
            yield

    def keep(self, tensor: Tensor) -> Tensor:
        """Count a tensor that is kept, once for all views of it."""
        storage = tensor.untyped_storage()
        if storage._cdata not in self._own and storage._cdata not in self._seen:
            self._seen[storage._cdata] = tensor.detach()  # or another might get its place
            self.kept[self._stage] += storage.nbytes()
            if self._stage == "decode":
                self.largest = max(self.largest, storage.nbytes())
        return tensor.detach()


def demand(vqgan: VQGAN, perceptors: Mapping[str, Perceptor], device: torch.device) -> Demand:
    """What painting with these models takes here, from two small iterations."""
    few, many = (_tried(vqgan, perceptors, device, cutouts) for cutouts in TRIED_CUTOUTS)
    looked, decoded = "cutouts and CLIP", "decode"
    views = TRIED_CUTOUTS[1] - TRIED_CUTOUTS[0]
    kept = many.kept[decoded] + AT_WORK * many.largest
    return Demand(
        base=held(device) or 0,
        pixel_bytes=kept / TRIED_SIDE**2,
        view_bytes=max(0, many.kept[looked] - few.kept[looked]) / views,
        views_at_once=views_at_once(device, perceptors.values(), int(KNOB["cutouts"].range.most)),
        pixel_seconds=sum(s for name, s in many.seconds.items() if looked not in name)
        / TRIED_SIDE**2,
        view_seconds=sum(s for name, s in many.seconds.items() if looked in name)
        / TRIED_CUTOUTS[1],
    )


def _tried(
    vqgan: VQGAN, perceptors: Mapping[str, Perceptor], device: torch.device, cutouts: int
) -> _Keeping:
    networks: list[nn.Module] = [vqgan, *perceptors.values()]
    own = {
        tensor.untyped_storage()._cdata
        for network in networks
        for tensor in network.state_dict().values()
    }
    watch = _Keeping(device, own)
    settings = Settings(
        prompts=(Prompt(text="sea"),),
        size=(TRIED_SIDE, TRIED_SIDE),
        cutouts=cutouts,
        perceptors=tuple(perceptors),
    )
    painter = Painter(vqgan, perceptors, device=device, watch=watch)
    with torch.autograd.graph.saved_tensors_hooks(watch.keep, lambda tensor: tensor):
        painter.step(painter.start(settings), settings)
    return watch


def held(device: torch.device) -> int | None:
    """Bytes that this program holds there now; None where the system does not say."""
    if device.type == "cuda":
        return torch.cuda.memory_reserved(device)
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
