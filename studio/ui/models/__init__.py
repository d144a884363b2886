"""The models window: what is here, what can be had, and how downloads go."""

from studio.ui.models.window import ModelsWindow

__all__ = ["ModelsWindow"]
