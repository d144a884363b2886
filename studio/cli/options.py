"""The words of `paint`, typed; None and empty for what was not said."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.cli.motion import motion
from studio.cli.values import Clips
from studio.core.efforts import EFFORTS, Effort
from studio.core.knobs import COLOURS, STRENGTH, TURNED
from studio.core.settings import Edges, Motion, Optimizer, Preset, Settings, Start


@dataclass(frozen=True, kw_only=True)
class PaintOptions:
    """What a person asked `paint` to do, as the parser names it."""

    command: str
    prompt: str | None
    negative: list[str]
    image_prompt: list[str]
    noise_prompt: list[str]
    region: list[str]
    out: Path | None
    project: Path | None
    why: Path | None
    resume: bool
    force: bool
    size: tuple[int, int] | None
    effort: Effort | None
    iterations: int | None
    seed: int | None
    model: str | None
    clip: Clips | None
    start: Start | None
    init: Path | None
    keep: str | None
    optimizer: Optimizer | None
    cutout_preset: Preset | None
    zoom: float | None
    angle: float | None
    move: tuple[float, float] | None
    edges: Edges | None
    device: str
    json: bool
    turned: Mapping[str, Any]
    """Numbers and colours, by the field of the knob."""

    @classmethod
    def said(cls, arguments: argparse.Namespace) -> PaintOptions:
        """What the parser understood."""
        found = dict(vars(arguments))
        turned = {name: found.pop(name) for name in TURNED}
        return cls(**found, turned={n: v for n, v in turned.items() if v is not None})

    @property
    def count(self) -> int:
        """How many iterations to paint: what was said, or what the effort comes to."""
        return self.iterations or EFFORTS[self.effort or "balanced"].iterations

    @property
    def asks_for_prompts(self) -> bool:
        """Whether any prompt was given."""
        return self.prompt is not None or bool(
            self.negative or self.image_prompt or self.noise_prompt or self.region
        )

    def knobs(self, before: Settings | None = None) -> dict[str, Any]:
        """The settings that were given and may change at any iteration, by their field.

        A motion is that of `before`, or none, with what was given of it. What was given by itself
        wins over what an effort comes to.
        """
        given = {
            **self._strengths(before),
            **self.turned,
            "optimizer": self.optimizer,
            "preset": self.cutout_preset,
            "perceptor_weights": None if self.clip is None else self.clip.weights,
            "motion": motion(self, Motion() if before is None else before.motion),
        }
        said = {name: value for name, value in given.items() if value is not None}
        return said if self.effort is None else EFFORTS[self.effort].fields | said

    def _strengths(self, before: Settings | None) -> dict[str, float]:
        """What makes colours count that were given by themselves."""
        given = [each.strength for each in COLOURS if each.field in self.turned]
        return {name: STRENGTH for name in given if before is None or not getattr(before, name)}
