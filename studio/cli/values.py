"""The values that words of the command line stand for. Errors are those that argparse expects."""

from __future__ import annotations

import argparse
import math
import re
from pathlib import Path
from typing import NamedTuple

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


def colours(text: str) -> tuple[str, ...]:
    """Colours with commas between them, by name or as #rrggbb, or those of a picture."""
    from studio.pictures import palette

    path = Path(text).expanduser()
    return palette.of_picture(path) if path.is_file() else palette.read(text)


class Clips(NamedTuple):
    """Names of CLIPs, and the weight of each; no weights where all count alike."""

    names: tuple[str, ...]
    weights: tuple[float, ...]


def clips(text: str) -> Clips:
    """Different names with commas between them, each with a weight after a colon or without."""
    parts = [part.partition(":") for part in text.split(",")]
    names = tuple(name.strip() for name, _, _ in parts)
    if not all(names) or len(set(names)) != len(names):
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of different names")
    weights = tuple(_weight(weight) if colon else 1.0 for _, colon, weight in parts)
    return Clips(names, weights if len(set(weights)) > 1 else ())


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        weight = math.nan
    if not (math.isfinite(weight) and weight > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not the weight of a CLIP, a number above 0")
    return weight


def shares(text: str) -> tuple[float, float]:
    """Two numbers with a comma between them."""
    try:
        x, y = map(float, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not two numbers such as 0.01,0") from None
    return x, y


def named(text: str) -> tuple[str, str]:
    """Two words with an equals sign between them."""
    name, equals, value = text.partition("=")
    if not (name.strip() and equals and value.strip()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a word=word such as motion=linear")
    return name.strip(), value.strip()
