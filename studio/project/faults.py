"""What goes wrong on disk, each as one sentence that names the file and the remedy."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from studio.disk import forbidden as forbidden
from studio.disk import full as full
from studio.disk import no_folder as no_folder
from studio.disk import of_system as of_system
from studio.errors import RequestError, StudioError


def of_sqlite(error: sqlite3.Error, path: Path) -> StudioError:
    """What an SQLite error means for the project at `path`."""
    # The low byte is the kind of error. Python's own complaints about a row carry none.
    kind = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if kind == sqlite3.SQLITE_NOTADB:
        return not_a_project(path)
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return busy(path)
    if kind in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return forbidden(path)
    if kind == sqlite3.SQLITE_FULL:
        return full(path)
    if kind == sqlite3.SQLITE_IOERR:
        return StudioError(
            f"{path} could not be read or written ({error}); check the disk and its free space."
        )
    return damaged(path)


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


def busy(path: Path) -> StudioError:
    return StudioError(
        f"{path} is being written by another window or command; close it there first."
    )


def damaged(path: Path, part: str = "") -> StudioError:
    return StudioError(
        f"{part or 'Part'} of {path} is damaged; go back to a copy of the file, "
        "or export what can still be read."
    )
