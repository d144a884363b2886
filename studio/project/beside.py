"""The files beside a project that SQLite would obey: only a journal of our own kind gets near it.

A journal undoes what a crash left half written. It may also name another journal, which SQLite then
deletes; so one from a stranger deletes any file. A write-ahead log puts pages in place of those
in the file, and its shared memory is mapped; this program has neither.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from studio.project import faults

JOURNAL = "-journal"
LOGS = ("-wal", "-shm")
_MAGIC = bytes.fromhex("d9d505f920a163d7")
"""How a journal begins, and how it ends when it names another."""
_HEADER = 28


def beside(path: Path, ending: str) -> Path:
    """The file beside a project that has this ending more."""
    return path.with_name(path.name + ending)


def check(path: Path) -> None:
    """Raise RequestError when SQLite would obey a file beside the project that is not our kind."""
    for ending in LOGS:
        if os.path.lexists(beside(path, ending)):
            raise faults.strange_file(path, beside(path, ending))
    journal = beside(path, JOURNAL)
    try:
        found = journal.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISREG(found.st_mode) or not _is_plain(journal, path):
        raise faults.strange_file(path, journal)


def clear(path: Path) -> None:
    """Delete what SQLite would play into a new file there."""
    for ending in (JOURNAL, *LOGS):
        beside(path, ending).unlink(missing_ok=True)


def _is_plain(journal: Path, path: Path) -> bool:
    """Whether a journal names no other and makes the project no larger than it is."""
    with journal.open("rb") as file:
        start = file.read(_HEADER)
        file.seek(max(0, file.seek(0, os.SEEK_END) - len(_MAGIC)))
        if file.read() == _MAGIC:  # SQLite looks here even if the beginning is no journal's
            return False
    if not start.startswith(_MAGIC):
        return True
    pages, size = int.from_bytes(start[16:20], "big"), int.from_bytes(start[24:28], "big")
    return pages * size <= path.stat().st_size
