"""`bench --ui`: measures, and tells in lines for people or as one JSON object."""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from studio import leftovers
from studio.app import application
from studio.bench import made_up, starting
from studio.bench.desk import Desk, Painted, Scrubbed
from studio.bench.heartbeat import Delays
from studio.bench.starting import Start
from studio.cli import answer
from studio.log import log
from studio.ui import theme

STARTS = 5
ITERATIONS = 20_000
POSITIONS = 600
SECONDS = 20
"""How long painting is watched, each time."""


@dataclass(frozen=True)
class Found:
    """All that was measured."""

    platform: str
    """Qt's word for where the window was: xcb, wayland, windows, cocoa, offscreen."""
    processors: int
    start: Start
    iterations: int
    making_seconds: float
    opening_seconds: float
    at_rest: Delays
    scrub_at_random: Scrubbed
    scrub_in_order: Scrubbed
    painting: Painted
    painting_and_scrubbing: Painted


def run(arguments: argparse.Namespace) -> int:
    """Measure, and print the table."""
    with leftovers.temporary() as folder:
        found = measure(folder)
    answer.give(asdict(found), lines(found), as_json=arguments.json)
    return 0


def measure(
    folder: Path,
    *,
    starts: int = STARTS,
    iterations: int = ITERATIONS,
    positions: int = POSITIONS,
    seconds: float = SECONDS,
) -> Found:
    """Measure everything, in folders of its own so that nobody's work is touched."""
    _set_apart(folder)
    log.info("The window is started %d times.", starts)
    start = starting.typical([starting.start() for _ in range(starts)])
    app = application()
    theme.apply(app, "dark")
    desk = Desk(folder)
    try:
        desk.show()
        at_rest = desk.rest(min(seconds, 3))
        log.info("A project of %d iterations is made and opened.", iterations)
        project, began = folder / "long.vqproj", time.monotonic()
        made_up.make(project, iterations)
        making = time.monotonic() - began
        opening = desk.open(project, iterations)
        anywhere = [random.randrange(iterations) for _ in range(positions)]
        at_random = desk.scrub(anywhere)
        in_order = desk.scrub(range(0, iterations, max(1, iterations // positions)))
        log.info("The window is watched while it paints.")
        desk.begin_painting()
        painting = desk.watch_painting(seconds, scrubbing=False)
        both = desk.watch_painting(seconds, scrubbing=True)
        desk.end_painting()
    finally:
        desk.close()
    return Found(
        platform=app.platformName(),
        processors=os.cpu_count() or 1,
        start=start,
        iterations=iterations,
        making_seconds=making,
        opening_seconds=opening,
        at_rest=at_rest,
        scrub_at_random=at_random,
        scrub_in_order=in_order,
        painting=painting,
        painting_and_scrubbing=both,
    )


def _set_apart(folder: Path) -> None:
    for name in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        os.environ[name] = str(folder / name)
    displays = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(map(os.environ.get, displays)):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


def lines(found: Found) -> Iterator[str]:
    """The table."""
    start = found.start
    torch = "torch was being loaded by then" if start.torch_at_drawing else "torch comes later"
    yield f"platform {found.platform}, {found.processors} processors"
    yield ""
    yield f"  {'window drawn':<26} {start.drawn:>8.2f} s   {torch}"
    yield f"  {'models loaded':<26} {start.loaded:>8.2f} s"
    opened = f"{found.iterations:,} iterations opened"
    yield f"  {opened:<26} {found.opening_seconds:>8.2f} s   made in {found.making_seconds:.1f} s"
    for name, scrubbed in (
        ("scrubbed at random", found.scrub_at_random),
        ("scrubbed in order", found.scrub_in_order),
    ):
        yield f"  {name:<26} {scrubbed.a_second:>8.0f} positions a second"
    painted = found.painting
    yield (
        f"  {'painted':<26} {painted.a_second:>8.2f} iterations a second, "
        f"{found.painting_and_scrubbing.a_second:.2f} while scrubbing "
        f"({found.painting_and_scrubbing.drawn_a_second:.0f} pictures a second)"
    )
    yield ""
    yield f"  {'an event waits (ms)':<26} {'median':>8} {'99 %':>8} {'longest':>8}"
    for name, delays in (
        ("at rest", found.at_rest),
        ("scrubbing at random", found.scrub_at_random.delays),
        ("scrubbing in order", found.scrub_in_order.delays),
        ("painting", painted.delays),
        ("painting and scrubbing", found.painting_and_scrubbing.delays),
    ):
        yield f"  {name:<26} {delays.median:>8.1f} {delays.p99:>8.1f} {delays.longest:>8.1f}"
