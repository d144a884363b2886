"""The command line: words to commands, errors to one sentence and an exit status. Imports no Qt."""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from studio.cli.interrupt import terminable
from studio.errors import RequestError, StudioError

if TYPE_CHECKING:
    import argparse

    Command = Callable[[argparse.Namespace], int]


def main(words: Sequence[str] | None = None, *, bench_ui: Command | None = None) -> int:
    """Run the command that the words name; returns the exit status.

    `bench_ui` is what `bench --ui` does: it lives above the command line, with the window.
    """
    words = sys.argv[1:] if words is None else words
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a letter the terminal lacks must not end a painting
            stream.reconfigure(errors="backslashreplace")
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # those of the packages we use are for programmers
    try:
        with terminable():  # before anything is imported that takes its time
            return _guarded(words, bench_ui)
    except KeyboardInterrupt:
        print("Interrupted; what was painted before is kept.", file=sys.stderr)
        return 130


def _guarded(words: Sequence[str], bench_ui: Command | None) -> int:
    from studio.cli.answer import discard
    from studio.log import log, log_path

    try:
        return _run(words, bench_ui)
    except RequestError as error:
        log.error("%s", _one_line(error))
        return error.exit_status
    except StudioError as error:
        log.error("%s (The log is %s.)", _one_line(error), log_path())
        return error.exit_status
    except BrokenPipeError:
        discard(sys.stdout)
        discard(sys.stderr)
        return 1
    except OSError as error:
        log.debug("unexpected", exc_info=True)
        where, why = error.filename or "A file", error.strerror or error
        log.error("%s cannot be used (%s). (The log is %s.)", where, why, log_path())
        return 1
    except Exception as error:
        log.debug("unexpected", exc_info=True)
        kind = type(error).__name__
        log.error("It failed unexpectedly (%s: %s); see %s.", kind, _one_line(error), log_path())
        return 1


def _run(words: Sequence[str], bench_ui: Command | None) -> int:
    arguments, refusal = _parsed(words)
    from studio import leftovers
    from studio.log import start_logging

    start_logging(verbose=_tells(arguments))
    leftovers.sweep()
    if refusal is not None:
        raise refusal
    assert arguments is not None
    if bench_ui is not None and arguments.command == "bench" and arguments.ui:
        return bench_ui(arguments)
    run: Command = importlib.import_module(f"studio.cli.{arguments.command}").run
    return run(arguments)


def _tells(arguments: argparse.Namespace | None) -> bool:
    """Whether the command takes so long that it says what it is at."""
    if arguments is None:
        return False
    if getattr(arguments, "verb", None) in ("download", "import"):
        return True
    tells = ("paint", "export", "train", "bench_pictures", "bench_efforts")
    return arguments.command in tells or getattr(arguments, "ui", False)


def _parsed(words: Sequence[str]) -> tuple[argparse.Namespace | None, RequestError | None]:
    """The arguments, or why there are none: that is said once there is a log to say it in."""
    from studio.cli.parser import command_parser

    try:
        return command_parser().parse_args(words), None
    except RequestError as error:
        return None, error


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())
