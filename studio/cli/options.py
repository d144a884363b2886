"""The words of `paint`, typed; None and empty for what was not said."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.cli.motion import motion
from studio.cli.values import Clips
from studio.core.efforts import EFFORTS, Effort
from studio.core.settings import Edges, Motion, Optimizer, Preset, Start


@dataclass(frozen=True, kw_only=True)
class PaintOptions:
    """What a person asked `paint` to do, as the parser names it."""

    command: str
    prompt: str | None
    negative: list[str]
    image_prompt: list[str]
    noise_prompt: list[str]
    out: Path | None
    project: Path | None
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
    init_weight: float | None
    learning_rate: float | None
    optimizer: Optimizer | None
    cutouts: int | None
    cutout_preset: Preset | None
    smooth: float | None
    average: float | None
    zoom: float | None
    angle: float | None
    move: tuple[float, float] | None
    edges: Edges | None
    device: str
    json: bool

    @property
    def count(self) -> int:
        """How many iterations to paint: what was said, or what the effort comes to."""
        return self.iterations or EFFORTS[self.effort or "balanced"].iterations

    @property
    def asks_for_prompts(self) -> bool:
        """Whether any prompt was given."""
        return self.prompt is not None or bool(
            self.negative or self.image_prompt or self.noise_prompt
        )

    def knobs(self, before: Motion) -> dict[str, Any]:
        """The settings that were given and may change at any iteration, by their field.

        A motion is `before` with what was given of it. What was given by itself wins over what an
        effort comes to.
        """
        given = {
            "start_weight": self.init_weight,
            "learning_rate": self.learning_rate,
            "optimizer": self.optimizer,
            "cutouts": self.cutouts,
            "preset": self.cutout_preset,
            "smooth": self.smooth,
            "average": self.average,
            "perceptor_weights": None if self.clip is None else self.clip.weights,
            "motion": motion(self, before),
        }
        said = {name: value for name, value in given.items() if value is not None}
        return said if self.effort is None else EFFORTS[self.effort].fields | said
