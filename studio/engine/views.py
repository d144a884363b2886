"""Where CLIP looks: the random parameters of a step's views, drawn but not yet looked through."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise

import torch
from torch import Tensor

from studio.engine.recipes import Border, Framing, Range, Recipe

NOISE_ROOM = 512
"""Pixels along each axis within which the window of a view on the noise field is placed."""

CLOUD = 5
"""Colours along each side of a cloud."""

LUMA = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in a grey as light as the colour (ITU-R BT.601)."""


SENT: dict[str, tuple[int, ...]] = {
    "homography": (3, 3),
    "colour": (3, 4),
    "erased": (4,),
    "shade": (),
    "noise": (),
    "veil": (),
    "cloud": (3, CLOUD, CLOUD),
}
"""What a device needs of a view, and its shape."""


@dataclass(frozen=True)
class Views:
    """n views: small tensors on the CPU, and once `sent`, what a device needs of them there too.

    Coordinates run from -1 to 1 from the left and upper edge of the first pixel to the right and
    lower edge of the last, so that the same views fit pictures and views of any size.
    """

    homography: Tensor
    """(n, 3, 3) float32: from view coordinates (x, y, 1) to those of the canvas, as x/w and y/w."""
    colour: Tensor
    """(n, 3, 4) float32: red, green, blue and 1 to red, green and blue."""
    erased: Tensor
    """(n, 4) float32: left, top, right and bottom of a box in view coordinates; zeros for none."""
    shade: Tensor
    """(n,) float32 in 0..1: grey of the box, and of a plain border."""
    noise: Tensor
    """(n,) float32: deviation of the noise."""
    noise_at: Tensor
    """(n, 2) int64 below NOISE_ROOM: row and column where the view's window on the field starts."""
    veil: Tensor
    """(n,) float32 in 0..1: how much of the view its cloud hides."""
    cloud: Tensor
    """(n, 3, CLOUD, CLOUD) float32 in 0..1: colours, to be spread smoothly over the view."""
    border: tuple[Border, ...]
    """What each view shows beyond the picture."""
    rows: Tensor | None = None
    """(n, numbers) float32 on a device: all of SENT, one after the other."""

    def __len__(self) -> int:
        return len(self.border)

    def part(self, first: int, last: int) -> Views:
        """The views first..last-1; looked through, they show exactly what they show among all."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        parts = {name: of[first:last] for name, of in given.items() if of is not None}
        return Views(**parts)

    def sent(self, device: torch.device) -> Views:
        """The same, ready to be looked through on a device: one copy, which nothing waits for."""
        if device.type == "cpu":
            return self
        rows = torch.cat([getattr(self, name).reshape(len(self), -1) for name in SENT], dim=1)
        is_cuda = device.type == "cuda"
        rows = (rows.pin_memory() if is_cuda else rows).to(device, non_blocking=is_cuda)
        return replace(self, rows=rows)

    def there(self, name: str, picture: Tensor) -> Tensor:
        """One of SENT, on the device and in the precision of a picture."""
        if self.rows is None:
            here: Tensor = getattr(self, name)
            return here.to(picture.device, picture.dtype)
        parts = self.rows.split([math.prod(shape) for shape in SENT.values()], dim=1)
        part = parts[list(SENT).index(name)]
        return part.reshape(len(self), *SENT[name]).to(picture.dtype)

    def centres(self) -> Tensor:
        """(n, 2): x and y of the canvas point in the middle of each view."""
        return self.homography[:, :2, 2] / self.homography[:, 2:, 2]

    def spans(self) -> Tensor:
        """(n, 2): how much of the canvas's width and height a view spans, measured at its middle.

        The length of each row of the Jacobian there: 1 for a view of the whole, upright or turned.
        """
        pull = self.centres()[:, :, None] * self.homography[:, 2:, :2]  # (n, 2, 2)
        jacobian = (self.homography[:, :2, :2] - pull) / self.homography[:, 2:, 2:]
        lengths: Tensor = torch.linalg.vector_norm(jacobian, dim=2)
        return lengths


def joined(views: Sequence[Views]) -> Views:
    """Several sets of views as one, before any is sent."""
    names = [field.name for field in fields(Views) if field.name not in ("border", "rows")]
    tensors = {name: torch.cat([getattr(each, name) for each in views]) for name in names}
    return Views(**tensors, border=tuple(edge for each in views for edge in each.border))


def draw_views(
    count: int,
    size: tuple[int, int],
    resolution: int,
    recipe: Recipe,
    generator: torch.Generator,
    *,
    veil: float = 0.0,
) -> Views:
    """Draw the views of a step for a canvas of `size` (width, height) pixels.

    `resolution` is the side in pixels of the sharpest view they will be looked through at; only
    framings that are never enlarged mind it. `veil` is the largest share that a cloud may hide. All
    chance comes from `generator`, on the CPU. Views of one framing stand together, in the order of
    the recipe.
    """
    border: list[Border] = []
    placed = []
    for framing, number in zip(
        recipe.framings, _numbers(recipe.framings, count, generator), strict=True
    ):
        placed.append(_placed(framing, size, resolution, _Dice(number, generator)))
        choice = int(torch.randint(len(framing.borders), (), generator=generator))
        border += [framing.borders[choice]] * number
    dice = _Dice(count, generator)
    homography = torch.cat(placed)
    homography[:, :, 0] *= torch.where(dice.chance(recipe.flip), -1.0, 1.0)[:, None]
    drawn = Views(
        homography=homography.float(),
        colour=_colours(recipe, dice).float(),
        erased=_boxes(recipe, dice).float(),
        shade=dice.within(recipe.shade).float(),
        noise=dice.within(recipe.noise).float(),
        noise_at=torch.randint(NOISE_ROOM, (count, 2), generator=generator),
        veil=torch.zeros(count),
        cloud=torch.zeros(count, 3, CLOUD, CLOUD),
        border=tuple(border),
    )
    if not veil:
        return drawn
    cloud = torch.rand(count, 3, CLOUD, CLOUD, generator=generator)
    return replace(drawn, veil=dice.within((0.0, veil)).float(), cloud=cloud)


@dataclass(frozen=True)
class _Dice:
    """Throws one number for each of `count` views, in double precision."""

    count: int
    generator: torch.Generator

    def even(self) -> Tensor:
        return torch.rand(self.count, generator=self.generator, dtype=torch.float64)

    def within(self, limits: Range) -> Tensor:
        low, high = limits
        return low + (high - low) * self.even()

    def about(self, middle: float, reach: float) -> Tensor:
        return self.within((middle - reach, middle + reach))

    def chance(self, probability: float) -> Tensor:
        return self.even() < probability


def _numbers(framings: Sequence[Framing], count: int, generator: torch.Generator) -> list[int]:
    """How many views each framing gets: its share to within one view, and on average exactly.

    Systematic sampling: evenly spaced marks with one random start (Madow and Madow, 1944).
    """
    start = float(torch.rand((), generator=generator))
    reached, bounds = 0.0, [0]
    for framing in framings[:-1]:
        reached += framing.share
        bounds.append(max(0, math.ceil(count * reached - start)))
    bounds.append(count)
    return [last - first for first, last in pairwise(bounds)]


def _placed(framing: Framing, size: tuple[int, int], resolution: int, dice: _Dice) -> Tensor:
    """(n, 3, 3): perspective, then turn, shear and shift, then the place on the canvas."""
    return _crops(framing, size, resolution, dice) @ _affine(framing, dice) @ _tilts(framing, dice)


def _crops(framing: Framing, size: tuple[int, int], resolution: int, dice: _Dice) -> Tensor:
    """(n, 3, 3): from the view's square to its upright place on the canvas."""
    width, height = size
    side = _sides(framing, resolution / min(size), dice)
    aspect = dice.within(framing.aspect).sqrt()
    pixels = torch.where(dice.chance(framing.letterboxed), max(size), min(size)) * side
    squashed = dice.chance(framing.squashed)
    across = torch.where(squashed, side, pixels / width) * aspect
    down = torch.where(squashed, side, pixels / height) / aspect
    nil = torch.zeros_like(side)
    right, below = _places(framing, across, dice), _places(framing, down, dice)
    return _matrices((across, nil, right), (nil, down, below))


def _sides(framing: Framing, enlarged_below: float, dice: _Dice) -> Tensor:
    """(n,): sides of the views in short sides of the canvas."""
    low, high = framing.side
    if framing.never_enlarged:
        low = min(high, max(low, enlarged_below))
    even = dice.even()
    if framing.normal is None:
        return low + (high - low) * even**framing.power
    mean, deviation = framing.normal
    # the inverse of the normal distribution turns one even number into one normal number
    normal = torch.special.ndtri(even)
    sides: Tensor = (mean + deviation * normal).clamp(low, high) ** framing.power
    return sides


def _places(framing: Framing, span: Tensor, dice: _Dice) -> Tensor:
    """(n,): middle of each view along one axis, so that none leaves the canvas that fits in it."""
    room = (1 - span).abs()  # a view larger than the canvas moves as far as it still covers it
    return (dice.about(0.0, 1.0) * (room + 2 * framing.overrun)).clamp(-room, room)


def _affine(framing: Framing, dice: _Dice) -> Tensor:
    """(n, 3, 3): turn, shear and shift, about the middle of the view."""
    turn = torch.deg2rad(dice.within(framing.degrees))
    lean = torch.tan(torch.deg2rad(dice.within(framing.shear)))
    right, down = (2 * dice.about(0.0, reach) for reach in framing.shift)
    cos, sin = torch.cos(turn), torch.sin(turn)
    # y points down: the right of the view shows what lies below in a picture turned to the left
    moved = _matrices((cos, cos * lean - sin, right), (sin, sin * lean + cos, down))
    return _sometimes(dice.chance(framing.affine), moved)


def _tilts(framing: Framing, dice: _Dice) -> Tensor:
    """(n, 3, 3): a perspective that takes four moved corners to those of the square.

    Eight linear equations in the entries but the last, which is 1 (Hartley and Zisserman, Multiple
    View Geometry, section 4.1); so the middle of the view lies before the camera.
    """
    corners = ((-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0))
    one = torch.ones(dice.count, dtype=torch.float64)
    nil = torch.zeros_like(one)
    rows = []
    for to_x, to_y in corners:
        x, y = (end * (1 - dice.within(framing.perspective)) for end in (to_x, to_y))
        rows.append(torch.stack((x, y, one, nil, nil, nil, -to_x * x, -to_x * y), dim=1))
        rows.append(torch.stack((nil, nil, nil, x, y, one, -to_y * x, -to_y * y), dim=1))
    equations = torch.stack(rows, dim=1)  # (n, 8, 8)
    entries = torch.linalg.solve(equations, equations.new_tensor(corners).flatten())
    tilted = torch.cat((entries, one[:, None]), dim=1).view(-1, 3, 3)
    return _sometimes(dice.chance(framing.perspective_chance), tilted)


def _boxes(recipe: Recipe, dice: _Dice) -> Tensor:
    """(n, 4): boxes to blot out, in view coordinates, or zeros."""
    count = dice.count
    if recipe.erased_together:
        dice = _Dice(1, dice.generator)
    low, high = recipe.erased_aspect
    area = dice.within(recipe.erased_area)
    aspect = torch.exp(dice.within((math.log(low), math.log(high))))
    # in view coordinates the whole view is 2 wide
    width = 2 * (area / aspect).sqrt().clamp(max=1.0)
    height = 2 * (area * aspect).sqrt().clamp(max=1.0)
    left, top = (2 - width) * dice.even() - 1, (2 - height) * dice.even() - 1
    boxes = torch.stack((left, top, left + width, top + height), dim=1)
    return (boxes * dice.chance(recipe.erased)[:, None]).expand(count, 4).contiguous()


def _colours(recipe: Recipe, dice: _Dice) -> Tensor:
    """(n, 3, 4): brightness and lift, contrast, saturation and hue in this order.

    Brightness, contrast and saturation mix with black, middle grey and the pixel's own grey; hue
    turns about the grey axis (Haeberli, Matrix Operations for Image Processing, 1993).
    """
    factor = dice.about(1.0, recipe.brightness)
    lift = dice.about(0.0, recipe.lift)
    contrast = dice.about(1.0, recipe.contrast)
    lift = contrast * lift + (1 - contrast) / 2
    # saturation and hue leave greys alone, so also what is added to all channels
    linear = (factor * contrast)[:, None, None] * _chroma(recipe, dice)
    changed = torch.cat((linear, lift[:, None, None].expand(-1, 3, 1)), dim=2)
    return _sometimes(dice.chance(recipe.jitter), changed)


def _chroma(recipe: Recipe, dice: _Dice) -> Tensor:
    """(n, 3, 3): saturation, then hue; both leave greys alone.

    A turn about (1, 1, 1) by Rodrigues' formula takes red to green to blue as HSV does, and keeps
    the mean of the channels where HSV keeps the largest; a turn in YIQ was twice as far from HSV.
    """
    identity = torch.eye(3, dtype=torch.float64)
    saturation = dice.about(1.0, recipe.saturation)[:, None, None]
    saturated = saturation * identity + (1 - saturation) * identity.new_tensor(LUMA)
    angle = 2 * math.pi * dice.about(0.0, recipe.hue)[:, None, None]
    around = identity.new_tensor([[0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / math.sqrt(3)
    cos, sin = torch.cos(angle), torch.sin(angle)
    turned = cos * identity + (1 - cos) / 3 + sin * around
    chroma: Tensor = turned @ saturated
    return chroma


def _matrices(*rows: tuple[Tensor, Tensor, Tensor]) -> Tensor:
    """(n, 3, 3): two rows of (n,) entries over the row 0, 0, 1."""
    upper = torch.stack([torch.stack(row, dim=1) for row in rows], dim=1)
    lower = upper.new_tensor([0.0, 0.0, 1.0]).expand(len(upper), 1, 3)
    return torch.cat((upper, lower), dim=1)


def _sometimes(chosen: Tensor, matrices: Tensor) -> Tensor:
    """(n, rows, columns): the identity where not chosen."""
    unchanged = torch.eye(*matrices.shape[1:], dtype=matrices.dtype)
    return torch.where(chosen[:, None, None], matrices, unchanged)
