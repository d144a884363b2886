"""The words of `export`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from studio.cli import values
from studio.core.film import FITS, LOOPS, MODES, PACES, PATHS, QUALITIES
from studio.film.formats import FORMATS

Add = Callable[[argparse.ArgumentParser], None]
_ENDINGS = ", ".join(each.suffix for each in FORMATS if each.suffix not in ("", ".png"))
_HEARD = ", ".join(each.suffix for each in FORMATS if each.sound)
_NAMES = ", ".join(each.name for each in FORMATS)

EXAMPLES = """examples:
  %(prog)s painting.vqproj film.mp4 --duration 8 --pace even --loop loop
  %(prog)s painting.vqproj morph.webm --mode morph --size 512x512 --captions
  %(prog)s painting.vqproj picture.png --to 120

A film is written beside its place and put there whole; Ctrl-C leaves nothing of it."""


def add(commands: Any, add_device: Add, add_json: Add) -> None:
    """Add the command."""
    export: argparse.ArgumentParser = commands.add_parser(
        "export",
        help="make a film of a project",
        description=f"Make a film of a project's iterations: {_NAMES}.",
        epilog=EXAMPLES,
    )
    export.add_argument("project", type=Path, metavar="FILE.vqproj")
    export.add_argument(
        "out",
        metavar="OUT",
        help=f"its ending says what is made: {_ENDINGS}; .png is the picture at --to; anything "
        "else is a folder",
    )
    _add_film_content(export.add_argument_group("what the film shows"))
    _add_film_time(export.add_argument_group("how long, and how it passes"))
    _add_film_look(export.add_argument_group("what it looks like"))
    add_device(export)
    add_json(export)


def _add_film_content(group: Any) -> None:
    group.add_argument(
        "--mode",
        choices=MODES,
        default="timelapse",
        help="timelapse plays recorded iterations; morph travels from keyframe to keyframe, or "
        "through the stops chosen in the window (default: timelapse)",
    )
    group.add_argument(
        "--take", type=values.whole, metavar="N", help="the take (default: the newest)"
    )
    group.add_argument("--from", dest="first", type=values.whole, metavar="I", help="default: 0")
    group.add_argument(
        "--to", dest="last", type=values.whole, metavar="J", help="default: the last iteration"
    )
    group.add_argument(
        "--path",
        choices=PATHS,
        default="straight",
        help="how a morph travels: along the painted iterations, straight through the latents, or "
        "straight and polished by guided steps (default: straight)",
    )
    group.add_argument(
        "--requantize",
        action="store_true",
        help="put the latents of a morph back onto the codebook before they are decoded",
    )
    group.add_argument(
        "--polish", type=values.count, metavar="N", help="guided steps of a polished morph"
    )


def _add_film_time(group: Any) -> None:
    group.add_argument("--fps", type=float, metavar="F", help="frames a second (default: 30)")
    group.add_argument("--duration", type=float, metavar="S", help="seconds of the whole film")
    group.add_argument("--speed", type=float, metavar="X", help="iterations a second (default: 30)")
    group.add_argument(
        "--pace",
        choices=PACES,
        default="iterations",
        help="each iteration equally long, or each frame as much change (default: iterations)",
    )
    group.add_argument(
        "--loop",
        choices=LOOPS,
        default="once",
        help="loop comes back to the first picture without a jump, pingpong the way it went "
        "(default: once)",
    )
    group.add_argument("--hold-first", type=float, default=0.0, metavar="S", help="seconds")
    group.add_argument("--hold-last", type=float, default=0.0, metavar="S", help="seconds")


def _add_film_look(group: Any) -> None:
    group.add_argument("--size", type=values.size, metavar="WxH", help="default: the picture's")
    group.add_argument(
        "--fit",
        choices=FITS,
        help="a picture of another shape: whole makes the size follow the picture, bars puts it in "
        "blurred bars, crop cuts it (default: bars with --size)",
    )
    group.add_argument("--quality", choices=QUALITIES, help="default: good")
    group.add_argument(
        "--preset", metavar="NAME", help="web, square, vertical, vertical-crop or archive"
    )
    group.add_argument("--captions", action="store_true", help="burn in the prompts in force")
    group.add_argument("--soundtrack", type=Path, metavar="FILE", help=f"for {_HEARD}")
