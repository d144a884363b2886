"""How much a query may cost: ours cost little, and a file can be made to cost without end."""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

_SECONDS = 3.0
"""Of computing, not of waiting for a slow disk."""
_STEPS = 10_000
"""Of SQLite's machine between two looks at the clock."""
_ANYTHING = 10**9
"""Bytes of a value: what SQLite itself allows."""


class Effort:
    """Bounds the time of a query and the size of what it finds, while it is asked to."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._until = math.inf
        connection.set_progress_handler(self._is_over, _STEPS)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 100_000)

    @contextmanager
    def limited(self, longest: int) -> Iterator[None]:
        """A block of queries by this thread, whose values have no more than `longest` bytes."""
        before = self._until
        self._until = time.thread_time() + _SECONDS
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest)
        try:
            yield
        finally:
            self._until = before
            self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _ANYTHING)

    def _is_over(self) -> bool:
        return time.thread_time() > self._until
