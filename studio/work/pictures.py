"""Picture files that a person names: made ready for a project, and asked how they were painted."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import msgspec
from PIL import Image

from studio.cli.pictures import embedded
from studio.core.settings import Settings
from studio.errors import RequestError, StudioError
from studio.log import log
from studio.work.facts import Read


def read(path: Path, use: str) -> Read:
    """A picture as a project keeps it. Raises RequestError unless the file is one."""
    sha256, data = embedded(path)
    return Read(sha256, data, use, _settings(path))


def of_pixels(data: bytes, use: str) -> Read:
    """The same for picture data that came without a file. Raises RequestError unless it is one."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise RequestError(
            "What was dropped is no picture; save it as a file and drop that."
        ) from error
    return Read(hashlib.sha256(data).hexdigest(), data, use)


def _settings(path: Path) -> Settings | None:
    """The settings that a PNG of the studio carries."""
    try:
        with Image.open(path) as image:
            written = image.info.get("settings")
        if isinstance(written, str):
            return msgspec.json.decode(written, type=Settings)
    except (OSError, SyntaxError, ValueError, msgspec.MsgspecError, StudioError) as error:
        log.info("%s does not tell how it was painted: %s", path, error)
    return None
