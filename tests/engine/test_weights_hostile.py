"""Weight files that are damaged, or made to do harm, are refused in a sentence and run nothing."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import struct
import subprocess
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from studio.engine.weights import convert_clip, convert_vqgan, recognise
from studio.errors import RequestError, StudioError
from tests.engine import formats, tiny


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    return tmp_path / "code was run"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out" / "model.safetensors"


@pytest.fixture(scope="module")
def state() -> dict[str, Any]:
    return tiny.vqgan().state_dict()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A TorchScript CLIP."""
    folder = tmp_path_factory.mktemp("archive")
    return formats.as_openai_wrote(tiny.vision_transformer().clip, folder / "clip.pt")


@pytest.fixture
def good(state: dict[str, Any], tmp_path: Path) -> Path:
    torch.save({"state_dict": state}, tmp_path / "good.ckpt")
    return tmp_path / "good.ckpt"


class Bomb:
    """Calls something when a careless reader unpickles it."""

    def __init__(self, call: Callable[..., object], *arguments: object) -> None:
        self.call, self.arguments = call, arguments

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.call, self.arguments


def bombs(marker: Path) -> dict[str, Bomb]:
    return {
        "system": Bomb(os.system, f"touch '{marker}'"),
        "eval": Bomb(eval, f"open({str(marker)!r}, 'w')"),
        "exec": Bomb(exec, f"open({str(marker)!r}, 'w')"),
        "process": Bomb(subprocess.call, ["touch", str(marker)]),
        "file": Bomb(Path.touch, marker),
    }


def refusal(path: Path, out: Path, config: Path | None = None, *, clip: bool = False) -> str:
    """The sentence that names the file; nothing is left where the model would be."""
    with pytest.raises(RequestError) as raised:
        convert_clip(path, out) if clip else convert_vqgan(path, config, out)
    assert not out.parent.exists() or not list(out.parent.iterdir())
    message = str(raised.value)
    assert str(config or path) in message
    assert "\n" not in message
    assert message.endswith(".")
    assert len(message) < 600
    return message


KINDS = ["system", "eval", "exec", "process", "file"]


def test_the_bombs_are_live(marker: Path) -> None:
    pickle.loads(pickle.dumps(bombs(marker)["system"], 2))
    assert marker.exists()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", ["root", "state_dict", "callbacks", "inside", "key"])
def test_a_checkpoint_that_calls_something(
    kind: str, place: str, state: dict[str, Any], marker: Path, tmp_path: Path, out: Path
) -> None:
    bomb = bombs(marker)[kind]
    whole: Any = {
        "root": bomb,
        "state_dict": {"state_dict": state | {"encoder.conv_in.weight": bomb}},
        "callbacks": {"callbacks": {"x": bomb}, "state_dict": state},
        "inside": {"dirpath": Bomb(Path, bomb), "state_dict": state},
        "key": {"state_dict": state, bomb: 1},
    }[place]
    torch.save(whole, tmp_path / "bomb.ckpt")
    message = refusal(tmp_path / "bomb.ckpt", out)
    assert "no weights need: do not trust it" in message or "pickle is damaged" in message
    assert not marker.exists()


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
def test_a_bare_pickle_that_calls_something(
    protocol: int, marker: Path, tmp_path: Path, out: Path
) -> None:
    path = tmp_path / "bomb.ckpt"
    path.write_bytes(pickle.dumps(bombs(marker)["system"], protocol))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        refusal(path, out)
        refusal(path, out, clip=True)
    assert not marker.exists()


def rewritten(archive: Path, out: Path, changes: dict[str, bytes], **how: Any) -> Path:
    """An archive with other bytes in some of its members."""
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            name = entry.filename.split("/", 1)[1]
            new.writestr(entry.filename, changes.get(name, old.read(entry)), **how)
    return out


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("nested", [False, True])
def test_a_torchscript_archive_that_calls_something(
    kind: str, nested: bool, archive: Path, marker: Path, tmp_path: Path, out: Path
) -> None:
    bomb: Any = bombs(marker)[kind]
    data = pickle.dumps({"visual": [(bomb,)]} if nested else bomb, 2)
    path = rewritten(archive, tmp_path / "bomb.pt", {"data.pkl": data})
    refusal(path, out, clip=True)
    assert not marker.exists()


def test_the_program_of_a_torchscript_archive_is_not_even_read(
    archive: Path, marker: Path, tmp_path: Path, out: Path
) -> None:
    bomb = pickle.dumps(bombs(marker)["system"], 2)
    with zipfile.ZipFile(archive) as opened:
        programs = [name for name in opened.namelist() if "/code/" in name]
    changes = {name.split("/", 1)[1]: b"import os; os.abort()" for name in programs}
    path = rewritten(archive, tmp_path / "clip.pt", changes | {"constants.pkl": bomb})
    assert programs
    assert convert_clip(path, out) == tiny.vision_transformer().config
    assert not marker.exists()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80\x02",
        b"\x80\x02.",
        b"\x80\x02}q\x00.",
        b"\x80\x02K\x01K\x02\x86.",
        b"\x80\x02c__torch__.A\nB\n)\x81}(X\x01\x00\x00\x00aq\x00h\x00ub.",
        b"\x80\x02" + b"(" * 5000 + b".",
        b"\x80\x02h\x07.",
        b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n)R.",
        b"\x80\x02cbuiltins\neval\nX\x01\x00\x00\x001\x85R.",
        b"\x80\x02ccollections\nOrderedDict\n)Rq\x00X\x01\x00\x00\x00ah\x00s.",
        b"\x80\x02c__torch__.A\nB\n)\x81q\x00}X\x01\x00\x00\x00ah\x00sb.",
    ],
)
def test_a_torchscript_pickle_of_nonsense(
    data: bytes, archive: Path, tmp_path: Path, out: Path
) -> None:
    refusal(rewritten(archive, tmp_path / "odd.pt", {"data.pkl": data}), out, clip=True)


def tensor_pickle(offset: int, shape: int, stride: int, member: str = "0") -> bytes:
    """A module `visual` with one tensor."""
    text = b"X" + struct.pack("<I", len(member)) + member.encode()
    number = b"".join(b"J" + struct.pack("<i", each) for each in (offset, shape, stride)[:1])
    sizes = b"".join(b"J" + struct.pack("<i", each) + b"\x85" for each in (shape, stride))
    place = (
        b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\n" + text + b"X\x03\x00\x00\x00cpuK\x04tQ"
    )
    tensor = b"ctorch._utils\n_rebuild_tensor_v2\n(" + place + number + sizes + b"tR"
    return b"\x80\x02c__torch__.A\nB\n)\x81}X\x06\x00\x00\x00visual" + tensor + b"sb."


@pytest.mark.parametrize(
    ("pickled", "reason"),
    [
        (tensor_pickle(0, 4, 1), "is not a CLIP"),
        (tensor_pickle(0, 2**30, 1), "reaches beyond its numbers"),
        (tensor_pickle(2**30, 1, 1), "reaches beyond its numbers"),
        (tensor_pickle(-1, 4, 1), "no possible shape"),
        (tensor_pickle(0, -4, 1), "no possible shape"),
        (tensor_pickle(0, 4, -1), "no possible shape"),
        (tensor_pickle(0, 4, 1, "../data.pkl"), "cannot be read"),
    ],
)
def test_a_torchscript_tensor_out_of_bounds(
    pickled: bytes, reason: str, archive: Path, tmp_path: Path, out: Path
) -> None:
    path = rewritten(archive, tmp_path / "odd.pt", {"data.pkl": pickled})
    assert reason in refusal(path, out, clip=True)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "only its start": lambda data: data[:1000],
    "half of it": lambda data: data[: len(data) // 2],
    "without its end": lambda data: data[:-1],
    "bad in the middle": lambda data: data[: len(data) // 2] + b"!!!!" + data[len(data) // 2 + 4 :],
    "zeros in the middle": lambda data: data[:9000] + bytes(5000) + data[14000:],
    "bad names": lambda data: data.replace(b"encoder", b"\xff\xfe\xff\xfe\xff\xfe\xff", 3),
    "a web page": lambda data: b"\n<!DOCTYPE html><html>Sign in</html>",
    "a pointer": lambda data: b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 3\n",
    "text": lambda data: b"The weights are elsewhere.",
    "noise": lambda data: bytes(range(256)) * 40,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_checkpoint(damage: str, good: Path, out: Path) -> None:
    good.write_bytes(DAMAGES[damage](good.read_bytes()))
    refusal(good, out)
    refusal(good, out, clip=True)


@pytest.mark.parametrize("damage", ["half of it", "without its end", "bad in the middle"])
def test_a_damaged_archive(damage: str, archive: Path, tmp_path: Path, out: Path) -> None:
    path = tmp_path / "clip.pt"
    path.write_bytes(DAMAGES[damage](archive.read_bytes()))
    refusal(path, out, clip=True)


def test_what_is_no_file(tmp_path: Path, out: Path) -> None:
    (tmp_path / "folder.ckpt").mkdir()
    (tmp_path / "loop.ckpt").symlink_to(tmp_path / "loop.ckpt")
    os.mkfifo(tmp_path / "pipe.ckpt")
    for name in ("folder", "loop", "pipe", "absent"):
        path = tmp_path / f"{name}.ckpt"
        refusal(path, out)
        with pytest.raises(RequestError, match=name):
            recognise(path)


def test_a_zip_bomb(archive: Path, state: dict[str, Any], tmp_path: Path, out: Path) -> None:
    packed = {"compress_type": zipfile.ZIP_DEFLATED}
    zeros = {"data/0": bytes(50_000_000)}
    path = rewritten(archive, tmp_path / "bomb.pt", zeros, **packed)
    assert "is compressed, which torch never does" in refusal(path, out, clip=True)
    torch.save(state, tmp_path / "plain.ckpt")
    path = rewritten(tmp_path / "plain.ckpt", tmp_path / "bomb.ckpt", zeros, **packed)
    assert "is compressed, which torch never does" in refusal(path, out)


def test_a_zip_whose_members_lie_over_one_another(good: Path, tmp_path: Path, out: Path) -> None:
    big = tmp_path / "big.zip"
    with zipfile.ZipFile(big, "w") as new:
        new.writestr("a/data.pkl", b"\x80\x02}q\x00.")
        new.writestr("a/data/0", bytes(100_000))
        entry = new.infolist()[1]
        for number in range(1, 50):
            twin = zipfile.ZipInfo(f"a/data/{number}")
            twin.header_offset, twin.CRC = entry.header_offset, entry.CRC
            twin.file_size = twin.compress_size = entry.file_size
            new.filelist.append(twin)
    refusal(big, out)


def test_some_other_zip(tmp_path: Path, out: Path) -> None:
    with zipfile.ZipFile(tmp_path / "letter.docx", "w") as new:
        new.writestr("word/document.xml", "<a/>")
    refusal(tmp_path / "letter.docx", out)
    with pytest.raises(RequestError, match=r"holds no data\.pkl"):
        recognise(tmp_path / "letter.docx")


FAR = b'{"a":{"dtype":"F32","shape":[4000000000],"data_offsets":[0,16000000000]}}'


@pytest.mark.parametrize(
    "start",
    [
        struct.pack("<Q", 10 * 2**30) + b'{"a":',
        struct.pack("<Q", 2**64 - 1) + b'{"a":',
        struct.pack("<Q", 7) + b'{"a":1}',
        struct.pack("<Q", 2) + b"{}",
        struct.pack("<Q", 3000) + b"{" * 3000,
        struct.pack("<Q", 68)
        + b'{"a":{"dtype":"F32","shape":[4000000000],"data_offsets":[0,16000000000]}}',
    ],
)
def test_a_safetensors_header_that_lies(start: bytes, tmp_path: Path, out: Path) -> None:
    path = tmp_path / "odd.safetensors"
    path.write_bytes(start)
    refusal(path, out)
    refusal(path, out, clip=True)


def test_a_truncated_safetensors(state: dict[str, Any], tmp_path: Path, out: Path) -> None:
    path = tmp_path / "v.safetensors"
    save_file(state, path)
    os.truncate(path, path.stat().st_size - 100)
    refusal(path, out)


NAME = "decoder.mid.attn_1.q.weight"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (lambda t: t[:1], f"have another {NAME}, 1x64x1x1 against 64x64x1x1"),
        (lambda t: t * float("nan"), f"no number in places of {NAME}"),
        (lambda t: t.double() * 1e300, f"no number in places of {NAME}"),
        (lambda t: t.index_fill(0, torch.tensor(3), float("inf")), "no number in places"),
        (lambda t: t.long(), "in torch.int64"),
        (lambda t: t.to_sparse(), ""),
        (lambda t: t.to("meta"), "in a form of its own"),
        (lambda t: torch.zeros(1).expand(10**12), "more numbers than there are"),
        (lambda t: None, f"lack {NAME}"),
    ],
)
def test_a_tensor_that_does_not_fit(
    changed: Callable[[Any], Any], reason: str, state: dict[str, Any], tmp_path: Path, out: Path
) -> None:
    path = tmp_path / "v.ckpt"
    torch.save({"state_dict": state | {NAME: changed(state[NAME])}}, path)
    assert reason in refusal(path, out)


def test_layers_that_the_config_does_not_name(
    state: dict[str, Any], tmp_path: Path, out: Path
) -> None:
    torch.save(state | {"encoder.extra.weight": torch.ones(2)}, tmp_path / "v.ckpt")
    assert "have encoder.extra.weight besides" in refusal(tmp_path / "v.ckpt", out)


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("visual.proj", lambda t: t * float("nan")),
        ("positional_embedding", lambda t: t[:50]),
        ("token_embedding.weight", lambda t: t[:1000]),
        ("visual.positional_embedding", lambda t: t[:4]),
        ("visual.conv1.weight", lambda t: t[..., :3]),
        ("visual.conv1.weight", lambda t: t[0]),
        ("ln_final.weight", lambda t: t[:7]),
        ("transformer.resblocks.0.mlp.c_fc.bias", lambda t: t[:7]),
        ("transformer.resblocks.999999999.mlp.c_fc.bias", lambda t: torch.ones(3)),
        ("text_projection", lambda t: t[0]),
    ],
)
def test_a_clip_that_does_not_fit(
    name: str, changed: Callable[[Any], Any], tmp_path: Path, out: Path
) -> None:
    found = tiny.vision_transformer().clip.state_dict()
    torch.save(found | {name: changed(found.get(name))}, tmp_path / "clip.pt")
    refusal(tmp_path / "clip.pt", out, clip=True)


def layers(**changes: Any) -> dict[str, Any]:
    return formats.SMALL | changes


CONFIGS: dict[str, str | bytes | Callable[[Path], object]] = {
    "a target that is a function": lambda path: formats.vqgan_yaml(path, layers(), "os.system"),
    "a target that is no text": "model: {target: [os, system], params: {}}",
    "another target": lambda path: formats.vqgan_yaml(path, layers(), "ldm.models.VQModel"),
    "a python tag": "model: !!python/object/apply:os.system ['touch MARKER']",
    "a python name": "model: {target: !!python/name:os.system }",
    "an alias": "a: &a [1]\nmodel: *a",
    "a bomb of aliases": "\n".join(
        ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
        + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
        + ["model: *a9"]
    ),
    "depth": "model: " + "[" * 50_000,
    "no yaml": "model: {target: ]",
    "a list": "- model",
    "nothing": "",
    "zeros": bytes(100),
    "noise": bytes(range(128, 256)),
    "length": "#" * (2**20 + 1),
    "no params": "model: {target: taming.models.vqgan.VQModel}",
    "other channels": lambda path: formats.vqgan_yaml(path, layers(in_channels=87, out_ch=87)),
    "two latents": lambda path: formats.vqgan_yaml(path, layers(double_z=True)),
    "an unknown layer": lambda path: formats.vqgan_yaml(path, layers(attn_type="linear")),
    "text for a number": lambda path: formats.vqgan_yaml(path, layers(ch="many")),
    "no levels": lambda path: formats.vqgan_yaml(path, layers(ch_mult=[])),
    "more codes than fit": lambda path: formats.vqgan_yaml(path, layers(), n_embed=2**20),
    "a json of nothing": "{}",
    "channels without end": lambda path: formats.vqgan_yaml(path, layers(ch=32 * 10**9)),
    "blocks without end": lambda path: formats.vqgan_yaml(path, layers(num_res_blocks=10**9)),
    "levels without end": lambda path: formats.vqgan_yaml(path, layers(ch_mult=[1] * 10_000)),
    "levels one after another": lambda path: formats.vqgan_yaml(path, layers(ch_mult=[1] * 13)),
    "a picture without end": lambda path: formats.vqgan_yaml(path, layers(resolution=10**9)),
    "attention without end": lambda path: formats.vqgan_yaml(
        path, layers(attn_resolutions=list(range(1, 1000)))
    ),
    "latents without end": lambda path: formats.vqgan_yaml(path, layers(z_channels=10**9)),
    "a number by sixties": "model: 1" + ":1" * 50_000,
    "a shorter number by sixties": "model: 1" + ":1" * 15_000,
    "a list that is long": "[" + "a," * 50_000 + "]",
    "a list as long as may be": "[" + "a," * 16_000 + "]",
    "a number of many digits": "model: {target: taming.models.vqgan.VQModel, params: {n_embed: "
    + "9" * 30_000
    + "}}",
}


@pytest.mark.parametrize("config", CONFIGS)
def test_a_config_that_cannot_be(
    config: str, good: Path, marker: Path, tmp_path: Path, out: Path
) -> None:
    path = tmp_path / "model.yaml"
    written = CONFIGS[config]
    if callable(written):
        written(path)
    else:
        data = written.encode() if isinstance(written, str) else written
        path.write_bytes(data.replace(b"MARKER", str(marker).encode()))
    assert f"The config {path} cannot be used" in refusal(good, out, path)
    assert not marker.exists()


def test_a_config_that_is_no_file(good: Path, tmp_path: Path, out: Path) -> None:
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "absent.yaml", tmp_path / "folder"):
        refusal(good, out, path)


@pytest.mark.parametrize(
    "changes",
    [
        {"ch": 64},
        {"num_res_blocks": 64},
        {"num_res_blocks": 2},
        {"ch_mult": [1] * 12},
        {"ch_mult": [1, 1]},
        {"attn_resolutions": []},
        {"z_channels": 9},
    ],
)
def test_a_config_of_another_shape_than_the_weights(
    changes: dict[str, Any], good: Path, tmp_path: Path, out: Path
) -> None:
    config = formats.vqgan_yaml(tmp_path / "model.yaml", layers(**changes))
    with pytest.raises(RequestError, match="config") as raised:
        convert_vqgan(good, config, out)
    assert str(good) in str(raised.value)
    assert not out.exists()


def test_a_json_beside_safetensors_that_lies(
    state: dict[str, Any], tmp_path: Path, out: Path
) -> None:
    save_file(state, tmp_path / "v.safetensors")
    for text in ("{", json.dumps({"ch": 0}), "[" * 100_000):
        (tmp_path / "v.json").write_text(text)
        with pytest.raises(RequestError, match=r"The config .*v\.json cannot be used"):
            convert_vqgan(tmp_path / "v.safetensors", None, out)
        with pytest.raises(RequestError, match=r"The config .*v\.json cannot be used"):
            convert_clip(tmp_path / "v.safetensors", out)


def test_a_place_that_cannot_be_written_to(good: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StudioError, match="cannot be written") as raised:
        convert_vqgan(good, None, tmp_path / "file" / "vqgan.safetensors")
    assert raised.value.exit_status == 1


def test_what_was_there_stays_when_its_successor_is_refused(good: Path, out: Path) -> None:
    convert_vqgan(good, None, out)
    before = {path: path.read_bytes() for path in out.parent.iterdir()}
    broken = shutil.copy(good, good.with_name("broken.ckpt"))
    os.truncate(broken, 5000)
    with pytest.raises(RequestError):
        convert_vqgan(broken, None, out)
    assert {path: path.read_bytes() for path in out.parent.iterdir()} == before
