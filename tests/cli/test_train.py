"""`train starter` leaves models where the program finds them; training is tested elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Result

pytestmark = pytest.mark.slow


def test_finished_models_are_collected_in_a_folder_of_models(
    call: Callable[..., Result], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.training.starter import Starter

    def train(starter: Starter, stages: tuple[str, ...]) -> None:
        for stage in stages:
            (starter.folder / f"{stage}.safetensors").write_text(stage)
            (starter.folder / f"{stage}.json").write_text("{}")

    monkeypatch.setattr(Starter, "run", train)
    found = call("train", "starter", "--out", "run", "--json").answer
    assert [Path(path).name for path in found["models"]] == [
        "vqgan.safetensors",
        "clip.safetensors",
    ]
    assert (folder / "run/starter/clip.safetensors").read_text() == "clip-denoising"
    assert (folder / "run/starter/vqgan.json").exists()


def test_ctrl_c_is_told_as_such(
    call: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.training.starter import Starter

    def interrupted(*_: object) -> None:
        raise SystemExit(1)

    monkeypatch.setattr(Starter, "run", interrupted)
    assert call("train", "starter", "--out", "run").status == 130


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("there are: scenes, clip", ("--stage", "none")),
        ("no cuda device", ("--device", "cuda")),
        ("cannot be made", ("--out", "file/run")),
    ],
)
def test_a_wrong_request_leaves_no_folder(
    sentence: str,
    words: tuple[str, ...],
    call: Callable[..., Result],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    (folder / "file").touch()
    result = call("train", "starter", "--out", "run", *words)
    assert (result.status, result.out) == (2, "")
    assert sentence in result.err
    assert list(folder.iterdir()) == [folder / "file"]
