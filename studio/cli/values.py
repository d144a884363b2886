"""The values that words of the command line stand for. Errors are those that argparse expects."""

from __future__ import annotations

import argparse
import re

from studio.core.settings import check_size


def size(text: str) -> tuple[int, int]:
    """A size in pixels, such as 256x256."""
    found = re.fullmatch(r"([0-9]{1,9})[xX]([0-9]{1,9})", text.strip())
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 256x256")
    size = int(found[1]), int(found[2])
    check_size(size)
    return size


def whole(text: str) -> int:
    """A whole number."""
    if not re.fullmatch(r"[+-]?[0-9]{1,30}", text.strip()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


def count(text: str) -> int:
    """A number of things, from 1 up."""
    number = whole(text)
    if not 1 <= number <= 10**9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 up")
    return number


def names(text: str) -> tuple[str, ...]:
    """Different names with commas between them."""
    found = tuple(name.strip() for name in text.split(","))
    if not all(found) or len(set(found)) != len(found):
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of different names")
    return found
