"""Pictures and masks that prompts name, in the file by their sha256."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable

from studio.project import faults
from studio.project.database import Database
from studio.project.versions import LONGEST

_LONGEST = 2**28
"""Bytes of a picture."""
_NAMED = re.compile(rb'"([0-9a-f]{64})"')


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


def unnamed(database: Database) -> list[str]:
    """Those that no version of the document names, so that falling back to one lacks nothing."""
    query = "SELECT json FROM document WHERE typeof(json) = 'blob'"
    versions = database.rows(query, longest=LONGEST)
    named = {name.decode() for (json,) in versions for name in _NAMED.findall(json)}
    there = database.rows("SELECT sha256 FROM asset")
    return [sha256 for (sha256,) in there if sha256 not in named]


def delete(tables: sqlite3.Connection, names: Iterable[str]) -> None:
    """Let go of pictures within the running transaction."""
    tables.executemany("DELETE FROM asset WHERE sha256 = ?", [(name,) for name in names])
