"""The tables of a .vqproj file, its format version, and how an older one becomes this one.

A project is an SQLite database whose `application_id` says that it is ours and whose
`user_version` is the format, major << 16 | minor. A program refuses a newer major version. A
minor version may only add what an older program can do without; as it would drop those additions
when it saves, an older program opens a newer minor version for reading only.

Every blob but an asset ends in a checksum (`seal.py`); an asset's key is its checksum.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from functools import cache
from pathlib import Path

from studio.project import faults

APPLICATION_ID = 0x56514753
"""The letters VQGS."""
MAJOR, MINOR = 1, 2
VERSION = MAJOR << 16 | MINOR
"""1.1 added keyframes to changes of settings and the order of a film; 1.2 what is kept, strokes
and the weights of further losses. The tables are as in 1.0."""

_HEADER_MAGIC = b"SQLite format 3\0"
_HEADER_LENGTH = 100
_ROLLBACK_JOURNAL = b"\1\1"
"""Where the header says how the file is written; with a write-ahead log these are twos."""

_TABLES = """
CREATE TABLE document (          -- the last ten versions of what a person can edit
    version INTEGER PRIMARY KEY,
    json BLOB NOT NULL
);
CREATE TABLE take (              -- the tree of takes, which only grows
    id INTEGER PRIMARY KEY,
    branch BLOB NOT NULL         -- JSON: parent, branched_at, created
);
CREATE TABLE iteration (
    id INTEGER PRIMARY KEY,      -- in the order of painting
    take INTEGER NOT NULL,
    number INTEGER NOT NULL,
    measured BLOB NOT NULL,      -- float64: Unix time, seconds, total loss, loss of each prompt
    UNIQUE (take, number)
);
CREATE TABLE picture (           -- apart from iteration, so that listing losses reads no pictures
    iteration INTEGER PRIMARY KEY,
    codes BLOB NOT NULL,         -- uint16: height, width, then the codebook indices row by row
    proxy BLOB NOT NULL          -- JPEG
);
CREATE TABLE state (             -- what painting on needs, after `count` iterations
    take INTEGER NOT NULL,
    count INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (take, count)
);
CREATE TABLE asset (
    sha256 TEXT PRIMARY KEY,
    data BLOB NOT NULL
);
"""

SMALL_TABLES = ("document", "take", "iteration", "asset")
"""Those checked when a project is opened. The others hold nearly all of its bytes, which would take
seconds to read; each of their blobs is checked when it is used."""

MIGRATIONS: Mapping[int, tuple[int, Callable[[sqlite3.Connection], None] | None]] = {
    1 << 16: (1 << 16 | 1, None),
    1 << 16 | 1: (1 << 16 | 2, None),
}
"""By the version it starts from: the version that a step leads to, and the step, None where the
tables stay as they are."""


def create_tables(connection: sqlite3.Connection) -> None:
    """Make an empty database a project of this version."""
    connection.executescript(_TABLES)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables of an older version up to this one."""
    _, version = identity(connection)
    while version < VERSION:
        version, step = MIGRATIONS[version]
        if step is not None:
            step(connection)
    connection.execute(f"PRAGMA user_version = {version}")


def can_be_read(version: int) -> bool:
    """Whether the tables of an older version, or of this one, are those of this version."""
    while version < VERSION:
        version, step = MIGRATIONS[version]
        if step is not None:
            return False
    return True


def header(path: Path) -> tuple[int, int]:
    """application_id and user_version, read without SQLite, which might touch a stranger's file."""
    with path.open("rb") as file:
        start = file.read(_HEADER_LENGTH)
    if len(start) < _HEADER_LENGTH or not start.startswith(_HEADER_MAGIC):
        return 0, 0
    if start[18:20] != _ROLLBACK_JOURNAL:
        return 0, 0
    return int.from_bytes(start[68:72], "big"), int.from_bytes(start[60:64], "big")


def identity(connection: sqlite3.Connection) -> tuple[int, int]:
    """application_id and user_version of an open database."""
    [application] = connection.execute("PRAGMA application_id").fetchone()
    [version] = connection.execute("PRAGMA user_version").fetchone()
    return application, version


def check(path: Path, application: int, version: int, *, read_only: bool) -> None:
    """Raise RequestError unless this program may open such a file."""
    if application != APPLICATION_ID or version < 1 << 16:
        raise faults.not_a_project(path)
    if version >> 16 > MAJOR or (version > VERSION and not read_only):
        raise faults.newer(path, name(version), name(VERSION))


def check_tables(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Raise RequestError unless there are our tables and indexes and no views, triggers or others.

    A newer minor version may have tables besides, which nothing here reads.
    """
    found = _objects(connection)
    strange: set[_Object] = set(found - _own_objects())
    if version > VERSION:
        strange = {each for each in strange if not _is_further_table(each)}
    if strange or not _own_objects() <= found:
        raise faults.other_tables(path)


def name(version: int) -> str:
    """A version as people write it: "1.0"."""
    return f"{version >> 16}.{version & 0xFFFF}"


_Object = tuple[str, str, str, str | None]
"""Type, name, name of the table, and the statement that makes it without comments."""


@cache
def _own_objects() -> frozenset[_Object]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(_TABLES)
        return _objects(connection)


def _objects(connection: sqlite3.Connection) -> frozenset[_Object]:
    rows = connection.execute("SELECT type, name, tbl_name, rootpage > 0, sql FROM sqlite_master")
    return frozenset(_read_objects(rows))


def _read_objects(rows: Iterable[tuple[str, str, str, int, str | None]]) -> Iterable[_Object]:
    for kind, name, table, is_stored, sql in rows:
        told = None if sql is None else " ".join(re.sub("--[^\n]*", "", str(sql)).split())
        yield kind if is_stored else f"virtual {kind}", name, table, told


def _is_further_table(found: _Object) -> bool:
    kind, _, table, sql = found
    own_tables = {table for _, _, table, _ in _own_objects()}
    return table not in own_tables and (kind == "table" or (kind == "index" and sql is None))
