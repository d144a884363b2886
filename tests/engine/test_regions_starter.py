"""What the starter models paint into regions."""

from __future__ import annotations

import numpy as np
import pytest

from studio import places
from studio.core.settings import Prompt, Settings
from studio.engine.painter import Painter
from studio.painting import load_models

SIDE = 96
HALF = SIDE // 2


@pytest.mark.slow
def test_halves_have_the_colours_that_they_are_asked_for() -> None:
    folder = places.resources() / "models" / "starter"
    models = load_models(
        folder / "vqgan.safetensors", {"starter": folder / "clip.safetensors"}, "cpu"
    )
    left = np.zeros((SIDE, SIDE), np.uint8)
    left[:, :HALF] = 255
    pictures = {"left": left, "right": 255 - left}
    painter = Painter(models.vqgan, models.perceptors, pictures=pictures)
    for seed in (1, 2, 3):
        settings = Settings(
            prompts=(Prompt(text="red", mask="left"), Prompt(text="blue", mask="right")),
            size=(SIDE, SIDE),
            perceptors=("starter",),
            cutouts=8,
            seed=seed,
        )
        state = painter.start(settings)
        for _ in range(20):
            state, step = painter.step(state, settings)
        means = step.picture[:, :HALF].mean((0, 1)), step.picture[:, HALF:].mean((0, 1))
        assert [int(mean.argmax()) for mean in means] == [0, 2], (seed, means)
