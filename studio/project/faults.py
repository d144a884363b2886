"""What goes wrong on disk, each as one sentence that names the file and the remedy."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from studio.errors import RequestError, StudioError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def of_system(error: OSError, path: Path) -> StudioError:
    """What an operating system error means for the file at `path`."""
    if error.errno == errno.ENOENT:
        return no_folder(path)
    if error.errno in (errno.EISDIR, errno.ENOTDIR):
        return RequestError(f"{path} cannot be a file; choose another name or folder.")
    if error.errno == errno.ENAMETOOLONG:
        return RequestError(f"The name {path} is too long; choose a shorter one.")
    if error.errno in _FORBIDDEN:
        return forbidden(path)
    if error.errno in _FULL:
        return full(path)
    reason = error.strerror or type(error).__name__
    return StudioError(f"{path} could not be read or written ({reason}); check the disk.")


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


def no_folder(path: Path) -> RequestError:
    return RequestError(
        f"There is no folder {path.parent} for {path.name}; create it or choose another."
    )


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


def forbidden(path: Path) -> StudioError:
    return StudioError(
        f"{path} may not be written; change its permissions or choose another folder."
    )


def full(path: Path) -> StudioError:
    return StudioError(f"There is no room left on the disk for {path}; free some space first.")


def damaged(path: Path, part: str = "") -> StudioError:
    return StudioError(
        f"{part or 'Part'} of {path} is damaged; go back to a copy of the file, "
        "or export what can still be read."
    )
