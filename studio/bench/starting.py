"""How long the program takes from the start of its process to a window that is drawn."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from studio.errors import StudioError

PATIENCE = 120
"""Seconds."""


@dataclass(frozen=True)
class Start:
    """One start, or the median of several; in seconds from the start of the process."""

    drawn: float
    loaded: float
    """Until the models are there, so that painting can begin."""
    torch_at_drawing: bool
    """Whether torch was imported, or being imported, when the window was drawn."""


def typical(starts: list[Start]) -> Start:
    """The median of several starts."""
    return Start(
        statistics.median(each.drawn for each in starts),
        statistics.median(each.loaded for each in starts),
        any(each.torch_at_drawing for each in starts),
    )


def start() -> Start:
    """Start the program and wait until it has closed its window again."""
    began = time.monotonic()
    process = subprocess.run(
        [sys.executable, "-m", "studio.bench.first_paint"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    said: dict[str, dict[str, Any]] = {}
    for line in process.stdout.splitlines():
        news = json.loads(line)
        said[news["what"]] = news
    if process.returncode or said.keys() != {"drawn", "loaded"}:
        raise StudioError(f"The window did not come up: {process.stderr.strip() or 'no reason'}")
    return Start(said["drawn"]["at"] - began, said["loaded"]["at"] - began, said["drawn"]["torch"])
