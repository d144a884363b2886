"""Picture files that a person names: made ready for a project, and asked how they were painted."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from studio.cli.pictures import embedded
from studio.core.settings import Settings
from studio.errors import RequestError, StudioError
from studio.log import log
from studio.pictures import png
from studio.pictures.decoder import UnreadableError
from studio.pictures.keeping import keepable
from studio.work.facts import Read


def read(path: Path, use: str) -> Read:
    """A picture as a project keeps it. Raises RequestError unless the file is one."""
    sha256, data = embedded(path)
    return Read(sha256, data, use, _settings(path))


def of_pixels(data: bytes, use: str) -> Read:
    """The same for picture data that came without a file. Raises RequestError unless it is one."""
    try:
        kept = keepable(data)
    except UnreadableError as error:
        raise RequestError(f"What was dropped {error.reason}.") from error
    return Read(hashlib.sha256(kept).hexdigest(), kept, use)


def _settings(path: Path) -> Settings | None:
    """The settings that a PNG of the studio carries."""
    try:
        with path.open("rb") as file:
            written = png.texts(file).get("settings")
        if written is not None:
            return msgspec.json.decode(written, type=Settings)
    except (OSError, ValueError, msgspec.MsgspecError, StudioError) as error:
        log.info("%s does not tell how it was painted: %s", path, error)
    return None
