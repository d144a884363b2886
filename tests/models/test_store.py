"""Which models there are, and which file a name means."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from studio import places
from studio.errors import RequestError, StudioError
from studio.models import store
from studio.models.catalogue import published


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No models but those that a test puts into `named`, `resources/models` and `user/models`."""
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "named"))
    monkeypatch.setattr(places, "user_data", lambda: tmp_path / "user")
    catalogue = places.resources() / "models" / "catalogue.json"
    (tmp_path / "resources" / "models").mkdir(parents=True)
    (tmp_path / "resources" / "models" / "catalogue.json").write_bytes(catalogue.read_bytes())
    monkeypatch.setattr(places, "resources", lambda: tmp_path / "resources")
    return tmp_path


def put(folder: Path, name: str, kind: str = "vqgan", config: str = "{}") -> Path:
    weights = folder / name / f"{kind}.safetensors"
    weights.parent.mkdir(parents=True, exist_ok=True)
    weights.write_bytes(name.encode())
    weights.with_suffix(".json").write_text(config)
    return weights


def test_the_named_folder_comes_before_the_shipped_and_the_persons(folders: Path) -> None:
    put(folders / "user" / "models", "starter")
    assert store.find("starter", "vqgan").weights.is_relative_to(folders / "user")
    put(folders / "resources" / "models", "starter")
    assert store.find("starter", "vqgan").weights.is_relative_to(folders / "resources")
    named = put(folders / "named", "starter")
    assert [model.weights for model in store.installed()] == [named]


def test_a_slash_in_a_published_name_is_a_hyphen_on_disk(folders: Path) -> None:
    weights = put(folders / "named", "ViT-B-32", "clip")
    assert store.find("ViT-B/32", "clip").weights == weights


@pytest.mark.parametrize("name", ["..", "../named/a", "/", "", "a\0b", "*"])
def test_a_name_never_leads_out_of_the_folders(folders: Path, name: str) -> None:
    put(folders / "named", "a")
    with pytest.raises(RequestError, match="here there is: a"):
        store.find(name, "vqgan")


def test_a_published_model_is_told_apart_from_an_unknown_one(folders: Path) -> None:
    with pytest.raises(RequestError, match=r"not on this machine.*`models download coco-f16`"):
        store.find("coco-f16", "vqgan")
    with pytest.raises(RequestError, match="none at all"):
        store.find("coco", "vqgan")


def test_the_factor_comes_from_the_config(folders: Path) -> None:
    put(folders / "named", "a", config='{"ch_mult": [1, 1, 2], "ch": 32}')
    assert store.factor(store.find("a", "vqgan")) == 4
    put(folders / "named", "b")
    with pytest.raises(StudioError, match="cannot be read"):
        store.factor(store.find("b", "vqgan"))


def test_checksums_are_those_of_the_file(folders: Path) -> None:
    weights = put(folders / "named", "a")
    model = store.find("a", "vqgan")
    assert store.sha256(model) == hashlib.sha256(b"a").hexdigest()
    assert store.expected_sha256(model) is None
    weights.with_name(store.CHECKSUMS).write_text('{"vqgan.safetensors": "abc"}')
    assert store.expected_sha256(model) == "abc"


def test_what_a_model_draws_is_said_beside_it_or_in_the_catalogue(folders: Path) -> None:
    weights = put(folders / "named", "a")
    assert store.draws(store.find("a", "vqgan")) is None
    weights.with_name(store.DRAWS).write_text('{"vqgan": "Squares."}')
    assert store.draws(store.find("a", "vqgan")) == "Squares."
    put(folders / "named", "coco-f16")
    assert "Everyday" in (store.draws(store.find("coco-f16", "vqgan")) or "")
    weights.with_name(store.DRAWS).write_text("[")
    with pytest.raises(StudioError, match="cannot be read"):
        store.draws(store.find("a", "vqgan"))


def test_published_names_that_differ_stay_different_on_disk() -> None:
    folders = [model.name.replace("/", "-") for model in published()]
    assert len(set(folders)) == len(folders)
