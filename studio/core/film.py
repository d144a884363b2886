"""What a film shows when: the orders that people give, and the moments that its frames show."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

import msgspec

from studio.core.easing import Ease

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
