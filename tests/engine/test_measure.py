"""What is measured of a process is its own."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from studio.engine.measure import peak_memory

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
