"""How much work a painting is given: a quick draft, the usual, or the finest.

An effort is no setting of its own but a choice of settings that say how a painting is made, and of
how many iterations. So it says nothing in a project, and every value of it can be set by hand.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from studio.core.settings import Settings

Effort = Literal["draft", "balanced", "finest"]


class Work(NamedTuple):
    """What an effort comes to."""

    cutouts: int
    learning_rate: float
    iterations: int

    @property
    def fields(self) -> dict[str, int | float]:
        """The `Settings` that it sets, by their field."""
        return {"cutouts": self.cutouts, "learning_rate": self.learning_rate}

    @property
    def in_words(self) -> str:
        """What it comes to, for people."""
        return (
            f"{self.cutouts} cutouts, learning rate {self.learning_rate:g}, "
            f"{self.iterations} iterations"
        )


EFFORTS: dict[Effort, Work] = {
    "draft": Work(cutouts=4, learning_rate=0.4, iterations=60),
    "balanced": Work(cutouts=16, learning_rate=0.2, iterations=200),
    "finest": Work(cutouts=32, learning_rate=0.1, iterations=400),
}
"""By what they cost. Balanced is what holds when nothing is said.

A draft ends when the veil of the studio preset is lifted. `bench --efforts` has a CLIP that took no
part in guidance tell how like their prompts the pictures are after so many seconds. In trials
with six prompts at 128x128, 2 to 16 cutouts, and a learning rate or a smoothing that falls, came to
the same likeness within its noise; so no effort changes from one iteration to the next.
"""


def effort_of(settings: Settings) -> Effort | None:
    """The effort that settings come from; None when they were set by hand."""
    for name, work in EFFORTS.items():
        if all(getattr(settings, field) == value for field, value in work.fields.items()):
            return name
    return None
