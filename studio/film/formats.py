"""The kinds of film there are, by the name of the file they are written to."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Literal

from studio.core.film import Order, Quality
from studio.errors import RequestError

Kind = Literal["mp4", "mov", "webm", "gif", "webp", "apng", "folder", "png"]
"""`folder` holds numbered PNGs; `png` is a single picture."""


Maker = Literal["ffmpeg", "gif", "webp", "pictures", "picture"]
"""How it is made: by `film.encoder`."""

H264: Mapping[Quality, tuple[str, ...]] = {
    "draft": ("-preset", "veryfast", "-crf", "28"),
    "good": ("-preset", "medium", "-crf", "18"),
    "best": ("-preset", "slow", "-crf", "10"),
}
VP9: Mapping[Quality, tuple[str, ...]] = {
    "draft": ("-crf", "38", "-deadline", "realtime", "-cpu-used", "7"),
    "good": ("-crf", "24", "-deadline", "good", "-cpu-used", "4"),
    "best": ("-crf", "10", "-deadline", "good", "-cpu-used", "2"),
}


@dataclass(frozen=True, kw_only=True)
class Format:
    """All that is known of a kind of film, but for the making itself."""

    kind: Kind
    name: str
    """As people call it."""
    label: str
    """Where there is little room."""
    about: str
    suffix: str = ""
    """Of its file; empty for a folder."""
    maker: Maker = "ffmpeg"
    encoder: str = ""
    """What ffmpeg calls the encoder; empty where Pillow does it."""
    sound: str = ""
    """The same for sound; empty where there can be none."""
    pixels: str = "yuv420p"
    """How ffmpeg keeps colour."""
    qualities: Mapping[Quality, tuple[str, ...]] = field(default_factory=dict)
    """What ffmpeg is told for each quality; nothing where there is only one."""
    told: tuple[str, ...] = ()
    """What it is told besides."""
    joint: Literal["", "zones", "keyframe", "plays"] = ""
    """How the end of a film that repeats is kept near to its beginning."""
    even: bool = False
    """Whether both sides must be even, because colour is kept at half the size."""
    ticks: int | None = None
    """Parts of a second in which it counts time; None: any rate is exact."""
    fastest: float = 240.0
    """Frames a second that players keep up with."""
    shares: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Bytes of a frame, draft, good and best, by those of its preview as JPEG at its size."""
    grows: float = 1.0
    """The power of the number of pixels with which a frame grows beyond that."""


FORMATS = (
    Format(
        kind="mp4",
        name="MP4 (H.264)",
        label="MP4",
        about="H.264: plays everywhere.",
        suffix=".mp4",
        encoder="libx264",
        sound="aac",
        qualities=H264,
        told=("-movflags", "+faststart+use_metadata_tags"),
        joint="zones",
        even=True,
        shares=(0.045, 0.16, 0.42),
        grows=0.5,
    ),
    Format(
        kind="mov",
        name="QuickTime (ProRes 422 HQ)",
        label="ProRes 422 HQ",
        about="MOV to cut and grade: next to no loss, very large. Always the best quality.",
        suffix=".mov",
        encoder="prores_ks",
        sound="pcm_s16le",
        pixels="yuv422p10le",
        told=("-profile:v", "hq", "-vendor", "apl0", "-movflags", "+faststart+use_metadata_tags"),
        even=True,
        shares=(4.0, 4.0, 4.0),
    ),
    Format(
        kind="webm",
        name="WebM (VP9)",
        label="WebM",
        about="VP9: small, for web pages.",
        suffix=".webm",
        encoder="libvpx-vp9",
        sound="libopus",
        qualities=VP9,
        told=("-b:v", "0", "-row-mt", "1"),
        joint="keyframe",
        even=True,
        shares=(0.085, 0.16, 0.32),
        grows=0.5,
    ),
    Format(
        kind="gif",
        name="GIF",
        label="GIF",
        about="Plays by itself in pages and chats. No sound.",
        suffix=".gif",
        maker="gif",
        encoder="gif",
        ticks=100,
        fastest=50,
    ),
    Format(
        kind="webp",
        name="Animated WebP",
        label="Animated WebP",
        about="Like GIF, smaller and finer.",
        suffix=".webp",
        maker="webp",
        ticks=1000,
        fastest=100,
        shares=(0.15, 0.25, 0.6),
        grows=0.6,
    ),
    Format(
        kind="apng",
        name="Animated PNG",
        label="Animated PNG",
        about="Plays by itself in pages, without any loss. Large.",
        suffix=".apng",
        encoder="apng",
        pixels="rgb24",
        told=("-pred", "mixed"),
        joint="plays",
        fastest=100,
        shares=(2.7, 2.7, 2.7),
        grows=0.8,
    ),
    Format(
        kind="folder",
        name="Numbered PNGs",
        label="PNG pictures",
        about="A folder of numbered pictures.",
        maker="pictures",
        shares=(2.7, 2.7, 2.7),
        grows=0.8,
    ),
    Format(
        kind="png",
        name="One picture (PNG)",
        label="Still picture",
        about="The last iteration as one picture.",
        suffix=".png",
        maker="picture",
        shares=(2.7, 2.7, 2.7),
        grows=0.8,
    ),
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
