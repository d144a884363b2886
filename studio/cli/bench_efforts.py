"""`bench --efforts`: what a judge CLIP says of each effort's pictures, second by second.

Beside them stands the plain reference loop in its own way of painting, so that the table tells in
which part of its time they are as like their prompts as its pictures at the end.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import NDArray

from studio import places
from studio.cli import answer, efforts_table, marked, race
from studio.cli.bench_pictures import judge_in, prompts_of
from studio.cli.efforts_table import Told
from studio.cli.outputs import make_folder
from studio.cli.plan import fitted, models_named
from studio.cli.progress import Progress
from studio.core.efforts import EFFORTS
from studio.core.settings import Prompt, Settings
from studio.errors import RequestError
from studio.log import log
from studio.models import store
from studio.models.part import sha256_of
from studio.models.store import Installed

if TYPE_CHECKING:
    from studio.engine.laps import Course, Look
    from studio.engine.perceptor import Perceptor

SIZE = (128, 128)
FOLDER = Path("bench-efforts")
ITERATIONS = 200
"""Of the reference loop."""
RATE = 0.1
"""nerdyrodent's learning rate."""
LOOKS = "looks"
"""The text in a strip that says after which iterations and seconds it was looked at."""


@dataclass(frozen=True)
class Sort:
    """One of those that are compared."""

    name: str
    program: Sequence[str]
    cutouts: int
    learning_rate: float
    iterations: int


@dataclass(frozen=True)
class Order:
    """One prompt to paint with one seed."""

    sort: Sort
    path: Path
    settings: Settings
    weights: tuple[str, ...]

    @cached_property
    def looks(self) -> tuple[int, ...]:
        """After which iterations the picture is looked at: ever further apart, and at the end."""
        last = self.sort.iterations
        steps = [step << power for power in range(32) for step in (2, 3)]
        return (*(look for look in (1, *steps) if look < last), last)

    @cached_property
    def mark(self) -> str:
        """Of settings, looks and weights: strips that have the same need no painting."""
        told = msgspec.json.encode((self.settings, self.looks, self.weights))
        return hashlib.sha256(told).hexdigest()


def run(arguments: argparse.Namespace) -> int:
    """Paint what is not there yet, and print what the judge says."""
    against = race.reference(arguments.against)
    if against is None:
        raise RequestError("The reference loop is in a checkout; name it with --against.")
    path = arguments.prompts or places.resources() / "bench-prompts.json"
    prompts = spread(prompts_of(path).all, arguments.prompt_count)
    judge = judge_in(arguments.judge or places.judge(), prompts)
    vqgan, perceptors = models_named(arguments.model, None)
    orders = _orders(arguments, against, prompts, vqgan, perceptors[0])
    course = _course(arguments.device, vqgan, perceptors[0], orders[0].settings)
    _paint(orders, against, course)
    curves = _judged(orders, judge)
    found = efforts_table.table({sort.name: curves[sort.name] for sort in _sorts_of(orders)})
    told = Told(
        sorts={sort.name: _about(sort) | found[sort.name] for sort in _sorts_of(orders)},
        prompts=list(prompts),
        seeds=sorted({order.settings.seed for order in orders}),
        size=list(orders[0].settings.size),
        model=vqgan.name,
        folder=str(orders[0].path.parent),
    )
    answer.give(msgspec.to_builtins(told), efforts_table.lines(told), as_json=arguments.json)
    return 0


def spread(prompts: Sequence[str], count: int) -> tuple[str, ...]:
    """So many of the prompts, from all over the list; all when there are no more."""
    count = min(count, len(prompts))
    return tuple(prompts[number * len(prompts) // count] for number in range(count))


def _sorts(reference: Path, cutouts: int, most: int | None) -> list[Sort]:
    plain = Sort(efforts_table.REFERENCE, (str(reference),), cutouts, RATE, most or ITERATIONS)
    efforts = [
        Sort(
            name,
            race.OURS,
            work.cutouts,
            work.learning_rate,
            min(work.iterations, most or work.iterations),
        )
        for name, work in EFFORTS.items()
    ]
    return [plain, *efforts]


def _sorts_of(orders: Sequence[Order]) -> list[Sort]:
    return list({order.sort.name: order.sort for order in orders}.values())


def _orders(
    arguments: argparse.Namespace,
    reference: Path,
    prompts: Sequence[str],
    vqgan: Installed,
    perceptor: Installed,
) -> list[Order]:
    weights = tuple(sha256_of(each.weights) for each in (vqgan, perceptor))
    folder = arguments.out or FOLDER
    base = Settings(
        prompts=(Prompt(text=prompts[0]),),
        size=fitted(arguments.size or SIZE, store.factor(vqgan)),
        model=vqgan.name,
        perceptors=(perceptor.name,),
    )
    return [
        Order(
            sort,
            folder / f"{_slug(text)}-{seed}-{sort.name}.png",
            msgspec.structs.replace(
                base,
                prompts=(Prompt(text=text),),
                seed=seed,
                cutouts=sort.cutouts,
                learning_rate=sort.learning_rate,
            ),
            weights,
        )
        for seed in range(arguments.seed, arguments.seed + arguments.seed_count)
        for text in prompts
        for sort in _sorts(reference, arguments.cutouts, arguments.iterations)
    ]


def _course(device: str, vqgan: Installed, perceptor: Installed, settings: Settings) -> Course:
    from studio.engine import device as devices
    from studio.engine.laps import Course

    precision = devices.precision(devices.choose(device))
    return Course(
        settings=settings,
        device=device,
        vqgan=str(vqgan.weights),
        perceptors={perceptor.name: str(perceptor.weights)},
        precision=str(precision).removeprefix("torch."),
        sits=True,
    )


def _paint(orders: Sequence[Order], against: Path, course: Course) -> None:
    missing = [order for order in orders if _read(order) is None]
    if len(missing) < len(orders):
        log.info("%d of %d paintings are there already.", len(orders) - len(missing), len(orders))
    if not missing:
        return
    make_folder(missing[0].path.parent)
    with ExitStack() as running, Progress(sum(len(each.looks) for each in missing), "look") as done:
        loops: dict[Sequence[str], race.Running] = {}
        seen = 0
        for order in missing:
            words = order.sort.program
            if words not in loops:
                loops[words] = running.enter_context(race.running(words, against, course))
            looks = []
            for look in loops[words].sit(order.settings, order.looks):
                looks.append(look)
                seen += 1
                done.reach(seen)
            _keep(order, looks)


def _keep(order: Order, looks: Sequence[Look]) -> None:
    """The pictures side by side, which a person can look at too."""
    width, height = order.settings.size
    pictures = [np.frombuffer(look.picture, np.uint8).reshape(height, width, 3) for look in looks]
    seconds = [(look.iteration, look.seconds) for look in looks]
    texts = {
        "prompt": order.settings.prompts[0].text,
        LOOKS: msgspec.json.encode(seconds).decode(),
    }
    marked.keep(order.path, np.concatenate(pictures, 1), order.mark, texts)


def _read(order: Order) -> tuple[NDArray[np.float64], list[NDArray[np.uint8]]] | None:
    """Seconds and pictures of the looks; None where there is no whole strip of this order."""
    found = marked.read(order.path, order.mark)
    if found is None:
        return None
    strip, texts = found
    looks = msgspec.json.decode(texts[LOOKS], type=list[tuple[int, float]])
    return np.array([seconds for _, seconds in looks]), np.split(strip, len(looks), 1)


def _judged(
    orders: Sequence[Order], judge: Perceptor
) -> dict[str, list[tuple[NDArray[np.float64], NDArray[np.float64]]]]:
    """Of each sort, the seconds and the cosines of every painting."""
    from studio.training import judging

    curves: dict[str, list[tuple[NDArray[np.float64], NDArray[np.float64]]]] = {}
    for order in orders:
        read = _read(order)
        assert read is not None
        seconds, pictures = read
        cosines = judging.similarities(judge, [order.settings.prompts[0].text], pictures)[0]
        curves.setdefault(order.sort.name, []).append((seconds, cosines))
    return curves


def _about(sort: Sort) -> dict[str, float]:
    return {
        "cutouts": sort.cutouts,
        "learning_rate": sort.learning_rate,
        "iterations": sort.iterations,
    }


def _slug(text: str) -> str:
    """A prompt as a part of a file's name."""
    words = "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
    return f"{words[:40]}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"
