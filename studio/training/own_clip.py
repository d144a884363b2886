"""A small CLIP trained on a person's own captioned pictures, in a folder of its own.

It is the stage that the starter CLIP goes through, on other pictures.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from studio import leftovers
from studio.core import tokens
from studio.engine.perceptor import Perceptor
from studio.engine.weights import load_perceptor, save
from studio.errors import RequestError
from studio.log import log
from studio.models import store
from studio.models.part import write_json, writing
from studio.training.album import Album, Page, make, open_album
from studio.training.augment import middle
from studio.training.clip_stage import CLIPPlan, CLIPStage, new_perceptor
from studio.training.in_folder import BegunBase, CardBase, InFolder, check_same
from studio.training.order import SCRATCH, STEPS, CLIPOrder
from studio.training.own_pictures import Folder, told_of
from studio.training.stage import fit

ROOM = 2
"""Side of a picture as it is kept, in sides of what the CLIP reads: the room for its views."""
RATES = {True: 1e-3, False: 3e-4}
"""Learning rate from nothing, and of a model that is there."""
USED_TIME = 0.95


class BegunCLIP(BegunBase, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `order.json` keeps."""

    order: CLIPOrder
    kept_tokens: tuple[int, ...]
    source_sha256: str | None


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """How well captions are told apart on pictures that were held out."""

    first: float
    """Share of pictures for which the right caption comes first."""
    chance: float
    """That share for one that guesses."""
    median_rank: float
    """Of the right caption among all of them, 1 at best."""
    pictures: int


class CLIPCard(CardBase, frozen=True, kw_only=True):
    """What the card beside the weights says of the model."""

    words: int
    """Tokens that it knows."""
    order: CLIPOrder
    before: Found
    after: Found


@dataclass(frozen=True)
class AlbumPictures:
    """Pages of an album as CLIP training wants them."""

    pages: tuple[Page, ...]
    pixels: NDArray[np.uint8]
    """(count, size, size, 3)."""

    def __len__(self) -> int:
        return len(self.pages)

    def caption(self, index: int, _: np.random.Generator) -> str:
        """The caption of a picture; there is one."""
        return shortened(self.pages[index].caption or "")


class CLIPTraining(InFolder[CLIPOrder, BegunCLIP, CLIPCard]):
    """One training of a CLIP in one folder."""

    kind = "clip"
    begun_form = BegunCLIP
    card_form = CLIPCard

    def begin(
        self,
        order: CLIPOrder,
        folder: Folder,
        *,
        accelerator: str = "cpu",
        told: Callable[[int, int], None] = lambda done, of: None,
    ) -> None:
        """As `InFolder.begin`."""
        if folder.caption_problem is not None:
            raise RequestError(folder.caption_problem)
        captioned = [each for each in folder.usable if each.caption]
        source = None if order.source == SCRATCH else store.find(order.source, "clip")
        words = {
            token for each in captioned for token in tokens.encode(shortened(each.caption or ""))
        }
        kept = tuple(sorted(words))
        reads = network(order, kept).resolution
        with writing(self.inside):
            self.inside.mkdir(parents=True, exist_ok=True)
        album, late = make(self.inside, captioned, ROOM * reads, told=told)
        begun = BegunCLIP(
            order=order,
            steps=order.steps or STEPS,
            kept_tokens=kept,
            source_sha256=None if source is None else store.sha256(source),
            refused=told_of(folder.refused + late),
        )
        if order.minutes is not None:
            seconds = _seconds_per_step(begun, album, accelerator)
            steps = max(1, int(USED_TIME * 60 * order.minutes / seconds))
            log.info("%d steps fit into %g minutes", steps, order.minutes)
            begun = msgspec.structs.replace(begun, steps=steps)
        write_json(self.inside / "order.json", msgspec.to_builtins(begun))

    def stage(self) -> CLIPStage:
        """As `InFolder.stage`."""
        begun = self.begun()
        check_same(begun.order.source, "clip", begun.source_sha256)
        return _stage(begun, open_album(self.inside), begun.steps)

    def finish(self) -> CLIPCard:
        """As `InFolder.finish`."""
        begun, album = self.begun(), open_album(self.inside)
        stage = self.stage()
        self._learned(stage)
        save(self.weights, stage.perceptor)
        held_out = _pictures(album, album.held_out, stage.perceptor.resolution)
        figures = [
            judge(perceptor.eval(), held_out)
            for perceptor in (network(begun.order, begun.kept_tokens), load_perceptor(self.weights))
        ]
        card = CLIPCard(
            kind="clip",
            source=begun.order.source,
            learned=len(album.learned),
            held_out=len(album.held_out),
            words=stage.perceptor.config.vocab_size - 1,
            steps=stage.step,
            order=begun.order,
            before=figures[0],
            after=figures[1],
            improved=improved(*figures),
            verdict=in_words(*figures),
        )
        told = f"Reads the words of {card.learned} captioned pictures of one's own. "
        return self._say(told + card.verdict, card)


def network(order: CLIPOrder, kept_tokens: tuple[int, ...]) -> Perceptor:
    """The CLIP that an order begins with, to be trained."""
    if order.source != SCRATCH:
        found = load_perceptor(store.find(order.source, "clip").weights)
        return found.requires_grad_(True)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(order.seed)
        return new_perceptor(kept_tokens)


def shortened(caption: str) -> str:
    """As much of a caption, from its first word, as CLIP reads."""
    words = caption.split()
    while tokens.count(" ".join(words)) > tokens.CONTEXT:
        words = words[: len(words) * 3 // 4]
    return " ".join(words)


@torch.no_grad()
def judge(perceptor: Perceptor, pictures: AlbumPictures) -> Found:
    """How well it finds each picture's caption among those of all."""
    rng = np.random.default_rng(0)
    captions = [pictures.caption(index, rng) for index in range(len(pictures))]
    values = torch.from_numpy(np.array(pictures.pixels)).permute(0, 3, 1, 2).float() / 255
    side = perceptor.resolution
    small = F.interpolate(values, (side, side), mode="bilinear", antialias=True)
    seen = torch.cat([perceptor.encode_pictures(part) for part in small.split(32)])
    different = sorted(set(captions))
    texts = torch.cat([perceptor.encode_text(caption) for caption in different])
    likeness = seen @ texts.t()
    right = torch.tensor([different.index(caption) for caption in captions])
    own = likeness.gather(1, right[:, None])
    # as many as are liked at least as well, itself included, so that a constant earns nothing
    ranks = (likeness >= own).sum(1).float()
    return Found(
        first=float((ranks == 1).float().mean()),
        chance=1 / len(different),
        median_rank=float(ranks.median()),
        pictures=len(captions),
    )


def improved(before: Found, after: Found) -> bool:
    """Whether it finds captions better than before, and better than by guessing."""
    return after.first > max(before.first, after.chance)


def in_words(before: Found, after: Found) -> str:
    """The verdict in a sentence or two."""
    said = "It improved" if improved(before, after) else "It did not improve"
    told = (
        f"{said}: of {after.pictures} held-out pictures it finds the caption of "
        f"{after.first:.0%} at once instead of {before.first:.0%}, by guessing {after.chance:.0%}."
    )
    if after.pictures < 20:
        told += " So few are little to judge by."
    return told


def _stage(begun: BegunCLIP, album: Album, steps: int) -> CLIPStage:
    order = begun.order
    perceptor = network(order, begun.kept_tokens)
    pictures = _pictures(album, album.learned, perceptor.resolution)
    plan = CLIPPlan(
        steps=steps,
        batch=min(order.batch, len(pictures)),
        rate=order.rate or RATES[order.source == SCRATCH],
        attack=order.attack,
    )
    return CLIPStage(perceptor, pictures, plan, name="clip-own", seed=order.seed)


def _pictures(album: Album, pages: list[int], reads: int) -> AlbumPictures:
    squares = [middle(album.pixels(page), ROOM * reads) for page in pages]
    return AlbumPictures(tuple(album.pages[page] for page in pages), np.stack(squares))


def _seconds_per_step(begun: BegunCLIP, album: Album, accelerator: str) -> float:
    """Take three steps for the clock; nothing of them is kept."""
    ends: list[float] = []
    with leftovers.temporary() as folder:
        fit(
            _stage(begun, album, 3),
            folder,
            accelerator=accelerator,
            told=lambda step, figures: ends.append(time.perf_counter()),
        )
    return float(np.diff(ends).mean())  # the first is slower than those that follow
