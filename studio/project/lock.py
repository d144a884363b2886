"""One writer at a time: a lock that dies with the process that holds it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from studio.project import faults

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# A lock file that came along with a project may be a link or a pipe; neither is followed.
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def lock_path(path: Path) -> Path:
    """The empty file beside a project that its writer keeps locked; a crash leaves it behind."""
    return path.with_name(path.name + "-lock")


class WriterLock:
    """Keeps other writers, not readers, away from the project at `path` until it is closed.

    SQLite's own lock on the project would keep readers away too, so an empty file beside it is
    locked instead. Raises StudioError when another window or command writes the project, or its
    folder cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._file = lock_path(path)
        try:
            self._handle: int | None = _locked(self._file)
        except BlockingIOError as error:
            raise faults.busy(path) from error
        except OSError as error:
            raise faults.of_system(error, path) from error

    def close(self) -> None:
        """Let others write; closing twice does no harm."""
        handle, self._handle = self._handle, None
        if handle is None:
            return
        with suppress(OSError):  # where an open file cannot be deleted it stays, empty
            if _lies_at(handle, self._file):
                self._file.unlink()
        os.close(handle)


def _locked(file: Path) -> int:
    """A handle that holds the lock on the file that lies there now."""
    while True:
        handle = os.open(file, _FLAGS, 0o666)
        try:
            _lock(handle)
            if _lies_at(handle, file):
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # whoever held it has deleted it meanwhile: a lock on it locks nothing


def _lock(handle: int) -> None:
    """Raises BlockingIOError when another holds the lock."""
    if sys.platform == "win32":
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError from error
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _lies_at(handle: int, file: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.lstat(file))
    except FileNotFoundError:
        return False
