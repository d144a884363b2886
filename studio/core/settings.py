"""What a person asks of a painting: prompts, size, seed and the knobs of the loop."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

import msgspec

from studio.core.knobs import COLOURS, KNOBS, TURNED
from studio.errors import RequestError

Optimizer = Literal["adam", "adamw", "radam", "adagrad", "rmsprop"]
Start = Literal["imagined", "codes", "fractal", "gradient", "picture"]
StrokeKind = Literal["colour", "scramble", "imagine"]
Edges = Literal["reflect", "wrap"]
Preset = Literal["studio", "nerdyrodent", "crowson", "pixray", "pytti"]

OPTIMIZERS: tuple[Optimizer, ...] = get_args(Optimizer)
STARTS: tuple[Start, ...] = get_args(Start)
EDGES: tuple[Edges, ...] = get_args(Edges)
PRESETS: tuple[Preset, ...] = get_args(Preset)

LARGEST_SIDE = 8192
"""Pixels; beyond it the codes of one iteration alone no longer fit a proxy worth keeping."""

LARGEST_SEED = 2**63 - 1
LAST_ITERATION = 10**9
"""Beyond every painting, and within what the window and the file can count."""
MOST_PROMPTS = 256
MOST_PERCEPTORS = 16
MOST_STROKES = 200
"""Between two iterations."""
LONGEST_TEXT = 20_000
"""Letters of a prompt. CLIP reads some 300 of them."""

LARGEST_WEIGHT, LEAST_WEIGHT = 1000.0, 1e-6
"""Of what a person gives a prompt, either way; beyond them it is a slip, or a word of the text."""

LARGEST_STOP = 100.0
"""Either way; no loss comes near it."""


class Prompt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing the picture should (or with a negative weight should not) look like.

    Exactly one of `text`, `picture` and `noise` is given.
    """

    text: str = ""
    picture: str | None = None
    """sha256 of a picture that the project holds: an image prompt."""
    noise: int | None = None
    """Seed of a random direction in CLIP's space: a noise prompt."""
    weight: float = 1.0
    stop: float | None = None
    """Loss (spherical, times the sign of the weight) at which the prompt stops pulling."""
    mask: str | None = None
    """sha256 of a mask that the project holds; None is the whole picture."""
    on: bool = True
    """Off, it stays in the list and does not pull."""

    def __post_init__(self) -> None:
        kinds = (bool(self.text.strip()), self.picture is not None, self.noise is not None)
        if sum(kinds) != 1:
            raise RequestError("A prompt is either a text, a picture or noise; write one of them.")
        if self.noise is not None and not 0 <= self.noise <= LARGEST_SEED:
            raise RequestError(f"The seed of noise must lie between 0 and {LARGEST_SEED}.")
        if len(self.text) > LONGEST_TEXT:
            raise RequestError(
                f"A prompt has at most {LONGEST_TEXT} letters, and CLIP reads the first 300 or so; "
                "write a shorter one."
            )
        if not math.isfinite(self.weight):
            raise RequestError(f"The weight of {self.label!r} must be an ordinary number.")
        if self.stop is not None and not math.isfinite(self.stop):
            raise RequestError(f"The stop of {self.label!r} must be an ordinary number.")

    @property
    def label(self) -> str:
        """What to call the prompt in a list or a message."""
        if self.picture is not None:
            return "picture"
        if self.noise is not None:
            return f"noise {self.noise}"
        return self.text


class Motion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the picture moves from one iteration to the next."""

    zoom: float = 1.0
    """Factor: 1.01 comes one percent nearer each iteration."""
    angle: float = 0.0
    """Degrees, anticlockwise."""
    x: float = 0.0
    """Share of the width that the picture goes to the right."""
    y: float = 0.0
    """Share of the height that it goes down."""
    edges: Edges = "reflect"
    """What comes in from outside: a mirror of the picture, or its other side."""

    def __post_init__(self) -> None:
        numbers = (self.zoom, self.angle, self.x, self.y)
        _check(all(map(math.isfinite, numbers)), "A motion is made of ordinary numbers.")
        _check(0.5 <= self.zoom <= 2, "The zoom of an iteration must lie between 0.5 and 2.")
        _check(abs(self.angle) <= 180, "The turn of an iteration is at most 180 degrees.")
        _check(
            max(abs(self.x), abs(self.y)) <= 1,
            "The picture moves by at most its own width and height in an iteration.",
        )

    @property
    def is_still(self) -> bool:
        """Whether nothing moves."""
        return (self.zoom, self.angle, self.x, self.y) == (1, 0, 0, 0)


class Stroke(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was painted by hand into the picture before an iteration was painted."""

    kind: StrokeKind
    """Colour laid over the picture, or cells made new: from noise, or from what is imagined."""
    picture: str
    """sha256 of a PNG that the project holds: colours with their opacity, or a mask."""
    x: int = 0
    """Pixels from the left of the painting to the left of the PNG."""
    y: int = 0
    seed: int = 0
    """Of what is made new."""

    def __post_init__(self) -> None:
        check_seed(self.seed)
        _check(
            max(abs(self.x), abs(self.y)) <= LARGEST_SIDE, "A stroke lies somewhere on the picture."
        )


class Crossing(msgspec.Struct, frozen=True, kw_only=True):
    """Prompts on their way to other prompts: between two keyframes."""

    prompts: tuple[Prompt, ...]
    """Those that come."""
    share: float
    """How far the crossing is: between 0 and 1, both excluded."""

    def __post_init__(self) -> None:
        check_prompts(self.prompts)
        _check(0 < self.share < 1, "Prompts on their way are somewhere between 0 and 1 of it.")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that decides what the next iteration does."""

    prompts: tuple[Prompt, ...]
    size: tuple[int, int] = (256, 256)
    """Width and height in pixels."""
    seed: int = 0
    model: str = "starter"
    perceptors: tuple[str, ...] = ("starter",)
    perceptor_weights: tuple[float, ...] = ()
    """How much each perceptor counts, above 0; only what they are to each other matters.

    Empty, all count alike.
    """
    learning_rate: float = 0.2
    optimizer: Optimizer = "adam"
    cutouts: int = 16
    preset: Preset = "studio"
    start: Start = "codes"
    start_picture: str | None = None
    """sha256 of the init image, with start "picture"."""
    start_weight: float = 0.0
    """How strongly the latents are pulled back towards those of the start."""
    smooth: float = 0.05
    """How far each latent moves towards the mean around it after an iteration, 0..1.

    It spreads what the cutouts agree on and lets what none of them wants fade. 0 is the field's
    way, in which the noise of the start stays wherever nothing pulls.
    """
    smoothness: float = 0.0
    """How strongly neighbouring pixels are drawn together (total variation)."""
    saturation: float = 0.0
    """How strongly colours are drawn away from grey; below 0, towards it."""
    symmetry_left_right: float = 0.0
    """How strongly both sides are drawn to mirror each other."""
    symmetry_up_down: float = 0.0
    """The same of top and bottom."""
    symmetry_rotational: float = 0.0
    """How strongly the picture is drawn to look the same after half a turn."""
    palette_strength: float = 0.0
    """How strongly each pixel is drawn to the nearest colour of `palette`."""
    palette: tuple[str, ...] = ("#14213d", "#5b3a29", "#c8553d", "#e9c46a", "#f4ecd8")
    """As "#rrggbb"."""
    tiling: float = 0.0
    """How strongly opposite edges are drawn to meet without a seam."""
    edge_strength: float = 0.0
    """How strongly the picture fades to the colour of `edge` towards its edges."""
    edge: tuple[str, ...] = ("#ffffff",)
    """One colour, as in `palette`."""
    motion: Motion = msgspec.field(default_factory=Motion)
    crossing: Crossing | None = None
    """Where `prompts` are about to become others. Keyframes make it; nobody sets it."""
    keep: str | None = None
    """sha256 of a mask that the project holds: where the picture stays as it is."""
    average: float = 0.0
    """Decay of the moving average of the latents (EMA) that is shown; 0 shows them as they are."""

    def __post_init__(self) -> None:
        check_prompts(self.prompts)
        check_size(self.size)
        check_seed(self.seed)
        _check(bool(self.perceptors), "Name at least one CLIP.")
        _check(
            len(self.perceptors) <= MOST_PERCEPTORS,
            f"No more than {MOST_PERCEPTORS} CLIPs look at a painting; leave some out.",
        )
        _check(
            len(self.perceptor_weights) in (0, len(self.perceptors)),
            f"There are {len(self.perceptors)} CLIPs and {len(self.perceptor_weights)} weights for "
            "them; give each its own, or none.",
        )
        _check(
            all(math.isfinite(weight) and weight > 0 for weight in self.perceptor_weights),
            "The weight of a CLIP must be a number above 0; leave the CLIP out instead.",
        )
        for knob in KNOBS:
            knob.check(getattr(self, knob.field))
        for colours in COLOURS:
            colours.check(getattr(self, colours.field))
        _check(
            (self.start == "picture") == (self.start_picture is not None),
            "A painting that starts from a picture names that picture, and no other does.",
        )


DEFAULTS: Mapping[str, Any] = {
    each.name: each.default for each in msgspec.structs.fields(Settings) if not each.required
}
"""Of the fields of `Settings` that have one; a motion's is made anew."""


def knobs_off_default(settings: Settings) -> dict[str, Any]:
    """What says how it is painted and is not as it is when nothing is said, by field."""
    names = (*TURNED, "optimizer", "preset")
    return {n: v for n in names if (v := getattr(settings, n)) != DEFAULTS[n]}


def check_size(size: tuple[int, int]) -> None:
    """Raise RequestError unless both sides are between 1 pixel and `LARGEST_SIDE`."""
    for side in size:
        _check(
            1 <= side <= LARGEST_SIDE,
            f"A picture of {size[0]}x{size[1]} cannot be painted; "
            f"each side must lie between 1 and {LARGEST_SIDE} pixels.",
        )


def check_prompts(prompts: Sequence[Prompt]) -> None:
    """Raise RequestError unless there is a prompt, and no more of them than can be."""
    _check(bool(prompts), "There is no prompt; write what the picture should show.")
    _check(
        len(prompts) <= MOST_PROMPTS,
        f"A painting has at most {MOST_PROMPTS} prompts at once; leave some out.",
    )


def check_seed(seed: int) -> None:
    """Raise RequestError for a seed that is none."""
    _check(0 <= seed <= LARGEST_SEED, f"The seed must lie between 0 and {LARGEST_SEED}.")


def _check(holds: bool, message: str) -> None:
    if not holds:
        raise RequestError(message)
