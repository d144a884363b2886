"""How alike a picture and a prompt are, in plain units, from the loss that was measured."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from studio.core.crossing import pulls, subject
from studio.core.schedule import Change, settings_at
from studio.core.settings import Prompt, Settings


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
        value = likeness_in(each, settings_at(changes, first + offset), prompt)
        found[offset] = np.nan if value is None else value
    return found


def likeness_in(losses: Sequence[float], settings: Settings, prompt: Prompt) -> float | None:
    """`likeness` to a prompt in an iteration painted with these settings; None where unknown.

    Of two texts that cross it is the likeness to what lies between them, which is asked for then.
    """
    for row, pull in enumerate(pulls(settings.prompts, settings.crossing)[: len(losses)]):
        for other in (pull.start, pull.end):
            if other is not None and subject(other) == subject(prompt):
                pulled = msgspec.structs.replace(other, weight=pull.weight, on=True)
                return likeness(losses[row], pulled)
    return None
