"""Paintings that start from what the model imagines, from the command line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio.engine.imagination import Imagination, ImaginationConfig
from studio.engine.weights import save
from studio.project.file import Project

QUICK = ("--size", "32x32", "--cutouts", "2", "--device", "cpu", "--json")


@pytest.fixture
def imagination(models: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny models once more, with an imagination beside the VQGAN; its file."""
    beside = folder / "models"
    shutil.copytree(models, beside)
    monkeypatch.setenv("VQGAN_CLIP_STUDIO_MODELS", str(beside))
    config = ImaginationConfig(
        codes=32,
        cells=8,
        width=16,
        layers=1,
        heads=2,
        words=("red", "circle"),
        word_width=4,
        context=6,
    )
    path = beside / "starter" / "imagination.safetensors"
    save(path, Imagination(config))
    return path


@pytest.mark.parametrize("said", [(), ("--start", "imagined")])
def test_a_model_that_imagines_does_so_first_and_replays_without(
    call: Callable[..., Any], imagination: Path, monkeypatch: pytest.MonkeyPatch, said: Any
) -> None:
    words = ("paint", "a red circle", "--seed", "3", *said, *QUICK)
    monkeypatch.setenv("VQGAN_CLIP_STUDIO_MODELS", str(imagination.parents[1]))
    whole = call(*words, "--iterations", "5", "--project", "whole.vqproj", "--out", "a.png")
    assert whole.status == 0, whole.err
    part = call(*words, "--iterations", "2", "--project", "part.vqproj", "--out", "b.png")
    assert part.status == 0, part.err
    with Project.open("part.vqproj", read_only=True) as project:
        assert project.changes(1)[0].settings.start == "imagined"
    imagination.unlink()
    rest = call("paint", "--resume", "--project", "part.vqproj", "--iterations", "3", *QUICK[4:])
    assert rest.status == 0, rest.err
    assert rest.answer["codes_sha256"] == whole.answer["codes_sha256"]


def test_other_starts_are_as_ever(call: Callable[..., Any], imagination: Path) -> None:
    words = ("paint", "a red circle", "--seed", "3", "--start", "codes", *QUICK)
    assert call(*words, "--iterations", "1", "--project", "p.vqproj", "--out", "c.png").status == 0
    with Project.open("p.vqproj", read_only=True) as project:
        assert project.changes(1)[0].settings.start == "codes"


def test_a_model_without_an_imagination_says_so(call: Callable[..., Any]) -> None:
    found = call("paint", "a red circle", "--start", "imagined", *QUICK)
    assert found.status == 2
    assert "The model starter has no imagination to start from" in found.err
    assert "Traceback" not in found.err


def test_a_damaged_imagination_is_told_in_a_sentence(
    call: Callable[..., Any], imagination: Path
) -> None:
    imagination.write_bytes(imagination.read_bytes()[:200])
    found = call("paint", "a red circle", "--iterations", "1", "--project", "d.vqproj", *QUICK)
    assert found.status == 1
    assert "imagination.safetensors cannot be read" in found.err
    assert "Traceback" not in found.err
