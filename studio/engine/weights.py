"""Weights on disk: safetensors beside a typed JSON config, the only form the program runs from."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from safetensors.torch import save as as_bytes
from torch import nn

from studio.engine.perceptor import CLIPConfig, Perceptor
from studio.engine.vqgan import VQGAN, VQGANConfig
from studio.errors import StudioError

Config = TypeVar("Config", VQGANConfig, CLIPConfig)


def load_vqgan(weights: Path) -> VQGAN:
    """A frozen VQGAN from `NAME.safetensors` and the `NAME.json` beside it.

    Raises StudioError when a file is missing, damaged, or of another shape than the config says.
    """
    model: VQGAN = _built(weights, VQGAN, VQGANConfig)
    _fill(model, weights)
    return model.eval().requires_grad_(False)


def load_perceptor(weights: Path) -> Perceptor:
    """A frozen CLIP, as `load_vqgan`."""
    model: Perceptor = _built(weights, Perceptor, CLIPConfig)
    _fill(model.clip, weights)
    return model.eval().requires_grad_(False)


def save(weights: Path, model: VQGAN | Perceptor) -> None:
    """Write a model in half precision, each file whole."""
    network = model.clip if isinstance(model, Perceptor) else model
    tensors = {name: tensor.half().contiguous() for name, tensor in network.state_dict().items()}
    weights.parent.mkdir(parents=True, exist_ok=True)
    _write(weights, as_bytes(tensors))
    text = msgspec.json.format(msgspec.json.encode(model.config), indent=1)
    _write(weights.with_suffix(".json"), text + b"\n")


def _write(path: Path, data: bytes) -> None:
    beside = path.with_name(f"{path.name}.part")
    beside.write_bytes(data)
    os.replace(beside, path)


def _built(weights: Path, model: Callable[[Config], Any], kind: type[Config]) -> Any:
    """A model with the shape of the config, its weights yet to come."""
    path = weights.with_suffix(".json")
    try:
        return model(msgspec.json.decode(path.read_bytes(), type=kind))
    except Exception as error:  # taming and clip fail in any way on the shape of no model
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise StudioError(
            f"The model config {path} cannot be read ({reason}); install the model again."
        ) from error


def _fill(network: nn.Module, weights: Path) -> None:
    try:
        tensors = load_file(weights)
        network.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
    except (OSError, SafetensorError, RuntimeError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise StudioError(
            f"The model weights {weights} cannot be read ({reason}); install the model again."
        ) from error
    network.to(torch.float32)
