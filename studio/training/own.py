"""A VQGAN trained on a person's own pictures, in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from studio.engine.vqgan import VQGAN
from studio.engine.weights import load_vqgan, save
from studio.errors import RequestError
from studio.log import log
from studio.models import store
from studio.models.part import write_json, writing
from studio.training import verdict
from studio.training.album import make, open_album
from studio.training.augment import ROOM, middle
from studio.training.in_folder import BegunBase, CardBase, InFolder, Watch, check_same
from studio.training.looks import Look, Looks
from studio.training.order import SCRATCH, STEPS, Order
from studio.training.own_pictures import Folder, told_of
from studio.training.own_plan import networks, pace, plan_of, source_of, suitable_rate
from studio.training.stage import Stage
from studio.training.verdict import Figures
from studio.training.vqgan_tuning import VQGANTuning


class Begun(BegunBase, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `order.json` keeps."""

    order: Order
    rate: float
    source_sha256: str | None
    """Of the weights that it began with; None from nothing."""
    clip_sha256: str


class Card(CardBase, frozen=True, kw_only=True):
    """What the card beside the weights says of the model."""

    captioned: int
    order: Order
    before: Figures
    """Of the model it began with; from nothing, of one that has learned nothing."""
    after: Figures


class Training(InFolder[Order, Begun, Card]):
    """One training of a VQGAN in one folder."""

    kind = "vqgan"
    begun_form = Begun
    card_form = Card

    @property
    def sheet(self) -> Path:
        """Held-out pictures beside what is made of them."""
        return self.out / store.SHEET

    def begin(
        self,
        order: Order,
        folder: Folder,
        *,
        accelerator: str = "cpu",
        told: Callable[[int, int], None] = lambda done, of: None,
    ) -> None:
        """As `InFolder.begin`."""
        if folder.problem is not None:
            raise RequestError(folder.problem)
        vqgan, perceptor = networks(order)  # what does not fit is refused before work is done
        with writing(self.inside):
            self.inside.mkdir(parents=True, exist_ok=True)
        album, late = make(self.inside, folder.usable, round(ROOM * order.side), told=told)
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
            refused=told_of(folder.refused + late),
        )
        write_json(self.inside / "order.json", msgspec.to_builtins(begun))

    def watch(self, stage: Stage, seen: Callable[[Look], None]) -> Watch:
        """As `InFolder.watch`; `OUT/training/pictures.png` shows what was seen last."""
        assert isinstance(stage, VQGANTuning)
        order = self.begun().order
        real = self._held_out(stage)[: verdict.SHOWN]
        before = verdict.given_back(source_of(order).eval(), real)
        looks = Looks(real, before, self.inside / "pictures.png", seen)

        def look(last: bool = False) -> None:
            if looks.due(stage.step, last=last):
                looks.take(stage.kept, stage.step)

        return look

    def finish(self) -> Card:
        """As `InFolder.finish`; what is kept is the moving average of the weights."""
        stage = self.stage(resumed=False)
        self._learned(stage)
        save(self.weights, stage.kept)
        card = self._judged(stage, load_vqgan(self.weights))
        told = f"Trained on {card.learned} pictures of one's own, from {card.source}. "
        return self._say(told + card.verdict, card)

    def _judged(self, stage: VQGANTuning, after: VQGAN) -> Card:
        begun, album = self.begun(), stage.album
        before, perceptor = networks(begun.order)
        real = self._held_out(stage)
        figures = [verdict.judge(vqgan.eval(), perceptor, real) for vqgan in (before, after)]
        shown = real[: verdict.SHOWN]
        verdict.contact_sheet(
            self.sheet,
            (
                ("held out: never trained on", shown),
                ("given back before", verdict.given_back(before, shown)),
                ("given back after", verdict.given_back(after, shown)),
            ),
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

    def _held_out(self, stage: VQGANTuning) -> NDArray[np.uint8]:
        """Those that are judged by, (n, side, side, 3)."""
        pages = stage.album.held_out[: verdict.MOST]
        return np.stack([middle(stage.album.pixels(page), stage.plan.side) for page in pages])

    def stage(self, *, resumed: bool = True) -> VQGANTuning:
        """As `InFolder.stage`. Raises RequestError when the models are not those of then."""
        begun = self.begun()
        order = begun.order
        vqgan, perceptor = networks(order)
        if resumed:
            check_same(order.source, "vqgan", begun.source_sha256)
            check_same(order.clip, "clip", begun.clip_sha256)
        plan = plan_of(order, begun.steps, begun.rate)
        return VQGANTuning(vqgan, perceptor, open_album(self.inside), plan, seed=order.seed)
