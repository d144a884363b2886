"""What is measured of a process is its own, and tells what larger paintings take."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch
from torch import Tensor

from studio.engine.measure import demand as measured
from studio.engine.measure import peak_memory
from tests.engine import tiny

MUCH = 2**30
TELL = """
import torch
from studio.engine.measure import peak_memory
before = peak_memory(torch.device("cpu"))
held = torch.ones(2**26)
print(before, peak_memory(torch.device("cpu")))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells no peak")
def test_the_peak_is_of_this_process_and_not_of_the_one_that_started_it() -> None:
    held = torch.ones(MUCH // 4)
    own = peak_memory(torch.device("cpu"))
    told = subprocess.run([sys.executable, "-c", TELL], capture_output=True, text=True, check=True)
    before, after = map(int, told.stdout.split())
    assert own is not None
    assert own > held.nbytes == MUCH
    assert before < MUCH
    assert after - before > 0.9 * 2**28


def test_what_a_larger_painting_keeps_is_foreseen() -> None:
    vqgan, perceptor, device = tiny.vqgan(), tiny.vision_transformer(), torch.device("cpu")
    demand = measured(vqgan, {"tiny": perceptor}, device)
    kept: dict[int, Tensor] = {}

    def keep(tensor: Tensor) -> Tensor:
        kept[tensor.untyped_storage()._cdata] = tensor.detach()
        return tensor.detach()

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        vqgan.decode(torch.zeros(1, 6, 128, 128, requires_grad=True))
    found = sum(tensor.untyped_storage().nbytes() for tensor in kept.values())
    assert found < demand.pixel_bytes * 256**2 < 2.5 * found
    assert demand.base > 0
    assert min(demand.pixel_seconds, demand.view_seconds, demand.view_bytes) > 0
