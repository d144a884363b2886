"""One writer at a time: a lock that dies with the process that holds it."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from studio.project import faults


def lock_path(path: Path) -> Path:
    """The empty file beside a project that its writer keeps locked; a crash leaves it behind."""
    return path.with_name(path.name + "-lock")


class WriterLock:
    """Keeps other writers, not readers, away from the project at `path` until it is closed.

    SQLite's own lock on the project would keep readers away too; so an empty database beside it
    is locked instead, which works the same on every system. Raises StudioError when another
    window or command writes the project, or its folder cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._file = lock_path(path)
        try:
            self._connection = sqlite3.connect(
                self._file, timeout=0, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise faults.of_sqlite(error, path) from error
        try:
            self._connection.execute("PRAGMA journal_mode = MEMORY")
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            self._connection.close()
            raise faults.of_sqlite(error, path) from error

    def close(self) -> None:
        """Let others write."""
        with suppress(OSError):  # where an open file cannot be deleted it stays, empty
            self._file.unlink()
        self._connection.close()
