"""What a film shows when: the orders that people give, and the moments that its frames show."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple, get_args

import msgspec

from studio.core.easing import Ease
from studio.core.settings import check_size
from studio.errors import RequestError

Mode = Literal["timelapse", "morph"]
Pace = Literal["iterations", "even"]
Loop = Literal["once", "loop", "pingpong"]
Path = Literal["along", "straight", "polished"]
"""How a morph travels: the recorded way, straight through the latents, or straight with a few
guided steps at each frame."""
Fit = Literal["whole", "bars", "crop"]
"""What a frame of another shape does: the size follows the picture, blurred bars, or a crop."""
Quality = Literal["draft", "good", "best"]

MODES: tuple[Mode, ...] = get_args(Mode)
PACES: tuple[Pace, ...] = get_args(Pace)
LOOPS: tuple[Loop, ...] = get_args(Loop)
PATHS: tuple[Path, ...] = get_args(Path)
FITS: tuple[Fit, ...] = get_args(Fit)
QUALITIES: tuple[Quality, ...] = get_args(Quality)

FASTEST = 240
"""Frames a second."""


class Stop(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A painted iteration that a morph comes through. The same one may come twice."""

    take: int
    iteration: int
    hold: float = 0.5
    """Seconds that the film rests here."""
    travel: float = 2.0
    """Seconds to the next stop."""
    ease: Ease = "in-out"
    """Of the way to the next stop."""

    def __post_init__(self) -> None:
        for name, seconds in (("hold", self.hold), ("travel", self.travel)):
            _check(_is_time(seconds), f"The {name} of a stop is 0 seconds or more.")


class Place(NamedTuple):
    """A painted iteration of a take."""

    take: int
    iteration: int


class Moment(NamedTuple):
    """What one frame of a film shows: a place, or something on the way between two."""

    start: Place
    end: Place
    share: float
    """0 shows `start` exactly, 1 `end`."""


class Order(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A film as a person orders it. What is None is chosen: see the plan."""

    mode: Mode = "timelapse"
    take: int = 1
    first: int = 0
    """First and last iteration of a timelapse, both shown."""
    last: int | None = None
    stops: tuple[Stop, ...] = ()
    """Of a morph."""
    path: Path = "straight"
    requantize: bool = False
    """Whether latents between two stops are put back onto the codebook before they are decoded."""
    polish: int = 4
    """Guided steps at each frame of a polished morph."""
    fps: float = 30.0
    speed: float | None = None
    """Iterations a second of a timelapse."""
    duration: float | None = None
    """Seconds of the whole film; it overrides the speed, and stretches holds and travels."""
    pace: Pace = "iterations"
    loop: Loop = "once"
    hold_first: float = 0.0
    """Seconds that a timelapse rests on its first iteration, and on its last."""
    hold_last: float = 0.0
    size: tuple[int, int] | None = None
    """Width and height of a frame; None is the picture's own."""
    fit: Fit = "whole"
    quality: Quality = "good"
    captions: bool = False
    """Whether the prompts in force are burned into the picture."""
    soundtrack: str | None = None
    """Path of a sound file that is muxed in."""

    def __post_init__(self) -> None:
        _check(
            math.isfinite(self.fps) and 0 < self.fps <= FASTEST,
            f"A film has more than 0 and at most {FASTEST} frames a second.",
        )
        for name, number in (("speed", self.speed), ("duration", self.duration)):
            _check(
                number is None or (math.isfinite(number) and number > 0),
                f"The {name} of a film must be more than 0.",
            )
        for name, seconds in (("first", self.hold_first), ("last", self.hold_last)):
            _check(_is_time(seconds), f"The {name} picture is held for 0 seconds or more.")
        _check(1 <= self.polish <= 100, "A polished frame takes 1 to 100 guided steps.")
        if self.size is not None:
            check_size(self.size)


def _is_time(seconds: float) -> bool:
    return math.isfinite(seconds) and seconds >= 0


def _check(holds: bool, message: str) -> None:
    if not holds:
        raise RequestError(message)
