"""Projects changed at random, as a stranger can: by SQL, and by other values under a right seal."""

from __future__ import annotations

import json
import math
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

from resealed import document, put_document, put_measured, put_take, tables

COLUMNS = {
    "document": ("version", "json"),
    "take": ("id", "branch"),
    "iteration": ("id", "take", "number", "measured"),
    "picture": ("iteration", "codes", "proxy"),
    "state": ("take", "count", "data"),
    "asset": ("sha256", "data"),
}
NUMBERS = (-1, 0, 1, 2, 5, 2**31, 300_000_000, 2**62, -(2**63), 2**63 - 1, 0.5, 1e300, math.inf)
VALUES = (*NUMBERS, "", "x", "x" * 1000, "\x1b[2J", b"", b"\0" * 10, b"x" * 100_000)
PLAIN = (
    *(None, True, -1, 0, 1, 7, 0.5, 2**31, 300_000_000, 2**62, 10**30, -1e308, math.nan, math.inf),
    *("", "x", "\x1b[2J", "../../x", "x" * 100_000, [], {}, [[]], {"x": 1}, "<deep>"),
)
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"


def by_sql(chance: Random, path: Path) -> None:
    """Change tables, their rows, or what the file says of itself, one to three times."""
    with tables(path) as connection:
        # a change may run into what one before it put there
        until = time.monotonic() + 1
        connection.set_progress_handler(lambda: time.monotonic() > until, 10_000)
        for _ in range(chance.randint(1, 3)):
            with suppress(sqlite3.Error, OverflowError):  # then it is changed in fewer ways
                chance.choice(_SQL)(chance, connection)


def by_document(chance: Random, path: Path) -> None:
    """Change values of the document, of takes or of measurements, and seal them again."""
    for _ in range(chance.randint(1, 3)):
        kind = chance.randrange(8)
        if kind == 0:
            put_measured(path, 1, chance.choice(NUMBERS[:8]), *_numbers(chance))
        elif kind == 1:
            plain: Any = {"parent": 1, "branched_at": 1, "created": "2026-11-30T20:00:00+00:00"}
            put_take(path, chance.choice((1, 2, 3, 4, 2**40)), _raw(_changed(chance, plain)))
        else:
            with suppress(ValueError, RecursionError):  # changed before, it may be no JSON
                changed = _changed(chance, document(path))
                put_document(path, _raw(changed), alone=chance.random() < 0.8)


def _update(chance: Random, connection: sqlite3.Connection) -> None:
    table, column = _place(chance)
    which = f"WHERE rowid = (SELECT rowid FROM {table} ORDER BY random() LIMIT 1)"
    everywhere = chance.random() < 0.3
    value = chance.choice(VALUES)
    connection.execute(f"UPDATE {table} SET {column} = ? {'' if everywhere else which}", (value,))


def _swap(chance: Random, connection: sqlite3.Connection) -> None:
    table, column = _place(chance)
    other = f"(SELECT {column} FROM {table} ORDER BY rowid DESC LIMIT 1)"
    connection.execute(f"UPDATE {table} SET {column} = {other}")


def _delete(chance: Random, connection: sqlite3.Connection) -> None:
    table, _ = _place(chance)
    connection.execute(f"DELETE FROM {table} WHERE rowid % ? = 0", (chance.choice((1, 2, 3)),))


def _multiply(chance: Random, connection: sqlite3.Connection) -> None:
    table, _ = _place(chance)
    some = f"(SELECT * FROM {table} LIMIT 1)"
    columns = ", ".join(COLUMNS[table][1:])
    connection.execute(
        f"INSERT OR IGNORE INTO {table} {ENDLESS} SELECT i + ?, {columns} FROM n, {some} LIMIT ?",
        (chance.choice((0, 1000, 2**40)), chance.choice((10, 1000, 60_000))),
    )


def _insert(chance: Random, connection: sqlite3.Connection) -> None:
    table, _ = _place(chance)
    values = [chance.choice(VALUES) for _ in COLUMNS[table]]
    marks = ", ".join("?" for _ in values)
    connection.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", values)


def _replace(chance: Random, connection: sqlite3.Connection) -> None:
    table, _ = _place(chance)
    columns = COLUMNS[table]
    names = ", ".join(columns)
    values = ", ".join(["i"] + [chance.choice(("zeroblob(900000000)", "i", "x'00'"))] * 3)
    values = ", ".join(values.split(", ")[: len(columns)])
    connection.execute(f"DROP TABLE {table}")
    if chance.random() < 0.8:
        connection.execute(f"CREATE VIEW {table} ({names}) AS {ENDLESS} SELECT {values} FROM n")


def _add(chance: Random, connection: sqlite3.Connection) -> None:
    table, column = _place(chance)
    event = chance.choice(("INSERT", "UPDATE", "DELETE"))
    connection.execute(
        chance.choice(
            (
                f"CREATE TRIGGER a BEFORE {event} ON {table} BEGIN {ENDLESS} SELECT i FROM n; END",
                f"CREATE INDEX other ON {table} (hex({column}))",
                f"CREATE VIEW other AS {ENDLESS} SELECT * FROM n",
                "CREATE TABLE other (a)",
                "CREATE VIRTUAL TABLE other USING rtree(a, b, c)",
                "CREATE VIRTUAL TABLE other USING fts5(a)",
                f"ALTER TABLE {table} ADD COLUMN other AS (hex(zeroblob(100000000)))",
                f"ALTER TABLE {table} RENAME COLUMN {column} TO other",
                f"ALTER TABLE {table} RENAME TO other",
                "ANALYZE",
            )
        )
    )


def _pragma(chance: Random, connection: sqlite3.Connection) -> None:
    name = chance.choice(("user_version", "application_id", "schema_version"))
    numbers = (0, 1, 65535, 65536, 65537, 65538, 2 << 16, -1, 2**31 - 1)
    connection.execute(f"PRAGMA {name} = {chance.choice(numbers)}")


def _shape(chance: Random, connection: sqlite3.Connection) -> None:
    pragma = chance.choice(("page_size = 65536", "page_size = 512", "auto_vacuum = FULL"))
    connection.execute(f"PRAGMA {pragma}")
    connection.execute("VACUUM")
    if chance.random() < 0.3:
        connection.execute("PRAGMA journal_mode = WAL")


def _schema(chance: Random, connection: sqlite3.Connection) -> None:
    table, _ = _place(chance)
    column, value = chance.choice(
        (
            ("rootpage", chance.choice((0, 1, 2, 3, 5, 10**6, -1))),
            ("sql", f"CREATE TABLE {table} (a, b, c, d)"),
            ("sql", f"CREATE VIEW {table} AS {ENDLESS} SELECT i, i, i FROM n"),
            ("sql", "x" * chance.choice((1, 1_000_000))),
            ("sql", None),
            ("name", "other"),
            ("type", chance.choice(("view", "index", "trigger", "x"))),
            ("tbl_name", "other"),
        )
    )
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(f"UPDATE sqlite_master SET {column} = ? WHERE name = ?", (value, table))


_SQL: tuple[Callable[[Random, sqlite3.Connection], None], ...] = (
    *(_update, _update, _update, _swap, _delete, _multiply, _multiply, _insert),
    *(_replace, _add, _pragma, _shape, _schema),
)


def _place(chance: Random) -> tuple[str, str]:
    table = chance.choice(list(COLUMNS))
    return table, chance.choice(COLUMNS[table])


def _numbers(chance: Random) -> list[float]:
    odd = (0.0, 1.0, math.nan, math.inf, -math.inf, 1e300, -1e15, 253_402_300_799.0)
    return [chance.choice(odd) for _ in range(chance.choice((0, 2, 3, 4, 100)))]


def _changed(chance: Random, plain: Any) -> Any:
    """The plain values with one of them, anywhere, changed."""
    if not isinstance(plain, dict | list) or not plain or chance.random() < 0.1:
        alike = [each for each in PLAIN if type(each) is type(plain)]
        return chance.choice(alike if alike and chance.random() < 0.7 else PLAIN)
    keys = list(plain) if isinstance(plain, dict) else list(range(len(plain)))
    key = chance.choice(keys)
    if chance.random() < 0.08:
        del plain[key]
    elif chance.random() < 0.06 and isinstance(plain, list):
        return plain * chance.choice((2, 300, 3000))
    elif chance.random() < 0.05 and isinstance(plain, dict):
        plain[chance.choice(("2", "7", "-1", "x", str(2**62)))] = plain[key]
    else:
        plain[key] = _changed(chance, plain[key])
    return plain


def _raw(plain: Any) -> bytes:
    return json.dumps(plain).encode().replace(b'"<deep>"', b"[" * 100_000)
