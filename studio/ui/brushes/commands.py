"""What the tools of the canvas can be asked to do, and the keys for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from studio.ui.brushes.tools import Shape, Tool
from studio.ui.commands import Command

if TYPE_CHECKING:
    from studio.ui.brushes.rail import Rail

Row = tuple[str, str, str, str, str, Callable[[], object]]
"""Id, words, keys, icon, tip, act."""
STEP = 1.15
"""How much a press of a key changes the size."""
CHECKED = frozenset(
    {"tool_move", "tool_region", "tool_keep", "tool_colour", "tool_scramble", "tool_pick"}
    | {"lasso", "rectangle", "swap_erase", "show_masks"}
)
REPEATS = frozenset({"smaller", "larger"})


def brush_commands(rail: Rail) -> tuple[Command, ...]:
    """In the order of their menu."""
    rows = (*_tools(rail), *_shapes(rail), *_tips(rail), *_masks(rail))
    return tuple(_soft(*row) for row in rows)


def _soft(id: str, text: str, keys: str, icon: str, tip: str, act: Callable[[], object]) -> Command:
    return Command(id, text, keys, icon, tip, True, id in CHECKED, act, repeats=id in REPEATS)


def _tools(rail: Rail) -> tuple[Row, ...]:
    tr, take = rail.tr, rail.toolbox.take
    return (
        (
            "tool_move",
            tr("&Move"),
            "V",
            "move",
            tr("Drag the picture out of the window; hold Space and drag to pan"),
            partial(take, Tool.MOVE),
        ),
        (
            "tool_region",
            tr("&Region brush"),
            "B",
            "region",
            tr("Paint where the prompt you are in counts; Ctrl and a drag move it elsewhere"),
            partial(take, Tool.REGION),
        ),
        (
            "tool_keep",
            tr("&Keep brush"),
            "H",
            "keep",
            tr("Paint over what must stay as it is; the rest goes on around it"),
            partial(take, Tool.KEEP),
        ),
        (
            "tool_colour",
            tr("&Colour brush"),
            "C",
            "drop",
            tr("Paint with colour into the picture, which goes on from there"),
            partial(take, Tool.COLOUR),
        ),
        (
            "tool_scramble",
            tr("&Scramble brush"),
            "S",
            "scramble",
            tr("Paint over what should go; something new grows there"),
            partial(take, Tool.SCRAMBLE),
        ),
        (
            "tool_pick",
            tr("&Eyedropper"),
            "Y",
            "pick",
            tr("Take a colour of the picture; with the colour brush, Ctrl does it too"),
            partial(take, Tool.PICK),
        ),
    )


def _shapes(rail: Rail) -> tuple[Row, ...]:
    tr, shape = rail.tr, rail.toolbox.shape_with
    return (
        (
            "lasso",
            tr("&Lasso"),
            "Q",
            "lasso",
            tr("Draw a line around what the brush should cover"),
            partial(shape, Shape.LASSO),
        ),
        (
            "rectangle",
            tr("Rec&tangle"),
            "M",
            "marquee",
            tr("Drag from corner to corner of what the brush should cover"),
            partial(shape, Shape.RECTANGLE),
        ),
    )


def _tips(rail: Rail) -> tuple[Row, ...]:
    tr, toolbox = rail.tr, rail.toolbox
    return (
        (
            "swap_erase",
            tr("Erase instead of &painting"),
            "X; E",
            "erase",
            tr("Take away with the brush of regions or what is kept; again to paint"),
            toolbox.swap,
        ),
        (
            "smaller",
            tr("Smaller brush"),
            "[",
            "",
            tr("Shrink the brush; Shift and a drag on the picture do it too"),
            partial(toolbox.resize, 1 / STEP),
        ),
        (
            "larger",
            tr("Larger brush"),
            "]",
            "",
            tr("Widen the brush; Shift and a drag on the picture do it too"),
            partial(toolbox.resize, STEP),
        ),
    )


def _masks(rail: Rail) -> tuple[Row, ...]:
    tr, change = rail.tr, rail.mask_change_wanted.emit
    return (
        (
            "mask_fill",
            tr("&Fill"),
            "Shift+Backspace",
            "fill",
            tr("Cover the whole picture"),
            partial(change, "fill"),
        ),
        (
            "mask_clear",
            tr("&Clear"),
            "Backspace",
            "clear",
            tr("Take away all that was painted with this brush"),
            partial(change, "clear"),
        ),
        (
            "mask_invert",
            tr("&Invert"),
            "Ctrl+Shift+I",
            "invert",
            tr("Cover what is bare, and bare what is covered"),
            partial(change, "invert"),
        ),
        (
            "mask_grow",
            tr("&Grow"),
            "",
            "grow",
            tr("Widen what is covered a little on all sides"),
            partial(change, "grow"),
        ),
        (
            "mask_shrink",
            tr("Shri&nk"),
            "",
            "shrink",
            tr("Narrow what is covered a little on all sides"),
            partial(change, "shrink"),
        ),
        (
            "mask_feather",
            tr("Feat&her"),
            "Shift+F6",
            "feather",
            tr("Let the edge of what is covered fade"),
            partial(change, "feather"),
        ),
        (
            "show_masks",
            tr("Sho&w regions"),
            "G",
            "masks",
            tr("See all regions and what is kept over the picture, or none of it"),
            rail.toggle_masks,
        ),
    )
