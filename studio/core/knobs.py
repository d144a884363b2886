"""The table of knobs: every number and colour that a person may turn while it paints, in one place.

The checks of `Settings`, the command line, `info`, the panel of settings, the list of earlier
prompts and the travel between keyframes are made from it. What a knob does is said elsewhere.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from studio.errors import RequestError

Group = Literal["picture", "guidance", "pace", "look"]
Travel = Literal["factor", "whole", "even"]
"""Between keyframes: by equal factors, through whole numbers, or by equal steps."""


@dataclass(frozen=True, kw_only=True)
class Range:
    """Where a number may lie; an open end is excluded."""

    least: float = 0.0
    most: float = math.inf
    least_open: bool = False
    most_open: bool = False

    def holds(self, value: float) -> bool:
        """Whether an ordinary number lies in it."""
        above = value > self.least if self.least_open else value >= self.least
        below = value < self.most if self.most_open else value <= self.most
        return math.isfinite(value) and above and below

    @property
    def in_words(self) -> str:
        """What follows on "must"."""
        if math.isinf(self.most):
            return f"be above {self.least:g}" if self.least_open else f"be {self.least:g} or more"
        if not (self.least_open or self.most_open):
            return f"lie between {self.least:g} and {self.most:g}"
        low = f"above {self.least:g}" if self.least_open else f"at least {self.least:g}"
        return f"be {low} and {'below' if self.most_open else 'at most'} {self.most:g}"


@dataclass(frozen=True, kw_only=True)
class Slide:
    """The usual values of a knob, along a slider, and the step of the box beside it."""

    low: float
    high: float
    step: float
    box: float
    """What an arrow of the box adds."""
    box_most: float = 1e4
    places: int | None = None
    """How many places a slider by equal factors has; None makes equal steps."""


@dataclass(frozen=True, kw_only=True)
class Knob:
    """One number of the settings."""

    field: str
    """Of `Settings`."""
    group: Group
    range: Range
    label: str
    called: str
    """In a sentence."""
    tip: str
    """What it does to the picture."""
    slide: Slide
    flag: str
    help: str
    spoken: str = ""
    """What a screen reader says, if not the label."""
    whole: bool = False
    travel: Travel | None = None
    """How it goes from keyframe to keyframe; None if keyframes do not set it."""

    def check(self, value: float) -> None:
        """Raise RequestError for a value that nothing can be painted with."""
        if not self.range.holds(value):
            raise RequestError(f"The {self.called} must {self.range.in_words}.")


@dataclass(frozen=True, kw_only=True)
class Colours:
    """Colours of the settings, each as "#rrggbb"; a knob says how much they count."""

    field: str
    """Of `Settings`."""
    strength: str
    """The field of that knob, which the colours stand beside."""
    label: str
    called: str
    """In a sentence."""
    tip: str
    flag: str
    help: str
    most: int

    def check(self, value: tuple[str, ...]) -> None:
        """Raise RequestError for what are no colours, or none, or too many."""
        if not 1 <= len(value) <= self.most:
            most = "one colour" if self.most == 1 else f"1 to {self.most} colours"
            raise RequestError(f"The {self.called} is made of {most}.")
        for each in value:
            if not re.fullmatch("#[0-9a-f]{6}", each):
                raise RequestError(f"{each!r} is no colour; write it as #rrggbb, such as #3060c0.")


_SHARE = Slide(low=0, high=1, step=0.01, box=0.05)

KNOBS: tuple[Knob, ...] = (
    Knob(
        field="start_weight",
        group="picture",
        range=Range(),
        label="Pull to start",
        called="init weight",
        tip="Holds the picture near what it started from. 0 lets it go anywhere.",
        slide=_SHARE,
        flag="--init-weight",
        help="how strongly it is pulled back to the beginning",
    ),
    Knob(
        field="learning_rate",
        group="pace",
        range=Range(most=100, least_open=True),
        label="Learning rate",
        called="learning rate",
        tip="How far each iteration moves the picture: high is bold and rough, low slow.",
        slide=Slide(low=0.005, high=2, step=0.01, box=0.01, box_most=100, places=160),
        flag="--learning-rate",
        help="how far each iteration moves the picture",
        travel="factor",
    ),
    Knob(
        field="cutouts",
        group="guidance",
        range=Range(least=1, most=4096),
        label="Cutouts",
        called="number of cutouts",
        tip="Views of the picture that CLIP gets in each iteration. More make it calmer and "
        "cleaner, and each iteration slower.",
        slide=Slide(low=1, high=256, step=1, box=1, box_most=4096, places=120),
        flag="--cutouts",
        help="views per iteration",
        whole=True,
        travel="whole",
    ),
    Knob(
        field="smooth",
        group="pace",
        range=Range(most=1),
        label="Smooth",
        called="smoothing",
        tip="Lets each spot follow its neighbours, so that noise fades and shapes grow together. "
        "0 keeps every grain.",
        slide=Slide(low=0, high=1, step=0.01, box=0.05, box_most=1),
        flag="--smooth",
        help="how far each latent follows its neighbours after an iteration, 0 to 1",
    ),
    Knob(
        field="average",
        group="pace",
        range=Range(most=1, most_open=True),
        label="Average",
        spoken="Average (EMA)",
        called="average (EMA)",
        tip="Shows the moving average (EMA) of the last iterations: calmer and softer. 0 shows "
        "each iteration as it is.",
        slide=Slide(low=0, high=0.99, step=0.01, box=0.01, box_most=1),
        flag="--average",
        help="show the moving average (EMA) of the latents with this decay; 0 is off",
    ),
    Knob(
        field="smoothness",
        group="look",
        range=Range(),
        label="Even surfaces",
        called="smoothness",
        tip="Draws neighbouring pixels together: calm planes, soft edges. 0 leaves every grain.",
        slide=Slide(low=0, high=5, step=0.05, box=0.1),
        flag="--smoothness",
        help="how strongly neighbouring pixels are drawn together (total variation)",
        travel="even",
    ),
    Knob(
        field="saturation",
        group="look",
        range=Range(least=-100, most=100),
        label="Saturation",
        called="saturation",
        tip="Draws colours away from grey: strong and bright. Below 0 they fade.",
        slide=Slide(low=-1, high=1, step=0.02, box=0.05, box_most=100),
        flag="--saturation",
        help="how strongly colours are drawn away from grey; below 0, towards it",
        travel="even",
    ),
    Knob(
        field="symmetry_left_right",
        group="look",
        range=Range(),
        label="Mirror sides",
        called="left-right symmetry",
        tip="Draws the left and the right half to mirror each other.",
        slide=Slide(low=0, high=10, step=0.1, box=0.5),
        flag="--symmetry-left-right",
        help="how strongly left and right mirror each other",
        travel="even",
    ),
    Knob(
        field="symmetry_up_down",
        group="look",
        range=Range(),
        label="Mirror ends",
        called="up-down symmetry",
        tip="Draws the upper and the lower half to mirror each other.",
        slide=Slide(low=0, high=10, step=0.1, box=0.5),
        flag="--symmetry-up-down",
        help="how strongly top and bottom mirror each other",
        travel="even",
    ),
    Knob(
        field="symmetry_rotational",
        group="look",
        range=Range(),
        label="Half turn",
        called="rotational symmetry",
        tip="Draws the picture to look the same after half a turn, as a playing card does.",
        slide=Slide(low=0, high=10, step=0.1, box=0.5),
        flag="--symmetry-rotational",
        help="how strongly it looks the same after half a turn",
        travel="even",
    ),
    Knob(
        field="palette_strength",
        group="look",
        range=Range(),
        label="Palette",
        called="palette strength",
        tip="Draws every pixel to the nearest colour of the palette below.",
        slide=Slide(low=0, high=20, step=0.2, box=0.5),
        flag="--palette-strength",
        help="how strongly each pixel is drawn to the nearest colour of the palette",
        travel="even",
    ),
    Knob(
        field="tiling",
        group="look",
        range=Range(),
        label="Tiling",
        called="tiling",
        tip="Lets opposite edges meet without a seam: the picture can be laid side by side.",
        slide=Slide(low=0, high=50, step=0.5, box=1),
        flag="--tiling",
        help="how strongly opposite edges are drawn to meet without a seam",
        travel="even",
    ),
    Knob(
        field="edge_strength",
        group="look",
        range=Range(),
        label="Edge",
        called="edge strength",
        tip="Lets the picture fade to the colour below towards its edges: vignettes, stickers.",
        slide=Slide(low=0, high=20, step=0.2, box=0.5),
        flag="--edge-strength",
        help="how strongly the picture fades to the edge colour towards its edges",
        travel="even",
    ),
)

COLOURS: tuple[Colours, ...] = (
    Colours(
        field="palette",
        strength="palette_strength",
        label="Colours",
        called="palette",
        tip="The colours that the picture is drawn to.",
        flag="--palette",
        help="its colours, such as #101820,#e0b040 or black,gold, or a picture to take them from; "
        "given without a strength, it is 5",
        most=16,
    ),
    Colours(
        field="edge",
        strength="edge_strength",
        label="Edge colour",
        called="edge colour",
        tip="What the picture fades to at its edges.",
        flag="--edge",
        help="the colour at the edges, such as white or #f4ecd8; given without a strength, it is 5",
        most=1,
    ),
)
STRENGTH = 5.0
"""Of colours that are given without one, where there was none."""

KNOB = {each.field: each for each in KNOBS}
"""By field."""

TURNED: tuple[str, ...] = (
    *(each.field for each in KNOBS),
    *(each.field for each in COLOURS),
)
"""The fields of all of them."""
