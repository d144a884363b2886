"""What a film is made of: letters that are missing and previews that are none are said before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from studio.core.film import Order, Place
from studio.errors import StudioError
from studio.filming.measuring import preview, preview_size
from studio.filming.planning import plan
from studio.project.file import Project

NOWHERE = "\U000bfff0"  # in a plane that has no letters yet


@pytest.mark.parametrize(("captions", "prompt", "lacks"), [
    (True, f"waves {NOWHERE}", NOWHERE), (False, f"waves {NOWHERE}", ""), (True, "Θάλασσα", ""),
])  # fmt: skip
def test_letters_that_no_font_has_are_named(
    painted: Callable[..., Path], captions: bool, prompt: str, lacks: str
) -> None:
    with Project.open(painted(3, prompt=prompt), read_only=True) as project:
        note = plan(project, Order(captions=captions, last=2)).note
    assert (f"boxes for {lacks}: no font" in note) if lacks else not note


def test_a_preview_that_is_postscript_is_refused_in_words(painted: Callable[..., Path]) -> None:

    class Stranger:
        def proxy(self, take: int, iteration: int) -> bytes:
            return b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 64 64\n%%EndComments\nshowpage\n"

    for read in (preview, preview_size):
        with pytest.raises(StudioError, match="is no picture"):
            read(Stranger(), Place(1, 0))
