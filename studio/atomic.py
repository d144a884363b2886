"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from studio.disk import of_system
from studio.errors import RequestError
from studio.leftovers import beside

UNFINISHED = re.compile(r"\.[0-9a-f]{8}\.part(\..*)?")
"""Names of files that are not whole yet."""


def write_whole(path: Path, data: bytes) -> None:
    """Put `data` at `path`, replacing what is there only once all of it is on the disk.

    Raises StudioError naming the file; then what was there before is there still.
    """
    with whole_file(path) as unfinished:
        try:
            unfinished.write_bytes(data)
        except OSError as error:
            raise of_system(error, path) from error


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A new file beside `path`, of the same kind, that takes its place when the block ends well.

    If the block fails, the new file is gone and `path` is as it was. Raises StudioError naming
    `path` when it cannot be written.
    """
    # Through a symbolic link, the file it leads to is replaced rather than the link.
    target = Path(os.path.realpath(path))
    with beside(target) as unfinished:
        _create(unfinished, target, path)
        yield unfinished
        _finish(unfinished, target, path)


def leftovers(folder: Path) -> list[Path]:
    """The new files in a folder whose program ended before they were whole, or has not yet."""
    return [path for path in folder.glob(".*") if UNFINISHED.fullmatch(path.name)]


def _create(unfinished: Path, target: Path, path: Path) -> None:
    try:
        if target.exists() and not target.is_file():
            raise RequestError(f"{path} is not an ordinary file; choose another name.")
        unfinished.touch(exist_ok=False)
    except OSError as error:
        raise of_system(error, path) from error


def put(unfinished: Path, target: Path) -> None:
    """Give a file its name once all of it is on the disk. Raises OSError."""
    _sync(unfinished)
    unfinished.replace(target)
    if os.name == "posix":  # elsewhere a folder cannot be opened
        _sync(target.parent)


def _finish(unfinished: Path, target: Path, path: Path) -> None:
    try:
        put(unfinished, target)
    except OSError as error:
        raise of_system(error, path) from error


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
