"""Picture files that a person names: made ready for a project, and asked how they were painted."""

from __future__ import annotations

import hashlib
from pathlib import Path

from studio.cli.pictures import embedded
from studio.cli.told import told_by
from studio.errors import RequestError
from studio.pictures.decoder import UnreadableError
from studio.pictures.keeping import keepable
from studio.work.facts import Read


def read(path: Path, use: str) -> Read:
    """A picture as a project keeps it. Raises RequestError unless the file is one."""
    sha256, data = embedded(path)
    told = told_by(path)
    if told is None:
        return Read(sha256, data, use)
    return Read(sha256, data, use, told.settings, told.pictures)


def of_pixels(data: bytes, use: str) -> Read:
    """The same for picture data that came without a file. Raises RequestError unless it is one."""
    try:
        kept = keepable(data)
    except UnreadableError as error:
        raise RequestError(f"What was dropped {error.reason}.") from error
    return Read(hashlib.sha256(kept).hexdigest(), kept, use)
