"""Which rows of the list show which prompts after a change from outside, such as an undo."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Literal

from studio.core.settings import Prompt

Kind = Literal["text", "picture", "noise"]
Slot = tuple[int | None, Prompt | None]
"""The row that is used again, if any, and what it shows; no prompt is a text yet to be written."""


def kind_of(prompt: Prompt | None) -> Kind:
    """What a prompt is about; a text that is not written yet is one too."""
    if prompt is None or prompt.text:
        return "text"
    return "noise" if prompt.picture is None else "picture"


def matched(shown: Sequence[Prompt | None], wanted: Sequence[Prompt]) -> list[Slot]:
    """The rows to be, so that a row follows its prompt and what did not change stays alone."""
    written = [row for row, prompt in enumerate(shown) if prompt is not None]
    if len(written) == len(wanted):
        return _in_place(shown, wanted, written)
    return _around_the_change(shown, wanted)


def _in_place(
    shown: Sequence[Prompt | None], wanted: Sequence[Prompt], written: Sequence[int]
) -> list[Slot]:
    pairs = iter(zip(_reordered(shown, wanted, written), wanted, strict=True))
    return [(row, None) if prompt is None else next(pairs) for row, prompt in enumerate(shown)]


def _reordered(
    shown: Sequence[Prompt | None], wanted: Sequence[Prompt], written: Sequence[int]
) -> Sequence[int]:
    """The written rows in the order of `wanted` if they are the same prompts, else as they are."""
    free, order = list(written), []
    for prompt in wanted:
        row = next((row for row in free if shown[row] == prompt), None)
        if row is None:
            return written
        free.remove(row)
        order.append(row)
    return order


def _around_the_change(shown: Sequence[Prompt | None], wanted: Sequence[Prompt]) -> list[Slot]:
    first = _same(shown, wanted)
    last = _same(shown[first:][::-1], wanted[first:][::-1])
    rows = range(first, len(shown) - last)
    middle = wanted[first : len(wanted) - last]
    return [
        *((row, wanted[row]) for row in range(first)),
        *((row, prompt) for row, prompt in zip_longest(rows, middle) if prompt is not None),
        *((len(shown) - back, wanted[-back]) for back in range(last, 0, -1)),
    ]


def _same(one: Sequence[Prompt | None], other: Sequence[Prompt]) -> int:
    """How many are equal from the start on."""
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count
