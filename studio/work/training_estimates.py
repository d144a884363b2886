"""What a training would take, in the numbers of an order, and what speaks against beginning it."""

from __future__ import annotations

import shutil

from studio.work import training_folder as folders
from studio.work.training_apart import Measured
from studio.work.training_facts import Estimate, TrainingOrder

SHORT = 0.75
"""Share of the free memory above which painting may lack it while a training goes on."""


def estimated(order: TrainingOrder, measured: Measured) -> Estimate:
    """The estimate of an order, from what was measured of one that differs in its length only."""
    pace = measured.pace
    if pace is None:
        return Estimate(order, problem=measured.problem)
    asked = folders.asked_of(order)
    memory, free = pace.peak_bytes or 0, measured.free
    room = shutil.disk_usage(folders.existing()).free
    problem = note = ""
    if free is not None and memory > free:
        problem = (
            f"It would take about {_gigabytes(memory)} of memory, and {_gigabytes(free)} are free; "
            "take a smaller size or fewer pictures at once, or close other programs."
        )
    elif measured.disk > room:
        problem = (
            f"It would take about {_gigabytes(measured.disk)} on the disk, and {_gigabytes(room)} "
            "are free; make room, or take a smaller size."
        )
    elif free is not None and memory > SHORT * free:
        note = (
            "Memory will be short while it trains, so that painting meanwhile may come to a rest."
        )
    return Estimate(
        order=order,
        steps=pace.steps(asked, order.minutes),
        step_seconds=pace.seconds(asked, 1),
        memory=memory,
        disk=measured.disk,
        problem=problem,
        note=note,
    )


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
