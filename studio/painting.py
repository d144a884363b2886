"""One painting at work: the painter's steps recorded into a project, iteration by iteration."""

from __future__ import annotations

import hashlib
import io
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.core.pictured import modes_of
from studio.core.schedule import Change, settings_at, strokes_at
from studio.core.settings import Settings
from studio.errors import StudioError
from studio.log import log
from studio.models.store import IMAGINATION
from studio.pictures.decoder import kept
from studio.project.document import Iteration
from studio.project.file import Project

if TYPE_CHECKING:
    import torch

    from studio.engine.imagination import Imagination
    from studio.engine.painter import Painter, State, Step
    from studio.engine.perceptor import Perceptor
    from studio.engine.vqgan import VQGAN

SAVE_STATE_EVERY = 50
"""Iterations between two saved states: what painting on from anywhere replays at most."""
PROXY_SIDE = 512
"""Pixels along the longer side of a proxy; smaller pictures are kept at their own size."""


@dataclass(frozen=True)
class Painted:
    """What one call of `Painting.paint` did."""

    iterations: int
    seconds: float
    last: Step | None
    """The newest step, None when nothing was painted."""
    stopped: bool
    """Whether it was asked to stop before all iterations were painted."""


@dataclass(frozen=True)
class Models:
    """The models of a painting, loaded, and where they compute."""

    vqgan: VQGAN
    perceptors: Mapping[str, Perceptor]
    device: torch.device
    device_in_words: str
    imagination: Callable[[], Imagination] | None = None
    """Loads that of the VQGAN; None where it has none."""

    def painter(self, project: Project, changes: Sequence[Change]) -> Painter:
        """A painter that can paint every iteration of a take with these changes."""
        from studio.engine.painter import Painter

        pictures = pictures_of(project, changes)
        return Painter(
            self.vqgan,
            self.perceptors,
            pictures=pictures,
            device=self.device,
            imagination=self.imagination,
        )


def load_models(vqgan: Path, perceptors: Mapping[str, Path], device: str) -> Models:
    """Load weights to the device of a name, "auto" for the fastest there is.

    Raises RequestError for a device that this machine lacks, StudioError for damaged weights.
    """
    from studio.engine import device as devices
    from studio.engine import weights

    chosen = devices.choose(device)
    loaded = {name: weights.load_perceptor(path) for name, path in perceptors.items()}
    for perceptor in loaded.values():
        perceptor.see_in(devices.precision(chosen), chosen)
    model, beside = weights.load_vqgan(vqgan), vqgan.with_name(IMAGINATION)
    imagination = None
    if beside.exists():
        imagination = partial(weights.load_imagination, beside, model.config.codes)
    return Models(model, loaded, chosen, devices.describe(chosen), imagination)


class Painting:
    """A take of a project and the painter that paints it on.

    Opening one replays from the nearest saved state, so it costs at most SAVE_STATE_EVERY
    iterations; the result is exact on the machine and device that painted them.

    An iteration is written while the next is painted, and no further one is painted before it is
    on the disk. Whoever touches the project meanwhile lets it `settle` first.
    """

    def __init__(self, painter: Painter, project: Project, take: int) -> None:
        self.painter, self.project, self.take = painter, project, take
        self.changes: tuple[Change, ...] = project.changes(take)
        self.state: State = self._replayed(project.length(take))
        self._kept = self.state
        self._keeping: _Keeping | None = None

    @property
    def settings(self) -> Settings:
        """The settings of the next iteration."""
        return settings_at(self.changes, self.state.iteration)

    @property
    def painted_with(self) -> Settings:
        """The settings of the newest iteration; before the first, those it will have."""
        return settings_at(self.changes, max(0, self.state.iteration - 1))

    def change(self, settings: Settings) -> None:
        """Paint with other settings from the next iteration on; keyframes ahead stay."""
        before = self.settings
        fields = {
            name: value
            for name, value in msgspec.structs.asdict(settings).items()
            if value != getattr(before, name)
        }
        if fields:
            self.settle()
            self.project.change_values(self.take, fields)
            self.look_again()

    def look_again(self) -> None:
        """Take up the changes of settings that the project holds by now."""
        self.changes = self.project.changes(self.take)
        self.painter.pictures = pictures_of(self.project, self.changes, self.painter.pictures)

    def paint(
        self,
        count: int,
        *,
        on_step: Callable[[Step], None] = lambda step: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Painted:
        """Paint and record `count` iterations, or fewer when asked to stop between two.

        `on_step` hears of each once it is on the disk.
        """
        began, last, painted = time.monotonic(), None, 0
        try:
            while painted < count and not should_stop():
                before, last = last, self.paint_one()
                painted += 1
                if before is not None:
                    on_step(before)
        finally:
            self.save_state()
        if last is not None:
            on_step(last)
        return Painted(painted, time.monotonic() - began, last, painted < count)

    def paint_one(self, *, on_kept: Callable[[Step], None] = lambda step: None) -> Step:
        """Paint one iteration and begin to write it.

        `on_kept` is called on another thread once it is on the disk. Raises StudioError when the
        numbers run away or the iteration before could not be written; then the state is the last
        good one.
        """
        strokes = strokes_at(self.changes, self.state.iteration)
        after, step = self.painter.step(self.state, self.settings, strokes)
        if not (math.isfinite(step.total) and step.is_finite):
            raise StudioError(
                f"The picture fell apart at iteration {step.iteration} (a number became infinite); "
                "lower the learning rate, or branch from an earlier iteration."
            )
        self.settle()
        self.state = after
        saved = after.to_bytes() if after.iteration % SAVE_STATE_EVERY == 0 else None
        self._keeping = _Keeping(lambda: self._keep(step, saved, on_kept))
        return step

    def _keep(self, step: Step, state: bytes | None, on_kept: Callable[[Step], None]) -> None:
        iteration = Iteration(step.iteration, step.losses, step.total, step.seconds)
        self.project.record(self.take, iteration, step.codes, jpeg(step.picture))
        on_kept(step)
        if state is not None:
            self.project.save_state(self.take, step.iteration + 1, state)

    def settle(self) -> None:
        """Wait until all that is painted is on the disk.

        Raises what went wrong with it; then the state is that of the last iteration that is.
        """
        keeping, self._keeping = self._keeping, None
        if keeping is not None:
            keeping.join()
            if keeping.error is not None:
                self.state = self._kept
                raise keeping.error
            self._kept = self.state

    def save_state(self) -> None:
        """Keep what painting on exactly from here needs."""
        self.settle()
        self.project.save_state(self.take, self.state.iteration, self.state.to_bytes())

    def _replayed(self, length: int) -> State:
        """The state after `length` iterations."""
        from studio.engine.painter import state_from_bytes

        saved = self.project.nearest_state(self.take, length)
        if saved is None:
            begun = settings_at(self.changes, 0)
            state = self.painter.start(begun)
            if begun.start == "imagined":  # so that a replay never needs the imagination again
                self.project.save_state(self.take, 0, state.to_bytes())
        else:
            state = state_from_bytes(saved[1], self.painter.device)
        alike = True
        while state.iteration < length:
            now = state.iteration
            strokes = strokes_at(self.changes, now)
            state, step = self.painter.step(state, settings_at(self.changes, now), strokes)
            recorded = self.project.codes(self.take, step.iteration)
            alike = alike and bool(np.array_equal(recorded, step.codes))
        if not alike:
            log.warning(
                "This machine paints a little differently from the one that painted %s; "
                "the picture goes on similar, not identical.",
                self.project.path.name,
            )
        return state


class _Keeping(Thread):
    """Does something on a thread of its own, and remembers what went wrong."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(name="keeping")
        self.error: BaseException | None = None
        self._work = work
        self.start()

    def run(self) -> None:
        """Do it."""
        try:
            self._work()
        except BaseException as error:
            self.error = error


def pictures_of(
    project: Project,
    changes: Sequence[Change],
    known: Mapping[str, NDArray[np.uint8]] | None = None,
) -> Mapping[str, NDArray[np.uint8]]:
    """The pictures and masks that a take's changes name, from the project; `known` ones as is."""
    wanted = modes_of(changes)
    there = {name: pixels for name, pixels in (known or {}).items() if name in wanted}
    missing = {name: mode for name, mode in wanted.items() if name not in there}
    return there | {name: kept(project.asset(name), mode) for name, mode in missing.items()}


def jpeg(picture: NDArray[np.uint8], side: int = PROXY_SIDE) -> bytes:
    """A picture (H, W, 3), no larger than `side`, as JPEG without colour subsampling."""
    image = Image.fromarray(picture)
    image.thumbnail((side, side))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=88, subsampling=0)
    return file.getvalue()


def codes_sha256(codes: NDArray[np.uint16]) -> str:
    """sha256 of the codes as little-endian uint16, row by row."""
    return hashlib.sha256(codes.astype("<u2").tobytes()).hexdigest()
