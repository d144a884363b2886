"""The words of a training: a CLIP keeps rows of its token table for no others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from studio.core import tokens


def kept_tokens(path: Path, captions: Callable[[], Iterable[str]]) -> tuple[int, ...]:
    """The tokens of every word of captions, ascending, with CLIP's start and end.

    What was found once lies at `path` and is taken from there.
    """
    if not path.exists():
        words = {word for text in captions() for word in text.replace(",", " ,").split()}
        kept = {token for word in words for token in tokens.encode(word)}
        path.write_bytes(msgspec.json.encode(sorted(kept)))
    return tuple(msgspec.json.decode(path.read_bytes(), type=list[int]))
