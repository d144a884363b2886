"""Lists of ours in JSON files: an entry that cannot be read costs itself and not the list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from studio.atomic import write_whole
from studio.errors import StudioError
from studio.log import log
from studio.project.decoding import UnreadableError, convert, read

Entry = TypeVar("Entry")


def entries(path: Path, kind: type[Entry]) -> list[Entry]:
    """The entries that can be read; when some cannot, a copy of the file is kept beside it."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        log.warning("%s cannot be read: %s", path, error)
        return []
    found = _found(data)
    good = [] if found is None else list(_good(found, kind))
    if found is None or len(good) < len(found):
        keep_copy(path, data)
    return good


def keep_copy(path: Path, data: bytes) -> None:
    """Keep what a file held before what cannot be read in it goes."""
    copy = path.with_name(path.name + ".bak")
    log.warning("Some of %s cannot be read and is reset; %s is a copy of it.", path, copy)
    try:
        write_whole(copy, data)
    except StudioError as error:
        log.warning("%s", error)


def _found(data: bytes) -> list[Any] | None:
    try:
        return read(data, list[Any])
    except UnreadableError:
        return None


def _good(found: list[Any], kind: type[Entry]) -> Iterator[Entry]:
    for each in found:
        with suppress(UnreadableError):
            yield convert(each, kind)
