"""A project without its pictures: the document and the tree of takes, read whole and checked."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import msgspec

from studio.core.schedule import Change
from studio.core.settings import LAST_ITERATION
from studio.errors import StudioError
from studio.project import faults, iterations, versions
from studio.project.database import Database
from studio.project.decoding import UnreadableError, read
from studio.project.document import Branch, Document, Stretch, Take, TakeDocument, stretches
from studio.project.seal import BrokenSealError, seal, unseal

FIRST_TAKE = 1
MOST_TAKES = 10_000
FOREVER = 2**62
"""Beyond every iteration."""


@dataclass(frozen=True)
class Outline:
    """What there is to know before any iteration is looked at."""

    document: Document
    fell_back: bool
    """Whether a newer document is damaged."""
    branches: Mapping[int, Branch]
    """Every take by number, parents before children."""

    def branch(self, take: int) -> Branch:
        """Where one take comes from; raises ValueError when there is no such take."""
        found = self.branches.get(take)
        if found is None:
            raise ValueError(f"there is no take {take}")
        return found

    def line(self, take: int, stop: int = FOREVER) -> list[Stretch]:
        """Which takes painted the iterations before `stop` of a take, from the root downwards."""
        self.branch(take)
        return stretches(self.branches, take, stop)

    def edited(self, take: int) -> TakeDocument:
        """What a person made of a take."""
        # A take may be younger than the version that a damaged document fell back to.
        return self.document.takes.get(take, TakeDocument(f"Take {take}"))

    def take(self, number: int) -> Take:
        """One take as it is told of."""
        branch, edited = self.branch(number), self.edited(number)
        return Take(
            number, branch.parent, branch.branched_at, edited.name, branch.created, edited.deleted
        )

    def changes(self, take: int) -> tuple[Change, ...]:
        """The changes of settings by iteration, with those inherited from before the branch."""
        found = [
            change
            for painted in self.line(take)
            for change in self.edited(painted.take).changes
            if painted.first <= change.iteration < painted.stop
        ]
        if not found or found[0].iteration > 0:  # it branches off before the first iteration
            parent = self.branch(take).parent
            assert parent is not None, "the first take has settings from the start"
            found.insert(0, msgspec.structs.replace(self.changes(parent)[0], strokes=()))
        return tuple(found)


def insert(tables: sqlite3.Connection, take: int, branch: Branch) -> None:
    """Add a take within the running transaction."""
    data = seal(msgspec.json.encode(branch), "take", take)
    tables.execute("INSERT INTO take VALUES (?, ?)", (take, data))


def read_whole(database: Database) -> Outline:
    """All of it, checked; raises StudioError when it makes no sense, even if it is whole."""
    branches = _branches(database)
    document, fell_back = versions.load(database, _check)
    return Outline(document, fell_back, branches)


def _check(document: Document) -> None:
    """Raise UnreadableError unless the first take has settings from its first iteration on."""
    first = document.takes.get(FIRST_TAKE)
    if first is None or not first.changes or first.changes[0].iteration != 0:
        raise UnreadableError("the first take has no settings")


def _branches(database: Database) -> dict[int, Branch]:
    found: dict[int, Branch] = {}
    rows = database.rows("SELECT id, branch FROM take ORDER BY id LIMIT ?", MOST_TAKES + 1)
    if not 0 < len(rows) <= MOST_TAKES:
        raise faults.damaged(database.path, "The list of takes")
    for take, sealed in rows:
        try:
            branch = read(unseal(sealed, "take", take), Branch)
        except (BrokenSealError, UnreadableError) as error:
            raise faults.damaged(database.path, f"Take {take}") from error
        if not _can_be(database, found, take, branch):
            raise faults.damaged(database.path, f"Take {take}")
        found[take] = branch
    return found


def _can_be(database: Database, found: Mapping[int, Branch], take: object, branch: Branch) -> bool:
    """Whether a take branches off an iteration that one before it has."""
    parent, branched_at = branch.parent, branch.branched_at
    if not isinstance(take, int) or not FIRST_TAKE <= take <= LAST_ITERATION:
        return False
    if parent is None or branched_at is None:
        return take == FIRST_TAKE and parent is None and branched_at is None
    # Parents come first, or following them up might never end.
    if parent not in found or not 0 <= branched_at <= LAST_ITERATION:
        return False
    with suppress(StudioError):  # how long the parent is can no longer be told
        return branched_at <= iterations.length(database, parent, found[parent])
    return True
