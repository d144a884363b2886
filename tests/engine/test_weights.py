"""Weights saved and loaded again; files that are missing, damaged or of another model are named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from studio.engine.perceptor import Perceptor
from studio.engine.vqgan import VQGAN
from studio.engine.weights import load_perceptor, load_vqgan, save
from studio.errors import StudioError
from tests.engine import tiny

Load = Callable[[Path], VQGAN | Perceptor]


def assert_same_but_for_half_precision(loaded: nn.Module, saved: nn.Module) -> None:
    ours, theirs = loaded.state_dict(), saved.state_dict()
    assert ours.keys() == theirs.keys()
    for name, tensor in ours.items():
        assert torch.equal(tensor, theirs[name].half().to(tensor.dtype)), name


@pytest.mark.parametrize("kind", ["vq", "gumbel"])
def test_a_vqgan_comes_back(tmp_path: Path, kind: Any) -> None:
    model = tiny.vqgan(kind, norm_groups=8)
    save(tmp_path / "new folder" / "vqgan.safetensors", model)
    loaded = load_vqgan(tmp_path / "new folder" / "vqgan.safetensors")
    assert loaded.config == model.config
    assert_same_but_for_half_precision(loaded, model)
    assert_ready(loaded)


@pytest.mark.parametrize("build", [tiny.vision_transformer, tiny.resnet])
def test_a_clip_comes_back(tmp_path: Path, build: Callable[..., Perceptor]) -> None:
    model = build(**tiny.few_words())
    save(tmp_path / "clip.safetensors", model)
    loaded = load_perceptor(tmp_path / "clip.safetensors")
    assert loaded.config == model.config
    assert_same_but_for_half_precision(loaded.clip, model.clip)
    assert_ready(loaded)


def assert_ready(model: nn.Module) -> None:
    """Frozen, in single precision, and not training."""
    assert not model.training
    for parameter in model.parameters():
        assert not parameter.requires_grad
        assert parameter.dtype == torch.float32


def test_saving_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    save(tmp_path / "vqgan.safetensors", tiny.vqgan("gumbel"))
    save(tmp_path / "vqgan.safetensors", tiny.vqgan())
    assert load_vqgan(tmp_path / "vqgan.safetensors").config.kind == "vq"
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["vqgan.json", "vqgan.safetensors"]


def test_others_may_read_what_was_saved(tmp_path: Path) -> None:
    ordinary = tmp_path / "ordinary"
    ordinary.touch()
    save(tmp_path / "vqgan.safetensors", tiny.vqgan())
    for name in ("vqgan.safetensors", "vqgan.json"):
        assert (tmp_path / name).stat().st_mode == ordinary.stat().st_mode


@pytest.fixture
def vqgan(tmp_path: Path) -> Path:
    save(tmp_path / "vqgan.safetensors", tiny.vqgan())
    return tmp_path / "vqgan.safetensors"


def config(weights: Path, **changes: Any) -> bytes:
    found = json.loads(weights.with_suffix(".json").read_bytes())
    return json.dumps(found | changes).encode()


def refusal(weights: Path, load: Load = load_vqgan) -> str:
    with pytest.raises(StudioError) as raised:
        load(weights)
    message = str(raised.value)
    assert raised.value.exit_status == 1
    assert message.endswith("; install the model again.")
    assert "\n" not in message
    return message


def test_missing_weights_are_named(vqgan: Path) -> None:
    vqgan.unlink()
    assert f"The model weights {vqgan} cannot be read" in refusal(vqgan)


def test_a_missing_config_is_named(vqgan: Path) -> None:
    vqgan.with_suffix(".json").unlink()
    assert f"The model config {vqgan.with_suffix('.json')} cannot be read" in refusal(vqgan)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:1000],
        lambda data: data[:-1],
        lambda data: b"\xff" * len(data),
        lambda data: b"PK\x03\x04" + data,
        lambda data: data[:8] + b"?" + data[9:],
    ],
)
def test_damaged_weights_are_named(vqgan: Path, damage: Callable[[bytes], bytes]) -> None:
    vqgan.write_bytes(damage(vqgan.read_bytes()))
    assert f"The model weights {vqgan} cannot be read" in refusal(vqgan)


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"{}", b'{"ch": "many"}', b"\xff\xfe", b"null"],
)
def test_a_damaged_config_is_named(vqgan: Path, data: bytes) -> None:
    vqgan.with_suffix(".json").write_bytes(data)
    assert f"The model config {vqgan.with_suffix('.json')} cannot be read" in refusal(vqgan)


@pytest.mark.parametrize(
    "changes",
    [
        {"codes": 25},
        {"ch_mult": [1, 2, 2]},
        {"embed_dim": 7},
        {"kind": "gumbel"},
        {"attn_resolutions": []},
    ],
)
def test_weights_of_another_shape_are_named(vqgan: Path, changes: dict[str, Any]) -> None:
    vqgan.with_suffix(".json").write_bytes(config(vqgan, **changes))
    assert f"The model weights {vqgan} cannot be read" in refusal(vqgan)


@pytest.mark.parametrize(
    "changes",
    [
        {"ch": 0},
        {"ch": -32},
        {"ch": 33},
        {"ch_mult": []},
        {"codes": 0},
        {"codes": 2**40},
        {"z_channels": 0},
        {"embed_dim": -1},
        {"norm_groups": 0},
        {"norm_groups": 7},
        {"codes": 2**16 + 1},
        {"num_res_blocks": 0},
        {"unknown": 1},
        {"kind": "rq"},
    ],
)
def test_a_config_that_no_model_can_have_is_named(vqgan: Path, changes: dict[str, Any]) -> None:
    vqgan.with_suffix(".json").write_bytes(config(vqgan, **changes))
    message = refusal(vqgan)
    assert str(vqgan.with_suffix("")) in message


def test_a_clip_is_no_vqgan_and_the_other_way_round(vqgan: Path, tmp_path: Path) -> None:
    save(tmp_path / "clip.safetensors", tiny.vision_transformer(**tiny.few_words()))
    assert "clip.json cannot be read" in refusal(tmp_path / "clip.safetensors")
    assert "vqgan.json cannot be read" in refusal(vqgan, load_perceptor)


@pytest.mark.parametrize(
    "changes",
    [
        {"vision_layers": 3},
        {"vision_patch_size": None},
        {"vision_patch_size": 0},
        {"vision_layers": [1, 1, 1, 1]},
        {"vision_width": 32},
        {"image_resolution": 4},
        {"transformer_width": 100},
        {"transformer_width": 0},
        {"kept_tokens": [1, 2]},
        {"kept_tokens": [2, 1]},
        {"kept_tokens": [1, 1]},
    ],
)
def test_a_clip_of_another_shape_is_named(tmp_path: Path, changes: dict[str, Any]) -> None:
    weights = tmp_path / "clip.safetensors"
    save(weights, tiny.vision_transformer(**tiny.few_words()))
    weights.with_suffix(".json").write_bytes(config(weights, **changes))
    assert str(tmp_path / "clip") in refusal(weights, load_perceptor)
