"""The training window: a person's own pictures become a model to paint with."""

from studio.ui.training.window import TrainingWindow

__all__ = ["TrainingWindow"]
