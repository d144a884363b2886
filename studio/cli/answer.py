"""What a command answers on standard output: lines for people, or one JSON object."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Iterable
from typing import Any, TextIO

from studio.log import harmless


def give(answer: dict[str, Any], lines: Iterable[str], *, as_json: bool) -> None:
    """Print the answer one way or the other. A reader who has gone away is no failure."""
    text = json.dumps(_plain(answer)) if as_json else "\n".join(map(harmless, lines))
    try:
        print(text, flush=True)
    except BrokenPipeError:
        discard(sys.stdout)


def discard(stream: TextIO) -> None:
    """Let Python flush what nobody reads any more to nowhere, or it complains at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def megabytes(size: int) -> str:
    """A number of bytes as people read it."""
    return f"{size / 1e9:.2f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"


def _plain(value: Any) -> Any:
    """With null for the numbers that JSON has no words for."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
