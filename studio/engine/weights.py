"""Weights on disk: safetensors beside a typed JSON config, the only form the program runs from.

Published checkpoints are read once, as data, and converted to it. This is the only door to them:
nothing else in the program opens the weights of a model.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from studio.atomic import whole_file
from studio.engine import published
from studio.engine.archives import named_inside
from studio.engine.checkpoints import fitted, tensors_of
from studio.engine.imagination import Imagination, ImaginationConfig
from studio.engine.perceptor import CLIPConfig, Perceptor
from studio.engine.vqgan import VQGAN, VQGANConfig
from studio.errors import RequestError, StudioError

Config = TypeVar("Config", VQGANConfig, CLIPConfig, ImaginationConfig)


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


def load_imagination(weights: Path, codes: int) -> Imagination:
    """A frozen imagination of a VQGAN with so many codes, as `load_vqgan`."""
    model: Imagination = _built(weights, Imagination, ImaginationConfig)
    if model.config.codes != codes:
        raise StudioError(
            f"{weights} imagines {model.config.codes} codes, and the model beside it has {codes}; "
            "install the model again."
        )
    _fill(model, weights)
    return model.eval().requires_grad_(False)


def save(
    weights: Path, model: VQGAN | Perceptor | Imagination, precision: torch.dtype = torch.float16
) -> None:
    """Write a model, each file whole."""
    network = model.clip if isinstance(model, Perceptor) else model
    state = network.state_dict().items()
    tensors = {name: tensor.to(precision).contiguous() for name, tensor in state}
    _write(weights, tensors, model.config, {})


def convert_vqgan(checkpoint: Path, config: Path | None, out: Path) -> VQGANConfig:
    """Write the VQGAN of a published checkpoint to `out` and its config beside it.

    `checkpoint` is a Lightning checkpoint of taming's VQModel, GumbelVQ or Net2NetTransformer (of
    which the first stage is taken), a state dict, or safetensors of the same names. `config` is the
    YAML published with it, or a JSON of ours; without one the weights tell their shape. They keep
    the precision they have, and the sha256 of the checkpoint is kept with them.

    Raises RequestError when the files are damaged, do not belong together, or ask for anything but
    data, StudioError when `out` cannot be written; then nothing of it is left.
    """
    tensors = published.vqgan_part(tensors_of(checkpoint))
    beside = _beside(checkpoint) if config is None else config
    shape = (
        published.vqgan_shape(checkpoint, tensors)
        if beside is None
        else published.vqgan_config(beside)
    )
    network = _drawn(checkpoint, VQGAN, shape, len(tensors))
    _convert(checkpoint, fitted(checkpoint, tensors, network.state_dict()), shape, out)
    return shape


def convert_clip(checkpoint: Path, out: Path) -> CLIPConfig:
    """Write a published CLIP to `out` and its config beside it, as `convert_vqgan`.

    `checkpoint` is a TorchScript archive as OpenAI's, a state dict, or safetensors of the same
    names; where a JSON of ours lies beside it, that is its config.
    """
    tensors = published.clip_part(tensors_of(checkpoint))
    beside = _beside(checkpoint)
    shape = (
        published.clip_shape(checkpoint, tensors)
        if beside is None
        else published.clip_config(beside)
    )
    network = _drawn(checkpoint, Perceptor, shape, len(tensors)).clip
    _convert(checkpoint, fitted(checkpoint, tensors, network.state_dict()), shape, out)
    return shape


def recognise(path: Path) -> Literal["vqgan", "clip"] | None:
    """Which model the weights of a file are, from the names inside; None when of neither.

    Reads a few megabytes at most and builds nothing from them. Raises RequestError for what is no
    weight file, or only the beginning of one.
    """
    names = named_inside(path)
    if b"post_quant_conv" in names and b"quantize" in names:
        return "vqgan"
    if b"token_embedding" in names and b"text_projection" in names and b"visual" in names:
        return "clip"
    return None


def _beside(checkpoint: Path) -> Path | None:
    """The config of weights that are in our own form."""
    config = checkpoint.with_suffix(".json")
    return config if checkpoint.suffix == ".safetensors" and config.exists() else None


def _drawn(checkpoint: Path, model: Callable[[Config], Any], config: Config, tensors: int) -> Any:
    """A model that has shapes and no numbers, so that a config of any size costs nothing."""
    try:
        if config.blocks > tensors:
            raise ValueError(
                f"{config.blocks} blocks of layers, and the file has {tensors} tensors"
            )
        with torch.device("meta"):
            return model(config)
    except Exception as error:  # taming and clip fail in any way on the shape of no model
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise RequestError(
            f"The weights {checkpoint} cannot be of the shape that their config says ({reason}); "
            "give the config that was published with them."
        ) from error


def _convert(
    checkpoint: Path,
    tensors: Mapping[str, Tensor],
    config: VQGANConfig | CLIPConfig | ImaginationConfig,
    out: Path,
) -> None:
    with checkpoint.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    # one entry only: safetensors writes several in an order of chance, and a project knows the
    # model by the sha256 of this file
    _write(out, tensors, config, {"source_sha256": digest})


def _write(
    weights: Path,
    tensors: Mapping[str, Tensor],
    config: VQGANConfig | CLIPConfig | ImaginationConfig,
    about: dict[str, str],
) -> None:
    """Both files whole; the weights last, by which a model is known to be there."""
    beside = weights.with_suffix(".json")
    text = msgspec.json.format(msgspec.json.encode(config), indent=1)
    try:
        weights.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(weights) as numbers, whole_file(beside) as shape:
            shape.write_bytes(text + b"\n")
            save_file(dict(tensors), numbers, about)
            numbers.chmod(shape.stat().st_mode)  # safetensors lets only the owner read
    except (OSError, SafetensorError) as error:
        raise _unwritten(weights, error) from error


def _unwritten(weights: Path, error: Exception) -> StudioError:
    return StudioError(
        f"The weights {weights} cannot be written ({error}); "
        "see that the disk has room and the folder may be written to."
    )


def _built(weights: Path, model: Callable[[Config], Any], kind: type[Config]) -> Any:
    """A model with the shape of the config, its weights yet to come."""
    path = weights.with_suffix(".json")
    try:
        with _Undrawn():
            return model(msgspec.json.decode(published.short(path), type=kind))
    except Exception as error:  # taming and clip fail in any way on the shape of no model
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise StudioError(
            f"The model config {path} cannot be read ({reason}); install the model again."
        ) from error


class _Undrawn(TorchFunctionMode):
    """Leaves out the random numbers that weights begin with, which take seconds to draw."""

    def __torch_function__(
        self,
        function: Callable[..., Any],
        types: object,
        arguments: tuple[Any, ...] = (),
        words: dict[str, Any] | None = None,
    ) -> Any:
        if getattr(function, "__module__", None) == "torch.nn.init":
            return None
        return function(*arguments, **(words or {}))


def _fill(network: nn.Module, weights: Path) -> None:
    """Put the file's numbers in the place of all the network's own, as they lie on the disk."""
    try:
        network.load_state_dict(load_file(weights), assign=True)
    except (OSError, SafetensorError, RuntimeError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise StudioError(
            f"The model weights {weights} cannot be read ({reason}); install the model again."
        ) from error
    network.to(torch.float32)
