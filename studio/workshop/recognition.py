"""Whether things are recognised: prompts for things, and the ImageNet class that each should be.

    python -m studio.workshop.recognition --material FOLDER --vqgan FILE --clip FILE --out SHEET

The network that is asked is lite2, which no training saw. A class counts where it is among the
first ten of a thousand, in the mean over some looks at the whole picture.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from studio.core.settings import DEFAULTS, Prompt, Settings
from studio.engine.painter import Painter
from studio.log import log
from studio.painting import Models, load_models
from studio.training.sheet import write_sheet
from studio.workshop.eyes import Eyes

FIRST = 10
"""Classes among which the right one must be."""
SIDE = 260
"""Pixels at which lite2 learned."""
LOOKS = (1.0, 0.92, 0.85)
"""Shares of the picture's sides that are looked at, about its middle."""
THINGS: tuple[tuple[str, tuple[range | int, ...]], ...] = (
    ("a photo of a dog on a green background", (range(151, 269),)),
    ("a cat", (range(281, 286),)),
    ("a photo of a lion on a yellow background", (291,)),
    ("a tiger", (282, 292)),
    ("a zebra on a green background", (340,)),
    ("a photo of an elephant", (101, 385, 386)),
    ("a brown bear on a white background", (range(294, 298),)),
    ("a panda", (387, 388)),
    ("a red fox in a field", (range(277, 281),)),
    ("a photo of a rabbit on a blue background", (range(330, 333),)),
    ("a brown horse on a green background", (339,)),
    ("a pig", (range(341, 344),)),
    ("a sheep in a field", (range(348, 351),)),
    ("an owl at night", (24,)),
    ("a pink flamingo", (130,)),
    ("a penguin on a white background", (145,)),
    ("a duck", (range(97, 99),)),
    ("a rooster on an orange background", (7, 8)),
    ("a parrot", (range(87, 91),)),
    ("a green frog", (range(30, 33),)),
    ("a turtle on a blue background", (range(33, 38),)),
    ("a photo of a snake", (range(52, 69),)),
    ("a butterfly on a pink background", (range(321, 327),)),
    ("a bee", (309,)),
    ("a ladybug on a green background", (301,)),
    ("a spider", (range(72, 78),)),
    ("a snail", (113,)),
    ("a jellyfish", (107,)),
    ("a goldfish on a blue background", (1,)),
    ("a photo of a shark", (range(2, 5),)),
    ("a starfish", (327,)),
    ("a crab on a yellow background", (range(118, 122),)),
    ("a strawberry", (949,)),
    ("an orange on a white background", (950, 951)),
    ("a photo of a banana on a blue background", (954,)),
    ("a pineapple", (953,)),
    ("a green apple on a red background", (948,)),
    ("a mushroom", (range(991, 998), 947)),
    ("a pizza", (963,)),
    ("a castle on a hill", (483,)),
    ("a lighthouse on a cliff at sunset", (437,)),
    ("a volcano", (980,)),
    ("a sailing boat on the sea", (780, 914, 871)),
    ("a red car", (817, 511, 436, 468, 479, 656, 751)),
    ("a yellow bus", (779, 874, 654)),
    ("a hot air balloon in the sky", (417,)),
    ("a teapot on a green background", (849,)),
    ("a clock on a white background", (409, 892, 530)),
)
"""Prompts, and the numbers of the classes that are right."""


@torch.no_grad()
def ranks(eyes: Eyes, pictures: Sequence[NDArray[np.uint8]]) -> list[int]:
    """The best place, from 1, of a right class for pictures (H, W, 3) of THINGS in their order."""
    found = []
    for picture, (_, classes) in zip(pictures, THINGS, strict=True):
        right = [k for each in classes for k in ([each] if isinstance(each, int) else each)]
        order = seen(eyes, picture).argsort(descending=True).tolist()
        found.append(1 + min(order.index(k) for k in right))
    return found


def seen(eyes: Eyes, picture: NDArray[np.uint8]) -> torch.Tensor:
    """The mean scores of the 1,000 classes over LOOKS, (1000,)."""
    whole = torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1
    height, width = whole.shape[2:]
    looks = []
    for share in LOOKS:
        down, across = round(height * (1 - share) / 2), round(width * (1 - share) / 2)
        part = whole[:, :, down : height - down, across : width - across]
        looks.append(F.interpolate(part, (SIDE, SIDE), mode="bicubic", antialias=True))
    return eyes.classes(torch.cat(looks)).softmax(1).mean(0)


def painted(models: Models, **how: Any) -> Iterator[NDArray[np.uint8]]:
    """What models paint for THINGS, one after another; `how` are fields of the settings."""
    steps = how.pop("iterations")
    for prompt, _ in THINGS:
        settings = Settings(
            prompts=(Prompt(text=prompt),), perceptors=tuple(models.perceptors), **how
        )
        painter = Painter(models.vqgan, models.perceptors, imagination=models.imagination)
        state = painter.start(settings)
        for _ in range(steps):
            state, step = painter.step(state, settings)
        log.info("painted %s", prompt)
        yield step.picture


def main() -> None:
    """Paint all of them, print the table, and write the sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--material", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="the sheet")
    parser.add_argument("--vqgan", type=Path, required=True)
    parser.add_argument("--clip", type=Path, required=True)
    parser.add_argument("--start", default="codes")
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--iterations", type=int, default=100)
    parser.add_argument("--learning-rate", type=float, default=DEFAULTS["learning_rate"])
    parser.add_argument("--smooth", type=float, default=DEFAULTS["smooth"])
    parser.add_argument("--cutouts", type=int, default=DEFAULTS["cutouts"])
    words = vars(parser.parse_args())
    torch.set_num_threads(1)
    models = load_models(words.pop("vqgan"), {"clip": words.pop("clip")}, "cpu")
    eyes, out = Eyes(words.pop("material"), 2), words.pop("out")
    size = words.pop("size")
    pictures = list(painted(models, size=(size, size), **words))
    places = ranks(eyes, pictures)
    for (prompt, _), place in zip(THINGS, places, strict=True):
        print(f"{place:>4}  {prompt}")
    print(f"among the first {FIRST}: {sum(place <= FIRST for place in places)} of {len(places)}")
    notes = [f"{place}" for place in places]
    prompts = [prompt for prompt, _ in THINGS]
    write_sheet(out, list(zip(prompts, notes, pictures, strict=True)))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    main()
