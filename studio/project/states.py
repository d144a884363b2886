"""Full states of the painter in the file, from which painting goes on exactly."""

from __future__ import annotations

from studio.project import iterations, tree
from studio.project.database import Database
from studio.project.document import Stretch
from studio.project.seal import BrokenSealError, seal, unseal


def save(database: Database, take: int, count: int, data: bytes) -> None:
    """Keep the state after `count` iterations, in place of one saved there before.

    Raises ValueError unless the take itself, not its parent, has got so far.
    """
    with database.transaction() as tables:
        first = tree.branch_of(database, take).branched_at or 0
        if not first <= count <= iterations.length(database, take):
            raise ValueError(f"take {take} has no state of its own after {count} iterations")
        tables.execute(
            "INSERT OR REPLACE INTO state VALUES (?, ?, ?)",
            (take, count, seal(data, "state", take, count)),
        )


def nearest(database: Database, take: int, at_most: int) -> tuple[int, bytes] | None:
    """The latest whole state after no more than `at_most` iterations, and after how many."""
    for stretch in reversed(tree.line_of(database, take, at_most + 1)):
        # The parent's state at the very branch is where its child starts from.
        found = _latest(database, stretch, min(stretch.stop, at_most))
        if found is not None:
            return found
    return None


def _latest(database: Database, stretch: Stretch, at_most: int) -> tuple[int, bytes] | None:
    take = stretch.take
    for (count,) in database.rows(
        "SELECT count FROM state WHERE take = ? AND count <= ? ORDER BY count DESC", take, at_most
    ):
        sealed = database.value("SELECT data FROM state WHERE take = ? AND count = ?", take, count)
        try:
            return count, unseal(sealed, "state", take, count)
        except BrokenSealError:
            continue
    return None
