"""The presets: how each of the field's tools, and ours, chooses where CLIP looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studio.core.settings import Preset

Range = tuple[float, float]
"""Lowest and highest value of an even draw."""

Border = Literal["reflect", "edge", "plain"]
"""What a view shows beyond the picture: its mirror image, its last pixels or one shade of grey."""


@dataclass(frozen=True, kw_only=True)
class Framing:
    """How one kind of view is laid on the canvas; shares and chances lie in 0..1.

    A view is a square. Unless it is squashed or letterboxed its side is measured by the short side
    of the canvas, and it lies anywhere along the long one with its proportions kept.
    """

    share: float = 1.0
    """Part of all views that are framed like this; the shares of a recipe add up to 1."""
    side: Range = (1.0, 1.0)
    power: float = 1.0
    """Exponent on the even draw between the sides (Crowson's cut_pow); above 1 favours small."""
    normal: tuple[float, float] | None = None
    """Mean and deviation when sides fall normally: clipped to `side`, then to the power."""
    never_enlarged: bool = False
    """No side is shorter than the view has pixels, as long as the canvas is large enough."""
    aspect: Range = (1.0, 1.0)
    """Width over height of what is seen, stretched to the square."""
    squashed: float = 0.0
    """Chance that both sides are measured by the canvas, which is stretched to a square."""
    letterboxed: float = 0.0
    """Chance that the side is measured by the long side, with border beside the picture."""
    overrun: float = 0.0
    """How far positions run past the canvas before they are held at it: more looks at the edge."""
    degrees: Range = (0.0, 0.0)
    """The picture turns counterclockwise within the view."""
    shear: Range = (0.0, 0.0)
    """Degrees by which upright lines lean."""
    shift: tuple[float, float] = (0.0, 0.0)
    """Largest move along x and y, in sides of the view."""
    affine: float = 1.0
    """Chance of turn, shear and shift."""
    perspective: Range = (0.0, 0.0)
    """How far each corner of what is seen moves towards the middle, in half sides of the view.

    kornia's and torchvision's `distortion_scale` d is (0, d): the picture shrinks away from the
    edges. A range about 0 distorts as much without shrinking it.
    """
    perspective_chance: float = 1.0
    borders: tuple[Border, ...] = ("reflect",)
    """One of these is drawn each time."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """The numbers of one preset; strengths of the jitter are largest changes, up and down."""

    framings: tuple[Framing, ...]
    flip: float = 0.0
    """Chance that left and right are swapped."""
    jitter: float = 1.0
    """Chance that the colours of a view change at all."""
    brightness: float = 0.0
    """Factor on all channels."""
    lift: float = 0.0
    """Added to all channels."""
    contrast: float = 0.0
    """Factor on the distance from middle grey."""
    saturation: float = 0.0
    """Factor on the distance from the pixel's own grey."""
    hue: float = 0.0
    """Turns of the colour circle."""
    erased: float = 0.0
    """Chance that a box is blotted out (Zhong et al., Random Erasing, arXiv 1708.04896)."""
    erased_area: Range = (0.02, 0.2)
    erased_aspect: Range = (0.3, 1 / 0.3)
    erased_together: bool = False
    """The same box in all views."""
    shade: Range = (0.0, 0.0)
    """Grey of boxes and plain borders."""
    noise: Range = (0.0, 0.0)
    """Deviation of the normal noise that is added last."""
    veil: float = 0.0
    """Largest share of a view, 0..1, that a random cloud of colours hides in iteration 0."""
    veiled: int = 1
    """The iteration from which on nothing is hidden; until there it falls evenly."""

    def veil_in(self, iteration: int) -> float:
        """Largest share of a view that a cloud hides in an iteration."""
        return self.veil * max(0.0, 1 - iteration / self.veiled)


STUDIO = Recipe(
    framings=(
        Framing(
            share=0.75,
            side=(0.9, 1.05),
            squashed=0.5,
            degrees=(-5.0, 5.0),
            shift=(0.05, 0.05),
            perspective=(-0.1, 0.1),
        ),
        Framing(
            share=0.25,
            side=(0.5, 0.85),
            overrun=0.1,
            degrees=(-10.0, 10.0),
            perspective=(-0.1, 0.1),
        ),
    ),
    brightness=0.05,
    contrast=0.05,
    saturation=0.05,
    hue=0.01,
    noise=(0.0, 0.02),
    veil=0.95,
    veiled=40,
)
"""Ours: composition from whole views, finish from details. A long canvas is seen whole by squashing
half of its whole views; the others are squares along it. Every detail view asks for the whole of
the prompt, so many of them paint the same thing many times. Views are never mirrored, as prompts
say left and right. Behind a veil CLIP looks for the whole instead of praising what the start
happens to look like, which would bring a lone thing at two or three places (noise is annealed for
the same reason by Song and Ermon 2019, arXiv:1907.05600)."""

NERDYRODENT = Recipe(
    framings=(
        Framing(
            squashed=1.0,
            degrees=(-15.0, 15.0),
            shear=(-5.0, 5.0),
            shift=(0.0, 0.1),
            affine=0.7,
            perspective=(0.0, 0.7),
            perspective_chance=0.7,
            borders=("plain",),
        ),
    ),
    jitter=0.7,
    brightness=0.1,
    lift=0.1,
    saturation=0.1,
    hue=0.1,
    erased=0.7,
    erased_area=(0.1, 0.4),
    erased_together=True,
    noise=(0.0, 0.1),
)
"""generate.py of nerdyrodent/VQGAN-CLIP, method `latest` with its default Af Pe Ji Er.

Approximated: the mean of average and maximum pooling is the average alone; saturation and hue are
matrices where kornia works in HSV, in one order where it shuffles (its contrast is our brightness,
its brightness our lift); colours are not clamped; the aspect of boxes falls evenly by its
logarithm.
"""

CROWSON = Recipe(framings=(Framing(side=(0.0, 1.0), never_enlarged=True),))
"""Katherine Crowson's notebook and nerdyrodent's `original`: upright square crops, nothing else.

Approximated: sides and places are not rounded to pixels.
"""

PIXRAY = Recipe(
    framings=(
        Framing(
            share=0.6,
            side=(0.25**0.5, 0.95**0.5),
            aspect=(0.85, 1.2),
            perspective=(0.0, 0.4),
            perspective_chance=0.7,
            borders=("reflect", "edge"),
        ),
        Framing(
            share=0.4,
            side=(1 / 0.95, 1 / 0.95),
            letterboxed=1.0,
            perspective=(0.0, 0.2),
            perspective_chance=0.7,
            borders=("plain",),
        ),
    ),
    jitter=0.8,
    saturation=0.1,
    hue=0.1,
    shade=(0.0, 1.0),
    noise=(0.0, 0.1),
)
"""pixray's MakeCutouts: six tenths zoomed, four tenths wide on a random grey.

Approximated: pooling and colour as in nerdyrodent; the zoomed side falls evenly where its area did,
on a square of the short side, and tilts after the crop instead of before; the border of zoomed
views is drawn where pixray alternates; the grey is drawn for each view, not for each step; wide
views of a long canvas are not 10 % narrower.
"""

PYTTI = Recipe(
    framings=(
        Framing(
            side=(0.0, 1.0),
            normal=(0.8, 0.3),
            power=2.0,
            never_enlarged=True,
            overrun=0.25,
            degrees=(-30.0, 30.0),
            shift=(0.0, 0.1),
            affine=0.8,
            perspective=(0.0, 0.2),
            perspective_chance=0.4,
            borders=("edge",),
        ),
    ),
    flip=0.3,
    jitter=0.7,
    saturation=0.01,
    hue=0.01,
    erased=0.7,
    erased_area=(0.1, 0.4),
    noise=(0.0, 0.1),
)
"""pytti-core's samplers.pytti_classic and augs.pytti_classic, with cut_pow 2 of its YAML.

Approximated: a turned crop shows the canvas around it where pytti repeats the edge of the crop; a
perspective shows it where pytti shows black; colour as in nerdyrodent.
"""

RECIPES: dict[Preset, Recipe] = {
    "studio": STUDIO,
    "nerdyrodent": NERDYRODENT,
    "crowson": CROWSON,
    "pixray": PIXRAY,
    "pytti": PYTTI,
}
