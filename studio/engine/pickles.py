"""The pickle in a torch file, read by a machine that can make nothing but data.

Unpickling runs what a file says, and `torch.jit.load` the program it brings; none of that is needed
for weights. This machine knows the few instructions that torch writes. It makes numbers, texts,
lists, tables and places of tensors: a name is only ever compared, never looked up, so there is
nothing that could be called. What it makes takes no longer than there are bytes: it counts what it
does, and never hashes, compares or prints anything but short names and small numbers.
"""

from __future__ import annotations

import pickletools
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

import torch

Kind = TypeVar("Kind")

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
BESIDE_WEIGHTS = {
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
    "collections.Counter",
    "builtins.dict",
    "builtins.list",
    "builtins.set",
    "builtins.bytearray",
    "builtins.complex",
    "_codecs.encode",
    "argparse.Namespace",
    "pathlib.PosixPath",
    "pathlib.WindowsPath",
    "numpy.core.multiarray.scalar",
    "numpy._core.multiarray.scalar",
    "numpy.dtype",
    "torch.Size",
    "torch.device",
}
"""What checkpoints make besides tensors. Each is read as an empty table that keeps nothing."""
PARAMETERS = {"torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state"}
PLAIN = {"torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2"}
ODD = ("torch._utils._rebuild_", "torch._tensor._rebuild_from_type_v2")
"""How names begin that make tensors of other forms: sparse, quantized, of a class of their own."""

MOST_WORK = 1_000_000
"""Instructions, and things that one of them moves; the largest CLIP needs a tenth of it."""
DEEPEST = 1000
MOST_DIMENSIONS = 16
LONGEST_NAME = 512
LARGEST_KEY = 2**60
"""Numbers beyond it can be chosen so that a table of them takes for ever."""

CONSTANTS = {"BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE", "SHORT_BINSTRING"}
EMPTY = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}
SHORT_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


class Name(str):
    """What the pickle calls by name."""

    __slots__ = ()


class Module(dict[object, object]):
    """The attributes of a TorchScript module."""


@dataclass(frozen=True)
class Storage:
    """Numbers in a part of the file."""

    part: str
    dtype: torch.dtype


@dataclass(frozen=True)
class Stored:
    """A tensor as the pickle describes it."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]


@dataclass(frozen=True)
class Odd:
    """A tensor in a form that no published model has."""


def read(data: BinaryIO) -> object:
    """What the pickle that begins here describes; goes to its end and no further.

    Raises ValueError and others when it is damaged or asks for anything but data.
    """
    return Machine().read(data)


class Machine:
    """The instructions of a pickle that torch uses."""

    def __init__(self) -> None:
        self.storages: dict[str, Storage] = {}
        """Those that what was read asks for."""
        self._stack: list[object] = []
        self._below: list[list[object]] = []
        self._kept: dict[object, object] = {}
        self.work = 0

    def read(self, data: BinaryIO) -> object:
        for instruction, argument, _ in pickletools.genops(data):
            self._count(1)
            self._follow(instruction.name, argument)
        return self._stack[-1]

    def _count(self, work: int) -> None:
        self.work += work
        if self.work > MOST_WORK:
            raise ValueError("its pickle never ends")

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
            if len(self._below) == DEEPEST:
                raise ValueError("its pickle is nested without end")
            self._below.append(stack)
            self._stack = []
        elif name in ("NEWOBJ", "REDUCE"):
            arguments = stack.pop()
            stack.append(_made(stack.pop(), arguments))
        elif name == "BINPERSID":
            storage = _storage(stack.pop())
            self.storages[storage.part] = storage
            stack.append(storage)
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
            self._build(self._stack.pop(), self._stack[-1])
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

    def _build(self, state: object, into: object) -> None:
        """A module has its attributes; what any other thing keeps beside is of no use here."""
        if isinstance(into, Module):
            if not isinstance(state, dict):
                raise ValueError("it builds a module of no attributes")
            self._count(len(state))
            into.update(state)
        elif not isinstance(into, dict):
            raise ValueError("it builds what is no module")


def _set(into: dict[object, object], items: list[object]) -> None:
    for key, value in zip(items[::2], items[1::2], strict=True):
        if isinstance(key, str):
            if len(key) > LONGEST_NAME:
                raise ValueError(f"a name in it has {len(key)} letters")
            into[key] = value
        elif isinstance(key, int) and abs(key) < LARGEST_KEY:
            into[key] = value
        # nothing that weights need has any other key


def _made(name: object, arguments: object) -> object:
    """What a call of a name stands for."""
    if not isinstance(name, Name) or not isinstance(arguments, tuple):
        raise ValueError("it calls what is no name")
    if name.startswith("__torch__."):
        return Module()
    if name in BESIDE_WEIGHTS or (name == "collections.OrderedDict" and not arguments):
        return {}
    if name.startswith("torch.jit._pickle.") or name in PARAMETERS:
        return arguments[0]
    if name in PLAIN:
        storage, offset, shape, stride, *_ = arguments
        return Stored(_of(storage, Storage), _of(offset, int), _sizes(shape), _sizes(stride))
    if name.startswith(ODD):
        return Odd()
    raise ValueError(f"it calls {name}, which no weights need: do not trust it")


def _storage(asked: object) -> Storage:
    """(`storage`, type, part, device, count), and a view of it, which nobody writes any more."""
    if not isinstance(asked, tuple) or len(asked) not in (5, 6) or asked[5:] not in ((), (None,)):
        raise ValueError("it asks for something besides tensors")
    word, kind, part = (_of(each, str) for each in asked[:3])
    if word != "storage" or kind not in TYPES:
        raise ValueError("it asks for numbers of a kind that no weights have")
    return Storage(part, TYPES[kind])


def _sizes(told: object) -> tuple[int, ...]:
    if not isinstance(told, tuple | list) or len(told) > MOST_DIMENSIONS:
        raise ValueError("a tensor has no possible shape")
    return tuple(_of(each, int) for each in told)


def _of(value: object, kind: type[Kind]) -> Kind:
    if not isinstance(value, kind):
        raise ValueError("a tensor is described by something else than numbers")
    return value
