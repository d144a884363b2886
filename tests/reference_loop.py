"""The painting loop of nerdyrodent's generate.py as its formulae say it, in stock operations.

What `bench` compares with. Nothing is made faster here: the picture is pooled anew for every
cutout, the codes are looked up by a product with one-hot rows, and taming's and clip's own modules
compute as they do by themselves. On a GPU CLIP is in half precision, as `clip.load` leaves it.

As a program it is one of `bench`'s processes: `python reference_loop.py COURSE`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from clip.model import convert_weights
from numpy.typing import NDArray
from torch import Tensor, nn

from studio.core.settings import Settings
from studio.engine import laps
from studio.engine.painter import generator, to_pixels
from studio.engine.perceptor import DEVIATION, MEAN, Perceptor
from studio.engine.vqgan import VQGAN
from tests.engine.reference import Taming, clips_own

CHANCE = 0.7
"""Of each augmentation."""


class ReferenceLoop:
    """Paints towards the first prompt of the settings, with Adam at their learning rate."""

    def __init__(
        self, vqgan: VQGAN, perceptor: Perceptor, settings: Settings, device: torch.device
    ) -> None:
        torch.manual_seed(settings.seed)
        self.device, self.count = device, settings.cutouts
        self.vqgan, self.clip = Taming(vqgan).to(device), clips_own(perceptor)
        for module in self.vqgan.modules():
            if isinstance(module, nn.GroupNorm):
                module.num_groups = vqgan.config.norm_groups
        self.side = perceptor.resolution
        with torch.no_grad():
            rows = torch.tensor([perceptor.rows(settings.prompts[0].text)])
            self.wanted = self.clip.encode_text(rows).float().to(device)
        if device.type == "cuda":
            convert_weights(self.clip)
        self.clip.to(device)
        self.codebook = self.vqgan.quantize.embedding.weight  # (codes, channels)
        self.low = self.codebook.amin(0)[None, :, None, None]
        self.high = self.codebook.amax(0)[None, :, None, None]
        width, height = (side // vqgan.config.factor for side in settings.size)
        dice = generator(settings.seed)
        start = torch.randint(len(self.codebook), (1, height, width), generator=dice).to(device)
        self.z = self.codebook[start].permute(0, 3, 1, 2).clone().requires_grad_()
        self.optimizer = torch.optim.Adam([self.z], lr=settings.learning_rate)

    def step(self) -> Tensor:
        """Paint one iteration; returns the loss, still on the device."""
        self.optimizer.zero_grad(set_to_none=True)
        self.shown = self.synth()
        loss = self.loss(self.shown)
        loss.backward()
        self.optimizer.step()
        with torch.no_grad():
            self.z.copy_(self.z.maximum(self.low).minimum(self.high))
        return loss.detach()

    def picture(self) -> NDArray[np.uint8]:
        """That of the newest iteration, (H, W, 3)."""
        return to_pixels(self.shown.detach())

    def synth(self) -> Tensor:
        """The picture of the latents, (1, 3, H, W) in 0..1."""
        x = self.z.movedim(1, 3)  # (1, h, w, channels)
        distances = (
            x.pow(2).sum(-1, keepdim=True) + self.codebook.pow(2).sum(1) - 2 * x @ self.codebook.T
        )
        rows = F.one_hot(distances.argmin(-1), len(self.codebook)).to(x.dtype)
        quantized = Replaced.apply(rows @ self.codebook, x).movedim(3, 1)
        return Clamped.apply(self.vqgan.decode(quantized) / 2 + 0.5)

    def loss(self, picture: Tensor) -> Tensor:
        """Mean of 2 asin(chord / 2)^2 between the prompt and what CLIP sees in the cutouts."""
        mean, deviation = (
            torch.tensor(numbers, device=self.device).view(1, 3, 1, 1)
            for numbers in (MEAN, DEVIATION)
        )
        cutouts = (self.cutouts(picture) - mean) / deviation
        seen = F.normalize(self.clip.encode_image(cutouts).float(), dim=-1)
        chord = (seen - F.normalize(self.wanted, dim=-1)).norm(dim=-1)
        return chord.div(2).arcsin().pow(2).mul(2).mean()

    def cutouts(self, picture: Tensor) -> Tensor:
        """The whole picture so many times, each pooled and disturbed by itself: (n, 3, R, R)."""
        pooled = [
            (F.adaptive_avg_pool2d(picture, self.side) + F.adaptive_max_pool2d(picture, self.side))
            / 2
            for _ in range(self.count)
        ]
        views = torch.cat(pooled)
        for disturbed in (sloped, tilted, recoloured):
            views = sometimes(disturbed, views)
        views = erased(views)
        strength = torch.empty(self.count, 1, 1, 1, device=self.device).uniform_(0, 0.1)
        return views + strength * torch.randn_like(views)


class Replaced(torch.autograd.Function):
    """Straight through: the first forward, the gradient to the second (arXiv:1308.3432)."""

    @staticmethod
    def forward(ctx: object, forward: Tensor, backward: Tensor) -> Tensor:
        return forward

    @staticmethod
    def backward(ctx: object, gradient: Tensor) -> tuple[None, Tensor]:
        return None, gradient


class Clamped(torch.autograd.Function):
    """Within 0..1; of the gradient goes what would push a value further out."""

    @staticmethod
    def forward(ctx, x: Tensor) -> Tensor:  # type: ignore[no-untyped-def]
        ctx.save_for_backward(x)
        return x.clamp(0, 1)

    @staticmethod
    def backward(ctx, gradient: Tensor) -> Tensor:  # type: ignore[no-untyped-def]
        (x,) = ctx.saved_tensors
        return gradient * (gradient * (x - x.clamp(0, 1)) >= 0)


def sometimes(disturbed: Callable[[Tensor], Tensor], views: Tensor) -> Tensor:
    """Some views disturbed, the others as they are."""
    chosen = torch.rand(len(views), device=views.device) < CHANCE
    if not chosen.any():
        return views
    result = views.clone()
    result[chosen] = disturbed(views[chosen])
    return result


def sloped(views: Tensor) -> Tensor:
    """Turned by up to 15 degrees, sheared by up to 5, moved down by up to a tenth."""
    count = len(views)
    angle, lean = (math.radians(most) * either_way(count, views) for most in (15, 5))
    down = 0.2 * either_way(count, views)  # the picture is 2 high
    cos, sin, shear, zero = angle.cos(), angle.sin(), lean.tan(), torch.zeros_like(angle)
    upper = torch.stack((cos, sin - shear * cos, zero), 1)
    lower = torch.stack((-sin, cos + shear * sin, down), 1)
    grid = F.affine_grid(torch.stack((upper, lower), 1), list(views.shape), align_corners=False)
    return F.grid_sample(views, grid, align_corners=False)


def tilted(views: Tensor) -> Tensor:
    """Each corner moved inwards by up to 0.7 of the way to the middle, along each axis."""
    count, side = len(views), views.shape[-1]
    corners = views.new_tensor([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    moved = corners * (1 - 0.7 * torch.rand(count, 4, 2, device=views.device))
    along = (2 * torch.arange(side, device=views.device) + 1) / side - 1
    y, x = torch.meshgrid(along, along, indexing="ij")
    points = torch.stack((x, y, torch.ones_like(x)), -1).view(-1, 3)
    seen = points @ homography(moved, corners.expand(count, 4, 2)).mT
    grid = (seen[..., :2] / seen[..., 2:]).view(count, side, side, 2)
    return F.grid_sample(views, grid, align_corners=False)


def homography(here: Tensor, there: Tensor) -> Tensor:
    """(n, 3, 3) that takes four points each to four others, (n, 4, 2) both."""
    (x, y), (u, v) = here.unbind(-1), there.unbind(-1)
    one, zero = torch.ones_like(x), torch.zeros_like(x)
    first = torch.stack((x, y, one, zero, zero, zero, -u * x, -u * y), -1)
    second = torch.stack((zero, zero, zero, x, y, one, -v * x, -v * y), -1)
    found = torch.linalg.solve(torch.cat((first, second), 1), torch.cat((u, v), 1))
    return F.pad(found, (0, 1), value=1).view(-1, 3, 3)


def recoloured(views: Tensor) -> Tensor:
    """Lightness, contrast, saturation and hue by up to a tenth, in an order of chance."""
    by = 0.1 * torch.empty(4, len(views), 1, 1, 1, device=views.device).uniform_(-1, 1)
    changes: list[Callable[[Tensor], Tensor]] = [
        lambda x: (x + by[0]).clamp(0, 1),
        lambda x: (x * (1 + by[1])).clamp(0, 1),
        lambda x: from_hsv(to_hsv(x) * torch.cat((one, 1 + by[2], one), 1)),
        lambda x: from_hsv(to_hsv(x) + torch.cat((by[3], zero, zero), 1)),
    ]
    one, zero = torch.ones_like(by[0]), torch.zeros_like(by[0])
    for number in torch.randperm(4).tolist():
        views = changes[number](views)
    return views


def to_hsv(rgb: Tensor) -> Tensor:
    """Hue in turns, saturation and value (Smith, Color Gamut Transform Pairs, 1978)."""
    value, low = rgb.amax(1), rgb.amin(1)
    spread = value - low
    divisor = torch.where(spread == 0, 1, spread)
    r, g, b = rgb.unbind(1)
    sector = torch.where(
        value == r,
        (g - b) / divisor,
        torch.where(value == g, 2 + (b - r) / divisor, 4 + (r - g) / divisor),
    )
    return torch.stack((sector / 6 % 1, spread / (value + 1e-6), value), 1)


def from_hsv(hsv: Tensor) -> Tensor:
    """Red, green and blue; a saturation beyond 0..1 is taken for the nearest."""
    hue, saturation, value = hsv.unbind(1)
    channels = []
    for offset in (5, 3, 1):
        place = (offset + 6 * hue) % 6
        less = torch.minimum(place, 4 - place).clamp(0, 1)
        channels.append(value * (1 - saturation.clamp(0, 1) * less))
    return torch.stack(channels, 1)


def erased(views: Tensor) -> Tensor:
    """A box of a tenth to four tenths of the area blacked out, the same in all views."""
    if torch.rand(()) >= CHANCE:
        return views
    side = views.shape[-1]
    area = (0.1 + 0.3 * torch.rand(()).item()) * side**2
    aspect = math.exp((2 * torch.rand(()).item() - 1) * math.log(0.3))
    height, width = (min(side, round((area * by) ** 0.5)) for by in (aspect, 1 / aspect))
    top, left = (int(torch.randint(side - size + 1, ())) for size in (height, width))
    kept = torch.ones_like(views[:1, :1])
    kept[:, :, top : top + height, left : left + width] = 0
    return views * kept


def either_way(count: int, like: Tensor) -> Tensor:
    """(count,) even draws from -1..1."""
    return torch.empty(count, device=like.device).uniform_(-1, 1)


def main() -> None:
    course = laps.course()
    device = laps.device(course)
    vqgan, perceptors = laps.models(course)
    perceptor = perceptors[course.settings.perceptors[0]]
    if course.sits:
        laps.sit(partial(ReferenceLoop, vqgan, perceptor, device=device), device)
        return
    for weight in vqgan.parameters():  # nerdyrodent's reads its checkpoints whole
        weight.data = weight.data.clone()
    loop = ReferenceLoop(vqgan, perceptor, course.settings, device)
    del vqgan, perceptors, perceptor  # it has its own copy of the weights
    laps.run(loop.step, device)


if __name__ == "__main__":
    main()
