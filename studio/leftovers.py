"""What is made beside its place or for a while: it goes when its block ends, and after a kill at
the next start.

A note of each, in the folder of the log, is held by the process that makes it. A note that nobody
holds any more tells what that process could not tidy up.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from studio.held import hold
from studio.log import log, log_path

FORMER = ".former"
TEMPORARY = "vqgan-clip-studio-"
_OURS = re.compile(rf".*\.part(\..*)?|{TEMPORARY}.+")
"""Names that may be swept, whatever a note says."""


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """A name beside `target`, of the same kind, that nothing has after the block.

    While a folder takes the place of another one, that is called as `former_of` says.
    """
    name = f".{secrets.token_hex(4)}.part{target.suffix}"
    with swept(target.with_name(name), target) as unfinished:
        yield unfinished


@contextmanager
def temporary() -> Iterator[Path]:
    """An empty folder for the time of the block."""
    with swept(Path(tempfile.mkdtemp(prefix=TEMPORARY))) as folder:
        yield folder


@contextmanager
def swept(path: Path, target: Path | None = None) -> Iterator[Path]:
    """A block after which nothing is at `path` any more."""
    with ExitStack() as end:
        with suppress(OSError):  # a note that cannot be written costs nothing but the sweeping
            end.enter_context(_noted(path, target or path))
        end.callback(_remove, path)
        yield path


def former_of(unfinished: Path) -> Path:
    """What the folder is called that an unfinished one takes the place of."""
    return unfinished.with_name(f"{unfinished.name}{FORMER}")


def sweep() -> None:
    """Tidy up after processes that were killed: remove what they made, or give it its place."""
    for note in _notes().glob("*.note"):
        with suppress(OSError):
            _settle(note)


def _notes() -> Path:
    return log_path().with_name("unfinished")


@contextmanager
def _noted(path: Path, target: Path) -> Iterator[None]:
    note = _notes() / f"{secrets.token_hex(8)}.note"
    note.parent.mkdir(parents=True, exist_ok=True)
    try:
        with note.open("xb") as file:
            hold(file)
            file.write(b"\0".join(map(os.fsencode, (path.absolute(), target.absolute()))))
            file.flush()
            yield
    finally:
        with suppress(OSError):
            note.unlink()


def _settle(note: Path) -> None:
    """Do what a note asks for, unless its process lives or the disk it tells of is not here."""
    with note.open("rb+") as file:
        hold(file)
        told = [Path(os.fsdecode(each)) for each in file.read().split(b"\0")]
        if len(told) == 2 and _OURS.fullmatch(told[0].name):
            if not told[0].parent.is_dir():
                return
            log.info("A process was ended before it could tidy up %s.", told[0])
            _tidy_up(*told)
    note.unlink()


def _tidy_up(unfinished: Path, target: Path) -> None:
    former = former_of(unfinished)
    if former.exists() and not target.exists():
        # the new folder was whole, and the old one out of its way
        (unfinished if unfinished.exists() else former).rename(target)
    for left in (unfinished, former):
        _remove(left)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
