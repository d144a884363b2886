"""The last versions of a project's document, so that a damaged one falls back to the one before."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from studio.errors import RequestError, StudioError
from studio.project import faults
from studio.project.database import Database
from studio.project.decoding import UnreadableError, read
from studio.project.document import Document
from studio.project.seal import BrokenSealError, seal, unseal

KEPT = 10
"""Versions that stay in the file."""
LONGEST = 2**23
"""Bytes of a document: more than ten thousand changes of settings."""
_LAST = 2**53
"""Version that none gets to."""


def now() -> str:
    """The time as the project writes it: ISO 8601, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def written(time: float) -> str:
    """A Unix time as the project writes it."""
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="seconds")


def load(database: Database, check: Callable[[Document], None]) -> tuple[Document, bool]:
    """The newest version that can be read, and whether a newer one is damaged.

    `check` raises UnreadableError for one that makes no sense. Raises StudioError when there is
    none that does.
    """
    versions = database.rows(
        "SELECT version FROM document WHERE version BETWEEN 1 AND ? ORDER BY version DESC LIMIT ?",
        _LAST,
        KEPT,
    )
    for age, (version,) in enumerate(versions):
        try:
            document = _read(database, version)
            check(document)
        except (BrokenSealError, UnreadableError, StudioError):
            continue
        return document, age > 0
    raise faults.damaged(database.path, "The document")


def save(connection: sqlite3.Connection, document: Document) -> None:
    """Add a version within the running transaction; the oldest beyond `KEPT` go.

    Raises RequestError for a document that would be too long to be read again.
    """
    [newest] = connection.execute(
        "SELECT max(version) FROM document WHERE version BETWEEN 1 AND ?", (_LAST,)
    ).fetchone()
    version = (newest or 0) + 1
    data = msgspec.json.encode(msgspec.structs.replace(document, saved=now()))
    if len(data) > LONGEST - 100:
        raise RequestError(
            "This project holds as many changes of settings as it can; go on in a new one."
        )
    connection.execute("INSERT INTO document VALUES (?, ?)", (version, seal(data, version)))
    connection.execute(
        "DELETE FROM document WHERE version NOT BETWEEN ? AND ?", (version - KEPT + 1, version)
    )


def _read(database: Database, version: int) -> Document:
    sealed = database.value("SELECT json FROM document WHERE version = ?", version, longest=LONGEST)
    return read(unseal(sealed, version), Document)
