"""Full states of the painter in the file, from which painting goes on exactly."""

from __future__ import annotations

from collections.abc import Sequence

from studio.project.database import Database
from studio.project.document import Stretch
from studio.project.seal import BrokenSealError, seal, unseal

_MOST_DAMAGED = 100
"""States of a take that are passed over before painting is begun again from its parent's."""
_LONGEST = 10**9
"""Bytes: what SQLite itself allows."""


def save(database: Database, take: int, count: int, data: bytes) -> None:
    """Keep the state after `count` iterations, in place of one saved there before."""
    with database.transaction() as tables:
        tables.execute(
            "INSERT OR REPLACE INTO state VALUES (?, ?, ?)",
            (take, count, seal(data, "state", take, count)),
        )


def nearest(database: Database, line: Sequence[Stretch], at_most: int) -> tuple[int, bytes] | None:
    """The latest whole state on a line after no more than `at_most` iterations, and how many."""
    for stretch in reversed(line):
        # The parent's state at the very branch is where its child starts from.
        found = _latest(database, stretch, min(stretch.stop, at_most))
        if found is not None:
            return found
    return None


def _latest(database: Database, stretch: Stretch, at_most: int) -> tuple[int, bytes] | None:
    take = stretch.take
    for (count,) in database.rows(
        "SELECT count FROM state WHERE take = ? AND count BETWEEN 0 AND ? "
        "ORDER BY count DESC LIMIT ?",
        take,
        at_most,
        _MOST_DAMAGED,
    ):
        sealed = database.value(
            "SELECT data FROM state WHERE take = ? AND count = ?", take, count, longest=_LONGEST
        )
        try:
            return count, unseal(sealed, "state", take, count)
        except BrokenSealError:
            continue
    return None
