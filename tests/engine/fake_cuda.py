"""A GPU that is none: tensors that compute on the processor and say that they lie elsewhere.

They say "meta", the one other device that every build of torch has. What a GPU refuses is refused,
a tensor of the processor amid its own; what it would wait for is counted, with its place.
"""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode, return_and_correct_aliasing
from torch.utils._pytree import tree_leaves, tree_map

GPU, CPU = torch.device("meta"), torch.device("cpu")
aten = torch.ops.aten
COPIES = {aten.copy_.default, aten._to_copy.default}
READS = {aten._local_scalar_dense.default, aten.equal.default, aten.is_nonzero.default}
SIZED_BY_VALUES = {
    aten.nonzero.default,
    aten.masked_select.default,
    aten._unique2.default,
}
"""A GPU must have computed before the size of what these give is known."""


class Elsewhere(Tensor):
    """What lies on the device; `value` is what it holds."""

    value: Tensor
    __torch_function__ = torch._C._disabled_torch_function_impl

    @staticmethod
    def __new__(cls, real: Tensor) -> Elsewhere:
        made: Elsewhere = Tensor._make_wrapper_subclass(  # type: ignore[attr-defined]
            cls,
            real.size(),
            strides=real.stride(),
            storage_offset=real.storage_offset(),
            dtype=real.dtype,
            layout=real.layout,
            device=GPU,
        )
        made.value = real
        return made

    def __repr__(self, *, tensor_contents: Any = None) -> str:
        return f"Elsewhere({self.value})"

    @classmethod
    def __torch_dispatch__(
        cls, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        raise AssertionError(f"{func} of a tensor that lies elsewhere, outside of fake_cuda")


class Gpu(TorchDispatchMode):
    """Computes what lies there, and notes what a loop on a GPU would wait for."""

    device = GPU

    def __init__(self) -> None:
        super().__init__()
        self.up: Counter[str] = Counter()
        """Copies to the device."""
        self.down: Counter[str] = Counter()
        """Copies and single values from it, and sizes that depend on values."""

    def forget(self) -> None:
        self.up.clear()
        self.down.clear()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = dict(kwargs or {})
        given = [each for each in tree_leaves((args, kwargs)) if isinstance(each, Tensor)]
        there = [each for each in given if isinstance(each, Elsewhere)]
        wanted = kwargs.get("device")
        if not there and (wanted is None or torch.device(wanted) != GPU):
            return func(*args, **kwargs)
        here = [each for each in given if not isinstance(each, Elsewhere)]
        if wanted is not None:
            kwargs["device"] = CPU
        goes_down = wanted is not None and torch.device(wanted) == CPU
        if func is aten.copy_.default:
            goes_down = not isinstance(args[0], Elsewhere)
        self._note(func, there, here, goes_down)
        if func not in COPIES:
            self._check(func, args, here if there else [])
        real = func(*tree_map(_value, args), **tree_map(_value, kwargs))
        if goes_down:
            return args[0] if func is aten.copy_.default else real
        out = tree_map(lambda each: Elsewhere(each) if type(each) is Tensor else each, real)
        return return_and_correct_aliasing(func, args, kwargs, out)

    def _note(self, func: Any, there: list[Tensor], here: list[Tensor], goes_down: bool) -> None:
        if func in COPIES and goes_down and there:
            self.down[_place()] += 1
        elif (func in COPIES and here) or func is aten.lift_fresh.default:
            self.up[_place()] += 1
        elif func in READS or func in SIZED_BY_VALUES or _is_masked(func, there):
            self.down[_place()] += 1

    def _check(self, func: Any, args: Any, here: list[Tensor]) -> None:
        """A GPU takes single numbers of the processor; an index of it also, but waits for it."""
        for each in here:
            if func in (aten.index.Tensor, aten.index_put_.default):
                if each is args[0]:
                    raise RuntimeError(f"{func} mixes devices")
                self.up[_place()] += 1
            elif each.ndim or func in (aten.cat.default, aten.stack.default):
                raise RuntimeError(f"{func} mixes devices: {tuple(each.shape)} is on the cpu")


def _is_masked(func: Any, there: list[Tensor]) -> bool:
    indexing = func in (aten.index.Tensor, aten.index_put_.default)
    return indexing and any(each.dtype == torch.bool for each in there[1:])


def _value(each: Any) -> Any:
    return each.value if isinstance(each, Elsewhere) else each


def _place() -> str:
    """The line of the program that is at work."""
    frames = [each for each in traceback.extract_stack() if "/studio/" in each.filename]
    if not frames:
        return "a test"
    return f"{frames[-1].filename.rsplit('/', 1)[1]}: {frames[-1].line}"


class _Made(TorchFunctionMode):
    """Tensors of Python's numbers are made on the processor, and copied."""

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = dict(kwargs or {})
        if func is Tensor.new_tensor and isinstance(args[0], Elsewhere):
            kwargs = {"dtype": args[0].dtype, "device": GPU} | kwargs
            func, args = torch.tensor, args[1:]
        if func is Tensor.tolist and isinstance(args[0], Elsewhere):
            return args[0].cpu().tolist()
        if func is torch.tensor and torch.device(kwargs.get("device") or CPU) == GPU:
            return torch.tensor(*args, **(kwargs | {"device": CPU})).to(GPU)
        return func(*args, **kwargs)


@contextmanager
def gpu() -> Iterator[Gpu]:
    """All that is computed meanwhile is seen; autocast takes the device for one it knows."""
    autocast = torch.autocast

    def known(device: str, *args: Any, **kwargs: Any) -> Any:
        return autocast("cpu" if device == GPU.type else device, *args, **kwargs)

    with Gpu() as seen, _Made():
        torch.autocast = known  # type: ignore[assignment, misc]
        try:
            yield seen
        finally:
            torch.autocast = autocast  # type: ignore[misc]
