"""What a crash leaves behind, for the next start to show: tracebacks of faults and exceptions.

`start` at the beginning, `Watch.end` at an orderly end; in between everything fatal is written to
a file of this process alone. A later start gathers what ended processes left in `crash.log`.
"""

from __future__ import annotations

import faulthandler
import os
import platform
import sys
import threading
import time
import traceback
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import studio
from studio.held import hold
from studio.log import log, log_path


def crash_path() -> Path:
    """Where the crashes of earlier runs are gathered."""
    return log_path().with_name("crash.log")


def start() -> Watch | None:
    """Watch this process from now on; None (and a line in the log) where nothing can be written."""
    own = crash_path().with_name(f"crash-{os.getpid()}.log")
    try:
        own.parent.mkdir(parents=True, exist_ok=True)
        for left in own.parent.glob("crash-*.log"):
            _gather(left)
        return Watch(own)
    except OSError as error:
        log.warning("No crash log is kept: %s", error)
        return None


def previous() -> str | None:
    """What crashed runs before this one have written, if any did."""
    try:
        return crash_path().read_text(encoding="utf-8", errors="replace").strip() or None
    except OSError:
        return None


def forget() -> None:
    """Throw away what `previous` tells."""
    with suppress(OSError):
        crash_path().unlink()


class Watch:
    """Writes what goes fatally wrong in this process to `path` until its orderly `end`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("w+", encoding="utf-8", errors="backslashreplace")
        hold(self._file)
        self._file.write(_heading())
        self._file.flush()
        faulthandler.enable(self._file)
        self._hook, sys.excepthook = sys.excepthook, self._uncaught
        self._thread_hook, threading.excepthook = threading.excepthook, self._uncaught_in_thread

    def end(self) -> None:
        """The process ends in good order: leave nothing behind."""
        faulthandler.disable()
        sys.excepthook, threading.excepthook = self._hook, self._thread_hook
        self._file.close()
        with suppress(OSError):
            self._path.unlink()

    def _uncaught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self._write(kind, error, trace)
        self._hook(kind, error, trace)

    def _uncaught_in_thread(self, what: threading.ExceptHookArgs) -> None:
        if what.exc_value is not None:
            self._write(what.exc_type, what.exc_value, what.exc_traceback)
        self._thread_hook(what)

    def _write(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if not issubclass(kind, Exception):
            return  # Ctrl+C is no crash
        with suppress(OSError, ValueError):
            self._file.write("".join(traceback.format_exception(kind, error, trace)))
            self._file.flush()


def _heading() -> str:
    return (
        f"VQGAN-CLIP Studio {studio.__version__}, Python {platform.python_version()}, "
        f"{platform.platform()}, started {time.strftime('%Y-%m-%d %H:%M:%S')}\n"
    )


def _gather(left: Path) -> None:
    """Move what an ended process wrote to the crash log; leave the file of a running one."""
    with suppress(OSError), left.open("r+", encoding="utf-8", errors="replace") as file:
        hold(file)
        text = file.read()
        if len(text.splitlines()) > 1:
            with crash_path().open("a", encoding="utf-8") as gathered:
                gathered.write(text.rstrip() + "\n\n")
        file.truncate(0)
    with suppress(OSError):  # Windows lets nobody delete what a running process has open
        if left.stat().st_size == 0:
            left.unlink()
