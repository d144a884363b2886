"""The last versions of a project's document, so that a damaged one falls back to the one before."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

import msgspec

from studio.errors import StudioError
from studio.project import faults
from studio.project.database import Database
from studio.project.document import Document
from studio.project.seal import BrokenSealError, seal, unseal

KEPT = 10
"""Versions that stay in the file."""


def now() -> str:
    """The time as the project writes it: ISO 8601, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def written(time: float) -> str:
    """A Unix time as the project writes it."""
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="seconds")


def load(database: Database) -> tuple[Document, bool]:
    """The newest version that can be read, and whether a newer one is damaged.

    Raises StudioError when there is none.
    """
    versions = database.rows("SELECT version FROM document ORDER BY version DESC")
    for age, (version,) in enumerate(versions):
        try:
            return _read(database, version), age > 0
        except (BrokenSealError, StudioError, msgspec.MsgspecError):
            continue
    raise faults.damaged(database.path, "The document")


def save(connection: sqlite3.Connection, document: Document) -> None:
    """Add a version within the running transaction; the oldest beyond `KEPT` go."""
    [newest] = connection.execute("SELECT max(version) FROM document").fetchone()
    version = (newest or 0) + 1
    data = msgspec.json.encode(msgspec.structs.replace(document, saved=now()))
    connection.execute("INSERT INTO document VALUES (?, ?)", (version, seal(data, version)))
    connection.execute("DELETE FROM document WHERE version <= ?", (version - KEPT,))


def _read(database: Database, version: int) -> Document:
    sealed = database.value("SELECT json FROM document WHERE version = ?", version)
    return msgspec.json.decode(unseal(sealed, version), type=Document)
