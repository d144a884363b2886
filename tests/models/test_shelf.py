"""The person's shelf: what killed programs left goes, what a download has stays."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from studio import places
from studio.models import shelf, store
from studio.models.part import alone, part_of, traces
from studio.models.store import Installed
from studio.work import stocktaking

KEPT = ("vqgan.safetensors", "vqgan.json", "sha256.json", "vqgan.ckpt.part", "vqgan.ckpt.part.json")
LEFT = (
    ".0a1b2c3d.part.json",
    ".0a1b2c3d.part.safetensors",
    "sha256.json.new",
    "vqgan.safetensors.part",
    ".new/vqgan/vqgan.json",
    ".new/vqgan/.0a1b2c3d.part.safetensors",
    ".new/clip/clip.safetensors",
    ".new/vqgan.safetensors",
)
"""Of this version, and of the one before."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model's folder as killed programs left it."""
    monkeypatch.setattr(places, "user_data", lambda: tmp_path)
    folder = tmp_path / "models" / "mine"
    for name in (*KEPT, *LEFT):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}")
    (folder / "vqgan.json").write_text('{"ch_mult": [1, 2]}')
    return folder


def names(folder: Path) -> set[str]:
    return {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}


def test_what_killed_programs_left_goes_when_the_stock_is_counted(folder: Path) -> None:
    stocktaking.counted()
    assert names(folder) == set(KEPT)
    assert not (folder / shelf.UNFINISHED).exists()


def test_the_names_are_those_that_writing_uses(folder: Path) -> None:
    assert {path.name for path in traces(folder / "vqgan.ckpt")} <= set(KEPT)
    assert part_of(folder / "vqgan.ckpt").name in KEPT
    assert shelf.fresh(folder, "clip") == folder / ".new/clip/clip.safetensors"


@pytest.mark.parametrize("busy", ["vqgan", "clip", "vqgan.ckpt", "vqgan.yaml"])
def test_nothing_is_taken_from_those_who_work(busy: str, folder: Path) -> None:
    with alone(folder / busy):
        shelf.tidy_up()
        assert names(folder) >= {*KEPT, *LEFT}
    shelf.tidy_up()
    assert names(folder) == set(KEPT)


def test_there_may_be_no_shelf_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "user_data", lambda: tmp_path / "nowhere")
    shelf.tidy_up()
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("name", [store.DRAWS, "vqgan.card.json", "vqgan.json", store.CHECKSUMS])
@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "endless"])
@pytest.mark.timeout(20)
def test_a_side_file_that_cannot_be_read_to_its_end_costs_a_sentence(
    name: str, kind: str, folder: Path
) -> None:
    side = folder / name
    side.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(side)
    elif kind == "device":
        side.symlink_to("/dev/zero")
    elif kind == "folder":
        side.mkdir()
    else:
        with side.open("wb") as file:
            file.truncate(10**11)
    (model,) = store.installed_in(folder.parent)
    shelf.carry(folder, Installed("other", "vqgan", folder.parent / "other" / "vqgan.safetensors"))
    verdict = shelf.verify(model)
    assert verdict.state == ("unchecked" if name in (store.DRAWS, "vqgan.card.json") else "damaged")
    stocktaking.counted()


def test_weights_that_are_a_pipe_are_no_model(folder: Path) -> None:
    (folder / "vqgan.safetensors").unlink()
    os.mkfifo(folder / "vqgan.safetensors")
    assert store.installed_in(folder.parent) == []


def test_a_table_that_is_a_pipe_is_written_anew(folder: Path) -> None:
    (folder / store.CHECKSUMS).unlink()
    os.mkfifo(folder / store.CHECKSUMS)
    fresh = shelf.fresh(folder, "vqgan")
    for path in (fresh, fresh.with_suffix(".json")):
        path.write_text("{}")
    (folder / store.CHECKSUMS).unlink()
    shelf.place(folder, "vqgan", "0" * 64, "1" * 64)
    assert json.loads((folder / store.CHECKSUMS).read_text()) == {"vqgan.safetensors": "0" * 64}
