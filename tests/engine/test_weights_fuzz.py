"""Weight files changed by chance, by their structure: each is read, or refused in a sentence."""

from __future__ import annotations

import asyncio
import io
import json
import os
import pickletools
import random
import struct
import time
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from studio.apart import Apart, Reading
from studio.engine.weights import convert_clip, convert_vqgan, recognise
from studio.errors import RequestError
from studio.installing import load_engine
from tests.engine import formats, tiny

NAMES = ["v.ckpt", "old.ckpt", "c.pt", "c.safetensors", "c.json", "v.yaml"]
EACH = int(os.environ.get("STUDIO_FUZZ", "8"))
"""Changes of each file; more where somebody asks for them."""
SECONDS = 5.0
MEMORY = 500 * 2**20
ODD_NUMBERS = (0, 1, -1, 2**31 - 1, -(2**31), 10**6, 256)
ODD_VALUES: tuple[Any, ...] = (0, -1, 10**8, 2**62, 1e300, "x", None, [], {}, [1] * 1000, True)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One file of each form."""
    folder = tmp_path_factory.mktemp("files")
    state, clip = tiny.vqgan().state_dict(), tiny.vision_transformer()
    torch.save({"state_dict": state, "epoch": 3}, folder / "v.ckpt")
    torch.save({"state_dict": state}, folder / "old.ckpt", _use_new_zipfile_serialization=False)
    save_file(clip.clip.state_dict(), folder / "c.safetensors")
    shape = {name: getattr(clip.config, name) for name in clip.config.__struct_fields__}
    (folder / "c.json").write_text(json.dumps(shape))
    formats.as_openai_wrote(clip.clip, folder / "c.pt")
    formats.vqgan_yaml(folder / "v.yaml", formats.SMALL)
    return {path.name: path for path in folder.iterdir()}


def of_bytes(data: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, left out, put in or said again; near the beginning more often."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        place = int(len(found) * chance.random() ** chance.choice((1, 3, 8)))
        size = chance.choice((1, 1, 4, 8, 64))
        piece = found[place : place + size]
        found[place : place + size] = chance.choice(
            (chance.randbytes(len(piece)), b"", bytes(len(piece)), piece * 2, b"\xff" * len(piece))
        )
    return bytes(found)


def of_pickle(data: bytes, chance: random.Random) -> bytes:
    """Instructions left out, said again, exchanged, or with odd numbers."""
    places = [place for *_, place in pickletools.genops(data) if place is not None]
    pieces = [data[a:b] for a, b in zip(places, [*places[1:], len(data)], strict=True)]
    for _ in range(chance.choice((1, 1, 2, 5))):
        here, there = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        match chance.randrange(6):
            case 0:
                pieces[here] = b""
            case 1:
                pieces[here] += pieces[there]
            case 2:
                pieces[here], pieces[there] = pieces[there], pieces[here]
            case 3:
                pieces[here] = b"J" + struct.pack("<i", chance.choice(ODD_NUMBERS))
            case 4:
                pieces[here] *= chance.choice((2, 100, 20_000))
            case 5:
                pieces[here] += b"(" + pieces[there] * 3 + b"t"
    return b"".join(pieces)


def of_archive(path: Path, out: Path, chance: random.Random) -> None:
    """An archive whose pickle was changed, or whose parts are others."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.endswith("/data.pkl"):
                data = of_pickle(data, chance)
            elif chance.random() < 0.01:
                data = data[: chance.randrange(len(data) + 1)]
            if chance.random() > 0.005:
                new.writestr(entry.filename, data)


def of_header(data: bytes, chance: random.Random) -> bytes:
    """Safetensors whose header tells something else."""
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    for _ in range(chance.choice((1, 1, 3))):
        name = chance.choice(sorted(header))
        entry = header[name] if isinstance(header[name], dict) else {}
        part = chance.choice(("dtype", "shape", "data_offsets", "more"))
        entry[part] = chance.choice((*ODD_VALUES, [4, 8], [2**40, 2**40], "F64", "I8", "F4"))
        if chance.random() < 0.2:
            header[name] = chance.choice(ODD_VALUES)
        if chance.random() < 0.2:
            header[name + "x"] = header.pop(name)
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data[8 + length :]


def of_json(text: str, chance: random.Random) -> str:
    """A config with an odd value, or one more or less."""
    config = json.loads(text)
    for _ in range(chance.choice((1, 1, 2))):
        config[chance.choice([*sorted(config), "more"])] = chance.choice(ODD_VALUES)
    return json.dumps(config)


def changed(name: str, files: dict[str, Path], folder: Path, chance: random.Random) -> Path:
    """A file of that name, changed, and its config beside it."""
    path = folder / name.replace(".yaml", ".ckpt").replace(".json", ".safetensors")
    path.write_bytes(files[path.name].read_bytes())
    config = files["c.json"] if path.suffix == ".safetensors" else files["v.yaml"]
    beside = path.with_suffix(config.suffix)
    beside.write_bytes(config.read_bytes())
    if name.endswith(".json"):
        beside.write_text(of_json(config.read_text(), chance))
    elif name.endswith(".yaml") or chance.random() < 0.3:
        target = beside if name.endswith(".yaml") else path
        target.write_bytes(of_bytes(target.read_bytes(), chance))
    elif name == "c.safetensors":
        path.write_bytes(of_header(path.read_bytes(), chance))
    elif name == "old.ckpt":
        path.write_bytes(of_pickle_within(path.read_bytes(), chance))
    else:
        of_archive(files[name], path, chance)
    return path


def of_pickle_within(data: bytes, chance: random.Random) -> bytes:
    """The fourth pickle of an old file, changed: that with the tensors."""
    told = io.BytesIO(data)
    ends = [0]
    for _ in range(4):
        list(pickletools.genops(told))
        ends.append(told.tell())
    begin, end = ends[-2:]
    return data[:begin] + of_pickle(data[begin:end], chance) + data[end:]


def ready() -> None:
    """Have this module in the process that reads."""
    load_engine()


def read(path: Path, out: Path) -> tuple[str, float]:
    """What comes of a file, and the seconds that it took of the processor that reads it."""
    began = time.process_time()
    try:
        said = _read(path, out)
    except RequestError as error:
        said = str(error)
    return said, time.process_time() - began


def _read(path: Path, out: Path) -> str:
    config = path.with_suffix(".yaml")
    kind = recognise(path)
    if kind == "clip":
        convert_clip(path, out)
    elif kind == "vqgan":
        convert_vqgan(path, config if config.exists() else None, out)
    return kind or "neither"


async def outcomes(
    name: str, files: dict[str, Path], folder: Path
) -> AsyncIterator[tuple[str, float]]:
    """What comes of each change."""
    async with Apart(ready) as aside:
        for number in range(EACH):
            path = changed(name, files, folder, random.Random(f"{name} {number}"))
            reading = Reading(path, 100, MEMORY)
            yield await aside.call(reading, read, path, folder / "out.safetensors")


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_what_was_changed_is_read_or_refused(
    name: str, files: dict[str, Path], tmp_path: Path
) -> None:
    async def all_of_them() -> list[tuple[str, float]]:
        return [each async for each in outcomes(name, files, tmp_path)]

    found = asyncio.run(all_of_them())
    assert len(found) == EACH
    for number, (said, seconds) in enumerate(found):
        assert said.isprintable(), number
        assert seconds < SECONDS, (number, said)
        assert "memory" not in said.lower(), (number, said)
    read = [said for said, _ in found if said in ("vqgan", "clip", "neither")]
    assert len(read) < EACH
