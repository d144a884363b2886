"""The words for a motion: how the picture is zoomed, turned and moved each iteration."""

from __future__ import annotations

from typing import Any, Protocol

import msgspec

from studio.cli import values
from studio.core.settings import EDGES, Edges, Motion


class Moves(Protocol):
    """What was said about a motion; None for what was not."""

    @property
    def zoom(self) -> float | None:
        """Factor of an iteration."""

    @property
    def angle(self) -> float | None:
        """Degrees of an iteration, anticlockwise."""

    @property
    def move(self) -> tuple[float, float] | None:
        """Shares of width and height that the picture goes to the right and down."""

    @property
    def edges(self) -> Edges | None:
        """What comes in from outside."""


def add(group: Any) -> None:
    """Add the words."""
    group.add_argument(
        "--zoom", type=float, metavar="X", help="factor; 1.01 comes 1%% nearer (default: 1)"
    )
    group.add_argument(
        "--angle", type=float, metavar="DEGREES", help="a turn, anticlockwise (default: 0)"
    )
    group.add_argument(
        "--move",
        type=values.shares,
        metavar="X,Y",
        help="shares of width and height to the right and down; write --move=-0.01,0 if it begins "
        "with a minus (default: 0,0)",
    )
    group.add_argument(
        "--edges",
        choices=EDGES,
        help="what comes in from outside: a mirror of the picture, or its other side "
        "(default: reflect)",
    )


def motion(said: Moves, before: Motion) -> Motion | None:
    """`before` with what was said; None when nothing was. RequestError when it is no motion."""
    x, y = (None, None) if said.move is None else said.move
    given = {"zoom": said.zoom, "angle": said.angle, "x": x, "y": y, "edges": said.edges}
    fields = {name: value for name, value in given.items() if value is not None}
    return msgspec.structs.replace(before, **fields) if fields else None
