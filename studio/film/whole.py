"""Films that appear whole or not at all, be they a file or a folder of pictures."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from studio import leftovers
from studio.atomic import put
from studio.disk import of_system
from studio.errors import RequestError, StudioError
from studio.film.formats import Format

NUMBERED = "frame-{:06}.png"
_OURS = re.compile(r"frame-\d{6,}\.png")


def check_out(out: Path, format: Format) -> None:
    """Raise RequestError when a film cannot be put there, or something else would be lost."""
    if not out.parent.is_dir():
        raise RequestError(
            f"There is no folder {out.parent} for {out.name}; create it or choose another."
        )
    if format.kind != "folder":
        if out.exists() and not out.is_file():
            raise RequestError(f"{out} is not an ordinary file; choose another name.")
    elif out.exists() and not out.is_dir():
        raise RequestError(f"{out} is a file, not a folder; choose another name.")
    elif out.is_dir() and not all(_OURS.fullmatch(each.name) for each in out.iterdir()):
        raise RequestError(f"The folder {out} holds other things; choose an empty or a new one.")


def check_room(out: Path, needed: int) -> None:
    """Raise StudioError unless so many bytes are free where the film goes."""
    free = shutil.disk_usage(out.parent).free
    if free < needed:
        raise StudioError(
            f"{out} needs about {_amount(needed)} and the disk has {_amount(free)} left; "
            "free some space, or choose another folder."
        )


def _amount(size: int) -> str:
    return f"{size / 1e6:.0f} MB" if size >= 1e6 else f"{-(-size // 1000)} KB"


@contextmanager
def whole(out: Path, format: Format) -> Iterator[Path]:
    """A new file or folder beside `out` that takes its place when the block ends well.

    If it does not, nothing of it stays, and `out` is as it was. Raises StudioError naming `out`
    when the disk refuses.
    """
    # Through a symbolic link, what it leads to is replaced rather than the link.
    target = Path(os.path.realpath(out))
    try:
        with leftovers.beside(target) as unfinished:
            if format.kind == "folder":
                unfinished.mkdir()
            else:
                unfinished.touch(exist_ok=False)
            yield unfinished
            _put(unfinished, target)
    except OSError as error:
        raise of_system(error, out) from error


def _put(unfinished: Path, target: Path) -> None:
    if not unfinished.is_dir():
        put(unfinished, target)
        return
    former = leftovers.former_of(unfinished)
    if target.exists():
        target.rename(former)
    unfinished.rename(target)  # ended before this, it is done at the next start
    shutil.rmtree(former, ignore_errors=True)
