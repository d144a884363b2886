"""Several CLIPs at once, each with a weight and an input size of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.cli import values
from studio.core.settings import Settings
from studio.project.file import Project
from tests.cli.conftest import Result

Call = Callable[..., Result]


@pytest.fixture
def two_clips(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny starter model, and a ResNet that sees twice as many pixels."""
    from studio.engine.weights import save
    from tests.engine import tiny

    folder = tmp_path / "models"
    shutil.copytree(models, folder)
    save(folder / "other" / "clip.safetensors", tiny.resnet(**tiny.few_words()))
    monkeypatch.setenv("VQGAN_CLIP_STUDIO_MODELS", str(folder))


def settings_of(path: Path) -> list[Settings]:
    project = Project.open(path)
    try:
        return [change.settings for change in project.changes(1)]
    finally:
        project.close()


@pytest.mark.slow
def test_weights_decide_what_is_painted_and_can_change(call: Call, two_clips: None) -> None:
    common = ("paint", "a red circle", "--size", "32x32", "--seed", "1", "--cutouts", "2")
    painted = {}
    for number, clips in enumerate(("starter,other", "starter:2,other:2", "starter:9,other:0.5")):
        words = ("--iterations", "3", "--out", f"{number}.png", "--project", f"{number}.vqproj")
        result = call(*common, *words, "--clip", clips, "--json")
        assert result.status == 0, result.err
        painted[clips] = result.answer["loss"]
    assert painted["starter,other"] == painted["starter:2,other:2"]
    assert painted["starter,other"] != painted["starter:9,other:0.5"]
    (settings,) = settings_of(Path("2.vqproj"))
    assert settings.perceptors == ("starter", "other")
    assert settings.perceptor_weights == (9.0, 0.5)
    on = ("paint", "--resume", "--project", "2.vqproj", "--iterations", "1", "--out", "on.png")
    assert call(*on, "--clip", "starter:1,other:4").status == 0
    assert call(*on).status == 0
    assert [each.perceptor_weights for each in settings_of(Path("2.vqproj"))] == [
        (9.0, 0.5),
        (1.0, 4.0),
    ]
    refused = call(*on, "--clip", "other:2,starter")
    assert refused.status == 2
    assert "--clip cannot change with --resume" in refused.err


@pytest.mark.parametrize(
    ("words", "clips"),
    [
        ("starter", (("starter",), ())),
        ("starter:3", (("starter",), ())),
        ("ViT-B/32:1,RN50x4:0.5", (("ViT-B/32", "RN50x4"), (1.0, 0.5))),
        (" ViT-L/14@336px , RN50 : 2 ", (("ViT-L/14@336px", "RN50"), (1.0, 2.0))),
    ],
)
def test_how_clips_are_written(
    words: str, clips: tuple[tuple[str, ...], tuple[float, ...]]
) -> None:
    assert values.clips(words) == clips


@pytest.mark.parametrize(
    "words", ["starter:", "starter:much", "starter:0", "starter:-1", "starter:nan", "starter:inf"]
)
def test_what_is_no_weight_of_a_clip(words: str, call: Call) -> None:
    refused = call("paint", "sea", "--clip", words)
    assert refused.status == 2
    assert "is not the weight of a CLIP, a number above 0" in refused.err
