"""What goes wrong on disk, each as one sentence that names the file and the remedy."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from studio.disk import forbidden as forbidden
from studio.disk import full as full
from studio.disk import no_folder as no_folder
from studio.disk import of_system as of_system
from studio.disk import too_long as too_long
from studio.errors import RequestError, StudioError

_LONGEST_PATH = 490
"""Bytes of a path: SQLite opens none of more than 512, that of its journal counted."""
_LONGEST_NAME = 255
"""Bytes of a name, that of the journal beside a project counted."""


def of_sqlite(error: sqlite3.Error, path: Path) -> StudioError:
    """What an SQLite error means for the project at `path`."""
    kind = code(error) & 0xFF
    if kind == sqlite3.SQLITE_NOTADB:
        return not_a_project(path)
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return busy(path)
    if code(error) == sqlite3.SQLITE_READONLY_ROLLBACK:
        return left_alone(path)
    if kind == sqlite3.SQLITE_CANTOPEN:
        check_length(path)
    if kind in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return forbidden(path)
    if kind == sqlite3.SQLITE_FULL:
        return full(path)
    if kind == sqlite3.SQLITE_INTERRUPT:
        return endless(path)
    if kind == sqlite3.SQLITE_IOERR:
        return StudioError(
            f"{path} could not be read or written ({error}); check the disk and its free space."
        )
    return damaged(path)


def check_length(path: Path) -> None:
    """Raise RequestError for a path that no project can have."""
    if len(os.fsencode(path)) > _LONGEST_PATH:
        raise RequestError(f"The path {path} is too long; choose a folder that lies less deep.")
    if len(os.fsencode(path.name)) + len("-journal") > _LONGEST_NAME:
        raise too_long(path)


def code(error: sqlite3.Error) -> int:
    """What SQLite calls the error; the low byte is its kind."""
    # Python's own complaints about a row carry none.
    found: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return found


def missing(path: Path) -> RequestError:
    return RequestError(f"There is no project {path}; check the name and the folder.")


def not_a_project(path: Path) -> RequestError:
    return RequestError(f"{path} is not a VQGAN-CLIP Studio project; name a .vqproj file.")


def newer(path: Path, found: str, known: str) -> RequestError:
    return RequestError(
        f"{path} was saved by a newer VQGAN-CLIP Studio (format {found}, this one writes {known});"
        " update the studio to open it."
    )


def exists(path: Path) -> RequestError:
    return RequestError(f"{path} exists already; choose another name, or ask to replace it.")


def strange_file(path: Path, other: Path) -> RequestError:
    return RequestError(
        f"Beside {path} lies {other.name}, which this program did not write and which could do "
        "harm; delete it or take it elsewhere, then open the project again."
    )


def half_written(path: Path) -> StudioError:
    return StudioError(
        f"{path} was left half written when a program ended, and is too large to be mended on a "
        "copy; open it in the window or paint it on, which mends it."
    )


def left_alone(path: Path) -> StudioError:
    return StudioError(
        f"The program that wrote {path} ended in the middle of it; open the project again."
    )


def other_tables(path: Path) -> RequestError:
    return RequestError(
        f"{path} holds other tables than a project does; it was made or changed by another program,"
        " so take a copy from before."
    )


def endless(path: Path) -> StudioError:
    return StudioError(
        f"Reading {path} takes too long, so it is damaged or made to do so; go back to a copy of "
        "the file."
    )


def busy(path: Path) -> StudioError:
    return StudioError(
        f"{path} is being written by another window or command; close it there first."
    )


def damaged(path: Path, part: str = "") -> StudioError:
    return StudioError(
        f"{part or 'Part'} of {path} is damaged; go back to a copy of the file, "
        "or export what can still be read."
    )
