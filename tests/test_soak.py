"""A long painting: it takes no more memory and no more time for an iteration at its end.

SOAK_ITERATIONS asks for another length than that of every day's tests.
"""

from __future__ import annotations

import gc
import os
import statistics
import time
from pathlib import Path

import numpy as np
import pytest

from studio.core.schedule import Change
from studio.core.settings import Prompt, Settings
from studio.painting import Painting, load_models
from studio.project.file import FIRST_TAKE, Project

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(7200),
    pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc"),
]

ITERATIONS = int(os.environ.get("SOAK_ITERATIONS", "1000"))
LOOKS = 30
"""How often memory is looked at."""
LEAK = 8000
"""Bytes for each iteration that are too much: a latent with its moments has 12288."""
SLOWER = 1.5
"""Times as long for an iteration at the end as at the beginning, which no machine's mood explains
over medians of so many."""


def test_a_long_painting_grows_in_neither_memory_nor_time(models: Path, tmp_path: Path) -> None:
    settings = Settings(prompts=(Prompt(text="a red circle"),), size=(16, 16), cutouts=1)
    loaded = load_models(
        models / "starter/vqgan.safetensors",
        {"starter": models / "starter/clip.safetensors"},
        "cpu",
    )
    seconds: list[float] = []
    memory: list[int] = []
    path = tmp_path / "long.vqproj"
    with Project.create(path, models=(), changes=[Change(0, settings)]) as project:
        painter = loaded.painter(project, project.changes(FIRST_TAKE))
        painting = Painting(painter, project, FIRST_TAKE)
        painting.paint(ITERATIONS // 10)  # until caches are full
        for _ in range(LOOKS):
            for _ in range(ITERATIONS // LOOKS):
                began = time.process_time()  # a busy machine makes an iteration no longer
                painting.paint_one()
                seconds.append(time.process_time() - began)
            painting.settle()
            gc.collect()
            memory.append(_resident())
        assert project.length(FIRST_TAKE) == ITERATIONS // 10 + len(seconds)
    growth = _slope(memory) * LOOKS / len(seconds)
    third = len(seconds) // 3
    early, late = statistics.median(seconds[:third]), statistics.median(seconds[-third:])
    print(
        f"\n{len(seconds)} iterations: {growth:.0f} bytes more for each, {memory[0] / 1e6:.1f} MB "
        f"to {memory[-1] / 1e6:.1f} MB; {1000 * early:.2f} ms early, {1000 * late:.2f} ms late"
    )
    assert growth < LEAK
    assert late < SLOWER * early


def _resident() -> int:
    """Bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _slope(values: list[int]) -> float:
    """Growth from one value to the next: the median of all pairs' (Theil 1950), which one jump of
    the allocator does not move."""
    pairs = [
        (later - value) / (j - i)
        for i, value in enumerate(values)
        for j, later in enumerate(values[i + 1 :], i + 1)
    ]
    return float(np.median(pairs))
