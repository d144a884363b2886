"""Weight files of others, read as a table of tensors and never as a program."""

from __future__ import annotations

import pickle
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from studio.engine import torchscript
from studio.engine.archives import (
    AGAIN,
    check_sums,
    form_of,
    look_over,
    safetensors_header,
    unreadable,
)
from studio.errors import RequestError

BESIDE_WEIGHTS = (
    # what old Lightning keys its callbacks by, and what callbacks and hyperparameters hold
    "pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint",
    "pytorch_lightning.callbacks.early_stopping.EarlyStopping",
    "pytorch_lightning.callbacks.lr_monitor.LearningRateMonitor",
    "pytorch_lightning.utilities.parsing.AttributeDict",
    "lightning_fabric.utilities.data.AttributeDict",
    "omegaconf.dictconfig.DictConfig",
    "omegaconf.listconfig.ListConfig",
    "omegaconf.base.ContainerMetadata",
    "omegaconf.base.Metadata",
    "omegaconf.nodes.AnyNode",
    "typing.Any",
    "collections.defaultdict",
    "builtins.dict",
    "builtins.list",
    "argparse.Namespace",
    "pathlib.PosixPath",
    "pathlib.WindowsPath",
    "numpy.core.multiarray.scalar",
    "numpy._core.multiarray.scalar",
    "numpy.dtype",
)
"""What Lightning's checkpoints name besides tensors. Each is read as an `Inert`."""

PRECISIONS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
COUNTER = "num_batches_tracked"
"""What a batch norm counts while it trains; nobody reads it afterwards."""


class Inert(dict[Any, Any]):
    """Stands for an object that weights do not need: takes whatever it is made of, does nothing."""

    def __new__(cls, *_: object) -> Inert:
        return super().__new__(cls)

    def __init__(self, *_: object) -> None:
        super().__init__()

    def __setstate__(self, _: object) -> None:
        pass


def tensors_of(path: Path) -> dict[str, Tensor]:
    """The tensors of a weight file under their names, mapped into memory and not yet read.

    Takes Lightning checkpoints, state dicts, TorchScript archives and safetensors. Raises
    RequestError when the file is damaged, holds no tensors, or asks for anything but data.
    """
    form = form_of(path)
    if form == "safetensors":
        return _safetensors(path)
    if form != "pickle":
        archive = look_over(path)
        check_sums(archive)
        if form == "torchscript":
            return torchscript.tensors(archive)
    return _state_dict(path, _loaded(path, mapped=form == "archive"))


def _safetensors(path: Path) -> dict[str, Tensor]:
    safetensors_header(path)
    try:
        with safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, RuntimeError, ValueError, KeyError) as error:
        raise unreadable(path, error) from error


def _loaded(path: Path, *, mapped: bool) -> object:
    """What a pickle holds, with tensors as they are and everything else as plain data."""
    inert = [(Inert, name) for name in BESIDE_WEIGHTS]
    try:
        with torch.serialization.safe_globals(inert):  # type: ignore[arg-type]
            return torch.load(path, map_location="cpu", weights_only=True, mmap=mapped)
    except pickle.UnpicklingError as error:
        asked = re.search(r"GLOBAL ([\w.]+)", str(error))
        if asked is None:
            raise unreadable(path, "its pickle is damaged") from error
        raise RequestError(
            f"{path} calls {asked[1]}, which no weights need: do not trust it, and {AGAIN}."
        ) from error
    except Exception as error:  # a damaged pickle fails in any way
        raise unreadable(path, error) from error


def _state_dict(path: Path, loaded: object) -> dict[str, Tensor]:
    if isinstance(loaded, Mapping) and isinstance(loaded.get("state_dict"), Mapping):
        loaded = loaded["state_dict"]
    if isinstance(loaded, Mapping):
        found = {
            name: tensor.detach()
            for name, tensor in loaded.items()
            if isinstance(name, str) and isinstance(tensor, Tensor)
        }
        if found:
            return found
    raise RequestError(f"{path} holds no weights under names; {AGAIN}.")


def fitted(
    path: Path, tensors: Mapping[str, Tensor], wanted: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    """The tensors as a model takes them whose state has the names and shapes of `wanted`.

    Raises RequestError when a name is missing or too many, a shape is another, or a number is none.
    """
    counters = [name for name in wanted if name.endswith(COUNTER)]
    tensors = {name: torch.zeros((), dtype=torch.int64) for name in counters} | dict(tensors)
    missing, spare = sorted(wanted.keys() - tensors.keys()), sorted(tensors.keys() - wanted.keys())
    if missing or spare:
        raise _misfit(path, f"lack {missing[0]}" if missing else f"have {spare[0]} besides")
    for name, model in wanted.items():
        if tensors[name].shape != model.shape:
            sizes = " against ".join(_size(tensor) for tensor in (tensors[name], model))
            raise _misfit(path, f"have another {name}, {sizes}")
    return {name: _sound(path, name, tensors[name]) for name in wanted}


def _sound(path: Path, name: str, tensor: Tensor) -> Tensor:
    """A tensor of its own, in a precision that is kept, of which every number is one."""
    if tensor.layout != torch.strided or tensor.is_quantized or tensor.device.type != "cpu":
        raise _misfit(path, f"have {name} in a form of its own")
    if name.endswith(COUNTER):
        return tensor.long().clone()
    if tensor.dtype not in PRECISIONS:
        raise _misfit(path, f"have {name} in {tensor.dtype}")
    tensor = tensor.float() if tensor.dtype == torch.float64 else tensor
    if not tensor.isfinite().all():
        raise RequestError(f"The weights {path} have no number in places of {name}; {AGAIN}.")
    whole = tensor.is_contiguous() and tensor.untyped_storage().nbytes() == tensor.nbytes
    return tensor if whole else tensor.clone(memory_format=torch.contiguous_format)


def _size(tensor: Tensor) -> str:
    return "x".join(map(str, tensor.shape)) or "1"


def _misfit(path: Path, how: str) -> RequestError:
    return RequestError(
        f"The weights {path} do not fit their config: they {how}; "
        "give the config that was published with them."
    )
