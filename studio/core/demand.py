"""What a painting takes of a machine: memory and time, reckoned from what was measured there."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from studio.core.settings import Settings

Size = tuple[int, int]


@dataclass(frozen=True)
class Demand:
    """What certain models take on a certain device. Both grow with the pixels and the cutouts."""

    base: int
    """Bytes that the program holds before it paints."""
    pixel_bytes: float
    view_bytes: float
    """For a cutout that is looked at together with others."""
    views_at_once: int
    pixel_seconds: float
    view_seconds: float

    def memory(self, settings: Settings) -> int:
        """Bytes of the program at their most."""
        width, height = settings.size
        views = min(settings.cutouts, self.views_at_once) * self.view_bytes
        return round(self.base + width * height * self.pixel_bytes + views)

    def seconds(self, settings: Settings) -> float:
        """How long an iteration takes."""
        width, height = settings.size
        return width * height * self.pixel_seconds + settings.cutouts * self.view_seconds

    def paced(self, settings: Settings, seconds: float) -> Demand:
        """The same on a machine that was seen to take so long for an iteration."""
        ratio = seconds / self.seconds(settings)
        return replace(
            self,
            pixel_seconds=self.pixel_seconds * ratio,
            view_seconds=self.view_seconds * ratio,
        )

    def largest(self, settings: Settings, room: float, step: int) -> Size | None:
        """The largest picture of the same shape, in steps of so many pixels, that fits."""
        least = self.memory(settings) - settings.size[0] * settings.size[1] * self.pixel_bytes
        if room <= least:
            return None
        pixels = (room - least) / self.pixel_bytes
        share = math.sqrt(pixels / (settings.size[0] * settings.size[1]))
        width, height = (int(side * share) // step * step for side in settings.size)
        return (width, height) if min(width, height) > 0 else None
