"""Pictures and masks that prompts name, in the file by their sha256."""

from __future__ import annotations

import hashlib
import sqlite3

from studio.project import faults
from studio.project.database import Database

_LONGEST = 2**28
"""Bytes of a picture."""


def insert(tables: sqlite3.Connection, data: bytes) -> str:
    """Keep a picture or mask within the running transaction; returns its sha256."""
    sha256 = hashlib.sha256(data).hexdigest()
    # Replacing mends a damaged one.
    tables.execute("INSERT OR REPLACE INTO asset VALUES (?, ?)", (sha256, data))
    return sha256


def get(database: Database, sha256: str) -> bytes:
    """A picture or mask; raises StudioError when it is damaged or not there."""
    data = database.value("SELECT data FROM asset WHERE sha256 = ?", sha256, longest=_LONGEST)
    if isinstance(data, bytes) and hashlib.sha256(data).hexdigest() == sha256:
        return data
    raise faults.damaged(database.path, f"The picture {sha256[:8]}")
