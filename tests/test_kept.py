"""Weights, and what is said of them, are on the disk before they have their names."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from studio import places
from studio.engine.weights import save
from studio.models import shelf, store
from studio.models.part import Origin, Part, write_json
from tests.engine import tiny


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The inodes of files and folders that were brought to the disk."""
    seen: set[int] = set()
    sync = os.fsync

    def note(handle: int) -> None:
        seen.add(os.fstat(handle).st_ino)
        sync(handle)

    monkeypatch.setattr(os, "fsync", note)
    return seen


def weights(folder: Path) -> None:
    save(folder / "vqgan.safetensors", tiny.vqgan())


def table(folder: Path) -> None:
    write_json(folder / "sha256.json", {"a": "b"})


def download(folder: Path) -> None:
    part = Part(folder / "vqgan.ckpt")
    part.begin(Origin("https://a.example/x"))
    part.append(b"numbers")
    part.finish()


def on_the_shelf(folder: Path) -> None:
    mine = folder / "models" / "mine"
    save(shelf.fresh(mine, "vqgan"), tiny.vqgan())
    shelf.place(mine, "vqgan", "0" * 64, "1" * 64)
    shelf.sweep(mine, "vqgan")


def carried(folder: Path) -> None:
    on_the_shelf(folder)
    (folder / "run").mkdir()
    (folder / "run" / store.SHEET).write_bytes(b"a picture")
    (folder / "run" / store.DRAWS).write_text('{"vqgan": "Squares."}')
    (model,) = store.installed_in(folder / "models")
    shelf.carry(folder / "run", model)
    for path in (folder / "run").iterdir():
        path.unlink()
    (folder / "run").rmdir()


@pytest.mark.parametrize("keep", [weights, table, download, on_the_shelf, carried])
def test_what_is_kept_is_on_the_disk(
    keep: Callable[[Path], None],
    synced: set[int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(places, "user_data", lambda: tmp_path)
    keep(tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert path.stat().st_ino in synced, path
        assert path.parent.stat().st_ino in synced, path.parent
