"""`bench --pictures`: paints many prompts, and a judge CLIP says whether it knows them apart."""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from studio import places
from studio.cli import answer, marked
from studio.cli.outputs import make_folder
from studio.cli.plan import fitted, models_named
from studio.cli.progress import Progress
from studio.core.settings import Prompt, Settings
from studio.errors import RequestError
from studio.log import log
from studio.models import store
from studio.models.part import sha256_of
from studio.models.store import Installed
from studio.pictures.decoder import rgb

if TYPE_CHECKING:
    from studio.engine.perceptor import Perceptor
    from studio.training.judging import Verdict

SIZE = (256, 256)
FOLDER = Path("bench-pictures")
ITERATIONS = 150


class Prompts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is painted."""

    pairs: tuple[tuple[str, str], ...] = ()
    """Prompts that nearly say the same: colours or places swapped, another number or time."""
    others: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every prompt, those of pairs first."""
        return (*(text for pair in self.pairs for text in pair), *self.others)

    @property
    def numbered_pairs(self) -> list[tuple[int, int]]:
        """The pairs as numbers of prompts."""
        return [(2 * k, 2 * k + 1) for k in range(len(self.pairs))]


@dataclass(frozen=True)
class Order:
    """One prompt to paint."""

    path: Path
    settings: Settings
    iterations: int
    mark: str
    """Of prompt, seed, settings and weights: pictures that have the same need no painting."""


def run(arguments: argparse.Namespace) -> int:
    """Paint what is not there yet, and print what the judge says."""
    began = time.monotonic()
    prompts = prompts_of(arguments.prompts or places.resources() / "bench-prompts.json")
    judge = judge_in(arguments.judge or places.judge(), prompts.all)
    vqgan, perceptors = models_named(arguments.model, None)
    orders = _orders(arguments, prompts, vqgan, perceptors)
    _paint(orders, arguments.device, vqgan, perceptors)
    from studio.training import judging, sheet

    pictures = [rgb(order.path) for order in orders]
    found = judging.similarities(judge, prompts.all, pictures)
    said = judging.verdict(found, prompts.all, prompts.numbered_pairs)
    path = orders[0].path.parent / "sheet.jpg"
    notes = [_note(row.rank, row.first) for row in said.rows]
    sheet.write_sheet(path, list(zip(prompts.all, notes, pictures, strict=True)))
    told = _told(said, orders[0]) | {
        "model": vqgan.name,
        "sheet": str(path),
        "seconds": round(time.monotonic() - began, 1),
    }
    answer.give(told, _lines(told), as_json=arguments.json)
    return 0


def prompts_of(path: Path) -> Prompts:
    """The prompts in a file. Raises RequestError where it has none."""
    try:
        prompts = msgspec.json.decode(path.read_bytes(), type=Prompts)
    except (OSError, msgspec.MsgspecError) as error:
        raise RequestError(f"The prompts in {path} cannot be read ({error}).") from error
    if not prompts.all or len(set(prompts.all)) < len(prompts.all):
        raise RequestError(f"{path} must name one prompt or more, and none of them twice.")
    return prompts


def judge_in(folder: Path, prompts: Sequence[str]) -> Perceptor:
    """The judge in a folder. Raises RequestError when it is not there, or cannot read a prompt."""
    weights = folder / "clip.safetensors"
    if not weights.is_file():
        raise RequestError(
            f"There is no judge in {folder}; name the folder of one with --judge, or make it with "
            "`train judge --out FOLDER`."
        )
    from studio.engine.weights import load_perceptor

    judge = load_perceptor(weights)
    unknown = sorted({word for text in prompts for word in judge.unknown_words(text)})
    if unknown:
        raise RequestError(f"The judge never learnt: {', '.join(unknown)}; choose other prompts.")
    return judge


def _orders(
    arguments: argparse.Namespace,
    prompts: Prompts,
    vqgan: Installed,
    perceptors: tuple[Installed, ...],
) -> list[Order]:
    size = fitted(arguments.size or SIZE, store.factor(vqgan))
    iterations, folder = arguments.iterations or ITERATIONS, arguments.out or FOLDER
    weights = [sha256_of(each.weights) for each in (vqgan, *perceptors)]
    orders = []
    for number, text in enumerate(prompts.all, 1):
        settings = Settings(
            prompts=(Prompt(text=text),),
            size=size,
            seed=arguments.seed,
            model=vqgan.name,
            perceptors=tuple(each.name for each in perceptors),
        )
        told = msgspec.json.encode((settings, iterations, weights))
        mark = hashlib.sha256(told).hexdigest()
        orders.append(Order(folder / f"{number:02d}.png", settings, iterations, mark))
    return orders


def _paint(
    orders: list[Order], device: str, vqgan: Installed, perceptors: tuple[Installed, ...]
) -> None:
    missing = [order for order in orders if marked.read(order.path, order.mark) is None]
    if len(missing) < len(orders):
        log.info("%d of %d pictures are there already.", len(orders) - len(missing), len(orders))
    if not missing:
        return
    from studio.engine.painter import Painter
    from studio.painting import load_models

    weights = {each.name: each.weights for each in perceptors}
    models = load_models(vqgan.weights, weights, device)
    painter = Painter(models.vqgan, models.perceptors, device=models.device)
    make_folder(missing[0].path.parent)
    with Progress(len(missing) * missing[0].iterations) as progress:
        for order in missing:
            state = painter.start(order.settings)
            for _ in range(order.iterations):
                state, step = painter.step(state, order.settings)
                progress.step(step.total)
            marked.keep(
                order.path, step.picture, order.mark, {"prompt": order.settings.prompts[0].text}
            )


def _note(rank: int, first: str) -> str:
    return "first" if rank == 1 else f"{rank}, behind {first}"


def _told(said: Verdict, order: Order) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(said)
    return told | {
        "of": len(said.rows),
        "iterations": order.iterations,
        "size": list(order.settings.size),
        "seed": order.settings.seed,
        "folder": str(order.path.parent),
    }


def _lines(found: dict[str, Any]) -> Iterator[str]:
    width, height = found["size"]
    yield f"{found['model']}, {width}x{height}, {found['iterations']} iterations"
    yield ""
    yield f"{'rank':>4}  {'alike':>6}  {'prompt':<44}  came first instead"
    for row in found["rows"]:
        instead = "" if row["rank"] == 1 else row["first"]
        told = f"{row['rank']:>4}  {row['similarity']:>6.3f}  {row['prompt']:<44}  {instead}"
        yield told.rstrip()
    yield ""
    yield f"own painting first   {found['first']} of {found['of']}"
    yield f"near-miss pairs      {found['pairs_right']} of {found['pairs']}"
    yield f"mean reciprocal rank {found['mean_reciprocal_rank']:.3f}"
    yield f"sheet                {found['sheet']}"
