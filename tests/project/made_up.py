"""A painter without a model: iterations whose every part can be told from their number."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.core.schedule import Change
from studio.core.settings import Prompt, Settings
from studio.project.document import Iteration, ModelRef
from studio.project.file import Project

MODELS = (ModelRef("starter", "0" * 64, "vqgan"), ModelRef("starter", "1" * 64, "clip"))


class Painter:
    """Makes projects and paints into them."""

    def settings(self, text: str = "a lighthouse") -> Settings:
        return Settings(prompts=(Prompt(text=text),))

    def change(self, iteration: int, text: str = "a lighthouse") -> Change:
        return Change(iteration, self.settings(text))

    def iteration(self, number: int) -> Iteration:
        return Iteration(number, (number + 0.25, -1.5), number - 1.25, 0.5)

    def codes(self, number: int, size: int = 4) -> NDArray[np.uint16]:
        return np.full((size, size + 1), number, np.uint16)

    def proxy(self, number: int) -> bytes:
        return b"\xff\xd8" + number.to_bytes(4, "little") * 500

    def paint(self, project: Project, take: int, count: int) -> None:
        for number in range(project.length(take), project.length(take) + count):
            project.record(take, self.iteration(number), self.codes(number), self.proxy(number))

    def create(self, path: Path, count: int = 0) -> Project:
        project = Project.create(path, models=MODELS, changes=[self.change(0)])
        self.paint(project, 1, count)
        return project
