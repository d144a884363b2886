"""The way in: no word opens the window, a project opens in it, any other word is a command."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

if TYPE_CHECKING:
    import argparse

PROJECT = ".vqproj"
_FILE = re.compile(r"\.(vqproj|png|jpe?g|webp|gif|bmp|tiff?|avif|jp2)$|^file:", re.IGNORECASE)
"""What names a file and no command."""


def main(words: Sequence[str] | None = None) -> int:
    """Run what the words ask for; returns the exit status."""
    words = sys.argv[1:] if words is None else words
    _open_streams()
    if all(map(_FILE.search, words)):
        return _window(words)
    from studio import cli

    return cli.main(words, bench_ui=_bench_ui)


def _open_streams() -> None:
    """Lead streams that are closed to nowhere, or the next file to be opened is mistaken for one.

    A program that a desktop or a service starts need not have any.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        try:
            os.fstat(number)
        except OSError:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))


def _window(words: Sequence[str]) -> int:
    named = [_path(word) for word in words]
    if len(named) > 1:
        return _say("The window opens one project at a time; name one of them.", 2)
    if named and named[0] is None:
        return _say(f"{words[0]} is on another machine; copy the project here first.", 2)
    path = named[0] if named else None
    if path is not None and path.suffix.lower() != PROJECT:
        return _say(
            f"{path} is no project; drop the picture on the canvas, or begin with it by "
            f'`paint PROMPT --init "{path}"`.',
            2,
        )
    try:
        from studio import app
    except ImportError as error:  # Qt needs libraries of the system that a server may lack
        return _say(
            f"The window cannot be opened ({error}); install what is missing, or paint from here "
            "with `paint PROMPT`.",
            1,
        )
    return app.main(path)


def _path(word: str) -> Path | None:
    """The file that a word names, as a path or as a desktop writes it; None for one elsewhere."""
    if not word.lower().startswith("file:"):
        return Path(word)
    url = urlsplit(word)
    return Path(url2pathname(url.path)) if url.netloc in ("", "localhost") else None


def _say(sentence: str, status: int) -> int:
    from studio.log import harmless

    print(harmless(sentence).encode(errors="backslashreplace").decode(), file=sys.stderr)
    return status


def _bench_ui(arguments: argparse.Namespace) -> int:
    try:
        from studio.bench import run
    except ImportError as error:
        from studio.errors import StudioError

        raise StudioError(f"There can be no window ({error}); install what is missing.") from error
    return run.run(arguments)
