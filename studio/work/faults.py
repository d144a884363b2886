"""Exceptions as the window tells them."""

from __future__ import annotations

import traceback

from studio.errors import StudioError
from studio.log import log
from studio.work.facts import Fault


def told(error: BaseException, *, painting: bool = False) -> Fault:
    """One sentence with a remedy, and the traceback as text.

    The traceback itself is let go: its frames would keep pictures and GPU memory alive.
    """
    details = "".join(traceback.format_exception(error))
    error.__traceback__ = None
    log.error("%s", error)
    log.debug("%s", details)
    return Fault(_sentence(error), details, painting)


def _sentence(error: BaseException) -> str:
    if isinstance(error, StudioError):
        return str(error)
    if "CUDA error" in str(error):
        return (
            "The graphics card no longer answers. Everything painted is kept; start the studio "
            "again to paint on."
        )
    if isinstance(error, OSError):
        where, why = error.filename or "A file", error.strerror or error
        return f"{where} cannot be used ({why})."
    return (
        f"It failed unexpectedly ({type(error).__name__}: {error}). Everything painted is kept; "
        "try again, and copy the details if it happens again."
    )
