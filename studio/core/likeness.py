"""How alike a picture and a prompt are, in plain units, from the loss that was measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studio.core.schedule import Change, settings_at
from studio.core.settings import Prompt


def likeness(loss: float, prompt: Prompt) -> float | None:
    """Cosine of the angle between picture and prompt, -1..1; None where nothing was measured.

    The loss of a prompt is its weight times half the squared angle (`guidance.spherical_distance`),
    a mean over the views.
    """
    if not prompt.on or not prompt.weight:
        return None
    squared = max(0.0, 2 * loss / prompt.weight)
    return float(np.cos(min(np.pi, np.sqrt(squared))))


def likenesses(
    losses: Sequence[Sequence[float]], first: int, changes: Sequence[Change], prompt: Prompt
) -> NDArray[np.float64]:
    """`likeness` to a prompt at each of the iterations from `first` on; nan where it was not used.

    A prompt is known again by what it asks for, whatever its weight was then.
    """
    found = np.full(len(losses), np.nan)
    for offset, each in enumerate(losses):
        prompts = settings_at(changes, first + offset).prompts
        for row, other in enumerate(prompts):
            if _asks_the_same(other, prompt) and row < len(each):
                value = likeness(each[row], other)
                found[offset] = np.nan if value is None else value
                break
    return found


def _asks_the_same(one: Prompt, other: Prompt) -> bool:
    return (one.text, one.picture, one.noise, one.mask) == (
        other.text,
        other.picture,
        other.noise,
        other.mask,
    )
