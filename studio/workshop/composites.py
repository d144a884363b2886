"""Composites: cut-out things set on grounds, with their shadow, and worded in several ways.

Everything about one composite is drawn from (seed, index), so that any of them can be made again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from studio.log import log
from studio.pictures.decoder import kept, rgb
from studio.training import scenes
from studio.workshop.material import Material, Photograph, Thing, cut_out

COLOURS = {
    "red": (214, 36, 36),
    "blue": (36, 78, 214),
    "green": (46, 150, 62),
    "yellow": (244, 214, 54),
    "purple": (126, 48, 160),
    "orange": (240, 138, 36),
    "pink": (244, 150, 188),
    "white": (246, 246, 246),
    "black": (18, 18, 18),
    "gray": (128, 128, 128),
    "brown": (120, 76, 42),
    "turquoise": (50, 194, 190),
}
HUES = {"red": 0.0, "orange": 0.08, "yellow": 0.15, "green": 0.34, "blue": 0.61, "purple": 0.77}
NUMBERS = {1: "", 2: "two", 3: "three", 4: "four", 5: "five"}
LEADS = {
    "photo": ("a photo of", "a photograph of", "a close photo of"),
    "render": ("a 3d render of", "a glossy 3d picture of", "a toy like"),
    "drawing": ("a drawing of", "a flat drawing of", "a cartoon of", "an icon of"),
    "clip art": ("",),
}
PLACES = {
    (-1, 0): "on the left",
    (1, 0): "on the right",
    (0, -1): "at the top",
    (0, 1): "at the bottom",
}
WORDINGS = 5
"""Captions kept of each composite."""
CHUNK = 200


class Ground(msgspec.Struct, frozen=True):
    """What is behind the things, and the ways to say so (none where it goes without saying)."""

    picture: Any
    wordings: tuple[str, ...]


class Composite(msgspec.Struct, frozen=True):
    """A picture (side, side, 3) uint8 and some true wordings of it."""

    picture: Any
    captions: tuple[str, ...]


class Composer:
    """Sets things of a material on grounds."""

    def __init__(self, folder: Path, *, held_out: bool = False) -> None:
        material: Material = cut_out(folder)
        judging = {"twemoji"}
        self.folder = folder
        self.things = [
            thing
            for thing in material.things
            if (thing.held_out or thing.source in judging) == held_out and thing.look != "clip art"
        ]
        self.photographs = [each for each in material.photographs if each.wordings]
        weights = {"photo": 5.0, "render": 2.0, "drawing": 1.0}
        shares = np.array([weights[thing.look] for thing in self.things])
        self.shares = shares / shares.sum()

    def compose(self, seed: int, index: int, side: int) -> Composite:
        """The composite of that number: (side, side, 3) uint8 and its wordings."""
        rng = np.random.default_rng((seed, index, 77))
        if rng.random() < 0.12:
            return self._photograph(rng, side)
        ground = self._ground(rng, seed, index, side)
        picture = Image.fromarray(ground.picture)
        if rng.random() < 0.12:
            return self._two(rng, picture, ground)
        return self._one(rng, picture, ground)

    def _photograph(self, rng: np.random.Generator, side: int) -> Composite:
        chosen = self.photographs[rng.integers(len(self.photographs))]
        picture = _crop(self.folder, chosen, rng, side, whole=True)
        leads = ("", "a photo of ", "a photograph of ")
        captions = [
            leads[rng.integers(3)] + chosen.wordings[rng.integers(len(chosen.wordings))]
            for _ in range(WORDINGS)
        ]
        return Composite(picture, tuple(captions))

    def _ground(self, rng: np.random.Generator, seed: int, index: int, side: int) -> Ground:
        kind = rng.random()
        if kind < 0.55:
            return _plain(rng, side)
        if kind < 0.85:
            scene = scenes.draw(seed + 1, index, side)
            told = [scene.caption(rng) for _ in range(3)]
            return Ground(scene.picture, tuple(f"in front of {each}" for each in told))
        chosen = self.photographs[rng.integers(len(self.photographs))]
        picture = _crop(self.folder, chosen, rng, side, whole=False)
        return Ground(picture, tuple(f"in front of {each}" for each in chosen.wordings))

    def _pick(self, rng: np.random.Generator) -> Thing:
        return self.things[rng.choice(len(self.things), p=self.shares)]

    def _one(self, rng: np.random.Generator, picture: Image.Image, ground: Ground) -> Composite:
        thing = self._pick(rng)
        colour = _colour(rng) if rng.random() < 0.12 else ""
        number = int(rng.choice(5, p=(0.84, 0.07, 0.05, 0.02, 0.02))) + 1
        image = _tinted(_read(self.folder, thing.file), colour)
        place, where = (0, 0), ""
        if number > 1:
            _several(rng, picture, image, number)
        elif rng.random() < 0.15:
            place = list(PLACES)[rng.integers(len(PLACES))]
            where = PLACES[place]
            _paste(rng, picture, image, rng.uniform(0.35, 0.5), place, 0.28)
        elif rng.random() < 0.1:
            _paste(rng, picture, image, rng.uniform(0.25, 0.4), place, 0)
            colour = f"small {colour}".strip()
        else:
            _paste(rng, picture, image, rng.uniform(0.55, 0.97), place, 0)
        captions = [
            _sentence(rng, thing, NUMBERS[number], colour, where, ground) for _ in range(WORDINGS)
        ]
        return Composite(np.asarray(picture), tuple(captions))

    def _two(self, rng: np.random.Generator, picture: Image.Image, ground: Ground) -> Composite:
        """Two things beside each other or one above the other."""
        first, second = self._pick(rng), self._pick(rng)
        colours = [_colour(rng) if rng.random() < 0.3 else "" for _ in range(2)]
        aside = rng.random() < 0.7
        places = ((-1, 0), (1, 0)) if aside else ((0, -1), (0, 1))
        for thing, place, colour in zip((first, second), places, colours, strict=True):
            image = _tinted(_read(self.folder, thing.file), colour)
            _paste(rng, picture, image, rng.uniform(0.38, 0.5), place, 0.25)
        ways = ("to the left of", "beside", "next to") if aside else ("above", "over")
        captions = []
        for _ in range(WORDINGS):
            one, two = (
                _noun(_name(rng, thing), colour)
                for thing, colour in zip((first, second), colours, strict=True)
            )
            way = ways[rng.integers(len(ways))]
            lead = rng.choice(["", "", "a picture of "])
            captions.append(" ".join(f"{lead}{one} {way} {two} {_behind(rng, ground)}".split()))
        return Composite(np.asarray(picture), tuple(captions))


def _plain(rng: np.random.Generator, side: int) -> Ground:
    """One colour, or a colour that grows lighter to one side."""
    name = list(COLOURS)[rng.integers(len(COLOURS))]
    colour = np.clip(np.array(COLOURS[name]) + rng.normal(0, 9, 3), 0, 255)
    if rng.random() < 0.55:
        picture = np.broadcast_to(colour, (side, side, 3))
    else:
        angle, reach = rng.uniform(0, 2 * np.pi), rng.uniform(15, 60)
        across = np.linspace(-0.5, 0.5, side)
        slope = np.cos(angle) * across[None, :] + np.sin(angle) * across[:, None]
        if rng.random() < 0.4:  # a light behind the thing
            slope = 0.35 - np.hypot(across[None, :], across[:, None])
        picture = np.clip(colour + reach * slope[..., None], 0, 255)
    wordings = (
        f"on {_noun('background', name)}",
        f"in front of {_noun('wall', name)}",
        f"on {name}",
        f"on a plain {name} ground",
    )
    return Ground(picture.astype(np.uint8), wordings)


def _colour(rng: np.random.Generator) -> str:
    return list(HUES)[rng.integers(len(HUES))]


def _name(rng: np.random.Generator, thing: Thing) -> str:
    """Mostly the name, at times one of its tags with it or in its place."""
    name, tags = thing.names[0], thing.names[1:]
    if tags and rng.random() < 0.2:
        tag = tags[rng.integers(len(tags))]
        return tag if rng.random() < 0.5 else f"{name}, {tag}"
    return name


def _noun(name: str, colour: str, number: str = "") -> str:
    if number:
        plural = name if name.endswith("s") else f"{name}s"
        return f"{number} {colour} {plural}"
    words = f"{colour} {name}".strip()
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _behind(rng: np.random.Generator, ground: Ground) -> str:
    return ground.wordings[rng.integers(len(ground.wordings))]


def _sentence(
    rng: np.random.Generator, thing: Thing, number: str, colour: str, where: str, ground: Ground
) -> str:
    leads = LEADS[thing.look]
    lead = leads[rng.integers(len(leads))] if rng.random() < 0.6 else ""
    noun = _noun(_name(rng, thing), colour, number)
    parts = [lead, noun]
    if where and rng.random() < 0.8:
        parts.append(where)
    if rng.random() < 0.85:
        parts.append(_behind(rng, ground))
    return " ".join(" ".join(parts).split())


def _paste(
    rng: np.random.Generator,
    picture: Image.Image,
    image: Image.Image,
    share: float,
    place: tuple[float, float],
    away: float,
) -> None:
    """Set a thing at `share` of the side, `away` from the middle towards a place."""
    side = picture.size[0]
    scale = share * side / max(image.size)
    wide, high = (max(4, round(length * scale)) for length in image.size)
    thing = image.resize((wide, high), Image.Resampling.LANCZOS)
    if rng.random() < 0.3:
        thing = thing.rotate(rng.normal(0, 8), Image.Resampling.BICUBIC, expand=True)
    spread = 0.03 if away else 0.05
    left, top = (
        round(side * (0.5 + away * towards + rng.normal(0, spread)) - length / 2)
        for towards, length in zip(place, thing.size, strict=True)
    )
    if rng.random() < 0.4:
        _shade(picture, thing, left, top)
    picture.paste(thing, (left, top), thing)


def _shade(picture: Image.Image, thing: Image.Image, left: int, top: int) -> None:
    """A soft shadow on the ground below."""
    wide, high = thing.size
    flat = thing.getchannel("A").resize((wide, max(2, high // 6)))
    mask = Image.new("L", picture.size)
    mask.paste(flat, (left, top + high - max(2, high // 6) // 2 - 1))
    mask = mask.filter(ImageFilter.GaussianBlur(max(1, wide / 24))).point(lambda a: int(a * 0.45))
    picture.paste((10, 10, 14), (0, 0), mask)


def _several(
    rng: np.random.Generator, picture: Image.Image, image: Image.Image, number: int
) -> None:
    """Some of the same beside each other."""
    rows = 1 if number < 4 else 2
    for at in range(number):
        column = at % -(-number // rows)
        columns = -(-number // rows)
        across = (column + 0.5) / columns - 0.5
        down = ((at // columns) + 0.5) / rows - 0.5 if rows > 1 else 0
        share = 0.9 / max(columns, rows)
        _paste(rng, picture, image, share, (across, down), 1)


def _tinted(image: Image.Image, colour: str) -> Image.Image:
    """A thing whose own colours are turned to the hue of a word."""
    if not colour:
        return image
    hue = round(HUES[colour] * 255)
    alpha = image.getchannel("A")
    _hue, saturation, value = image.convert("RGB").convert("HSV").split()
    saturation = saturation.point(lambda s: min(255, 90 + int(s * 0.75)))
    tinted = Image.merge("HSV", (Image.new("L", image.size, hue), saturation, value)).convert("RGB")
    tinted.putalpha(alpha)
    return tinted


@cache
def _read(folder: Path, file: str) -> Image.Image:
    return Image.fromarray(kept((folder / file).read_bytes(), "RGBA"))


@cache
def _photo(folder: Path, file: str) -> Image.Image:
    return Image.fromarray(rgb(folder / file))


def _crop(
    folder: Path, chosen: Photograph, rng: np.random.Generator, side: int, *, whole: bool
) -> NDArray[np.uint8]:
    """A square of a photograph, most of it or a detail, at `side` pixels."""
    image = _photo(folder, chosen.file)
    shortest = min(image.size)
    least = 0.6 if whole else min(1.0, 1.2 * side / shortest)
    edge = round(shortest * rng.uniform(least, 1))
    left, top = (int(rng.integers(length - edge + 1)) for length in image.size)
    square = image.resize(
        (side, side), Image.Resampling.LANCZOS, (left, top, left + edge, top + edge)
    )
    if rng.random() < 0.5:
        square = square.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return np.asarray(square)


class Pool(msgspec.Struct, frozen=True):
    """Pictures of one size on the disk, (count, side, side, 3) uint8, and wordings of each."""

    pixels: Any
    captions: list[list[str]]

    def __len__(self) -> int:
        return len(self.pixels)

    def caption(self, index: int, rng: np.random.Generator) -> str:
        """One of the wordings of a picture."""
        told = self.captions[index]
        return told[rng.integers(len(told))]


def pool(folder: Path, *, seed: int, count: int, side: int, held_out: bool = False) -> Pool:
    """Composites 0..count-1 of one seed from the folder, made on all cores where missing."""
    name = f"composites-{seed}-{side}-{'held-' if held_out else ''}{count}"
    path, told = folder / f"{name}.npy", folder / f"{name}.json"
    if not told.exists():
        pixels = np.lib.format.open_memmap(path, "w+", np.uint8, (count, side, side, 3))
        captions: list[Sequence[str]] = []
        tasks = [
            (folder, seed, first, min(CHUNK, count - first), side, held_out)
            for first in range(0, count, CHUNK)
        ]
        with ProcessPoolExecutor(os.cpu_count()) as workers:
            for task, (pictures, texts) in zip(tasks, workers.map(_chunk, tasks), strict=True):
                pixels[task[2] : task[2] + task[3]] = pictures
                captions.extend(texts)
                if task[2] % (20 * CHUNK) == 0:
                    log.info("composed up to %d of %d", task[2], count)
        pixels.flush()
        told.write_text(json.dumps(captions))
    return Pool(np.load(path, mmap_mode="r"), json.loads(told.read_text()))


@cache
def _composer(folder: Path, held_out: bool) -> Composer:
    return Composer(folder, held_out=held_out)


def _chunk(task: tuple[Path, int, int, int, int, bool]) -> tuple[NDArray[np.uint8], list[Any]]:
    folder, seed, first, count, side, held_out = task
    composer = _composer(folder, held_out)
    made = [composer.compose(seed, index, side) for index in range(first, first + count)]
    return np.stack([each.picture for each in made]), [each.captions for each in made]
