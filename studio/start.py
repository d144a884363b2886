"""The way in: no word opens the window, a project opens in it, any other word is a command."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def main(words: Sequence[str] | None = None) -> int:
    """Run what the words ask for; returns the exit status."""
    words = sys.argv[1:] if words is None else words
    if not words or (len(words) == 1 and words[0].endswith(".vqproj")):
        return _window(words)
    from studio import cli

    return cli.main(words, bench_ui=_bench_ui)


def _window(words: Sequence[str]) -> int:
    try:
        from studio import app
    except ImportError as error:  # Qt needs libraries of the system that a server may lack
        print(
            f"The window cannot be opened ({error}); install what is missing, or paint from here "
            "with `paint PROMPT`.",
            file=sys.stderr,
        )
        return 1
    return app.main(words)


def _bench_ui(arguments: argparse.Namespace) -> int:
    try:
        from studio.bench import run
    except ImportError as error:
        from studio.errors import StudioError

        raise StudioError(f"There can be no window ({error}); install what is missing.") from error
    return run.run(arguments)
