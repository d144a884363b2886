"""Numbers as people write them: with a point or a comma, in any digits, never in groups."""

from __future__ import annotations

import math
import re
import string

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?")
_BEGUN = re.compile(r"[+-]?\d*(?:\.\d*)?(?:(?<=[\d.])e[+-]?\d*)?")
_SAME = str.maketrans({",": ".", "\u066b": ".", "\u2212": "-"})
_MARKS = "\u200e\u200f\u061c"
"""Of the direction of writing, which keyboards of some languages put before a sign."""
_RESTING = 4
"""Digits of a number that is only looked at."""


def read(text: str, *, whole: bool = False) -> float | None:
    """The number that the text is, perhaps infinite; None where it is none, or not a whole one."""
    plain = _plain(text)
    if not _NUMBER.fullmatch(plain) or (whole and "." in plain):
        return None
    number = float(plain)
    return None if whole and math.isfinite(number) and number % 1 else number


def is_begun(text: str, *, whole: bool = False) -> bool:
    """Whether more letters could make the text a number."""
    plain = _plain(text)
    return bool(_BEGUN.fullmatch(plain)) and not (whole and "." in plain)


def write(number: float, decimals: int, point: str = ".") -> str:
    """The number with no more digits than it has, rounded to so many after the point."""
    text = f"{number:.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text).replace(".", point)


def glance(number: float, decimals: int, point: str = ".") -> str:
    """The number to look at: four digits that count, two of a small one."""
    size = math.floor(math.log10(abs(number))) if number else 0
    digits = _RESTING - 1 - size if size >= -2 else 1 - size
    return write(number, min(max(digits, 0), decimals, max(_RESTING, 1 - size)), point)


def _plain(text: str) -> str:
    return text.strip(_MARKS + string.whitespace).lower().translate(_SAME)
