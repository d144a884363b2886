"""Weight files that would be read for ever, or into more than there is, are refused at once."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from studio.engine import pickles
from studio.engine.archives import look_over
from studio.engine.weights import convert_clip, convert_vqgan, recognise
from studio.errors import RequestError
from tests.engine import formats, tiny

SOON = 30.0
"""Seconds in which every file is refused by a machine under load; nearly all take a hundredth."""


def archive(pickled: bytes, *, script: bool = False) -> bytes:
    """A torch archive with this pickle; of a TorchScript module if `script`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("archive/data.pkl", pickled)
        file.writestr("archive/data/0", bytes(64))
        file.writestr("archive/version", "3\n")
        if script:
            file.writestr("archive/constants.pkl", b"\x80\x02).")
    return out.getvalue()


def text(word: str) -> bytes:
    return b"X" + struct.pack("<I", len(word)) + word.encode()


def number(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)


def long(value: int) -> bytes:
    data = value.to_bytes((value.bit_length() + 8) // 8, "little", signed=True)
    return b"\x8a" + bytes([len(data)]) + data


def shared(leaf: bytes = b")", depth: int = 60, fold: bytes = b"\x86") -> bytes:
    """A tuple of twice a tuple of twice a tuple and so on: 2**depth leaves in a few bytes."""
    return leaf + b"".join(
        b"r" + struct.pack("<I", n) + b"j" + struct.pack("<I", n) + fold for n in range(depth)
    )


def storage(kind: str = "FloatStorage", part: str = "0") -> bytes:
    return (
        b"("
        + text("storage")
        + f"ctorch\n{kind}\n".encode()
        + text(part)
        + text("cpu")
        + b"K\x10tQ"
    )


def tensor(shape: bytes, stride: bytes, place: bytes | None = None) -> bytes:
    place = storage() if place is None else place
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + place + b"K\x00" + shape + stride + b"tR"


ONE = tensor(b"K\x10\x85", b"K\x01\x85")
MODULE = b"c__torch__\nA\n)\x81"
TABLE = b"\x80\x02}"

PICKLES: dict[str, bytes] = {
    "a key": TABLE + shared() + b"K\x01s.",
    "a key of lists": TABLE + shared(b"]", fold=b"\x86") + b"K\x01s.",
    "a key within": TABLE + text("state_dict") + b"}" + shared() + b"K\x01ss.",
    "a key that is a tensor's": TABLE + text("a") + tensor(shared(), b")") + b"s.",
    "a key of a default": TABLE
    + b"ccollections\nOrderedDict\n)R"
    + shared()
    + b"K\x01s"
    + ONE
    + b"s.",
    "what is asked for": b"\x80\x02("
    + text("storage")
    + shared()
    + text("0")
    + text("cpu")
    + b"K\x04tQ.",
    "which part is asked for": b"\x80\x02("
    + text("storage")
    + b"ctorch\nFloatStorage\n"
    + shared()
    + text("cpu")
    + b"K\x04tQ.",
    "a call": b"\x80\x02cos\nsystem\n" + shared() + b"R.",
    "a name that is no name": b"\x80\x02" + shared() + b")R.",
    "a shape": TABLE + text("a") + tensor(shared(b"K\x01\x85"), b")") + b"s.",
    "a shape of many": TABLE + text("a") + tensor(b"(" + b"K\x01" * 100_000 + b"t", b")") + b"s.",
    "a size of many digits": TABLE
    + text("a")
    + tensor(long(2**1900) + b"\x85", b"K\x01\x85")
    + b"s.",
    "numbers that repeat": TABLE
    + text("encoder.conv_in.weight")
    + tensor(number(2**30) * 2 + b"\x86", b"K\x00K\x00\x86")
    + b"s.",
    "a storage of no size": b"\x80\x02ctorch\nFloatStorage\n" + long(2**40) + b"\x85R.",
    "bytes without end": b"\x80\x02cbuiltins\nbytearray\n" + long(2**40) + b"\x85R.",
    "instructions": b"\x80\x02" + b")" * 1_100_000 + b".",
    "marks": b"\x80\x02" + b"(" * 1_100_000 + b".",
    "a text": b"\x80\x02X" + struct.pack("<I", 2**31 - 1) + b"a.",
    "a name of many letters": TABLE + text("a" * 1_000_000) + ONE + b"s.",
    "names that differ late": TABLE
    + b"("
    + b"".join(text("a" * 200_000 + str(n)) + b"K\x01" for n in range(30))
    + b"u.",
    "keys that fall together": TABLE
    + b"("
    + b"".join(long(n * (2**61 - 1)) + b"K\x01" for n in range(40_000))
    + b"u.",
}
SCRIPTS: dict[str, bytes] = {
    "itself": b"\x80\x02"
    + MODULE
    + b"q\x00}("
    + b"".join(text(str(n)) + b"h\x00" for n in range(200_000))
    + b"ub.",
    "itself once": b"\x80\x02" + MODULE + b"q\x00}" + text("a") + b"h\x00sb.",
    "itself by another": b"\x80\x02"
    + MODULE
    + b"q\x00}"
    + text("a")
    + MODULE
    + b"}"
    + text("b")
    + b"h\x00sbsb.",
    "twice and twice and twice": b"\x80\x02"
    + MODULE
    + b"}"
    + text("t")
    + ONE
    + b"sb"
    + b"".join(
        b"q"
        + bytes([n])
        + MODULE
        + b"}("
        + text("a")
        + b"h"
        + bytes([n])
        + text("b")
        + b"h"
        + bytes([n])
        + b"ub"
        for n in range(60)
    )
    + b".",
    "built again and again": b"\x80\x02}q\x00("
    + b"".join(text(str(n)) + b"K\x01" for n in range(50_000))
    + b"u"
    + (MODULE + b"h\x00b") * 50_000
    + b".",
    "names that grow": b"\x80\x02"
    + MODULE
    + b"}"
    + text("t")
    + ONE
    + b"sb"
    + b"".join(
        b"q" + bytes([n]) + MODULE + b"}" + text("a" * 500) + b"h" + bytes([n]) + b"sb"
        for n in range(40)
    )
    + b".",
}
"""Each builds its modules from within."""


@pytest.fixture(autouse=True)
def soon() -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < SOON


def refused(path: Path, out: Path, config: Path | None = None) -> str:
    """The sentence, which is the same for both kinds of models."""
    with pytest.raises(RequestError) as raised:
        convert_vqgan(path, config, out)
    message = str(raised.value)
    assert len(message) < 600
    assert message.isprintable()
    if config is None:
        with pytest.raises(RequestError):
            convert_clip(path, out)
    assert not out.parent.exists()
    return message


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out" / "model.safetensors"


@pytest.mark.parametrize("script", [False, True], ids=["checkpoint", "torchscript"])
@pytest.mark.parametrize("kind", [*PICKLES, *SCRIPTS])
def test_a_pickle_without_end(kind: str, script: bool, tmp_path: Path, out: Path) -> None:
    pickled = {**PICKLES, **SCRIPTS}[kind]
    path = tmp_path / "odd.pt"
    path.write_bytes(archive(pickled, script=script))
    refused(path, out)
    assert recognise(path) is None


def legacy(pickled: bytes, after: bytes = b"") -> bytes:
    """A file as torch wrote it before 1.6."""
    heads = (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True})
    return b"".join(pickle.dumps(each, 2) for each in heads) + pickled + after


@pytest.mark.parametrize("kind", PICKLES)
def test_an_old_file_without_end(kind: str, tmp_path: Path, out: Path) -> None:
    path = tmp_path / "odd.ckpt"
    path.write_bytes(legacy(PICKLES[kind], pickle.dumps(["0"], 2) + struct.pack("<q", 2**62)))
    refused(path, out)


def test_an_old_file_is_read_as_torch_reads_it(tmp_path: Path, out: Path) -> None:
    state = tiny.vqgan().state_dict()
    torch.save({"state_dict": state}, tmp_path / "new.ckpt")
    torch.save({"state_dict": state}, tmp_path / "old.ckpt", _use_new_zipfile_serialization=False)
    for name in ("new", "old"):
        convert_vqgan(tmp_path / f"{name}.ckpt", None, out.with_name(f"{name}.safetensors"))
    new, old = (out.with_name(f"{name}.safetensors") for name in ("new", "old"))
    assert new.stat().st_size == old.stat().st_size
    assert new.read_bytes()[-100_000:] == old.read_bytes()[-100_000:]


HEADERS = {
    "lists": b"[" + b"[]," * 3_000_000 + b"[]]",
    "depth": b'{"a":' * 1_000_000,
    "a claim": b"{}",
    "a number": b'{"a":{"dtype":"F32","shape":[' + b"9" * 1_000_000 + b'],"data_offsets":[0,4]}}',
    "places": b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,' + b"9" * 4000 + b"]}}",
}


@pytest.mark.parametrize("kind", HEADERS)
def test_a_safetensors_header_without_end(kind: str, tmp_path: Path, out: Path) -> None:
    header = HEADERS[kind]
    length = 2**62 if kind == "a claim" else len(header)
    path = tmp_path / "odd.safetensors"
    path.write_bytes(struct.pack("<Q", length) + header)
    refused(path, out)


def test_a_zip_of_parts_without_end(tmp_path: Path, out: Path) -> None:
    path = tmp_path / "odd.pt"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("archive/data.pkl", TABLE + b".")
        entry = file.infolist()[0]
        file.filelist += [entry] * 200_000
    assert "far too long" in refused(path, out)


def test_a_zip_whose_list_claims_to_be_longer_than_the_file(tmp_path: Path, out: Path) -> None:
    data = archive(TABLE + b".")
    end = data.rindex(b"PK\x05\x06")
    path = tmp_path / "odd.pt"
    path.write_bytes(data[: end + 12] + struct.pack("<I", 2**32 - 2) + data[end + 16 :])
    refused(path, out)


def test_a_file_that_is_mostly_nothing(tmp_path: Path, out: Path) -> None:
    path = tmp_path / "odd.safetensors"
    path.write_bytes(struct.pack("<Q", 2) + b"{}")
    os.truncate(path, 10**12)
    refused(path, out)


ENDLESS_CLIPS: list[dict[str, Any]] = [
    {"transformer_layers": 10**8},
    {"vision_layers": 10**8},
    {"vision_layers": [10**8, 1, 1, 1], "vision_patch_size": None},
    {"vision_width": 10**8},
    {"embed_dim": 10**8},
    {"image_resolution": 10**8},
    {"transformer_width": 10**8},
    {"context_length": 10**8},
    {"vision_patch_size": 10**8},
    {"vision_patch_size": -1},
    {"vision_layers": -1},
    {"kept_tokens": [10**12]},
    {"kept_tokens": [-5]},
]


@pytest.mark.parametrize("changes", ENDLESS_CLIPS, ids=str)
def test_a_json_of_a_clip_without_end(changes: dict[str, Any], tmp_path: Path, out: Path) -> None:
    clip = tiny.vision_transformer()
    path = tmp_path / "clip.safetensors"
    save_file(clip.clip.state_dict(), path)
    shape = {name: getattr(clip.config, name) for name in clip.config.__struct_fields__}
    path.with_suffix(".json").write_text(json.dumps(shape | changes))
    with pytest.raises(RequestError, match=r"The config .*clip\.json cannot be used"):
        convert_clip(path, out)


def test_names_out_of_a_file_move_no_cursor(tmp_path: Path, out: Path) -> None:
    path = tmp_path / "odd.ckpt"
    path.write_bytes(archive(b"\x80\x02c\x1b[2J\x1b[1;1Hgone" + b"x" * 5000 + b"\nx\n)R."))
    assert "calls ?[2J?[1;1Hgone" in refused(path, out)
    state = tiny.vqgan().state_dict() | {"encoder.\x1b[2J": torch.ones(2)}
    torch.save(state, path)
    assert "have encoder.?[2J besides" in refused(path, out)


@pytest.mark.parametrize("wrapper", ["module.", "_orig_mod.", "module._orig_mod."])
@pytest.mark.parametrize("table", [None, "state_dict", "model_state_dict", "model"])
def test_what_wraps_a_network_is_understood(
    wrapper: str, table: str | None, tmp_path: Path, out: Path
) -> None:
    vqgan, clip = tiny.vqgan(), tiny.vision_transformer()
    for name, network in (("v", vqgan), ("c", clip.clip)):
        wrapped = {f"{wrapper}{key}": value for key, value in network.state_dict().items()}
        torch.save(wrapped if table is None else {table: wrapped, "epoch": 3}, tmp_path / name)
    assert recognise(tmp_path / "v") == "vqgan"
    assert recognise(tmp_path / "c") == "clip"
    assert convert_vqgan(tmp_path / "v", None, out).codes == vqgan.config.codes
    assert convert_clip(tmp_path / "c", out) == clip.config


WRONG: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a web page": (
        lambda data: b"\xef\xbb\xbf\n<!DOCTYPE html><p>Sign in",
        "is a web page and not",
    ),
    "a pointer": (lambda data: b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
    "half of it": (lambda data: data[: len(data) // 2], "is only the beginning of a weight file"),
    "without its end": (lambda data: data[:-1], "is only the beginning of a weight file"),
    "nothing": (lambda data: b"", "is empty"),
    "text": (lambda data: b"The weights are elsewhere.", "neither a torch checkpoint nor safe"),
}


@pytest.mark.parametrize("form", ["archive", "old", "safetensors"])
@pytest.mark.parametrize("wrong", WRONG)
def test_each_wrong_file_has_a_sentence_of_its_own(
    wrong: str, form: str, tmp_path: Path, out: Path
) -> None:
    path = tmp_path / "v.ckpt"
    state = tiny.vqgan().state_dict()
    if form == "safetensors":
        save_file(state, path)
    else:
        torch.save(state, path, _use_new_zipfile_serialization=form == "archive")
    change, sentence = WRONG[wrong]
    path.write_bytes(change(path.read_bytes()))
    assert sentence in refused(path, out)


def test_the_budget_is_ten_times_what_a_large_model_needs(tmp_path: Path) -> None:
    layers = formats.F8 | {"num_res_blocks": 8, "ch_mult": [1] * 6}
    model = formats.filled(lambda: formats.VQModel(layers))
    torch.save({"state_dict": model.state_dict()}, tmp_path / "v.ckpt")
    machine = pickles.Machine()
    machine.read(io.BytesIO(look_over(tmp_path / "v.ckpt").read("data.pkl")))
    assert machine.work * 10 < pickles.MOST_WORK
