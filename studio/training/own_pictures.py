"""A person's folder of pictures: which can be trained on, and why the others cannot. No torch."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.errors import RequestError, shown
from studio.pictures.decoder import ENDINGS, UnreadableError, look, rgb
from studio.training.captions import caption_of

UNREAD = (".heic", ".heif", ".psd", ".xcf", ".kra", ".svg", ".jxl", ".exr",
          ".raw", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf")  # fmt: skip
"""Pictures too, in forms that nothing here can read."""
SMALLEST = 32
"""Pixels along the shorter side."""
LONGEST_STRIP = 8
"""How many times longer than wide a picture may be."""
FEWEST = 8
"""Usable pictures without which nothing is learned that could be told apart from chance."""
FEWEST_CAPTIONED = 16
"""Of those with a caption, for a CLIP."""
HELD_OUT = 0.1
"""Share of the pictures that are kept back to be judged by."""
NOT_A_PERSONS = ("@eadir", "#recycle", "@recycle", "$recycle.bin", "__macosx", "lost+found")
"""Folders that systems and servers put among a person's own: thumbnails, leftovers, rubbish."""


@dataclass(frozen=True)
class Usable:
    """A picture that can be trained on."""

    path: Path
    size: tuple[int, int]
    """Width and height in pixels, upright."""
    sha256: str
    caption: str | None


@dataclass(frozen=True)
class Refused:
    """A file that cannot be trained on."""

    path: Path
    reason: str
    """What is the matter, such as "is cut short"."""


@dataclass(frozen=True)
class Folder:
    """What a folder holds, in the order of the file names."""

    path: Path
    usable: tuple[Usable, ...]
    refused: tuple[Refused, ...]

    @property
    def problem(self) -> str | None:
        """Why these pictures are too few, in a sentence that says what is needed."""
        return self._problem(len(self.usable), "usable", FEWEST, 50)

    @property
    def caption_problem(self) -> str | None:
        """The same of pictures with captions, for a CLIP."""
        count = sum(bool(each.caption) for each in self.usable)
        return self._problem(count, "captioned", FEWEST_CAPTIONED, 200)

    def _problem(self, count: int, what: str, needed: int, better: int) -> str | None:
        if count >= needed:
            return None
        here = {0: f"no {what} picture", 1: f"1 {what} picture"}
        return (
            f"The folder {shown(self.path)} holds {here.get(count, f'{count} {what} pictures')}, "
            f"and training needs {needed} or more, better {better}."
        )


class _UnusableError(Exception):
    """A picture cannot be used; the message says why."""


def look_at(folder: Path, *, told: Callable[[int, int], None] = lambda done, of: None) -> Folder:
    """Look at every picture in a folder and the folders in it.

    `told` hears how many of how many files have been looked at. Each picture is decoded, as there
    is no other way to find those that are cut short. Raises RequestError when there is no such
    folder or it cannot be read.
    """
    files = list(_files(folder))
    usable: list[Usable] = []
    refused: list[Refused] = []
    first: dict[str, Path] = {}
    for number, path in enumerate(files, 1):
        try:
            found = _looked_at(path)
            if found.sha256 in first:
                raise _UnusableError(f"is the same picture as {first[found.sha256].name}")
            first[found.sha256] = path
            usable.append(found)
        except _UnusableError as error:
            refused.append(Refused(path, str(error)))
        told(number, len(files))
    return Folder(folder, tuple(usable), tuple(refused))


def told_of(refused: Iterable[Refused]) -> tuple[tuple[str, str], ...]:
    """Refused files as an order keeps them: path and reason."""
    return tuple((shown(each.path), each.reason) for each in refused)


def pixels_of(path: Path, shorter: int) -> NDArray[np.uint8]:
    """A picture upright and opaque with that many pixels along its shorter side, (H, W, 3).

    A smaller picture is enlarged. Raises RequestError for one that `look_at` would refuse.
    """

    def fit(width: int, height: int) -> tuple[int, int]:
        problem = _problem_of_size(width, height)
        if problem is not None:
            raise UnreadableError(shown(path), problem)
        factor = shorter / min(width, height)
        return max(shorter, round(width * factor)), max(shorter, round(height * factor))

    return rgb(path, fit)


def held_out(hashes: tuple[str, ...]) -> tuple[bool, ...]:
    """Which pictures are kept back, told from their content alone: about HELD_OUT, 1 or more.

    So a picture that was kept back once is never trained on later, whatever joins the folder.
    """
    chosen = [int(each[:8], 16) < HELD_OUT * 2**32 for each in hashes]
    if not any(chosen) and hashes:
        chosen[hashes.index(min(hashes))] = True
    return tuple(chosen)


def _files(folder: Path) -> Iterator[Path]:
    """What looks like a picture by its name, in order; hidden files and folders are passed by."""
    if not folder.is_dir():
        raise RequestError(f"There is no folder {shown(folder)}; name one that holds pictures.")
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise RequestError(
            f"The folder {shown(folder)} cannot be read ({error.strerror})."
        ) from error
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if _is_a_persons(each))
        for name in sorted(names):
            if name[0] != "." and name.lower().endswith(ENDINGS + UNREAD):
                yield Path(place, name)


def _is_a_persons(folder: str) -> bool:
    return folder[0] != "." and folder.lower() not in NOT_A_PERSONS


def _looked_at(path: Path) -> Usable:
    if path.suffix.lower() in UNREAD:
        raise _UnusableError(f"is {path.suffix.lower()}, which is not read; save it as PNG or JPEG")
    try:
        found = look(path, enough=SMALLEST)
        problem = _problem_of_size(*found.size)
        if problem is not None:
            raise _UnusableError(problem)
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return Usable(path, found.size, sha256, caption_of(path, found))
    except UnreadableError as error:
        raise _UnusableError(error.reason) from error
    except OSError as error:
        raise _UnusableError(f"cannot be opened ({error.strerror})") from error


def _problem_of_size(width: int, height: int) -> str | None:
    if min(width, height) < SMALLEST:
        return f"is too small: {width}x{height}, and {SMALLEST} pixels are needed"
    if max(width, height) > LONGEST_STRIP * min(width, height):
        return f"is a strip of {width}x{height}; cut it up"
    return None
