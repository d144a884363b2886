"""Earlier prompts: kept, newest first, never in the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio.core.settings import Prompt, Settings
from studio.project import history
from studio.project.history import History


def asked(text: str, seed: int = 0) -> Settings:
    return Settings(prompts=(Prompt(text=text),), seed=seed)


def test_the_newest_comes_first_and_once(tmp_path: Path) -> None:
    kept = History(tmp_path / "folder" / "history.json")
    for text in ("sea", "sky", "sea"):
        kept.add(asked(text), b"picture")
    kept.add(asked("sea", seed=1))
    again = History(tmp_path / "folder" / "history.json").list()
    assert [(each.settings.prompts[0].text, each.settings.seed) for each in again] == [
        ("sea", 1),
        ("sea", 0),
        ("sky", 0),
    ]
    assert again[1].thumbnail == b"picture"


def test_a_damaged_list_starts_anew(tmp_path: Path) -> None:
    path = tmp_path / "history.json"
    path.write_text("[1, 2")
    assert History(path).list() == []
    History(path).add(asked("sea"))
    assert len(History(path).list()) == 1
    assert path.with_name("history.json.bak").read_text() == "[1, 2"


@pytest.mark.parametrize(
    "edit",
    [
        lambda entry: entry["settings"].update(seed=-5),
        lambda entry: entry["settings"].update(prompts=[]),
        lambda entry: entry.update(when="yesterday"),
        lambda entry: entry.update(when=7),
        lambda entry: entry.update(thumbnail="?"),
        lambda entry: entry.clear(),
    ],
)
def test_an_odd_entry_costs_itself(tmp_path: Path, edit: Callable[[Any], object]) -> None:
    path = tmp_path / "history.json"
    for text in ("sea", "sky", "fog"):
        History(path).add(asked(text))
    kept = json.loads(path.read_text())
    edit(kept[1])
    path.write_text(json.dumps(kept))
    odd = path.read_bytes()
    assert [each.settings.prompts[0].text for each in History(path).list()] == ["fog", "sea"]
    History(path).add(asked("birds"))
    assert [each.settings.prompts[0].text for each in History(path).list()] == [
        "birds",
        "fog",
        "sea",
    ]
    assert path.with_name("history.json.bak").read_bytes() == odd


@pytest.mark.parametrize("data", [b"[" * 100_000, b"[1" + b"0" * 5000 + b"]", b'["\xff"]', b"{}"])
def test_a_list_that_is_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "history.json"
    path.write_bytes(data)
    assert History(path).list() == []


def test_it_does_not_grow_for_ever(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(history, "KEPT", 3)
    kept = History(tmp_path / "history.json")
    for number in range(5):
        kept.add(asked(str(number)))
    assert [each.settings.prompts[0].text for each in kept.list()] == ["4", "3", "2"]
