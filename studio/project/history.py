"""Earlier prompts with their settings, to go back to: one file for all projects."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from studio import places
from studio.atomic import write_whole
from studio.core.settings import Settings
from studio.log import log
from studio.project import versions

KEPT = 300


class Earlier(msgspec.Struct, frozen=True):
    """A painting as it was asked for."""

    settings: Settings
    when: str
    """ISO 8601, UTC."""
    thumbnail: bytes = b""
    """A small JPEG of how it looked last; empty before there was one."""


class History:
    """The list in its file; newest first, no two with the same prompts and seed."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or places.user_data() / "history.json"

    def list(self) -> Sequence[Earlier]:
        """All of them; none when the file cannot be read."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=list[Earlier])
        except FileNotFoundError:
            return []
        except (OSError, msgspec.MsgspecError) as error:
            log.warning("The history of prompts, %s, cannot be read: %s", self._path, error)
            return []

    def add(self, settings: Settings, thumbnail: bytes = b"") -> Sequence[Earlier]:
        """Put a painting first. Raises StudioError when the file cannot be written."""
        others = [each for each in self.list() if not _same(each.settings, settings)]
        kept = [Earlier(settings, versions.now(), thumbnail), *others][:KEPT]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._path, msgspec.json.encode(kept))
        return kept


def _same(one: Settings, other: Settings) -> bool:
    return (one.prompts, one.seed) == (other.prompts, other.seed)
