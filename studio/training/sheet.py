"""A contact sheet: pictures in rows, each with words below it."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageOps

from studio.atomic import write_whole
from studio.pictures.lettering import Letters

COLUMNS, SIDE, GAP = 8, 192, 8
LETTERS, LINE = 14, 17
"""Size of the letters and height of a line, in pixels."""
LINES = 3
"""Of words below each picture: two of caption, one of note."""
BACKGROUND, CAPTION, NOTE = (32, 32, 34), (225, 225, 225), (150, 150, 154)


def write_sheet(path: Path, pictures: Sequence[tuple[str, str, NDArray[np.uint8]]]) -> None:
    """A JPEG of captions, notes and pictures (H, W, 3), whole or not at all.

    Raises StudioError when it cannot be written.
    """
    columns = min(COLUMNS, len(pictures))
    rows = -(-len(pictures) // columns)
    width, height = SIDE + GAP, SIDE + LINES * LINE + GAP
    sheet = Image.new("RGB", (columns * width + GAP, rows * height + GAP), BACKGROUND)
    draw, font = ImageDraw.Draw(sheet), Letters(LETTERS)
    letters = int(SIDE / font.length("e"))
    for number, (caption, note, pixels) in enumerate(pictures):
        row, column = divmod(number, columns)
        left, top = GAP + column * width, GAP + row * height
        image = ImageOps.contain(Image.fromarray(pixels), (SIDE, SIDE))
        sheet.paste(image, (left, top))
        lines = textwrap.wrap(caption, letters, max_lines=LINES - 1, placeholder="…")
        for line, text in enumerate(lines):
            font.write(draw, (left, top + SIDE + line * LINE), text, CAPTION)
        below = textwrap.shorten(note, letters, placeholder="…")
        font.write(draw, (left, top + SIDE + len(lines) * LINE), below, NOTE)
    file = io.BytesIO()
    sheet.save(file, "JPEG", quality=90)
    write_whole(path, file.getvalue())
