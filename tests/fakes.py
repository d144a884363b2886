"""Engines that fail when a test says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from studio.core.schedule import Change
from studio.core.settings import Settings, Stroke
from studio.engine.painter import Painter, State, Step
from studio.painting import Models
from studio.project.file import Project
from studio.work.weights import Load


@dataclass
class Fault:
    """What goes wrong, from which iteration on; None for nothing."""

    kind: str | None = None
    at: int = 0

    def strike(self, iteration: int, step: Step) -> Step:
        """Fail, or leave the step as it is."""
        if self.kind is None or iteration < self.at:
            return step
        if self.kind == "nan":
            return replace(step, total=float("nan"))
        raise FAULTS[self.kind]


FAULTS: dict[str, Exception] = {
    "memory": torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
    "device": RuntimeError("CUDA error: unknown error"),
    "any": ZeroDivisionError("division by zero"),
}


class FaultyPainter(Painter):
    """Paints until its fault strikes."""

    fault: Fault

    def _step(
        self, state: State, settings: Settings, strokes: Sequence[Stroke]
    ) -> tuple[State, Step]:
        after, step = super()._step(state, settings, strokes)
        return after, self.fault.strike(state.iteration, step)


class FaultyModels(Models):
    """Models whose painters have the fault."""

    def painter(self, project: Project, changes: Sequence[Change]) -> Painter:
        painter = super().painter(project, changes)
        painter.__class__ = FaultyPainter
        painter.fault = _FAULT[id(self)]  # type: ignore[attr-defined]
        return painter


_FAULT: dict[int, Fault] = {}


def faulty(load: Load, fault: Fault) -> Load:
    """A way to load models whose painters fail as `fault` says."""

    def load_faulty(settings: Settings, device: str) -> Any:
        models = load(settings, device)
        broken = FaultyModels(
            models.vqgan, models.perceptors, models.device, models.device_in_words
        )
        _FAULT[id(broken)] = fault
        return broken

    return load_faulty
