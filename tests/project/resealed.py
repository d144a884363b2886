"""Other contents put into a project under a seal that is right, as a stranger can."""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from studio.project.seal import seal


@contextmanager
def tables(path: Path) -> Iterator[sqlite3.Connection]:
    """The tables of a project that nobody has open, without waiting for the disk."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    yield connection
    connection.close()


def document(path: Path) -> Any:
    """The newest document as plain values."""
    with tables(path) as connection:
        [data] = connection.execute(
            "SELECT json FROM document ORDER BY version DESC LIMIT 1"
        ).fetchone()
    return json.loads(data[:-4])


def put_document(path: Path, plain: Any, *, alone: bool = True) -> None:
    """Put a document, or bytes that stand for one, in place of all or on top of them."""
    data = plain if isinstance(plain, bytes) else json.dumps(plain).encode()
    with tables(path) as connection:
        [version] = connection.execute("SELECT max(version) + 1 FROM document").fetchone()
        if alone:
            connection.execute("DELETE FROM document")
        connection.execute("INSERT INTO document VALUES (?, ?)", (version, seal(data, version)))


def edit_document(path: Path, edit: Callable[[Any], object], *, alone: bool = True) -> None:
    """Change the plain values of the document in place."""
    plain = document(path)
    edit(plain)
    put_document(path, plain, alone=alone)


def put_take(path: Path, take: int, plain: Any) -> None:
    """Put a branch, or bytes that stand for one, in the tree of takes."""
    data = plain if isinstance(plain, bytes) else json.dumps(plain).encode()
    with tables(path) as connection:
        sealed = seal(data, "take", take)
        connection.execute("INSERT OR REPLACE INTO take VALUES (?, ?)", (take, sealed))


def put_measured(path: Path, take: int, number: Any, *numbers: float) -> None:
    """Put an iteration with these measurements: Unix time, seconds, total, losses."""
    data = struct.pack(f"<{len(numbers)}d", *numbers)
    sealed = seal(data, "measured", take, number)
    with tables(path) as connection:
        connection.execute(
            "INSERT OR REPLACE INTO iteration (take, number, measured) VALUES (?, ?, ?)",
            (take, number, sealed),
        )
