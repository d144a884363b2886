"""The painting loop: one iteration as a function `(state, settings) -> (state, Step)`.

Quantize the latents, decode, look through cutouts, compare with the prompts, move the latents
(Crowson et al. 2022, arXiv:2204.08583). The painter keeps nothing between iterations but caches;
everything random in iteration i comes from (seed, i), so any iteration can be painted again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any

import msgspec
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from studio.core.crossing import Pull, pulls, subject
from studio.core.settings import Motion, Optimizer, Prompt, Settings, Stroke
from studio.engine import device as devices
from studio.engine.guidance import (
    Target,
    aims_in,
    crossed,
    encode_views,
    view_losses,
    view_shares,
)
from studio.engine.imagination import Imagination, imagine, imagined_latents
from studio.engine.losses import Painted, summed
from studio.engine.motion import warped, warped_moments
from studio.engine.optimizers import follow
from studio.engine.perceptor import Perceptor
from studio.engine.recipes import RECIPES
from studio.engine.regions import Look, cells, contained, frame_of, looks, sent, untouched
from studio.engine.start import first_picture
from studio.engine.vqgan import VQGAN
from studio.engine.why import PLACES, answers
from studio.errors import RequestError, StudioError
from studio.log import log

FEWEST_AT_ONCE, SIDE_AT_ONCE = 8, 224
"""Cutouts per pass on a CPU, at this resolution: more take more memory and no less time (measured).

Of smaller ones as many as have the same pixels: below 16 a thread alone convolves more slowly.
"""
TOUCHED = 0.02
"""How strongly a cell is painted over by hand before it is encoded anew."""
MOST_TARGETS = 1000
"""Prompts whose embeddings are remembered."""
MOST_MASKS = 64
"""Masks that are remembered: while somebody paints one, every stroke makes another."""
DRAWN_FOR_START = 2**40
"""Stands for the iteration in the random stream of what is drawn before the first one."""

Watch = Callable[[str], AbstractContextManager[object]]


@dataclass(frozen=True)
class State:
    """All that the next iteration depends on besides the settings."""

    iteration: int
    """How many iterations have been painted, and so the number of the next."""
    z: Tensor
    """Latents, (1, C, h, w) float32."""
    optimizer: Optimizer | None = None
    moments: dict[str, Tensor] = field(default_factory=dict)
    """What the optimizer remembers, under torch's own names."""
    average: Tensor | None = None
    """Moving average of z (EMA), not yet corrected for its start at zero."""
    average_share: float = 0.0
    """The share of real latents in `average`, by which it is divided when shown."""
    views_at_once: int | None = None
    """Cutouts per pass since memory last ran out; None before it ever did."""
    kept: Tensor | None = None
    """(1, 1, h, w) in 0..1: cells that stay as they are, where motion has carried them by now."""
    keep: str | None = None
    """The mask that `kept` was made from."""

    @property
    def cells(self) -> tuple[int, int]:
        """Rows and columns of the latents."""
        height, width = self.z.shape[2:]
        return height, width

    def to_bytes(self) -> bytes:
        """The whole state as safetensors."""
        tensors = {"z": self.z} | {f"moment.{k}": v for k, v in self.moments.items()}
        if self.average is not None:
            tensors["average"] = self.average
        if self.kept is not None:
            tensors["kept"] = self.kept
        about = {
            "iteration": str(self.iteration),
            "optimizer": self.optimizer or "",
            "average_share": self.average_share.hex(),
            "views_at_once": str(self.views_at_once or 0),
            "keep": self.keep or "",
        }
        return save({k: v.detach().cpu().contiguous() for k, v in tensors.items()}, about)


@dataclass(frozen=True)
class Step:
    """What one iteration showed. The losses are those of this picture."""

    iteration: int
    losses: tuple[float, ...]
    """Weighted loss of every prompt, in the order of the settings; of every pull while prompts
    cross (`core.crossing.pulls`)."""
    total: float
    codes: NDArray[np.uint16]
    """(h, w) rows of the codebook; decoding them gives the picture again."""
    picture: NDArray[np.uint8]
    """(H, W, 3) RGB."""
    seconds: float
    why: NDArray[np.float32]
    """(prompts, 2, n, n): where views were like each prompt, and how many views those were; see
    `engine.why.answers`."""
    is_finite: bool
    """Whether the state after it has only ordinary numbers, so that painting can go on."""


class Painter:
    """A VQGAN and its perceptors, ready to paint.

    `pictures` maps the sha256 names that settings use for image prompts, init images (H, W, 3) and
    masks (H, W) to uint8 arrays. `imagination` brings the VQGAN's, where it has one, when a
    painting starts from it. `watch` wraps each stage of a step, for measuring.
    """

    def __init__(
        self,
        vqgan: VQGAN,
        perceptors: Mapping[str, Perceptor],
        *,
        pictures: Mapping[str, NDArray[np.uint8]] | None = None,
        device: torch.device | None = None,
        imagination: Callable[[], Imagination] | None = None,
        watch: Watch = lambda stage: nullcontext(),
    ) -> None:
        self.device = device or torch.device("cpu")
        self.vqgan = vqgan.to(self.device)
        self.perceptors = {name: model.to(self.device) for name, model in perceptors.items()}
        self.pictures = pictures or {}
        self._imagination = imagination
        self._watch = watch
        self._targets: dict[tuple[object, ...], Target] = {}
        self._starts: dict[tuple[object, ...], Tensor] = {}
        self._masks: dict[str, Tensor] = {}
        self._range = self.vqgan.latent_range()

    @torch.no_grad()
    def start(self, settings: Settings) -> State:
        """The state before the first iteration.

        Raises StudioError when the picture it begins with does not fit into memory.
        """
        try:
            return State(0, self._start(settings))
        except (RuntimeError, MemoryError) as error:
            if not devices.is_out_of_memory(error):
                raise
        raise StudioError(
            f"Memory ran out at {settings.size[0]}x{settings.size[1]} before the first iteration; "
            "paint a smaller picture, or close other programs."
        )

    def step(
        self, state: State, settings: Settings, strokes: Sequence[Stroke] = ()
    ) -> tuple[State, Step]:
        """Paint one iteration, after the strokes that were made by hand before it.

        When memory runs out the iteration is painted again with half as many cutouts per pass, down
        to one; the number of cutouts and the size of the picture stay. Raises StudioError when that
        is not enough, and RequestError for prompts that CLIP cannot read.
        """
        while True:
            try:
                return self._step(state, settings, strokes)
            except (RuntimeError, MemoryError) as error:
                if not devices.is_out_of_memory(error):
                    raise
                at_once = self._views_at_once(state, settings)
            if at_once == 1:
                raise StudioError(
                    f"Memory ran out at {settings.size[0]}x{settings.size[1]} even with one cutout "
                    "per pass; paint a smaller picture, or close other programs."
                )
            devices.free_cache(self.device)
            state = replace(state, views_at_once=(at_once + 1) // 2)
            log.warning(
                "Memory ran out; painting on with %d of %d cutouts per pass.",
                state.views_at_once,
                settings.cutouts,
            )

    @torch.no_grad()
    def picture(self, codes: NDArray[np.uint16]) -> NDArray[np.uint8]:
        """The picture of codes: (h, w) -> (H, W, 3) RGB."""
        rows = torch.from_numpy(codes.astype(np.int64))[None].to(self.device)
        return to_pixels(self.vqgan.decode(self.vqgan.vectors_of(rows)) / 2 + 0.5)

    def unknown_words(self, settings: Settings) -> dict[str, list[str]]:
        """For each perceptor in use, the words of the prompts that it was never taught."""
        coming = () if settings.crossing is None else settings.crossing.prompts
        return {
            name: [
                word
                for prompt in (*settings.prompts, *coming)
                for word in self.perceptors[name].unknown_words(prompt.text)
            ]
            for name in settings.perceptors
        }

    def _step(
        self, state: State, settings: Settings, strokes: Sequence[Stroke]
    ) -> tuple[State, Step]:
        began = time.perf_counter()
        devices.keep_freed_memory(settings.size)
        state = self._holding(state, settings)
        if state.iteration > 0 and not settings.motion.is_still:
            with self._watch("motion"):
                state = self._carried(state, settings.motion)
        for number, stroke in enumerate(strokes):
            state = self._struck(state, stroke, settings, number)
        perceptors = [self.perceptors[name] for name in settings.perceptors]
        self._forget()
        pulling = pulls(settings.prompts, settings.crossing)
        targets = [self._crossed(pull, settings.perceptors) for pull in pulling]
        recipe = RECIPES[settings.preset]
        drawn = sent(
            looks(
                targets,
                settings.cutouts,
                (
                    state.z.shape[3] * self.vqgan.config.factor,
                    state.z.shape[2] * self.vqgan.config.factor,
                ),
                max(perceptor.resolution for perceptor in perceptors),
                recipe,
                generator(settings.seed, state.iteration),
                veil=recipe.veil_in(state.iteration),
            ),
            self.device,
        )
        z = state.z.clone().requires_grad_()
        with self._watch("quantize"):
            quantized, codes = self.vqgan.quantized(z)
        with self._watch("decode"):
            picture = clamp_with_gradient(self.vqgan.decode(quantized) / 2 + 0.5)
        at_once = self._views_at_once(state, settings)
        seeing = perceptors, settings.perceptor_weights
        losses, gradient, in_views = self._look(picture, drawn, *seeing, targets, at_once)
        with self._watch("decode backward"):
            painted = Painted(picture, z, partial(self._start, settings), settings)
            further = _pulled_back(painted, gradient, settings)
        with self._watch("optimizer"):
            after = self._moved(state, settings, z, _held(state, targets))
        shown_codes, shown = codes, picture
        if after.average is not None:
            with torch.no_grad():
                quantized, shown_codes = self.vqgan.quantized(after.average / after.average_share)
                shown = self.vqgan.decode(quantized) / 2 + 0.5
        ends = torch.stack((after.z.isfinite().all().float(), losses.sum(), *further))
        numbers, rows, pixels = fetched(
            torch.cat((ends, losses, *(each.flatten() for each in in_views))),
            shown_codes[0].to(torch.int32),
            pixels_of(shown.detach()),
        )
        is_finite, total, *others = numbers[: len(ends)].tolist()
        each = numbers[len(ends) : len(ends) + len(targets)].tolist()
        step = Step(
            iteration=state.iteration,
            losses=tuple(each),
            total=total + sum(others),
            codes=rows.astype(np.uint16),
            picture=pixels,
            seconds=time.perf_counter() - began,
            is_finite=bool(is_finite),
            why=_answered(drawn, numbers[len(ends) + len(targets) :], len(targets)),
        )
        return after, step

    def _look(
        self,
        picture: Tensor,
        drawn: Sequence[Look],
        perceptors: Sequence[Perceptor],
        weights: Sequence[float],
        targets: Sequence[Target],
        at_once: int,
    ) -> tuple[Tensor, Tensor, list[Tensor]]:
        """Loss of each prompt, (prompts,), and the gradient of their sum in the picture.

        Last, for each look, the loss of its prompts in its views.
        """
        canvas = picture.detach().requires_grad_()
        losses: dict[int, Tensor] = {}
        all_in_views = []
        for look in drawn:
            views, chosen = look.views, [targets[row] for row in look.rows]
            shares = view_shares(chosen, views, self.device)
            total, parts = torch.zeros(len(chosen), device=self.device), []
            for first in range(0, len(views), at_once):
                part = views.part(first, min(first + at_once, len(views)))
                with self._watch("cutouts and CLIP"):
                    shown = contained(canvas, look.mask)
                    seen = [encode_views(perceptor, shown, part) for perceptor in perceptors]
                    with torch.no_grad():
                        aims = aims_in(chosen, perceptors, part)
                    in_views = view_losses(seen, chosen, aims, weights)
                    part_losses = (in_views * shares[:, first : first + len(part)]).sum(1)
                with self._watch("cutouts and CLIP backward"):
                    part_losses.sum().backward()
                total += part_losses.detach()
                parts.append(in_views.detach())
            all_in_views.append(torch.cat(parts, 1))
            losses |= zip(look.rows, total.unbind(), strict=True)
        assert canvas.grad is not None
        told = torch.stack([losses[row] for row in range(len(targets))])
        return told, canvas.grad, all_in_views

    def _views_at_once(self, state: State, settings: Settings) -> int:
        perceptors = (self.perceptors[name] for name in settings.perceptors)
        most = views_at_once(self.device, perceptors, settings.cutouts)
        return min(state.views_at_once or most, settings.cutouts)

    def _moved(self, state: State, settings: Settings, z: Tensor, held: Tensor | None) -> State:
        """The state after the optimizer has followed z's gradient, but for cells that are held."""
        if held is not None:
            assert z.grad is not None
            z.grad.masked_fill_(held, 0)
        remembered = state.moments if state.optimizer == settings.optimizer else {}
        moments = follow(settings.optimizer, z, settings.learning_rate, remembered)
        low, high = self._range
        moved = z.detach().clamp(low, high)
        if settings.smooth:
            moved = moved.lerp(around(moved), settings.smooth)
        if held is not None:
            moved = torch.where(held, state.z, moved)
        average, share = None, 0.0
        if settings.average:
            keep = settings.average
            before = torch.zeros_like(moved) if state.average is None else state.average
            average = keep * before + (1 - keep) * state.z
            share = keep * state.average_share + (1 - keep)
            if held is not None:
                still = state.z if state.average is None else before / state.average_share
                average = torch.where(held, still * share, average)
        return replace(
            state,
            iteration=state.iteration + 1,
            z=moved,
            optimizer=settings.optimizer,
            moments=moments,
            average=average,
            average_share=share,
        )

    @torch.no_grad()
    def _carried(self, state: State, motion: Motion) -> State:
        """The state with its picture moved, and all that is remembered of it moved along.

        Encoding what was decoded and warped is not enough: what moves by a part of a cell falls
        back to the codes it had, so that a slow flight stands still. So the latents keep their
        distance from what their picture encodes to, and it is moved along. It costs a decoding and
        two encodings.
        """
        quantized, _ = self.vqgan.quantized(state.z)
        picture = self.vqgan.decode(quantized).clamp(-1, 1)
        moved = self.vqgan.encode(warped(picture, motion, "bicubic").clamp(-1, 1))
        apart = state.z - self.vqgan.encode(picture)
        average = None if state.average is None else warped(state.average, motion, "bilinear")
        kept = None if state.kept is None else warped(state.kept, motion, "bilinear")
        return replace(
            state,
            kept=kept,
            z=moved + warped(apart, motion, "bicubic"),
            moments=warped_moments(state.moments, motion),
            average=average,
        )

    def _holding(self, state: State, settings: Settings) -> State:
        """The state with the cells that are to be kept, if those are others than before."""
        if state.keep == settings.keep:
            return state
        if settings.keep is None:
            return replace(state, keep=None, kept=None)
        kept = cells(self._picture(settings.keep), state.cells).float()
        return replace(state, keep=settings.keep, kept=kept)

    @torch.no_grad()
    def _struck(self, state: State, stroke: Stroke, settings: Settings, number: int) -> State:
        """The state with a stroke of the brush in the cells that it touches."""
        height, width = (side * self.vqgan.config.factor for side in state.z.shape[2:])
        painted = _laid(self._picture(stroke.picture), stroke, (height, width))
        cover = painted[:, -1:]  # how strongly, (1, 1, H, W)
        quantized, codes = self.vqgan.quantized(state.z)
        if stroke.kind == "colour":
            touched = _free(state, F.adaptive_max_pool2d(cover, state.cells) > TOUCHED)
            picture = self.vqgan.decode(quantized).clamp(-1, 1)
            z = self.vqgan.encode(picture.lerp(painted[:, :3] * 2 - 1, cover))
        else:
            touched = _free(state, cells(cover, state.cells))
            dice = generator(stroke.seed, DRAWN_FOR_START, state.iteration, number)
            z = self._anew(stroke, settings, codes, touched, dice)
        average = state.average
        if average is not None:
            average = torch.where(touched, z * state.average_share, average)
        moments = {
            name: each.masked_fill(touched, 0) if each.ndim == 4 else each
            for name, each in state.moments.items()
        }
        z = torch.where(touched, z, state.z)
        return replace(state, z=z, average=average, moments=moments)

    def _anew(
        self,
        stroke: Stroke,
        settings: Settings,
        codes: Tensor,
        touched: Tensor,
        dice: torch.Generator,
    ) -> Tensor:
        """Latents (1, C, h, w) in which the cells that are touched are new."""
        if stroke.kind == "scramble":
            fresh = torch.randint(self.vqgan.config.codes, codes.shape, generator=dice)
            return self.vqgan.vectors_of(fresh.to(self.device))
        if self._imagination is None:
            raise RequestError(
                f"The model {settings.model} has no imagination to paint with; scramble instead."
            )
        model = self._imagination().to(self.device)
        given = codes[0].masked_fill(touched[0, 0], -1)
        size = (int(codes.shape[1]), int(codes.shape[2]))
        found = imagine(model, texts_of(settings), size, dice, given=given)
        return self.vqgan.vectors_of(found[None].to(self.device))

    def _forget(self) -> None:
        """Let go of what has become much; both at once, for prompts share the tensors of masks."""
        if len(self._targets) > MOST_TARGETS or len(self._masks) > MOST_MASKS:
            self._targets.clear()
            self._masks.clear()

    def _crossed(self, pull: Pull, names: tuple[str, ...]) -> Target:
        start = None if pull.start is None else self._target(pull.start, names)
        end = None if pull.end is None else self._target(pull.end, names)
        return crossed(pull, start, end)

    def _target(self, prompt: Prompt, names: tuple[str, ...]) -> Target:
        key = (subject(prompt), names)
        if key not in self._targets:
            self._targets[key] = self._new_target(prompt, names)
        weight = prompt.weight if prompt.on else 0.0
        return replace(self._targets[key], weight=weight, stop=prompt.stop)

    @torch.no_grad()
    def _new_target(self, prompt: Prompt, names: tuple[str, ...]) -> Target:
        models = [self.perceptors[name] for name in names]
        mask, frame = None, None
        if prompt.mask is not None:
            mask, frame = self._mask(prompt.mask), frame_of(self.pictures[prompt.mask])
        picture: Tensor | None = None
        embeddings: tuple[Tensor, ...] = ()
        if prompt.picture is not None:
            picture = self._picture(prompt.picture)
        elif prompt.noise is not None:
            embeddings = tuple(_noise(prompt.noise, model).to(self.device) for model in models)
        else:
            embeddings = tuple(model.encode_text(prompt.text) for model in models)
        return Target(prompt.weight, None, embeddings, picture, mask, frame)

    @torch.no_grad()
    def _start(self, settings: Settings) -> Tensor:
        texts = texts_of(settings) if settings.start == "imagined" else ()
        key = (settings.start, settings.start_picture, settings.size, settings.seed, texts)
        if key not in self._starts:
            self._starts[key] = self._new_start(settings)
        return self._starts[key]

    def _new_start(self, settings: Settings) -> Tensor:
        width, height = settings.size
        factor = self.vqgan.config.factor
        dice = generator(settings.seed, DRAWN_FOR_START)
        if settings.start == "codes":
            shape = (1, height // factor, width // factor)
            codes = torch.randint(self.vqgan.config.codes, shape, generator=dice)
            return self.vqgan.vectors_of(codes.to(self.device)).contiguous()
        if settings.start == "imagined":
            return self._imagined(settings, dice)
        given = None
        if settings.start_picture is not None:
            given = self._picture(settings.start_picture)
        picture = first_picture(settings.start, (width, height), dice, given)
        return self.vqgan.encode(picture.to(self.device) * 2 - 1)

    def _imagined(self, settings: Settings, dice: torch.Generator) -> Tensor:
        if self._imagination is None:
            raise RequestError(
                f"The model {settings.model} has no imagination to start from; "
                "choose another start."
            )
        width, height = settings.size
        factor = self.vqgan.config.factor
        model = self._imagination().to(self.device)
        cells = (height // factor, width // factor)
        return imagined_latents(model, self.vqgan, texts_of(settings), cells, dice)

    def _mask(self, name: str) -> Tensor:
        """A mask, the same tensor for all prompts that name it."""
        if name not in self._masks:
            self._masks[name] = self._picture(name)
        return self._masks[name]

    def _picture(self, name: str) -> Tensor:
        pixels = torch.from_numpy(self.pictures[name]).to(self.device).float() / 255
        if pixels.ndim == 2:
            return pixels[None, None]
        return pixels.permute(2, 0, 1)[None].contiguous()


def _free(state: State, touched: Tensor) -> Tensor:
    """Of the cells that a stroke touches, those that are not kept."""
    return touched if state.kept is None else touched & (state.kept < 0.5)


def _held(state: State, targets: Sequence[Target]) -> Tensor | None:
    """Cells that stay as they are: those that are kept, and those that no region reaches."""
    held = untouched(targets, state.cells)
    if state.kept is None:
        return held
    kept = state.kept >= 0.5
    return kept if held is None else kept | held


def _answered(drawn: Sequence[Look], numbers: NDArray[np.float32], count: int) -> NDArray[Any]:
    """`Step.why` of so many prompts, of the losses of each look in its views."""
    found: NDArray[np.float32] = np.zeros((count, 2, PLACES, PLACES), np.float32)
    first = 0
    for look in drawn:
        shape = (len(look.rows), len(look.views))
        losses = numbers[first : first + shape[0] * shape[1]].reshape(shape)
        found[list(look.rows)] = answers(torch.from_numpy(losses.copy()), look.views).numpy()
        first += losses.size
    return found


def _laid(picture: Tensor, stroke: Stroke, size: tuple[int, int]) -> Tensor:
    """A stroke's picture (1, C, h, w) at its place in one of a size (height, width)."""
    height, width = size
    down, across = picture.shape[2:]
    top, left = min(max(stroke.y, -down), height), min(max(stroke.x, -across), width)
    shown = picture[:, :, max(0, -top) : height - top, max(0, -left) : width - left]
    above, before = max(0, top), max(0, left)
    below, after = height - above - shown.shape[2], width - before - shown.shape[3]
    return F.pad(shown, (before, after, above, below))


def _pulled_back(painted: Painted, gradient: Tensor, settings: Settings) -> list[Tensor]:
    """Bring the prompts' gradient in the picture, and all further losses, back to the latents.

    What the further losses come to. Those of the picture go through the decoder with the prompts.
    """
    of_picture = summed("picture", settings, painted)
    roots = [painted.picture] if of_picture is None else [painted.picture, of_picture]
    torch.autograd.backward(roots, [gradient, None][: len(roots)])
    of_latents = summed("latents", settings, painted)
    if of_latents is not None:
        of_latents.backward()
    return [each.detach() for each in (of_picture, of_latents) if each is not None]


def views_at_once(device: torch.device, perceptors: Iterable[Perceptor], cutouts: int) -> int:
    """Cutouts per pass there, as long as memory lasts."""
    if device.type != "cpu":
        return cutouts
    side = max(perceptor.resolution for perceptor in perceptors)
    return FEWEST_AT_ONCE * max(1, (SIDE_AT_ONCE // side) ** 2)


def texts_of(settings: Settings) -> tuple[tuple[str, float], ...]:
    """The texts that are to be imagined, with their weights."""
    return tuple((each.text, each.weight) for each in settings.prompts if each.text and each.on)


def around(z: Tensor) -> Tensor:
    """Mean of each latent's neighbourhood, weighed 1 2 1 along both axes: (1, C, h, w) -> same."""
    kernel = _around(z.dtype, z.device).expand(z.shape[1], 1, 3, 3)
    edged = F.pad(z, (1, 1, 1, 1), mode="replicate")
    return F.conv2d(edged, kernel, groups=z.shape[1])


@lru_cache(maxsize=4)
@torch.inference_mode(False)
def _around(dtype: torch.dtype, device: torch.device) -> Tensor:
    """(3, 3), copied to the device once and not in every iteration."""
    weights = torch.tensor([1, 2, 1], dtype=dtype, device=device) / 4
    return torch.outer(weights, weights)


def clamp_with_gradient(picture: Tensor) -> Tensor:
    """Clamp to 0..1; backward, only what would push a value further out is stopped (Crowson)."""
    clamped: Tensor = _Clamp.apply(picture)
    return clamped


class _Clamp(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, picture: Tensor) -> Tensor:
        ctx.save_for_backward(picture)
        return picture.clamp(0, 1)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        (picture,) = ctx.saved_tensors
        (gradient,) = gradients
        kept: Tensor = gradient * (gradient * (picture - picture.clamp(0, 1)) >= 0)
        return kept


def generator(*stream: int) -> torch.Generator:
    """The generator of a random stream such as (seed, iteration); on the CPU on every machine."""
    digest = hashlib.blake2b(repr(stream).encode(), digest_size=8).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest, "little") >> 1)


def state_from_bytes(data: bytes, device: torch.device) -> State:
    """A state from what `State.to_bytes` wrote. Raises StudioError when it is damaged."""
    try:
        # torch's optimizers count their steps on the CPU, where asking makes no GPU wait
        tensors = {
            name: tensor.to(device) if tensor.ndim else tensor
            for name, tensor in load(data).items()
        }
        length = int.from_bytes(data[:8], "little")
        about = msgspec.json.decode(data[8 : 8 + length])["__metadata__"]
        return State(
            iteration=int(about["iteration"]),
            z=tensors["z"],
            optimizer=about["optimizer"] or None,
            moments={
                name.removeprefix("moment."): tensor
                for name, tensor in tensors.items()
                if name.startswith("moment.")
            },
            average=tensors.get("average"),
            average_share=float.fromhex(about["average_share"]),
            views_at_once=int(about["views_at_once"]) or None,
            kept=tensors.get("kept"),
            keep=about.get("keep") or None,
        )
    except (SafetensorError, msgspec.MsgspecError, KeyError, ValueError) as error:
        raise StudioError(f"A saved painting state is damaged ({error}).") from error


def to_pixels(picture: Tensor) -> NDArray[np.uint8]:
    """(1, 3, H, W) nominally in 0..1 -> (H, W, 3) uint8."""
    array: NDArray[np.uint8] = pixels_of(picture).cpu().numpy()
    return array


def pixels_of(picture: Tensor) -> Tensor:
    """The same, where the picture is."""
    pixels = picture[0].clamp(0, 1).mul(255).round().to(torch.uint8)
    return pixels.permute(1, 2, 0).contiguous()


def fetched(*tensors: Tensor) -> list[NDArray[Any]]:
    """What lies on a device as arrays, by a single copy; those of wider numbers come first."""
    parts = [each.reshape(-1).view(torch.uint8) for each in tensors]
    arrays = torch.cat(parts).cpu().split([len(part) for part in parts])
    return [
        array.view(each.dtype).view(each.shape).numpy()
        for array, each in zip(arrays, tensors, strict=True)
    ]


def _noise(seed: int, perceptor: Perceptor) -> Tensor:
    drawn = torch.randn(1, perceptor.config.embed_dim, generator=generator(seed))
    return F.normalize(drawn, dim=-1)
