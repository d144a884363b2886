"""The tensors of a TorchScript archive, read without running any of the program it holds.

`torch.jit.load` would compile the archive's code and call the `__setstate__` that it brings; none
of that is needed for weights. The pickle inside is read by a machine that knows the few
instructions TorchScript writes and can make nothing but numbers, texts, lists, tables and places of
tensors: a name is only ever compared, never looked up, so there is nothing that could be called.
"""

from __future__ import annotations

import pickletools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from studio.engine.archives import Archive, unreadable
from studio.errors import RequestError

TYPES = {
    "torch.FloatStorage": torch.float32,
    "torch.HalfStorage": torch.float16,
    "torch.BFloat16Storage": torch.bfloat16,
    "torch.DoubleStorage": torch.float64,
    "torch.LongStorage": torch.int64,
    "torch.IntStorage": torch.int32,
    "torch.ShortStorage": torch.int16,
    "torch.CharStorage": torch.int8,
    "torch.ByteStorage": torch.uint8,
    "torch.BoolStorage": torch.bool,
}
MOST_PARTS = 100_000
"""Parts of a program; the largest CLIP has a few thousand."""
DEEPEST = 64
CONSTANTS = {"BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE"}
EMPTY = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}
SHORT_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


class Name(str):
    """What the pickle calls by name."""

    __slots__ = ()


class Module(dict[str, object]):
    """The attributes of a module."""


@dataclass(frozen=True)
class Storage:
    """Numbers in a member of the archive."""

    member: str
    dtype: torch.dtype


@dataclass(frozen=True)
class Stored:
    """A tensor as the pickle describes it."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]


def tensors(archive: Archive) -> dict[str, Tensor]:
    """Every parameter and buffer under its dotted name, mapped into memory and not yet read.

    Raises RequestError when the archive is damaged or asks for anything but tensors.
    """
    try:
        described = dict(_walk(_Machine().read(archive.read("data.pkl"))))
        size = archive.path.stat().st_size
        mapped = torch.UntypedStorage.from_file(str(archive.path), False, size)
        return {name: _tensor(stored, archive, mapped) for name, stored in described.items()}
    except RequestError:
        raise
    except Exception as error:  # a damaged pickle fails in any way
        raise unreadable(archive.path, error) from error


def _tensor(stored: Stored, archive: Archive, mapped: Any) -> Tensor:
    first, size, _ = archive.members[f"data/{stored.storage.member}"]
    numbers = (stored.offset, *stored.shape, *stored.stride)
    if len(stored.shape) != len(stored.stride) or min(numbers) < 0:
        raise ValueError("a tensor has no possible shape")
    steps = zip(stored.shape, stored.stride, strict=True)
    last = stored.offset + sum((number - 1) * stride for number, stride in steps)
    if last >= size // stored.storage.dtype.itemsize:
        raise ValueError("a tensor reaches beyond its numbers")
    own = mapped[first : first + size]
    empty = torch.empty(0, dtype=stored.storage.dtype)
    return empty.set_(own, stored.offset, stored.shape, stored.stride)


def _walk(root: object) -> Iterator[tuple[str, Stored]]:
    waiting: list[tuple[str, int, object]] = [("", 0, root)]
    for _ in range(MOST_PARTS):
        if not waiting:
            return
        name, depth, part = waiting.pop()
        if isinstance(part, Stored):
            yield name, part
        elif isinstance(part, Module) and depth < DEEPEST:
            dot = "." if name else ""
            waiting += [(f"{name}{dot}{key}", depth + 1, value) for key, value in part.items()]
    raise ValueError("its modules never end")


class _Machine:
    """The instructions of a pickle that TorchScript uses."""

    def __init__(self) -> None:
        self._stack: list[object] = []
        self._below: list[list[object]] = []
        self._kept: dict[object, object] = {}

    def read(self, data: bytes) -> object:
        for instruction, argument, _ in pickletools.genops(data):
            self._follow(instruction.name, argument)
        return self._stack[-1]

    def _follow(self, name: str, argument: object) -> None:
        stack = self._stack
        if name in CONSTANTS:
            stack.append(argument)
        elif name in EMPTY:
            stack.append(EMPTY[name])
        elif name == "GLOBAL":
            stack.append(Name(str(argument).replace(" ", ".")))
        elif name in ("BINPUT", "LONG_BINPUT"):
            self._kept[argument] = stack[-1]
        elif name in ("BINGET", "LONG_BINGET"):
            stack.append(self._kept[argument])
        elif name == "MARK":
            self._below.append(stack)
            self._stack = []
        elif name in ("NEWOBJ", "REDUCE"):
            arguments = stack.pop()
            stack.append(_made(stack.pop(), arguments))
        elif name == "BINPERSID":
            stack.append(_storage(stack.pop()))
        elif name not in ("PROTO", "STOP"):
            self._gather(name)

    def _gather(self, name: str) -> None:
        if name in ("EMPTY_LIST", "EMPTY_DICT"):
            self._stack.append([] if name == "EMPTY_LIST" else {})
        elif name in SHORT_TUPLES:
            count = SHORT_TUPLES[name]
            self._stack[-count:] = [tuple(self._stack[-count:])]
        elif name in ("TUPLE", "APPENDS", "SETITEMS"):
            items, self._stack = self._stack, self._below.pop()
            self._put(name, items)
        elif name in ("APPEND", "SETITEM"):
            count = 1 if name == "APPEND" else 2
            items = self._stack[-count:]
            del self._stack[-count:]
            self._put(f"{name}S", items)
        elif name == "BUILD":
            state, module = self._stack.pop(), self._stack[-1]
            if not isinstance(module, Module) or not isinstance(state, dict):
                raise ValueError("it builds what is no module")
            module.update(state)
        else:
            raise ValueError(f"its pickle has the instruction {name}")

    def _put(self, name: str, items: list[object]) -> None:
        if name == "TUPLE":
            self._stack.append(tuple(items))
            return
        into = self._stack[-1]
        if name == "APPENDS" and isinstance(into, list):
            into += items
        elif name == "SETITEMS" and isinstance(into, dict):
            _set(into, items)
        else:
            raise ValueError("its pickle fills what cannot be filled")


def _set(into: dict[str, object], items: list[object]) -> None:
    for key, value in zip(items[::2], items[1::2], strict=True):
        if not isinstance(key, str):
            raise ValueError("an attribute has no name")
        into[key] = value


def _made(name: object, arguments: object) -> object:
    """What a call of a name stands for."""
    if not isinstance(name, Name) or not isinstance(arguments, tuple):
        raise ValueError("it calls what is no name")
    if name.startswith("__torch__."):
        return Module()
    if name == "collections.OrderedDict" and not arguments:
        return {}
    if name == "torch.device":
        return arguments
    if name.startswith("torch.jit._pickle."):
        return arguments[0]
    if name == "torch._utils._rebuild_tensor_v2":
        storage, offset, shape, stride, *_ = arguments
        if isinstance(storage, Storage):
            return Stored(storage, offset, tuple(shape), tuple(stride))
    raise ValueError(f"it calls {name}, which no weights need: do not trust it")


def _storage(asked: object) -> Storage:
    """(`storage`, type, member, device, count)."""
    if not isinstance(asked, tuple) or len(asked) != 5 or asked[0] != "storage":
        raise ValueError("it asks for something besides tensors")
    return Storage(str(asked[2]), TYPES[str(asked[1])])
