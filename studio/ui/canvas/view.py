"""Where the picture lies in the widget: arithmetic in pixels of the screen, without Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace

Size = tuple[int, int]

STEPS = (
    *(1 / 64, 1 / 48, 1 / 32, 1 / 24, 1 / 16, 1 / 12, 1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3),
    *(1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0),
)
SMALLEST, LARGEST = STEPS[0], STEPS[-1]
KEPT = 48
"""So much of the picture always stays in sight."""
MARGIN = 16


@dataclass(frozen=True)
class View:
    """`scale` screen pixels for each of the picture's, whose top left corner lies at x, y."""

    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0

    def in_picture(self, x: float, y: float) -> tuple[float, float]:
        """The point of the picture that lies at a point of the screen."""
        return (x - self.x) / self.scale, (y - self.y) / self.scale

    def zoomed(self, scale: float, x: float, y: float) -> View:
        """At another scale, with the same point of the picture at x, y."""
        scale = bounded(scale)
        across, down = self.in_picture(x, y)
        return View(scale, x - across * scale, y - down * scale)

    def moved(self, right: float, down: float) -> View:
        """Pushed by so many screen pixels."""
        return replace(self, x=self.x + right, y=self.y + down)

    def placed(self) -> View:
        """As it is drawn: the corner on a whole pixel of the screen, for crisp edges."""
        return replace(self, x=float(round(self.x)), y=float(round(self.y)))

    def kept_in(self, room: Size, picture: Size) -> View:
        """Pushed back as far as needed to keep a piece of the picture in sight."""
        width, height = picture[0] * self.scale, picture[1] * self.scale
        kept_x, kept_y = min(KEPT, width), min(KEPT, height)
        return replace(
            self,
            x=min(max(self.x, kept_x - width), room[0] - kept_x),
            y=min(max(self.y, kept_y - height), room[1] - kept_y),
        )

    def resized(self, room: Size, old: Size, new: Size) -> View:
        """For a picture of another size: the same spot of it stays in the middle."""
        across, down = self.in_picture(room[0] / 2, room[1] / 2)
        across, down = across / old[0] * new[0], down / old[1] * new[1]
        return replace(self, x=room[0] / 2 - across * self.scale, y=room[1] / 2 - down * self.scale)


def bounded(scale: float) -> float:
    """The nearest scale there is."""
    return min(max(scale, SMALLEST), LARGEST)


def fitted(room: Size, picture: Size) -> View:
    """The whole picture, as large as it can be, in the middle."""
    across = max(room[0] - 2 * MARGIN, 1) / picture[0]
    down = max(room[1] - 2 * MARGIN, 1) / picture[1]
    return centred(bounded(min(across, down)), room, picture)


def centred(scale: float, room: Size, picture: Size) -> View:
    """The picture in the middle at a scale."""
    return View(scale, (room[0] - picture[0] * scale) / 2, (room[1] - picture[1] * scale) / 2)


def next_step(scale: float, direction: int) -> float:
    """The next larger (1) or smaller (-1) of the usual scales."""
    # A scale that was computed may miss its step by a rounding error.
    if direction > 0:
        return next((step for step in STEPS if step > scale * 1.001), LARGEST)
    return next((step for step in reversed(STEPS) if step < scale * 0.999), SMALLEST)
