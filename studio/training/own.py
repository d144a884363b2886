"""A VQGAN trained on a person's own pictures: begun in a folder, gone on with exactly, finished.

`OUT/training` holds what it is made of: the order, the pictures made ready, the checkpoint, and a
line of JSON for every step. `OUT` itself holds what came of it, as a model that can be installed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch

from studio.engine.vqgan import VQGAN
from studio.engine.weights import load_vqgan, save
from studio.errors import RequestError, StudioError
from studio.log import log
from studio.models import store
from studio.models.part import sha256_of, write_json, writing
from studio.training import verdict
from studio.training.album import make, open_album
from studio.training.augment import ROOM, middle
from studio.training.loss_lines import LossLines
from studio.training.order import SCRATCH, STEPS, Order
from studio.training.own_pictures import Folder, Refused
from studio.training.own_plan import networks, pace, plan_of, suitable_rate
from studio.training.stage import Told, fit
from studio.training.verdict import Figures
from studio.training.vqgan_tuning import VQGANTuning

INSIDE = "training"


class Begun(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `order.json` keeps: enough to go on without being told anything again."""

    order: Order
    steps: int
    rate: float
    source_sha256: str | None
    """Of the weights that it began with; None from nothing."""
    clip_sha256: str


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What `card.json` says of the model."""

    kind: str
    source: str
    learned: int
    """Pictures that it was trained on."""
    held_out: int
    captioned: int
    steps: int
    order: Order
    before: Figures
    """Of the model it began with; from nothing, of one that has learned nothing."""
    after: Figures
    improved: bool
    verdict: str


class Training:
    """One training in one folder."""

    def __init__(self, out: Path) -> None:
        self.out, self.inside = out, out / INSIDE

    @property
    def losses(self) -> Path:
        """A line of JSON for every step."""
        return self.inside / "losses.jsonl"

    @property
    def sheet(self) -> Path:
        """Held-out pictures beside what is made of them."""
        return self.out / "before-and-after.png"

    @property
    def exists(self) -> bool:
        """Whether there is one to go on with."""
        return (self.inside / "order.json").exists()

    @property
    def finished(self) -> bool:
        """Whether it has come to its verdict."""
        return (self.out / "card.json").exists()

    def begun(self) -> Begun:
        """How it was begun. Raises StudioError when that cannot be read."""
        path = self.inside / "order.json"
        try:
            return msgspec.json.decode(path.read_bytes(), type=Begun)
        except (OSError, msgspec.MsgspecError, RequestError) as error:
            raise StudioError(
                f"{path} cannot be read ({error}); begin again in another folder."
            ) from error

    def card(self) -> Card:
        """What came of it. Raises StudioError when that cannot be read."""
        path = self.out / "card.json"
        try:
            return msgspec.json.decode(path.read_bytes(), type=Card)
        except (OSError, msgspec.MsgspecError) as error:
            raise StudioError(f"{path} cannot be read ({error}); delete it and resume.") from error

    def begin(
        self,
        order: Order,
        folder: Folder,
        *,
        accelerator: str = "cpu",
        told: Callable[[int, int], None] = lambda done, of: None,
    ) -> tuple[Refused, ...]:
        """Make the pictures ready and write the order down; returns those that proved unreadable.

        Raises RequestError when the pictures are too few, or when what is asked for does not go
        together.
        """
        if folder.problem is not None:
            raise RequestError(folder.problem)
        vqgan, perceptor = networks(order)  # what does not fit is refused before work is done
        with writing(self.inside):
            self.inside.mkdir(parents=True, exist_ok=True)
        album, refused = make(self.inside, folder.usable, round(ROOM * order.side), told=told)
        steps = order.steps or STEPS
        if order.minutes is not None:
            steps = pace(order, album, vqgan, perceptor, accelerator).steps(order, order.minutes)
            log.info("%d steps fit into %g minutes", steps, order.minutes)
        source = None if order.source == SCRATCH else store.find(order.source, "vqgan")
        begun = Begun(
            order=order,
            steps=steps,
            rate=order.rate or suitable_rate(order, vqgan),
            source_sha256=None if source is None else store.sha256(source),
            clip_sha256=store.sha256(store.find(order.clip, "clip")),
        )
        write_json(self.inside / "order.json", msgspec.to_builtins(begun))
        return refused

    def run(
        self,
        *,
        accelerator: str = "cpu",
        told: Told = lambda step, figures: None,
        stop: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Train from where it stopped until its end, or until `stop`; returns whether it is done.

        Raises StudioError when a loss is no number any more.
        """
        stage = self._stage()
        with LossLines(self.losses) as lines:

            def hear(step: int, figures: dict[str, float]) -> None:
                if not np.isfinite(figures["loss"]):
                    raise StudioError(
                        f"The loss of step {step} is no number; begin again with a lower --rate."
                    )
                lines.put(step, figures)
                told(step, figures)

            fit(stage, self.inside, accelerator=accelerator, told=hear, stop=stop)
        return stage.step >= stage.steps

    def finish(self) -> Card:
        """Write the model as the last checkpoint has it, judge it, and say so in its card.

        May be done before the end too, for the model as it is so far.
        """
        stage = self._stage(untrained=True)
        checkpoint = self.inside / f"{stage.name}.ckpt"
        state = torch.load(checkpoint, map_location="cpu", weights_only=True)["state_dict"]
        stage.load_state_dict(state, strict=False)  # what captions mean is not kept in it
        weights = self.out / "vqgan.safetensors"
        save(weights, stage.kept)
        card = self._judged(stage, load_vqgan(weights))
        write_json(self.out / store.CHECKSUMS, {weights.name: sha256_of(weights)})
        told = f"Trained on {card.learned} pictures of one's own, from {card.source}. "
        write_json(self.out / store.DRAWS, {"vqgan": told + card.verdict})
        write_json(self.out / "card.json", msgspec.to_builtins(card))
        return card

    def _judged(self, stage: VQGANTuning, after: VQGAN) -> Card:
        begun, album = self.begun(), stage.album
        before, perceptor = networks(begun.order)
        kept_back = album.held_out[: verdict.MOST]
        real = np.stack([middle(album.pixels(page), begun.order.side) for page in kept_back])
        figures = [verdict.judge(vqgan.eval(), perceptor, real) for vqgan in (before, after)]
        shown = real[: verdict.SHOWN]
        verdict.contact_sheet(
            self.sheet,
            shown,
            verdict.given_back(before, shown),
            verdict.given_back(after, shown),
        )
        return Card(
            kind="vqgan",
            source=begun.order.source,
            learned=len(album.learned),
            held_out=len(album.held_out),
            captioned=int(stage.captioned.sum()),
            steps=stage.step,
            order=begun.order,
            before=figures[0],
            after=figures[1],
            improved=verdict.improved(*figures),
            verdict=verdict.in_words(*figures),
        )

    def _stage(self, *, untrained: bool = False) -> VQGANTuning:
        begun = self.begun()
        order = begun.order
        vqgan, perceptor = networks(order)
        if not untrained:
            _check_same(order.source, "vqgan", begun.source_sha256)
            _check_same(order.clip, "clip", begun.clip_sha256)
        plan = plan_of(order, begun.steps, begun.rate)
        return VQGANTuning(vqgan, perceptor, open_album(self.inside), plan, seed=order.seed)


def _check_same(name: str, kind: Any, sha256: str | None) -> None:
    if sha256 is not None and store.sha256(store.find(name, kind)) != sha256:
        raise RequestError(
            f"The model {name} is another than when this training began; put the old one back, "
            "or begin again in another folder."
        )
