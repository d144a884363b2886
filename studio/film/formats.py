"""The kinds of film there are, by the name of the file they are written to."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Literal

from studio.core.film import Order
from studio.errors import RequestError

Kind = Literal["mp4", "webm", "gif", "webp", "folder", "png"]
"""`folder` holds numbered PNGs; `png` is a single picture."""


@dataclass(frozen=True)
class Format:
    """What a kind of film can do."""

    kind: Kind
    name: str
    """As people call it."""
    suffix: str
    """Of its file; empty for a folder."""
    encoder: str = ""
    """What ffmpeg calls the encoder; empty where Pillow does it."""
    sound: str = ""
    """The same for sound; empty where there can be none."""
    even: bool = False
    """Whether both sides must be even, because colour is kept at half the size (yuv420p)."""
    ticks: int | None = None
    """Parts of a second in which it counts time; None: any rate is exact."""
    fastest: float = 240.0
    """Frames a second that players keep up with."""


FORMATS = (
    Format("mp4", "MP4 (H.264)", ".mp4", "libx264", "aac", even=True),
    Format("webm", "WebM (VP9)", ".webm", "libvpx-vp9", "libopus", even=True),
    Format("gif", "GIF", ".gif", "gif", ticks=100, fastest=50),
    Format("webp", "Animated WebP", ".webp", ticks=1000, fastest=100),
    Format("folder", "Numbered PNGs", ""),
    Format("png", "One picture (PNG)", ".png"),
)


def format_of_kind(kind: Kind) -> Format:
    """The format of a kind."""
    return next(each for each in FORMATS if each.kind == kind)


def format_of(out: str | os.PathLike[str]) -> Format:
    """What a file of this name is: by its suffix, or else a folder.

    Raises RequestError for the suffix of something that cannot be made. A folder whose name ends
    like a file's is told by a slash behind it, or by being there.
    """
    text = os.fspath(out)
    path = Path(text)
    suffix = path.suffix.lower()
    if text.endswith(("/", os.sep)) or path.is_dir() or not re.fullmatch(r"\.[a-z]\w{1,4}", suffix):
        return format_of_kind("folder")
    for each in FORMATS:
        if each.suffix == suffix:
            return each
    known = ", ".join(each.suffix for each in FORMATS if each.suffix)
    raise RequestError(
        f"No film ends in {suffix}; choose one of {known}, or a folder by a slash at its end."
    )


def check(order: Order, kind: Format) -> None:
    """Raise RequestError when an order asks of a kind of film what it cannot do."""
    if kind.kind != "png" and order.fps > kind.fastest:
        raise RequestError(
            f"{kind.name} shows at most {kind.fastest:g} frames a second; ask for fewer, or for "
            "an MP4."
        )
    if order.soundtrack is not None and not kind.sound:
        raise RequestError(f"{kind.name} carries no sound; make an MP4 or a WebM for that.")


def delays(format: Format, fps: float, frames: int) -> list[int]:
    """How many ticks each frame is shown, so that none is ever half a tick early or late."""
    assert format.ticks is not None
    tick = Fraction(format.ticks) / Fraction(str(fps))
    times = [round(number * tick) for number in range(frames + 1)]
    return [after - before for before, after in pairwise(times)]


def keeps_rate(format: Format, fps: float) -> bool:
    """Whether every frame is shown equally long; otherwise some are a tick longer than others."""
    return format.ticks is None or (Fraction(format.ticks) / Fraction(str(fps))).denominator == 1
