"""How long a training takes on this machine, and what it needs. No torch."""

from __future__ import annotations

from dataclasses import dataclass

from studio.training.augment import ROOM
from studio.training.order import LEARNS, Order
from studio.training.own_pictures import Folder

USED_TIME = 0.95
"""Share of the minutes that is planned for; the rest is for what comes slower than measured."""


@dataclass(frozen=True)
class Pace:
    """How long a step takes on this machine, measured."""

    plain: float
    """Seconds of a step before the discriminator joins in."""
    full: float
    """Seconds of one after."""
    peak_bytes: int | None
    """Most memory taken so far, where it can be told."""
    checkpoint_bytes: int

    def seconds(self, order: Order, steps: int) -> float:
        """Estimate for a training of so many steps."""
        joins = order.weights.adversarial and "adversarial" in LEARNS[order.part]
        share = order.gan_start if joins else 1.0
        return steps * (share * self.plain + (1 - share) * self.full)

    def steps(self, order: Order, minutes: float) -> int:
        """How many steps fit into a time, 1 or more."""
        return max(1, int(USED_TIME * 60 * minutes / self.seconds(order, 1)))

    def disk_bytes(self, order: Order, folder: Folder) -> int:
        """What it would take while it goes on: pictures made ready, and checkpoints old and new."""
        shorter = round(ROOM * order.side)
        longer = (shorter * max(each.size) // min(each.size) for each in folder.usable)
        return 3 * shorter * sum(longer) + 2 * self.checkpoint_bytes
