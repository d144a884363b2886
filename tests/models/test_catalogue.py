"""What the catalogue says of published models, and that a wrong one is refused."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from studio.errors import StudioError
from studio.models import catalogue
from studio.models.catalogue import Published, is_safe, published

OPENAI = ["ViT-B/32", "ViT-B/16", "ViT-L/14", "ViT-L/14@336px"]
OPENAI += ["RN50", "RN101", "RN50x4", "RN50x16", "RN50x64"]


@pytest.fixture(params=published(), ids=lambda model: model.name)
def model(request: pytest.FixtureRequest) -> Published:
    return request.param


def test_the_catalogue_has_all_that_the_field_uses() -> None:
    names = [model.name for model in published()]
    assert len(set(names)) == len(names)
    assert [each.name for each in published() if each.kind == "clip"] == OPENAI
    assert {"imagenet-f16-16384", "imagenet-f16-1024", "faceshq", "sflckr"} <= set(names)
    pair = [model.name for model in published() if model.recommended]
    assert pair == ["imagenet-f16-16384", "ViT-B/32"]


def test_an_entry_says_all_that_is_known(model: Published) -> None:
    for sentence in (model.title, model.architecture, model.licence, model.draws):
        assert sentence.strip()
    assert model.draws.endswith(".")
    assert model.licence.endswith(".")
    assert 10**8 < model.memory.at_256 <= model.memory.at_512
    if model.kind == "clip":
        assert (model.config, model.factor, model.codes) == (None, None, None)
        assert model.input_size in (224, 288, 336, 384, 448)
        assert model.sha256 in model.urls[0].split("/")  # that is how OpenAI names them
    else:
        assert model.config is not None
        assert (model.factor, model.input_size) in ((8, None), (16, None))
        assert model.memory.at_512 > 3 * model.memory.at_256


def test_addresses_are_safe_and_pinned_where_they_can_be(model: Published) -> None:
    sources = [model.source, *([model.config] if model.config else [])]
    for url in (url for source in sources for url in source.urls):
        assert url.startswith("https://")
    assert len(set(model.urls)) == len(model.urls)
    if model.sha256 is None:
        assert model.bytes is None  # a size alone would look like a check


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x", True),
        ("http://127.0.0.1:8000/x", True),
        ("http://a.example/x", False),
        ("http://127.0.0.1.a.example/x", False),
        ("file:///etc/passwd", False),
        ("ftp://a.example/x", False),
        ("x", False),
    ],
)
def test_only_https_and_this_machine_are_safe(url: str, safe: bool) -> None:
    assert is_safe(url) == safe


@pytest.mark.parametrize(
    "change",
    [
        {"urls": []},
        {"urls": ["http://a.example/x"]},
        {"sha256": "A" * 64},
        {"sha256": "0" * 63},
        {"bytes": 0},
        {"kind": "gan"},
        {"surprise": 1},
    ],
    ids=repr,
)
def test_a_catalogue_with_a_wrong_entry_is_refused(
    change: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = msgspec.to_builtins(published()[0])
    own = tmp_path / "own.json"
    monkeypatch.setenv(catalogue.VARIABLE, str(own))
    own.write_bytes(msgspec.json.encode([entry]))
    assert published()[0].name == entry["name"]
    own.write_bytes(msgspec.json.encode([entry | change]))
    with pytest.raises(StudioError, match=re.escape(str(own))):
        published()


def test_a_catalogue_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(catalogue.VARIABLE, "nowhere.json")
    with pytest.raises(StudioError, match=r"nowhere\.json cannot be read"):
        published()
