"""A person's pictures made ready for training: decoded once, into one file that memory maps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from studio.atomic import whole_file, write_whole
from studio.errors import StudioError, shown
from studio.models.part import writing
from studio.pictures.decoder import UnreadableError
from studio.training.own_pictures import Refused, Usable, held_out, pixels_of

PIXELS, PAGES = "pictures.pixels", "pictures.json"


class Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One picture of an album."""

    name: str
    """Its file, as the folder has it."""
    sha256: str
    """Of that file."""
    caption: str | None
    start: int
    """Where its pixels begin."""
    height: int
    width: int
    held_out: bool
    """Whether it is kept back to be judged by, and never trained on."""


@dataclass(frozen=True)
class Album:
    """Pictures as uint8 (H, W, 3), read from the disk when they are asked for."""

    pages: tuple[Page, ...]
    _pixels: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.pages)

    def pixels(self, number: int) -> NDArray[np.uint8]:
        """The picture of a page, (H, W, 3)."""
        page = self.pages[number]
        end = page.start + page.height * page.width * 3
        return self._pixels[page.start : end].reshape(page.height, page.width, 3)

    @property
    def held_out(self) -> list[int]:
        """Pages that are kept back, those with the lowest hashes first."""
        kept = [number for number, page in enumerate(self.pages) if page.held_out]
        return sorted(kept, key=lambda number: self.pages[number].sha256)

    @property
    def learned(self) -> list[int]:
        """Pages that are trained on."""
        return [number for number, page in enumerate(self.pages) if not page.held_out]


def make(
    folder: Path,
    usable: Sequence[Usable],
    shorter: int,
    *,
    told: Callable[[int, int], None] = lambda done, of: None,
) -> tuple[Album, tuple[Refused, ...]]:
    """Decode pictures into a folder, and say which of them have become unreadable since.

    `shorter` is the number of pixels along the shorter side of each. Raises StudioError when the
    disk is full.
    """
    pages: list[Page] = []
    refused: list[Refused] = []
    start = 0
    with (
        writing(folder / PIXELS),
        whole_file(folder / PIXELS) as unfinished,
        unfinished.open("wb") as file,
    ):
        for number, each in enumerate(usable, 1):
            try:
                pixels = pixels_of(each.path, shorter)
            except UnreadableError as error:
                refused.append(Refused(each.path, error.reason))
                continue
            file.write(pixels.tobytes())
            height, width, _ = pixels.shape
            pages.append(
                Page(
                    shown(Path(each.path.name)),
                    each.sha256,
                    each.caption,
                    start,
                    height,
                    width,
                    False,
                )
            )
            start += pixels.size
            told(number, len(usable))
    kept_back = held_out(tuple(page.sha256 for page in pages))
    pages = [
        msgspec.structs.replace(page, held_out=back)
        for page, back in zip(pages, kept_back, strict=True)
    ]
    write_whole(folder / PAGES, msgspec.json.encode(pages))
    return open_album(folder), tuple(refused)


def open_album(folder: Path) -> Album:
    """The album that `make` left in a folder. Raises StudioError when it is damaged."""
    try:
        pages = msgspec.json.decode((folder / PAGES).read_bytes(), type=tuple[Page, ...])
        pixels = np.memmap(folder / PIXELS, np.uint8, "r")
        if pages and len(pixels) < pages[-1].start + pages[-1].height * pages[-1].width * 3:
            raise ValueError("it is too short")
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise StudioError(
            f"The pictures made ready in {folder} cannot be read ({error}); "
            "begin again in another folder."
        ) from error
    return Album(pages, pixels)
