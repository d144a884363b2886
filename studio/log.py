"""The log: one logger, a file in the user's log folder, plain lines on standard error."""

from __future__ import annotations

import logging
import re
import sys
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

import platformdirs

log = logging.getLogger("studio")

_ACTS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What a terminal obeys and does not show: controls, ends of lines, the direction of writing."""


def harmless(text: str) -> str:
    """A line as a terminal shows it, whoever wrote what it quotes."""
    return _ACTS.sub(lambda found: ascii(found[0])[1:-1], text)


class _Harmless(logging.Formatter):
    """Messages of one line or several, none of which a terminal obeys."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(map(harmless, super().format(record).split("\n")))


class _Shown(logging.StreamHandler[TextIO]):
    """Lines on standard error; what cannot be told there is no reason to stop."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, it is logging's name
        if not _is_refused():
            super().handleError(record)


class _Kept(RotatingFileHandler):
    """Lines in the file; a full disk costs the line."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, it is logging's name
        if not _is_refused():
            super().handleError(record)


def _is_refused() -> bool:
    """Whether the error at hand is the system's: a full disk, a closed stream."""
    return isinstance(sys.exc_info()[1], (OSError, ValueError))


def log_path() -> Path:
    """Where the log is written."""
    return Path(platformdirs.user_log_dir("vqgan-clip-studio", appauthor=False)) / "studio.log"


def start_logging(*, verbose: bool = False) -> None:
    """Write the log to its file, and warnings (with `verbose` everything) to standard error.

    A folder that cannot be written to costs the file, not the painting.
    """
    end_logging()
    log.setLevel(logging.DEBUG)
    shown = _Shown(sys.stderr)
    shown.setLevel(logging.INFO if verbose else logging.WARNING)
    shown.setFormatter(_Harmless("%(message)s"))
    log.addHandler(shown)
    try:
        log_path().parent.mkdir(parents=True, exist_ok=True)
        kept = _Kept(
            log_path(),
            maxBytes=2**20,
            backupCount=2,
            encoding="utf-8",
            errors="backslashreplace",  # a file's name may be no text at all
        )
    except OSError as error:
        log.warning("No log is kept: %s", error)
        return
    kept.setFormatter(_Harmless("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(kept)


def end_logging() -> None:
    """Write no more to the file and to standard error; who else listens goes on."""
    for handler in log.handlers[:]:
        if isinstance(handler, logging.StreamHandler):  # the file's is one too
            log.removeHandler(handler)
            with suppress(OSError):  # the last lines may be those that a full disk refused
                handler.close()
