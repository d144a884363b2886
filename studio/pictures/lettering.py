"""Words written into pictures: in the font that comes along, and in the system's for the rest.

DejaVu Sans comes along, with Latin, Greek and Cyrillic. What it lacks is looked for in the fonts
of this computer; no font anywhere has everything.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Literal

from PIL import ImageDraw, ImageFont

from studio import places
from studio.errors import StudioError

ENDINGS = (".ttf", ".otf", ".ttc")
PROBE = 20
"""Pixels of the letters that tell whether a font has them."""
NO_LETTER = "\U0010fffe"
"""Which no font has, so it looks as all do that a font lacks."""
PLAIN_LAST = ("bold", "italic", "oblique", "light", "black", "condensed", "thin", "mono", "serif")
Place = Literal["middle", "top left"]


class Letters:
    """Letters of one size, in pixels."""

    def __init__(self, side: int) -> None:
        self._side = side
        self._fonts: dict[Path, ImageFont.FreeTypeFont] = {}

    def length(self, text: str) -> float:
        """Pixels that a line of text is long."""
        return sum(font.getlength(run) for font, run in self._runs(text))

    def write(
        self,
        draw: ImageDraw.ImageDraw,
        at: tuple[float, float],
        text: str,
        colour: str | tuple[int, int, int],
        place: Place = "top left",
    ) -> None:
        """Write a line whose middle, or corner, lies there."""
        left, line = at
        up, down = self._font(_own()).getmetrics()
        line += (up - down) / 2 if place == "middle" else up
        left -= self.length(text) / 2 if place == "middle" else 0
        for font, run in self._runs(text):
            draw.text((left, line), run, colour, font, anchor="ls")
            left += font.getlength(run)

    def _runs(self, text: str) -> list[tuple[ImageFont.FreeTypeFont, str]]:
        """Parts of a line that one font writes, in the order in which they stand."""
        text = unicodedata.normalize("NFC", text)
        found = [
            (self._font(path), "".join(letter for _, letter in run))
            for path, run in groupby(_with_fonts(text), lambda each: each[0])
        ]
        return found[::-1] if _from_the_right(text) else found

    def _font(self, path: Path) -> ImageFont.FreeTypeFont:
        if path not in self._fonts:
            self._fonts[path] = _opened(path, self._side)
        return self._fonts[path]


def missing(letters: Iterable[str]) -> str:
    """Those of the letters that no font on this computer has, in order."""
    there = set(unicodedata.normalize("NFC", "".join(letters)))
    return "".join(letter for letter in sorted(there) if _font_of(letter) is None)


def _with_fonts(text: str) -> Iterator[tuple[Path, str]]:
    """Each letter with its font; marks and spaces stay with the letter before them."""
    font = _own()
    for letter in text:
        if not (_follows(letter) and _has(font, letter)):
            font = _font_of(letter) or _own()
        yield font, letter


def _is_unseen(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) in ("Cc", "Cf")


def _follows(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) in ("Mn", "Me", "Mc", "Cf")


def _from_the_right(text: str) -> bool:
    """Whether the first letter that has a direction is of a script that runs to the left."""
    ways = (unicodedata.bidirectional(letter) for letter in text)
    return next((way for way in ways if way in ("L", "R", "AL")), "L") != "L"


@lru_cache(4096)
def _font_of(letter: str) -> Path | None:
    if _is_unseen(letter):
        return _own()
    return next((path for path in (_own(), *_of_the_system()) if _has(path, letter)), None)


@lru_cache(65536)
def _has(path: Path, letter: str) -> bool:
    if _is_unseen(letter):
        return True
    font = _probe(path)
    return font is not None and _look(font, letter) != _look(font, NO_LETTER)


def _look(font: ImageFont.FreeTypeFont, letter: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(letter)
    return mask.size, bytes(mask)


@lru_cache(256)
def _probe(path: Path) -> ImageFont.FreeTypeFont | None:
    try:
        return ImageFont.truetype(path, PROBE)
    except OSError:  # damaged, or of pictures of a size of its own
        return None


def _opened(path: Path, side: int) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(path, side)
    except OSError as error:
        raise StudioError(f"The font {path} cannot be read; install the program again.") from error


def _own() -> Path:
    return places.resources() / "fonts" / "DejaVuSans.ttf"


@lru_cache(1)
def _of_the_system() -> tuple[Path, ...]:
    """The fonts of this computer, those that write most plainly first."""
    found = (
        Path(folder, name)
        for place in _folders()
        for folder, _, names in os.walk(place)
        for name in names
        if name.lower().endswith(ENDINGS)
    )
    return tuple(sorted(found, key=_plainness))


def _plainness(path: Path) -> tuple[bool, bool, str]:
    name = path.name.lower()
    return any(word in name for word in PLAIN_LAST), "noto" not in name, name


def _folders() -> Iterator[Path]:
    if sys.platform == "win32":
        yield Path(os.environ.get("WINDIR", r"C:\Windows"), "Fonts")
        yield Path(os.environ.get("LOCALAPPDATA", ""), "Microsoft", "Windows", "Fonts")
    elif sys.platform == "darwin":
        yield from (Path("/System/Library/Fonts"), Path("/Library/Fonts"))
        yield Path.home() / "Library" / "Fonts"
    else:
        yield from (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
        yield from (Path.home() / ".local" / "share" / "fonts", Path.home() / ".fonts")
