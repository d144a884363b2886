"""Painted iterations in the file: recorded once, never changed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from studio.core.settings import LAST_ITERATION
from studio.errors import StudioError
from studio.project import faults, frames
from studio.project.database import Database
from studio.project.document import Branch, Iteration, Stretch
from studio.project.seal import BrokenSealError, seal, unseal

Row = tuple[Iteration, frames.Codes, bytes]
"""What was measured, the codes (height, width) and a small JPEG."""

_FEW = 10_000
"""Iterations that may be lost, or said to be there, without costing anything."""
_LEAST_BYTES = 64
"""That an iteration takes up in the file, with its picture."""
_LONGEST_MEASURED = 2**16
_LONGEST_PICTURE = 2**28
"""The codes of the largest picture there can be, one for each pixel, take half of it."""


def record(database: Database, take: int, branch: Branch, rows: Iterable[Row]) -> None:
    """Keep the next iterations of a take; raises ValueError for any others."""
    with database.transaction() as tables:
        expected = length(database, take, branch)
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


def length(database: Database, take: int, branch: Branch) -> int:
    """How many iterations a take has, inherited ones counted."""
    first = branch.branched_at or 0
    last = database.value("SELECT max(number) FROM iteration WHERE take = ?", take)
    if last is None:
        return first
    if not isinstance(last, int) or last > LAST_ITERATION:
        raise _damaged_list(database, take)
    # A damaged number could be enormous; every iteration takes up some of the file.
    if last - first > _FEW and last - first > _most(database):
        raise _damaged_list(database, take)
    return max(first, last + 1)


def measured(database: Database, line: Sequence[Stretch], first: int) -> list[Iteration]:
    """The iterations of the stretches from `first` on; see `Project.iterations`."""
    return [each for stretch in line for each in _measured_in(database, stretch, first)]


def codes(database: Database, take: int, number: int) -> frames.Codes:
    """The codes of an iteration that the take itself painted, uint16 (height, width)."""
    sealed = _picture(database, take, number, "codes")
    try:
        return frames.unpack_codes(take, number, sealed)
    except BrokenSealError as error:
        raise faults.damaged(database.path, f"The picture of iteration {number}") from error


def proxy(database: Database, take: int, number: int) -> bytes:
    """The small JPEG of an iteration that the take itself painted."""
    sealed = _picture(database, take, number, "proxy")
    try:
        return unseal(sealed, "proxy", take, number)
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
    start = max(first, start)
    rows: dict[int, object] = dict(
        database.rows(
            "SELECT number, measured FROM iteration WHERE take = ? AND number BETWEEN ? AND ?",
            take,
            start,
            stop - 1,
            longest=_LONGEST_MEASURED,
        )
    )
    if stop - start > 2 * len(rows) + _FEW:  # more are lost than any damage takes
        raise _damaged_list(database, take)
    return [_measured(take, number, rows.get(number)) for number in range(start, stop)]


def _measured(take: int, number: int, sealed: object) -> Iteration:
    try:
        return frames.unpack_measured(take, number, sealed)[1]
    except BrokenSealError:
        return frames.lost(number)


def _picture(database: Database, take: int, number: int, column: str) -> object:
    """One column of the picture of an iteration; None when it is lost."""
    return database.value(
        f"SELECT {column} FROM picture JOIN iteration ON picture.iteration = iteration.id "
        "WHERE take = ? AND number = ?",
        take,
        number,
        longest=_LONGEST_PICTURE,
    )


def _most(database: Database) -> int:
    """More iterations than fit into the file."""
    [[pages]], [[size]] = database.rows("PRAGMA page_count"), database.rows("PRAGMA page_size")
    most: int = pages * size // _LEAST_BYTES
    return most


def _damaged_list(database: Database, take: int) -> StudioError:
    return faults.damaged(database.path, f"The list of iterations of take {take}")
