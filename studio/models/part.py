"""A file on its way here: what has come so far, where from, and who is fetching it.

Beside `NAME` lie `NAME.part` with the bytes that have come, `NAME.part.json` with their origin and,
while somebody fetches it, `NAME.lock`. They outlive the program, so that it goes on from there.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from studio.atomic import put, write_whole
from studio.errors import RequestError, StudioError

Result = TypeVar("Result")

PAGE = (b"<!doctype", b"<html", b"<?xml")
"""What a page in answer to a request for weights begins with."""
BLOCK = 2**20
LARGEST = 2**22
"""Bytes of a small file beside weights."""


class Origin(msgspec.Struct, frozen=True):
    """Where the bytes of a part came from."""

    url: str
    validator: str | None = None
    """A strong ETag or a date of change: what the server calls this very file."""
    total: int | None = None
    """Size of the whole file, as the server says."""


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """A block in which no other process or window works at a file.

    Raises StudioError when another does, or when the folder cannot be written.
    """
    import filelock  # only who fetches needs it

    lock = filelock.FileLock(f"{path}.lock", blocking=False, thread_local=False)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except filelock.Timeout as error:
            raise StudioError(
                f"{path} is being worked at by another window or command; wait for it."
            ) from error
    try:
        yield
    finally:
        with suppress(OSError):  # where an open file cannot be deleted it stays, empty
            Path(lock.lock_file).unlink()
        lock.release()


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """A block whose errors of the disk are told in one sentence that names the file."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StudioError(f"The disk of {path.parent} is full; make room.") from error
        reason = error.strerror or error
        raise RequestError(f"{path} cannot be written ({reason}).") from error


def part_of(path: Path) -> Path:
    """The bytes that have come of a file so far."""
    return path.with_name(f"{path.name}.part")


def traces(path: Path) -> tuple[Path, ...]:
    """What a fetch that did not end left of a file."""
    part = part_of(path)
    return part, _note_of(part)


class Part:
    """The bytes that have come so far, hashed as they come. No method may run beside another."""

    def __init__(self, target: Path, *, told: Callable[[int], None] = lambda _: None) -> None:
        """Take up what an earlier fetch left; `told` hears the bytes hashed of it."""
        self._target, self._path = target, part_of(target)
        self.origin = _noted(self._path)
        self.came_from: str | None = None
        """The one address from which this fetch got all of the bytes; None when it did not."""
        self.size = 0
        self._hash = hashlib.sha256()
        with writing(target):
            self._file = self._path.open("r+b" if self._path.exists() else "w+b")
            while block := self._file.read(BLOCK):
                self._take(block)
                told(self.size)

    @property
    def sha256(self) -> str:
        """Of the bytes so far."""
        return self._hash.hexdigest()

    def begin(self, origin: Origin) -> None:
        """Throw away what there is; all bytes come from `origin` now."""
        self.drop()
        self._note(origin)
        self.came_from = origin.url

    def go_on(self, origin: Origin) -> None:
        """The bytes to come are from `origin`."""
        if self.came_from != origin.url:
            self.came_from = None
        if origin != self.origin:
            self._note(origin)

    def append(self, data: bytes) -> None:
        """Write more bytes."""
        with writing(self._target):
            self._file.write(data)
            self._file.flush()
        self._take(data)

    def drop(self) -> None:
        """Throw away what there is."""
        with writing(self._target):
            self._file.seek(0)
            self._file.truncate()
            _note_of(self._path).unlink(missing_ok=True)
        self.origin = self.came_from = None
        self.size, self._hash = 0, hashlib.sha256()

    def is_page(self) -> bool:
        """Whether the bytes are those of a web page."""
        with writing(self._target):
            self._file.seek(0)
            head = self._file.read(512)
            self._file.seek(0, os.SEEK_END)
        return head.lstrip().lower().startswith(PAGE)

    def finish(self) -> None:
        """Give the whole file its name."""
        with writing(self._target):
            self._file.close()
            put(self._path, self._target)
            _note_of(self._path).unlink(missing_ok=True)

    def close(self) -> None:
        """Leave what there is for later; nothing at all leaves no file."""
        self._file.close()
        if not self.size:
            for path in (self._path, _note_of(self._path)):
                path.unlink(missing_ok=True)

    def _take(self, data: bytes) -> None:
        self._hash.update(data)
        self.size += len(data)

    def _note(self, origin: Origin) -> None:
        with writing(self._target):
            write_json(_note_of(self._path), origin)
        self.origin = origin


async def to_its_end(act: Callable[[], Result]) -> Result:
    """Do something in a thread, to its end even when cancelled: nothing may run beside it."""
    work = asyncio.ensure_future(asyncio.to_thread(act))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work])
        raise


def sha256_of(path: Path) -> str:
    """sha256 of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_small(path: Path) -> bytes:
    """What one of the small files beside weights says.

    Raises OSError for what is no ordinary file: a pipe would be waited for without end, and a
    device read.
    """
    if not path.is_file():
        raise OSError("there is no such file" if not path.exists() else "it is no ordinary file")
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise OSError("it is far too long")
    return data


def write_json(path: Path, value: Any) -> None:
    """Write a JSON file whole or not at all. Raises StudioError."""
    write_whole(path, msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n")


def _note_of(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _noted(part: Path) -> Origin | None:
    try:
        return msgspec.json.decode(read_small(_note_of(part)), type=Origin)
    except (OSError, msgspec.MsgspecError):
        return None  # bytes of unknown origin are kept only where a sha256 will judge them
