"""The two ways in which a request ends badly, each with its exit status."""

from __future__ import annotations

import os
from pathlib import Path


class StudioError(Exception):
    """Something failed that the person could not have known.

    The message is one sentence that names the thing and the remedy; it is shown as it is.
    """

    exit_status = 1


class RequestError(StudioError):
    """The request itself was wrong: a bad prompt, size, name or file."""

    exit_status = 2


def shown(path: Path | str) -> str:
    """A path as it can be shown and written down: a file's name may be no text at all."""
    return os.fsencode(path).decode(errors="replace")
