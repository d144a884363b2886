"""The projects that were open lately, each with a small picture for the welcome page."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from studio import places
from studio.atomic import write_whole
from studio.project import faults, lists
from studio.project.frames import YEAR_9999


@dataclass(frozen=True)
class Recent:
    """One project on the list."""

    path: Path
    when: float
    """Seconds since 1970."""
    thumbnail: bytes | None
    """A small JPEG."""
    missing: bool
    """Whether there is no such file now: moved, deleted, or on a disk that is not there."""


class _Entry(msgspec.Struct, frozen=True):
    path: str
    when: Annotated[float, msgspec.Meta(ge=0, le=YEAR_9999)]


class RecentProjects:
    """The list in a folder; newest first, every change on the disk before the call returns."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or places.user_data() / "recent"
        self._file = self._folder / "recent.json"

    def add(self, path: Path, thumbnail: bytes | None = None, *, limit: int = 10) -> None:
        """Put a project first; its picture stays as it was when no other is given.

        Raises StudioError when the list cannot be written.
        """
        path = Path(os.path.abspath(path))
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise faults.of_system(error, self._file) from error
        if thumbnail is not None:
            write_whole(self._picture(path), thumbnail)
        self._write([_Entry(str(path), time.time()), *self._others(path)][:limit])

    def list(self) -> tuple[Recent, ...]:
        """All of them; none when the list cannot be read."""
        return tuple(map(self._told, self._entries()))

    def forget(self, path: Path) -> None:
        """Take a project off the list; the project itself stays where it is.

        Raises StudioError when the list cannot be written.
        """
        others = self._others(Path(os.path.abspath(path)))
        if len(others) < len(self._entries()):
            self._write(others)

    def _entries(self) -> Sequence[_Entry]:
        return lists.entries(self._file, _Entry)

    def _others(self, path: Path) -> Sequence[_Entry]:
        return [each for each in self._entries() if not _same(each.path, path)]

    def _told(self, entry: _Entry) -> Recent:
        path = Path(entry.path)
        return Recent(path, entry.when, self._thumbnail(path), not is_there(path))

    def _thumbnail(self, path: Path) -> bytes | None:
        try:
            return self._picture(path).read_bytes()
        except OSError:
            return None

    def _picture(self, path: Path) -> Path:
        name = hashlib.sha256(os.path.normcase(path).encode("utf-8", "surrogatepass"))
        return self._folder / f"{name.hexdigest()[:24]}.jpg"

    def _write(self, entries: Sequence[_Entry]) -> None:
        write_whole(self._file, msgspec.json.encode(entries))
        kept = {self._picture(Path(each.path)) for each in entries}
        for picture in self._folder.glob("[!.]*.jpg"):
            if picture not in kept:
                with suppress(OSError):  # left for the next time
                    picture.unlink()


def _same(one: str, other: Path) -> bool:
    return os.path.normcase(one) == os.path.normcase(other)


def is_there(path: Path) -> bool:
    """Whether a project is there: a list may name anything."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
