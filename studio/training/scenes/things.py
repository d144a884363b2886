"""Small drawings of simple things, each within a circle, to be put together in companies."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from studio.training.scenes.canvas import Canvas
from studio.training.scenes.fields import Field
from studio.training.scenes.palette import Colour, mix, scale

_WHITE: Colour = (1.0, 1.0, 1.0)
_BARK: Colour = (0.36, 0.23, 0.12)
_LEAF: Colour = (0.24, 0.58, 0.18)
Placed = Callable[[Canvas, float, float, float, Colour], None]
"""Paints a thing about (x, y), at most r from it, in a colour."""


def _light(canvas: Canvas, x: float, r: float) -> Field:
    return np.clip(1.08 - 0.3 * (canvas.x - x) / np.float32(r), 0.7, 1.3) + 0 * canvas.y


def _apple(canvas: Canvas, x: float, y: float, r: float, colour: Colour) -> None:
    canvas.sphere(x - 0.22 * r, y + 0.1 * r, 0.72 * r, colour, 0.0, 0.45)
    canvas.sphere(x + 0.2 * r, y + 0.1 * r, 0.72 * r, colour, 0.35, 0.45)
    pen = canvas.pen()
    pen.line([(x, y - 0.5 * r), (x + 0.1 * r, y - 0.95 * r)], 0.1 * r, _BARK)
    pen.leaf(x + 0.05 * r, y - 0.7 * r, 0.7 * r, 0.4 * r, -0.4, _LEAF)
    canvas.ink(pen)


def _pear(canvas: Canvas, x: float, y: float, r: float, colour: Colour) -> None:
    canvas.sphere(x, y - 0.35 * r, 0.42 * r, colour, 0.2, 0.5)
    canvas.sphere(x, y + 0.3 * r, 0.68 * r, colour, 0.3, 0.5)
    pen = canvas.pen()
    pen.line([(x, y - 0.7 * r), (x + 0.08 * r, y - r)], 0.09 * r, _BARK)
    canvas.ink(pen)


def _ball(canvas: Canvas, x: float, y: float, r: float, colour: Colour) -> None:
    canvas.sphere(x, y, 0.9 * r, colour, 0.5, 0.35)


def _cube(canvas: Canvas, x: float, y: float, r: float, colour: Colour) -> None:
    pen, a, b = canvas.pen(), 0.82 * r, 0.48 * r
    pen.polygon([(x, y - r), (x + a, y - b), (x, y), (x - a, y - b)], mix(colour, _WHITE, 0.3))
    pen.polygon([(x - a, y - b), (x, y), (x, y + r), (x - a, y + b)], colour)
    pen.polygon([(x + a, y - b), (x, y), (x, y + r), (x + a, y + b)], scale(colour, 0.6))
    canvas.ink(pen)


def _cup(canvas: Canvas, x: float, y: float, r: float, colour: Colour) -> None:
    pen = canvas.pen()
    pen.oval(x + 0.62 * r, y, 0.36 * r, 0.36 * r, scale(colour, 0.9))
    pen.polygon(
        [
            (x - 0.72 * r, y - 0.6 * r),
            (x + 0.62 * r, y - 0.6 * r),
            (x + 0.48 * r, y + 0.75 * r),
            (x - 0.58 * r, y + 0.75 * r),
        ],
        colour,
    )
    pen.oval(x - 0.05 * r, y + 0.75 * r, 0.53 * r, 0.14 * r, colour)
    pen.oval(x - 0.05 * r, y - 0.6 * r, 0.67 * r, 0.2 * r, mix(colour, _WHITE, 0.4))
    pen.oval(x - 0.05 * r, y - 0.58 * r, 0.58 * r, 0.15 * r, (0.28, 0.16, 0.08))
    canvas.ink(pen, _light(canvas, x, r))


def _candle(canvas: Canvas, x: float, y: float, r: float, colour: Colour) -> None:
    canvas.glow(canvas.halo(x, y - 0.6 * r, 1.2 * r) * np.float32(0.6), (1.0, 0.62, 0.2))
    pen = canvas.pen()
    pen.box(x - 0.26 * r, y - 0.25 * r, x + 0.26 * r, y + 0.95 * r, colour)
    pen.oval(x, y - 0.25 * r, 0.26 * r, 0.08 * r, mix(colour, (1, 0.95, 0.7), 0.5))
    pen.leaf(x, y - 0.28 * r, 0.7 * r, 0.36 * r, -np.pi / 2, (1.0, 0.62, 0.12))
    pen.leaf(x, y - 0.3 * r, 0.42 * r, 0.2 * r, -np.pi / 2, (1.0, 0.95, 0.65))
    canvas.ink(pen, _light(canvas, x, r))


def _tree(canvas: Canvas, x: float, y: float, r: float, colour: Colour) -> None:
    pen = canvas.pen()
    pen.box(x - 0.11 * r, y + 0.1 * r, x + 0.11 * r, y + r, _BARK)
    for dx, dy, size, tone in (
        (-0.3, -0.05, 0.42, 0.75),
        (0.3, -0.05, 0.42, 0.7),
        (0.0, -0.4, 0.52, 0.95),
        (-0.12, -0.5, 0.28, 1.15),
    ):
        pen.oval(x + dx * r, y + dy * r, size * r, size * r, scale(colour, tone))
    canvas.ink(pen)


def _house(canvas: Canvas, x: float, y: float, r: float, colour: Colour) -> None:
    pen = canvas.pen()
    pen.box(x - 0.66 * r, y - 0.2 * r, x + 0.66 * r, y + 0.85 * r, colour)
    roof = scale(mix(colour, (0.4, 0.15, 0.1), 0.55), 0.8)
    pen.polygon([(x - 0.9 * r, y - 0.15 * r), (x, y - 0.95 * r), (x + 0.9 * r, y - 0.15 * r)], roof)
    pen.box(x - 0.16 * r, y + 0.3 * r, x + 0.16 * r, y + 0.85 * r, _BARK)
    for side in (-1, 1):
        u = x + side * 0.42 * r
        pen.box(u - 0.13 * r, y, u + 0.13 * r, y + 0.26 * r, (1.0, 0.9, 0.55))
    canvas.ink(pen, _light(canvas, x, r))


def _flower(canvas: Canvas, x: float, y: float, r: float, colour: Colour) -> None:
    pen = canvas.pen()
    pen.line([(x, y - 0.2 * r), (x + 0.05 * r, y + r)], 0.12 * r, _LEAF)
    pen.leaf(x, y + 0.8 * r, 0.6 * r, 0.3 * r, -0.6, _LEAF)
    for k in range(7):
        angle = 2 * np.pi * k / 7
        pen.leaf(x, y - 0.3 * r, 0.66 * r, 0.4 * r, angle, scale(colour, 1.05 - 0.12 * (k % 2)))
    middle = (0.97, 0.78, 0.15) if colour[2] > 0.3 or colour[1] < 0.5 else (0.35, 0.2, 0.1)
    pen.oval(x, y - 0.3 * r, 0.2 * r, 0.2 * r, middle)
    canvas.ink(pen)


def _mushroom(canvas: Canvas, x: float, y: float, r: float, colour: Colour) -> None:
    pen = canvas.pen()
    pen.box(x - 0.22 * r, y, x + 0.22 * r, y + 0.9 * r, (0.93, 0.88, 0.78))
    cap = [
        (x + 0.92 * r * np.cos(a), y + 0.1 * r - 0.9 * r * np.sin(a))
        for a in np.linspace(0, np.pi, 17)
    ]
    pen.polygon(cap, colour)
    spots: Colour = (0.3, 0.2, 0.15) if min(colour) > 0.75 else (0.97, 0.95, 0.9)
    for dx, dy, size in ((-0.45, -0.2, 0.13), (0.05, -0.5, 0.15), (0.48, -0.15, 0.12)):
        pen.oval(x + dx * r, y + dy * r, size * r, size * r, spots)
    canvas.ink(pen, _light(canvas, x, r))


def _fish(canvas: Canvas, x: float, y: float, r: float, colour: Colour) -> None:
    pen = canvas.pen()
    tail = [(x + 0.35 * r, y), (x + 0.98 * r, y - 0.5 * r), (x + 0.98 * r, y + 0.5 * r)]
    pen.polygon(tail, scale(colour, 0.75))
    pen.oval(x - 0.15 * r, y, 0.75 * r, 0.5 * r, colour)
    pen.leaf(x - 0.1 * r, y + 0.1 * r, 0.4 * r, 0.25 * r, 0.5, scale(colour, 0.8))
    pen.oval(x - 0.55 * r, y - 0.1 * r, 0.13 * r, 0.13 * r, _WHITE)
    pen.oval(x - 0.57 * r, y - 0.1 * r, 0.07 * r, 0.07 * r, (0.05, 0.05, 0.06))
    canvas.ink(pen)


def _boat(canvas: Canvas, x: float, y: float, r: float, colour: Colour) -> None:
    pen = canvas.pen()
    pen.line([(x, y - 0.95 * r), (x, y + 0.5 * r)], 0.07 * r, _BARK)
    pen.polygon(
        [(x + 0.06 * r, y - 0.9 * r), (x + 0.75 * r, y + 0.3 * r), (x, y + 0.3 * r)], colour
    )
    pen.polygon(
        [(x - 0.06 * r, y - 0.7 * r), (x - 0.6 * r, y + 0.3 * r), (x, y + 0.3 * r)],
        scale(colour, 0.85),
    )
    hull = [(-0.9, 0.45), (0.9, 0.45), (0.6, 0.9), (-0.6, 0.9)]
    pen.polygon([(x + u * r, y + v * r) for u, v in hull], (0.45, 0.28, 0.15))
    canvas.ink(pen)


def _balloon(canvas: Canvas, x: float, y: float, r: float, colour: Colour) -> None:
    pen = canvas.pen()
    pen.line([(x, y + 0.4 * r), (x + 0.05 * r, y + r)], 0.04 * r, (0.3, 0.3, 0.3))
    canvas.ink(pen)
    canvas.sphere(x, y - 0.25 * r, 0.7 * r, colour, 0.45, 0.55)


def _cactus(canvas: Canvas, x: float, y: float, r: float, colour: Colour) -> None:
    pen = canvas.pen()
    for points, width in (
        (((0.0, -0.85), (0.0, 0.95)), 0.42),
        (((-0.62, -0.4), (-0.62, 0.2), (0.0, 0.2)), 0.26),
        (((0.62, -0.55), (0.62, 0.45), (0.0, 0.45)), 0.26),
    ):
        pen.line([(x + u * r, y + v * r) for u, v in points], width * r, colour)
        u, v = points[0]
        pen.oval(x + u * r, y + v * r, width * r / 2, width * r / 2, colour)
    canvas.ink(pen, _light(canvas, x, 0.6 * r))


THINGS: dict[str, tuple[str, Placed, tuple[str, ...]]] = {
    "apple": ("apples", _apple, ("red", "green", "yellow")),
    "pear": ("pears", _pear, ("green", "yellow", "lime")),
    "ball": ("balls", _ball, ()),
    "cube": ("cubes", _cube, ()),
    "cup": ("cups", _cup, ()),
    "candle": ("candles", _candle, ()),
    "tree": ("trees", _tree, ("green", "orange", "red", "pink", "lime", "yellow")),
    "house": ("houses", _house, ("red", "white", "yellow", "blue", "pink", "green", "orange")),
    "flower": ("flowers", _flower, ("red", "yellow", "pink", "purple", "white", "orange", "blue")),
    "mushroom": ("mushrooms", _mushroom, ("red", "brown", "purple", "blue", "orange", "white")),
    "fish": ("fish", _fish, ()),
    "boat": ("boats", _boat, ("white", "red", "yellow", "blue", "orange")),
    "balloon": ("balloons", _balloon, ()),
    "cactus": ("cacti", _cactus, ("green", "teal", "lime")),
}
"""Of each thing its plural, its painter, and the colours it comes in; none are all."""
