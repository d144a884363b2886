"""Weight files of others, read as a table of tensors and never as a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import torch
from safetensors import safe_open
from torch import Tensor

from studio.engine import stored
from studio.engine.archives import (
    AGAIN,
    Form,
    check_sums,
    form_of,
    look_over,
    safetensors_header,
    shown,
    unreadable,
)
from studio.engine.pickles import LONGEST_NAME, Module, Odd, Stored
from studio.errors import RequestError

PRECISIONS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
COUNTER = "num_batches_tracked"
"""What a batch norm counts while it trains; nobody reads it afterwards."""


TABLES = ("state_dict", "model_state_dict", "model")
"""Under which a checkpoint keeps its weights, if not at its root."""
WRAPPERS = ("module.", "_orig_mod.")
"""What DataParallel and torch.compile put before every name."""
MOST_PARTS = 100_000
"""Parts of a program; the largest CLIP has a few thousand."""
DEEPEST = 64


def tensors_of(path: Path) -> dict[str, Tensor]:
    """The tensors of a weight file under their names, mapped into memory and not yet read.

    Takes Lightning checkpoints, state dicts, TorchScript archives and safetensors. Raises
    RequestError when the file is damaged, holds no tensors, or asks for anything but data.
    """
    form = form_of(path)
    try:
        found = _safetensors(path) if form == "safetensors" else _of_torch(path, form)
    except RequestError:
        raise
    except Exception as error:  # what is damaged fails in any way
        raise unreadable(path, error) from error
    if not found:
        raise RequestError(f"{path} holds no weights under names; {AGAIN}.")
    return _bare(found)


def _safetensors(path: Path) -> dict[str, Tensor]:
    safetensors_header(path)
    with safe_open(path, framework="pt") as file:
        return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118


def _of_torch(path: Path, form: Form) -> dict[str, Tensor]:
    if form == "pickle":
        root, places = stored.of_pickle(path)
    else:
        archive = look_over(path)
        check_sums(archive)
        root, places = stored.of_archive(archive)
    described = dict(_of_modules(root)) if form == "torchscript" else _of_tables(root)
    return stored.tensors(path, described, places)


def _of_tables(root: object) -> dict[str, Stored | Odd]:
    """What a state dict names, by itself or within a checkpoint."""
    if not isinstance(root, dict):
        return {}
    within = (root[name] for name in TABLES if isinstance(root.get(name), dict))
    table = next(within, root)
    return {
        name: each
        for name, each in table.items()
        if isinstance(name, str) and isinstance(each, Stored | Odd)
    }


def _of_modules(root: object) -> Iterator[tuple[str, Stored | Odd]]:
    """Every parameter and buffer of a TorchScript module under its dotted name."""
    waiting: list[tuple[str, int, object]] = [("", 0, root)]
    pushed = 1
    while waiting:
        name, depth, part = waiting.pop()
        if isinstance(part, Stored | Odd):
            yield name, part
        elif isinstance(part, Module):
            pushed += len(part)
            if pushed > MOST_PARTS or depth > DEEPEST or len(name) > LONGEST_NAME:
                raise ValueError("its modules never end")
            dot = "." if name else ""
            waiting += [(f"{name}{dot}{key}", depth + 1, value) for key, value in part.items()]


def _bare(found: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors under the names that the network itself has for them."""
    while (first := next(iter(found))).startswith(WRAPPERS):
        wrapper = next(each for each in WRAPPERS if first.startswith(each))
        if not all(name.startswith(wrapper) for name in found):
            break
        found = {name.removeprefix(wrapper): tensor for name, tensor in found.items()}
    return found


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
        _check_form(path, name, tensors[name])
        if tensors[name].shape != model.shape:
            sizes = " against ".join(_size(tensor) for tensor in (tensors[name], model))
            raise _misfit(path, f"have another {name}, {sizes}")
    return {name: _sound(path, name, tensors[name]) for name in wanted}


def _sound(path: Path, name: str, tensor: Tensor) -> Tensor:
    """A tensor of its own, in a precision that is kept, of which every number is one."""
    if name.endswith(COUNTER):
        return tensor.long().clone()
    if tensor.dtype not in PRECISIONS:
        raise _misfit(path, f"have {name} in {tensor.dtype}")
    tensor = tensor.float() if tensor.dtype == torch.float64 else tensor
    if not tensor.isfinite().all():
        raise RequestError(f"The weights {path} have no number in places of {name}; {AGAIN}.")
    whole = tensor.is_contiguous() and tensor.untyped_storage().nbytes() == tensor.nbytes
    return tensor if whole else tensor.clone(memory_format=torch.contiguous_format)


def _check_form(path: Path, name: str, tensor: Tensor) -> None:
    if tensor.layout != torch.strided or tensor.is_quantized or tensor.device.type != "cpu":
        raise _misfit(path, f"have {name} in a form of its own")


def _size(tensor: Tensor) -> str:
    return "x".join(map(str, tensor.shape)) or "1"


def _misfit(path: Path, how: str) -> RequestError:
    return RequestError(
        f"The weights {path} do not fit their config: they {shown(how)}; "
        "give the config that was published with them."
    )
