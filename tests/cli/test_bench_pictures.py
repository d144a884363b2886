"""`bench --pictures`: paints its prompts once, and a judge says what came out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio import places
from studio.cli.bench_pictures import prompts_of
from studio.engine.weights import load_perceptor
from tests.cli.conftest import Result

pytestmark = pytest.mark.slow
PAIR = ("a red circle on a blue background", "a blue circle on a red background")
SMALL = ("--iterations", "2", "--size", "32x32", "--device", "cpu")


@pytest.fixture
def prompts(folder: Path) -> Path:
    """Two prompts, a near miss of each other."""
    path = folder / "prompts.json"
    path.write_text(json.dumps({"pairs": [PAIR]}))
    return path


def words(prompts: Path, *more: str) -> tuple[str, ...]:
    return ("bench", "--pictures", "--prompts", str(prompts), "--out", "die Bilder", *SMALL, *more)


def test_the_shipped_prompts_are_48_with_near_misses_and_known_words() -> None:
    prompts = prompts_of(places.resources() / "bench-prompts.json")
    assert len(prompts.all) == len(set(prompts.all)) == 48
    assert len(prompts.pairs) >= 12
    starter = load_perceptor(places.resources() / "models" / "starter" / "clip.safetensors")
    judge = load_perceptor(places.judge() / "clip.safetensors")
    for text in prompts.all:
        assert (starter.unknown_words(text), judge.unknown_words(text)) == ([], [])


def test_two_prompts_are_painted_judged_and_not_painted_again(
    process: Callable[..., Result], call: Callable[..., Result], folder: Path, prompts: Path
) -> None:
    result = process(*words(prompts, "--json"))
    assert result.status == 0, result.err
    found = result.answer
    assert [row["prompt"] for row in found["rows"]] == list(PAIR)
    assert {row["rank"] for row in found["rows"]} <= {1, 2}
    assert found["of"] == 2
    assert found["pairs"] == 1
    assert found["first"] == sum(row["rank"] == 1 for row in found["rows"])
    paintings = [folder / "die Bilder" / name for name in ("01.png", "02.png")]
    before = [path.stat().st_mtime_ns for path in paintings]
    paintings[1].write_bytes(paintings[1].read_bytes()[:200])
    again = call(*words(prompts))
    assert again.status == 0, again.err
    assert "1 of 2 pictures are there already" in again.err
    assert paintings[0].stat().st_mtime_ns == before[0]
    assert f"own painting first   {found['first']} of 2" in again.out
    with Image.open(folder / "die Bilder" / "sheet.jpg") as sheet:
        assert sheet.width > 2 * 192


def test_another_seed_paints_again(
    call: Callable[..., Result], folder: Path, prompts: Path
) -> None:
    assert call(*words(prompts)).status == 0
    first = np.array(Image.open(folder / "die Bilder" / "01.png"))
    assert "already" not in call(*words(prompts, "--seed", "2")).err
    assert not np.array_equal(first, np.array(Image.open(folder / "die Bilder" / "01.png")))


@pytest.mark.parametrize(
    ("sentence", "content", "more"),
    [
        ("There is no judge in nowhere", {"pairs": [PAIR]}, ("--judge", "nowhere")),
        ("The judge never learnt: zebra", {"others": ["a zebra"]}, ()),
        ("none of them twice", {"others": ["a cat", "a cat"]}, ()),
        ("cannot be read", {"prompts": []}, ()),
    ],
)
def test_what_cannot_be_judged_is_refused_before_anything_is_painted(
    sentence: str,
    content: dict[str, list[str]],
    more: tuple[str, ...],
    call: Callable[..., Result],
    folder: Path,
    prompts: Path,
) -> None:
    prompts.write_text(json.dumps(content))
    result = call(*words(prompts, *more))
    assert result.status == 2
    assert sentence in result.err
    assert not (folder / "die Bilder").exists()
