"""Painted iterations in the file: recorded once, never changed."""

from __future__ import annotations

import time
from collections.abc import Iterable

from studio.project import faults, frames, tree
from studio.project.database import Database
from studio.project.document import Iteration, Stretch
from studio.project.seal import BrokenSealError, seal, unseal

Row = tuple[Iteration, frames.Codes, bytes]
"""What was measured, the codes (height, width) and a small JPEG."""


def record(database: Database, take: int, rows: Iterable[Row]) -> None:
    """Keep the next iterations of a take; raises ValueError for any others."""
    with database.transaction() as tables:
        expected = length(database, take)
        for iteration, codes, proxy in rows:
            number = iteration.number
            if number != expected:
                raise ValueError(f"iteration {number} is not the next one of take {take}")
            measured = frames.pack_measured(take, iteration, time.time())
            packed = frames.pack_codes(take, number, codes)
            key = tables.execute(
                "INSERT INTO iteration (take, number, measured) VALUES (?, ?, ?)",
                (take, number, measured),
            ).lastrowid
            sealed_proxy = seal(proxy, "proxy", take, number)
            tables.execute("INSERT INTO picture VALUES (?, ?, ?)", (key, packed, sealed_proxy))
            expected += 1


def length(database: Database, take: int) -> int:
    """How many iterations a take has, inherited ones counted."""
    branched_at = tree.branch_of(database, take).branched_at or 0
    last = database.value("SELECT max(number) FROM iteration WHERE take = ?", take)
    if last is None:
        return branched_at
    rows = database.value("SELECT max(id) FROM iteration")
    # A damaged number could be enormous; no take is longer than all rows together.
    if not isinstance(last, int) or not isinstance(rows, int) or last >= branched_at + rows:
        raise faults.damaged(database.path, f"The list of iterations of take {take}")
    return last + 1


def measured(database: Database, take: int, first: int, last: int | None) -> list[Iteration]:
    """Iterations `first` to `last` (inclusive) of a take; see `Project.iterations`."""
    stop = length(database, take)
    if last is not None:
        stop = min(stop, last + 1)
    return [
        iteration
        for stretch in tree.line_of(database, take, stop)
        for iteration in _measured_in(database, stretch, first)
    ]


def codes(database: Database, take: int, number: int) -> frames.Codes:
    """The codes of an iteration, uint16 (height, width)."""
    owner, sealed = _picture(database, take, number, "codes")
    try:
        return frames.unpack_codes(owner, number, sealed)
    except BrokenSealError as error:
        raise faults.damaged(database.path, f"The picture of iteration {number}") from error


def proxy(database: Database, take: int, number: int) -> bytes:
    """The small JPEG of an iteration."""
    owner, sealed = _picture(database, take, number, "proxy")
    try:
        return unseal(sealed, "proxy", owner, number)
    except BrokenSealError as error:
        raise faults.damaged(database.path, f"The preview of iteration {number}") from error


def last_recorded(database: Database) -> float | None:
    """The Unix time at which the latest iteration was recorded, if one was and it is whole."""
    for take, number, sealed in database.rows(
        "SELECT take, number, measured FROM iteration ORDER BY id DESC LIMIT 1"
    ):
        try:
            return frames.unpack_measured(take, number, sealed)[0]
        except BrokenSealError:
            return None
    return None


def _measured_in(database: Database, stretch: Stretch, first: int) -> list[Iteration]:
    take, start, stop = stretch
    rows: dict[int, object] = dict(
        database.rows(
            "SELECT number, measured FROM iteration WHERE take = ? AND number BETWEEN ? AND ?",
            take,
            max(first, start),
            stop - 1,
        )
    )
    return [_measured(take, number, rows.get(number)) for number in range(max(first, start), stop)]


def _measured(take: int, number: int, sealed: object) -> Iteration:
    try:
        return frames.unpack_measured(take, number, sealed)[1]
    except BrokenSealError:
        return frames.lost(number)


def _picture(database: Database, take: int, number: int, column: str) -> tuple[int, object]:
    """The take that painted an iteration, and one column of its picture; None when it is lost."""
    if not 0 <= number < length(database, take):
        raise ValueError(f"take {take} has no iteration {number}")
    owner = tree.line_of(database, take, number + 1)[-1].take
    sealed = database.value(
        f"SELECT {column} FROM picture JOIN iteration ON picture.iteration = iteration.id "
        "WHERE take = ? AND number = ?",
        owner,
        number,
    )
    return owner, sealed
