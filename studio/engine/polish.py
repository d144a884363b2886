"""A few guided steps on what lies between two stops of a morph, without flicker."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import torch
from torch import Tensor

from studio.core.crossing import stilled
from studio.core.film import Place
from studio.core.settings import Crossing, Motion, Settings
from studio.engine.losses import LOSSES
from studio.engine.painter import Painter, State

SettingsOf = Callable[[Place], Settings]
"""The settings in force at a painted iteration."""
Way = Callable[[float], Tensor]
"""The latents (1, C, h, w) at each share of the way between two stops."""

PARTS = 4
"""Equal parts of a way; at the points between them the latents are painted on."""
FARTHEST = 0.5
"""How far a point is bent at most, of the distance between both stops: between two pictures that
are nearly the same, a film shows nothing that is far from both."""
KEPT_WAYS = 8
"""Ways whose points are kept, since a film may come through them again."""


class Polisher:
    """Paints on at a few points of a way, and bends the way so that it leads through the results.

    Guided steps for each frame on its own end in another picture each time, and the film flickers.
    Here a frame's polish is that of the points around it, joined by a smooth curve that is nothing
    at both stops. So it depends on the share of the way alone: not on the frames before, on their
    number or direction.

    `steps` iterations are painted at each point, through the same cutouts everywhere, with the
    settings of the nearer stop and the prompts of both crossing over. The painter has the
    perceptors and the pictures of all stops.
    """

    def __init__(self, painter: Painter, settings: SettingsOf, steps: int) -> None:
        self._painter, self._settings, self._steps = painter, settings, steps
        self._bends: dict[tuple[Place, Place], list[Tensor]] = {}

    def bend(self, start: Place, end: Place, way: Way, share: float) -> Tensor:
        """What polish adds to the latents at a share of the way between two stops."""
        if (start, end) not in self._bends:
            while len(self._bends) >= KEPT_WAYS:
                self._bends.pop(next(iter(self._bends)))
            self._bends[start, end] = self._points(start, end, way)
        return spline(self._bends[start, end], share)

    def _points(self, start: Place, end: Place, way: Way) -> list[Tensor]:
        ends = self._settings(start), self._settings(end)
        shares = [number / PARTS for number in range(1, PARTS)]
        farthest = FARTHEST * (way(1.0) - way(0.0)).norm()
        painted = [self._painted(way(share), between(*ends, share)) for share in shares]
        bends = [each * (farthest / each.norm().clamp(min=1e-12)).clamp(max=1) for each in painted]
        stop = torch.zeros_like(bends[0])
        return [stop, *bends, stop]

    def _painted(self, z: Tensor, settings: Settings) -> Tensor:
        """How far the latents come in a few iterations."""
        state = State(0, z)
        for _ in range(self._steps):
            state, _ = self._painter.step(state, settings)
        return state.z - z


def between(start: Settings, end: Settings, share: float) -> Settings:
    """How to paint between two stops: nothing moves or pulls but the prompts of both.

    The picture is not smoothed either, for the way is not, and no average is taken.
    """
    prompts, coming = (stilled(each.prompts, each.crossing) for each in (start, end))
    return msgspec.structs.replace(
        start if share < 0.5 else end,
        prompts=prompts,
        crossing=Crossing(prompts=coming, share=share) if prompts != coming else None,
        motion=Motion(),
        **{each.weight: 0.0 for each in LOSSES},
        smooth=0.0,
        average=0.0,
    )


def spline(points: list[Tensor], share: float) -> Tensor:
    """A smooth curve through equally spaced points, level at both ends; share 0..1 is all of it.

    A cubic Hermite spline with the tangents of Catmull and Rom (1974) between the ends.
    """
    last = len(points) - 1
    number = min(int(share * last), last - 1)
    t = share * last - number
    a, b = points[number], points[number + 1]
    tangent_a = (b - points[number - 1]) / 2 if number > 0 else torch.zeros_like(a)
    tangent_b = (points[number + 2] - a) / 2 if number + 1 < last else torch.zeros_like(b)
    rise = t * t * (3 - 2 * t)
    return a.lerp(b, rise) + t * (1 - t) ** 2 * tangent_a - t * t * (1 - t) * tangent_b
