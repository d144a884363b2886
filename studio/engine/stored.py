"""Where the numbers of tensors lie in a torch file, and the tensors over them."""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import torch
from torch import Tensor

from studio.engine import pickles
from studio.engine.archives import LONGEST_HEADER, Archive, cut_short
from studio.engine.pickles import Odd, Storage, Stored

MAGIC = 0x1950A86A20F9469CFC6C
VERSION = 1001
"""With which files begin that are no archive: as torch wrote them before 1.6."""
MOST_TIMES = 2
"""How often all numbers of a file may be part of a tensor; weights that are tied are twice."""


class Place(NamedTuple):
    """Bytes in a file."""

    first: int
    size: int


def of_archive(archive: Archive) -> tuple[object, dict[str, Place]]:
    """What the pickle of an archive describes, and where the parts with its numbers lie."""
    members = archive.members
    if "byteorder" in members and archive.read("byteorder") != b"little":
        raise ValueError("its numbers are written the other way round")
    found = pickles.read(io.BytesIO(archive.read("data.pkl")))
    places = {
        name.removeprefix("data/"): Place(member.first, member.size)
        for name, member in members.items()
        if name.startswith("data/")
    }
    return found, places


def of_pickle(path: Path) -> tuple[object, dict[str, Place]]:
    """The same of a file as torch wrote it before 1.6: a few pickles, then all numbers."""
    with path.open("rb") as file:
        told = io.BytesIO(file.read(LONGEST_HEADER))
        if pickles.read(told) != MAGIC or pickles.read(told) != VERSION:
            raise ValueError("it is no checkpoint but some other pickle")
        pickles.read(told)  # about the machine that wrote it
        reader = pickles.Machine()
        found = reader.read(told)
        names = pickles.read(told)
        if not isinstance(names, list):
            raise ValueError("it does not say where its numbers are")
        file.seek(told.tell())
        return found, _after(path, file, names, reader.storages)


def _after(
    path: Path, file: BinaryIO, names: list[object], storages: Mapping[str, Storage]
) -> dict[str, Place]:
    """Each part begins with how many numbers it has."""
    places, end = {}, path.stat().st_size
    for name in names:
        if not isinstance(name, str) or name not in storages:
            raise ValueError("it has numbers of no tensor")
        head = file.read(8)
        if len(head) < 8:
            raise cut_short(path)
        size = struct.unpack("<q", head)[0] * storages[name].dtype.itemsize
        places[name] = Place(file.tell(), size)
        if size < 0 or file.tell() + size > end:
            raise cut_short(path)
        file.seek(size, io.SEEK_CUR)
    return places


def tensors(
    path: Path, described: Mapping[str, Stored | Odd], places: Mapping[str, Place]
) -> dict[str, Tensor]:
    """The tensors, mapped into memory and not yet read. One that is odd has neither shape nor
    numbers."""
    end = path.stat().st_size
    mapped = torch.UntypedStorage.from_file(str(path), False, end)
    found = {
        name: _tensor(each, places, mapped)
        if isinstance(each, Stored)
        else torch.empty((), device="meta")
        for name, each in described.items()
    }
    if sum(tensor.nbytes for tensor in found.values()) > MOST_TIMES * end:
        raise ValueError("its tensors have more numbers than the file")
    return found


def _tensor(stored: Stored, places: Mapping[str, Place], mapped: Any) -> Tensor:
    if stored.storage.part not in places:
        raise ValueError(f"its part data/{stored.storage.part} is missing")
    first, size = places[stored.storage.part]
    item = stored.storage.dtype.itemsize
    _check_place(stored, size // item)
    own = mapped[first : first + size]
    if first % item:  # torch adds up only what lies where its numbers may lie
        own = own.clone()
    empty = torch.empty(0, dtype=stored.storage.dtype)
    return empty.set_(own, stored.offset, stored.shape, stored.stride)


def _check_place(stored: Stored, there: int) -> None:
    """Raise ValueError unless a tensor lies within so many numbers, and repeats none of them."""
    numbers = (stored.offset, *stored.shape, *stored.stride)
    if len(stored.shape) != len(stored.stride) or min(numbers) < 0:
        raise ValueError("a tensor has no possible shape")
    steps = zip(stored.shape, stored.stride, strict=True)
    last = stored.offset + sum((number - 1) * stride for number, stride in steps)
    if last >= there:
        raise ValueError("a tensor reaches beyond its numbers")
    if math.prod(stored.shape) > there:
        raise ValueError("a tensor has more numbers than there are")
