"""VQGAN-CLIP Studio: paint pictures from prompts and keep every iteration."""

__version__ = "0.1.0"
