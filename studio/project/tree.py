"""The tree of takes as the file holds it, and which take painted which iteration."""

from __future__ import annotations

import sqlite3

import msgspec

from studio.project import faults
from studio.project.database import Database
from studio.project.document import Branch, Stretch, stretches
from studio.project.seal import BrokenSealError, seal, unseal

FOREVER = 2**62
"""Beyond every iteration."""


def insert(tables: sqlite3.Connection, take: int, branch: Branch) -> None:
    """Add a take within the running transaction."""
    data = seal(msgspec.json.encode(branch), "take", take)
    tables.execute("INSERT INTO take VALUES (?, ?)", (take, data))


def branches(database: Database) -> dict[int, Branch]:
    """Every take by number; raises StudioError when one is damaged."""
    found: dict[int, Branch] = {}
    for take, sealed in database.rows("SELECT id, branch FROM take ORDER BY id"):
        try:
            found[take] = msgspec.json.decode(unseal(sealed, "take", take), type=Branch)
        except (BrokenSealError, msgspec.MsgspecError) as error:
            raise faults.damaged(database.path, f"Take {take}") from error
        # Parents come first, or following them up might never end.
        if found[take].parent is not None and found[take].parent not in list(found)[:-1]:
            raise faults.damaged(database.path, f"Take {take}")
    return found


def branch_of(database: Database, take: int) -> Branch:
    """Where one take comes from; raises ValueError when there is no such take."""
    found = branches(database).get(take)
    if found is None:
        raise ValueError(f"there is no take {take}")
    return found


def line_of(database: Database, take: int, stop: int = FOREVER) -> list[Stretch]:
    """Which takes painted the iterations before `stop` of a take, from the root downwards."""
    branch_of(database, take)
    return stretches(branches(database), take, stop)
