"""A training in a folder of its own: begun once, gone on with exactly, finished.

`OUT/training` holds what it is made of: the order, the pictures made ready, the checkpoint, and a
line of JSON for every step. `OUT` itself holds what came of it, as a model that can be installed.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import msgspec
import numpy as np
import torch

from studio.engine.device import is_out_of_memory
from studio.errors import RequestError, StudioError
from studio.log import log
from studio.models import store
from studio.models.catalogue import Kind
from studio.models.part import sha256_of, write_json
from studio.training import album
from studio.training.looks import Look
from studio.training.loss_lines import LossLines
from studio.training.own_pictures import Folder
from studio.training.stage import Stage, Told, fit

INSIDE = "training"
OrderForm = TypeVar("OrderForm", bound=msgspec.Struct)
BegunForm = TypeVar("BegunForm", bound="BegunBase")
CardForm = TypeVar("CardForm", bound="CardBase")


class Watch(Protocol):
    """Looks at what is learned, now and then."""

    def __call__(self, last: bool = False) -> None:
        """Look, if it is time to, or if it is the last time."""


class BegunBase(msgspec.Struct, frozen=True, kw_only=True):
    """What `order.json` keeps of every training: enough to go on without being told again."""

    order: Any
    steps: int
    refused: tuple[tuple[str, str], ...]
    """Files that are not used, each with its reason."""


class CardBase(msgspec.Struct, frozen=True, kw_only=True):
    """What the card beside the weights says of every model."""

    kind: Kind
    source: str
    """The model it began with."""
    learned: int
    """Pictures that it was trained on."""
    held_out: int
    steps: int
    """Those that were taken, which may be fewer than were planned."""
    improved: bool
    verdict: str


class InFolder(ABC, Generic[OrderForm, BegunForm, CardForm]):
    """One training in one folder."""

    kind: Kind
    begun_form: type[BegunForm]
    card_form: type[CardForm]

    def __init__(self, out: Path) -> None:
        self.out, self.inside = out, out / INSIDE

    @property
    def weights(self) -> Path:
        """What comes of it."""
        return self.out / f"{self.kind}.safetensors"

    @property
    def losses(self) -> Path:
        """A line of JSON for every step."""
        return self.inside / "losses.jsonl"

    @property
    def _card_file(self) -> Path:
        return self.out / store.card_name(self.kind)

    @property
    def exists(self) -> bool:
        """Whether there is one to go on with."""
        return (self.inside / "order.json").exists()

    @property
    def finished(self) -> bool:
        """Whether it has come to its verdict, and to its end."""
        there = self._card_file.exists()
        return there and self.card().steps >= self.begun().steps

    def begun(self) -> BegunForm:
        """How it was begun. Raises StudioError when that cannot be read."""
        return _read(self.inside / "order.json", self.begun_form)

    def card(self) -> CardForm:
        """What came of it. Raises StudioError when that cannot be read."""
        return _read(self._card_file, self.card_form)

    @abstractmethod
    def begin(
        self,
        order: OrderForm,
        folder: Folder,
        *,
        accelerator: str = "cpu",
        told: Callable[[int, int], None] = lambda done, of: None,
    ) -> None:
        """Make the pictures ready and write the order down, with the files that are not used.

        `told` hears how many of how many pictures are ready. Raises RequestError when the pictures
        are too few, or when what is asked for does not go together.
        """

    def sweep(self) -> None:
        """Remove what a training that was not begun has left."""
        for path in (self.inside / album.PIXELS, self.inside / album.PAGES):
            path.unlink(missing_ok=True)
        for folder in (self.inside, self.out):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()

    @abstractmethod
    def stage(self) -> Stage:
        """The stage as it was begun, without what it has learned since."""

    @abstractmethod
    def finish(self) -> CardForm:
        """Write the model as the last checkpoint has it, judge it, and say so in its card.

        May be done before the end too, for the model as it is so far.
        """

    def watch(self, stage: Stage, seen: Callable[[Look], None]) -> Watch:
        """What is called before the first step, after every one, and when the last is taken."""
        return lambda last=False: None

    def run(
        self,
        *,
        accelerator: str = "cpu",
        told: Told = lambda step, figures: None,
        stop: Callable[[], bool] = lambda: False,
        seen: Callable[[Look], None] = lambda look: None,
        begun: Callable[[Stage], None] = lambda stage: None,
    ) -> bool:
        """Train from where it stopped until its end, or until `stop`; returns whether it is done.

        `begun` hears of the stage as its checkpoint has it, `told` of every step, and `seen` of
        looks at held-out pictures, where there are any to be seen. It is done, too, when it was
        given minutes and they are over, however slow the machine has become since they were
        planned. Raises StudioError when a loss is no number any more.
        """
        stage = self.stage()
        clock = _Clock(self.begun().order.minutes, stage.steps)
        look = self.watch(stage, seen)

        def begin() -> None:
            if stage.rank == 0:
                begun(stage)
                look()

        with LossLines(self.losses) as lines:

            def hear(step: int, figures: dict[str, float]) -> None:
                if not np.isfinite(figures["loss"]):
                    raise StudioError(
                        f"The loss of step {step} is no number; begin again with smaller "
                        "weights or a lower --rate."
                    )
                clock.reach(step)
                if stage.rank == 0:
                    lines.put(step, figures)
                    told(step, figures)
                    look()

            with _room():
                fit(
                    stage,
                    self.inside,
                    accelerator=accelerator,
                    told=hear,
                    stop=lambda: clock.is_over or stop(),
                    begun=begin,
                )
        if stage.rank == 0:
            look(last=True)
        if clock.is_over and stage.step < stage.steps:
            log.info("The time is up after %d of %d steps.", stage.step, stage.steps)
        return clock.is_over or stage.step >= stage.steps

    def _learned(self, stage: Stage) -> None:
        """Fill a stage with what its last checkpoint has. Raises StudioError without one."""
        checkpoint = self.inside / f"{stage.name}.ckpt"
        try:
            kept = torch.load(checkpoint, map_location="cpu", weights_only=True)
            stage.load_state_dict(kept["state_dict"])
        except Exception as error:  # torch fails in many ways on a damaged file
            reason = (str(error) or type(error).__name__).splitlines()[0]
            raise StudioError(
                f"{checkpoint} cannot be read ({reason}); begin again in another folder."
            ) from error

    def _say(self, told: str, card: CardForm) -> CardForm:
        """Write down beside the weights what verifies them, what they draw, and all of it."""
        write_json(self.out / store.CHECKSUMS, {self.weights.name: sha256_of(self.weights)})
        write_json(self.out / store.DRAWS, {self.kind: told})
        write_json(self._card_file, msgspec.to_builtins(card))
        return card


class _Clock:
    """The time that is left to a training, none if it was given no minutes."""

    def __init__(self, minutes: float | None, steps: int) -> None:
        self._minutes, self._steps = minutes, steps
        self._ends: float | None = None

    def reach(self, step: int) -> None:
        """A step is taken; the first one after a pause says what share of the time is left."""
        if self._minutes is not None and self._ends is None:
            left = 1 - step / self._steps
            self._ends = time.monotonic() + 60 * self._minutes * left

    @property
    def is_over(self) -> bool:
        """Whether no step may be begun any more."""
        return self._ends is not None and time.monotonic() > self._ends


@contextmanager
def _room() -> Iterator[None]:
    """A block that says what to do when memory runs out."""
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if is_out_of_memory(error):
            raise StudioError(
                "Memory ran out; begin again in another folder with a smaller --batch or --size."
            ) from error
        raise


def check_same(name: str, kind: Kind, sha256: str | None) -> None:
    """Raise RequestError when a model is not the one that a training was begun with."""
    if sha256 is not None and store.sha256(store.find(name, kind)) != sha256:
        raise RequestError(
            f"The model {name} is another than when this training began; put the old one back, "
            "or begin again in another folder."
        )


def _read(path: Path, form: Any) -> Any:
    try:
        return msgspec.json.decode(path.read_bytes(), type=form)
    except (OSError, msgspec.MsgspecError, RequestError) as error:
        raise StudioError(
            f"{path} cannot be read ({error}); begin again in another folder."
        ) from error
