"""A float canvas in unit coordinates, and a supersampled pen for hard-edged shapes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from studio.training.scenes.fields import Field, colour_ramp
from studio.training.scenes.palette import Colour

_SUPERSAMPLING = 2

Points = Sequence[tuple[float, float]]


class Pen:
    """Draws filled shapes on a transparent layer; places and widths are shares of the side."""

    def __init__(self, size: int) -> None:
        self._scale = size * _SUPERSAMPLING
        self.image = Image.new("RGBA", (self._scale, self._scale))
        self._draw = ImageDraw.Draw(self.image)

    @staticmethod
    def _ink(colour: Colour) -> tuple[int, int, int, int]:
        r, g, b = (int(min(1.0, max(0.0, c)) * 255 + 0.5) for c in colour)
        return (r, g, b, 255)

    def polygon(self, points: Points, colour: Colour) -> None:
        """Fill the polygon through ``points``."""
        s = self._scale
        self._draw.polygon([(x * s, y * s) for x, y in points], fill=self._ink(colour))

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        """Fill the upright ellipse about (x, y)."""
        s = self._scale
        box = ((x - rx) * s, (y - ry) * s, (x + rx) * s, (y + ry) * s)
        self._draw.ellipse(box, fill=self._ink(colour))

    def leaf(
        self, x: float, y: float, length: float, width: float, angle: float, colour: Colour
    ) -> None:
        """Fill a petal that starts at (x, y) and points along ``angle`` (radians, y down)."""
        cos, sin = np.cos(angle), np.sin(angle)
        points = [
            (x + u * length * cos - v * width * sin, y + u * length * sin + v * width * cos)
            for u, v in _PETAL
        ]
        self.polygon(points, colour)

    def line(self, points: Points, width: float, colour: Colour) -> None:
        """Stroke a line ``width`` wide, at least one subpixel."""
        s = self._scale
        self._draw.line(
            [(x * s, y * s) for x, y in points],
            fill=self._ink(colour),
            width=max(1, round(width * s)),
            joint="curve",
        )

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """Fill the upright rectangle."""
        s = self._scale
        if right > left and bottom > top:
            box = (left * s, top * s, right * s, bottom * s)
            self._draw.rectangle(box, fill=self._ink(colour))


_PETAL = [(0.0, -0.10), (0.3, -0.38), (0.65, -0.5), (0.92, -0.26), (1.0, 0.0)]
_PETAL += [(u, -v) for u, v in reversed(_PETAL[:-1])]


class Canvas:
    """A picture in the making: ``pixels`` is (size, size, 3) float32 in about [0, 1].

    ``x`` of shape (1, size) and ``y`` of shape (size, 1) are the pixel centres in [0, 1].
    """

    def __init__(self, size: int, colour: Colour = (0.0, 0.0, 0.0)) -> None:
        self.size = size
        centres = (np.arange(size, dtype=np.float32) + 0.5) / np.float32(size)
        self.x: Field = centres[None, :]
        self.y: Field = centres[:, None]
        self.pixels: Field = np.empty((size, size, 3), np.float32)
        self.pixels[:] = colour

    def sky(self, stops: list[tuple[float, Colour]], bottom: float = 1.0) -> None:
        """Fill with a vertical gradient whose last stop lies at height ``bottom``."""
        rows = colour_ramp(np.clip(self.y / np.float32(bottom), 0, 1), stops)
        self.pixels[:] = rows

    def blend(self, mask: Field, colour: Colour | Field) -> None:
        """Paint ``colour`` where ``mask`` (size, size) is 1, by shares where it is between."""
        target = np.asarray(colour, np.float32)
        self.pixels += (target - self.pixels) * mask[..., None]

    def glow(self, mask: Field, colour: Colour) -> None:
        """Add light of ``colour``, without ever burning out past white."""
        light = mask[..., None] * np.asarray(colour, np.float32)
        self.pixels += light * np.clip(1.05 - self.pixels, 0, 1)

    def shade(self, mask: Field) -> None:
        """Multiply by ``mask`` (size, size)."""
        self.pixels *= mask[..., None]

    def pen(self) -> Pen:
        """A fresh pen for this canvas; its layer is put down with :meth:`ink`."""
        return Pen(self.size)

    def ink(
        self, pen: Pen, texture: Field | None = None, alpha: float = 1.0, blur: float = 0.0
    ) -> Field:
        """Put down what ``pen`` drew, times ``texture``; returns its coverage (size, size)."""
        # Premultiplied, so that box-averaging leaves no bright fringe at the edges.
        image = pen.image.convert("RGBa").reduce(_SUPERSAMPLING)
        if blur:
            image = image.filter(ImageFilter.GaussianBlur(blur * self.size))
        layer = np.asarray(image).astype(np.float32)
        layer *= np.float32(alpha / 255)
        colours = layer[..., :3]
        if texture is not None:
            colours = colours * texture[..., None]
        self.pixels *= 1 - layer[..., 3:]
        self.pixels += colours
        coverage: Field = layer[..., 3]
        return coverage

    def distance(self, x: float, y: float, stretch: float = 1.0) -> Field:
        """Distance (size, size) of each pixel from (x, y); heights count ``stretch`` times."""
        return np.sqrt((self.x - x) ** 2 + ((self.y - y) * np.float32(stretch)) ** 2)

    def edge(self, inside: Field) -> Field:
        """Antialiased mask of where a signed distance (in sides) is positive."""
        return np.clip(inside * np.float32(self.size) + np.float32(0.5), 0, 1)

    def ground(self, outline: Field) -> Field:
        """Mask of all that lies below an ``outline`` of heights, of shape (size,)."""
        return self.edge(self.y - outline[None, :])

    def halo(self, x: float, y: float, radius: float) -> Field:
        """A soft round light that falls off over ``radius``, in [0, 1]."""
        away = ((self.x - x) ** 2 + (self.y - y) ** 2) / np.float32(radius * radius)
        return np.asarray(1 / (1 + 3 * away) ** np.float32(2), np.float32)

    def shadow(self, x: float, y: float, rx: float, ry: float, depth: float = 0.5) -> None:
        """Darken softly under an object that stands at (x, y)."""
        away = ((self.x - x) / np.float32(rx)) ** 2 + ((self.y - y) / np.float32(ry)) ** 2
        self.shade(1 - np.float32(depth) * np.exp(-away * np.float32(1.6)))

    def sphere(
        self,
        x: float,
        y: float,
        radius: float,
        colour: Colour | Field,
        gloss: float = 0.5,
        dark: float = 0.25,
        light: tuple[float, float, float] = (-0.5, -0.55, 0.67),
    ) -> Field:
        """Paint a ball lit from ``light``; returns its mask (size, size)."""
        across = (self.x - x) / np.float32(radius)
        down = (self.y - y) / np.float32(radius)
        square = across * across + down * down
        facing = across * light[0] + down * light[1]
        facing = facing + np.sqrt(np.clip(1 - square, 0, 1)) * np.float32(light[2])
        facing = np.clip(facing, 0, 1).astype(np.float32)
        mask = self.edge((1 - np.sqrt(square)) * np.float32(radius))
        body = np.asarray(colour, np.float32) * (dark + (1.1 - dark) * facing)[..., None]
        if gloss:
            body = body + (np.float32(gloss) * facing ** np.float32(24))[..., None]
        self.blend(mask, np.clip(body, 0, 1).astype(np.float32))
        return mask

    def finish(self) -> Field:
        """The picture, held within [0, 1]."""
        return np.clip(self.pixels, 0, 1)
