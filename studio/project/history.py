"""Earlier prompts with their settings, to go back to: one file for all projects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from studio import places
from studio.atomic import write_whole
from studio.core.settings import Settings
from studio.project import lists, versions

KEPT = 300


class Earlier(msgspec.Struct, frozen=True):
    """A painting as it was asked for."""

    settings: Settings
    when: str
    """ISO 8601, UTC."""
    thumbnail: bytes = b""
    """A small JPEG of how it looked last; empty before there was one."""

    def __post_init__(self) -> None:
        datetime.fromisoformat(self.when)  # raises ValueError for what is no time


class History:
    """The list in its file; newest first, no two with the same prompts and seed."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or places.user_data() / "history.json"

    def list(self) -> Sequence[Earlier]:
        """All that can be read."""
        return lists.entries(self._path, Earlier)

    def add(self, settings: Settings, thumbnail: bytes = b"") -> Sequence[Earlier]:
        """Put a painting first. Raises StudioError when the file cannot be written."""
        others = [each for each in self.list() if not _same(each.settings, settings)]
        kept = [Earlier(settings, versions.now(), thumbnail), *others][:KEPT]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._path, msgspec.json.encode(kept))
        return kept


def _same(one: Settings, other: Settings) -> bool:
    return (one.prompts, one.seed) == (other.prompts, other.seed)
