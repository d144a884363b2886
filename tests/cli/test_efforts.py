"""`paint --effort`, and `bench --efforts`, which says what each of them is worth."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.cli.bench_efforts import spread
from studio.cli.efforts_table import SHARES, table
from studio.core.efforts import EFFORTS
from studio.core.schedule import settings_at
from studio.engine.recipes import RECIPES
from studio.project.file import Project
from tests.cli.conftest import Result

Call = Callable[..., Result]
FILES = ("--out", "k.png", "--project", "k.vqproj", "--size", "32x32", "--device", "cpu", "--json")
PAIR = ("a red circle on a blue background", "a blue circle on a red background")
SORTS = ["reference", *EFFORTS]


def painted(folder: Path, iteration: int) -> tuple[int, float]:
    with Project.open(folder / "k.vqproj", read_only=True) as project:
        settings = settings_at(project.changes(1), iteration)
    return settings.cutouts, settings.learning_rate


@pytest.mark.slow
def test_a_draft_has_its_own_number_of_iterations_and_goes_on_as_something_finer(
    call: Call, folder: Path
) -> None:
    draft, finest = EFFORTS["draft"], EFFORTS["finest"]
    result = call("paint", "a red circle", "--effort", "draft", *FILES)
    assert result.answer["iterations"] == draft.iterations
    assert painted(folder, 0) == (draft.cutouts, draft.learning_rate)
    more = ("--effort", "finest", "--cutouts", "3", "--iterations", "2")
    assert call("paint", "--resume", *more, *FILES[:4], "--json").answer["iterations"] == 2
    assert painted(folder, draft.iterations - 1) == (draft.cutouts, draft.learning_rate)
    assert painted(folder, draft.iterations) == (3, finest.learning_rate)


def test_a_draft_lasts_until_the_veil_is_lifted() -> None:
    assert EFFORTS["draft"].iterations >= RECIPES["studio"].veiled


def test_another_effort_is_refused_with_those_that_there_are(call: Call) -> None:
    result = call("paint", "a red circle", "--effort", "lazy")
    assert result.status == 2
    assert all(name in result.err for name in EFFORTS)


def curve(*points: tuple[float, float]) -> Any:
    seconds, cosines = zip(*points, strict=True)
    return np.array(seconds), np.array(cosines)


def test_the_table_says_when_the_mean_is_what_the_reference_comes_to() -> None:
    found = table(
        {
            "reference": [curve((2, 0.2), (8, 0.4)), curve((2, 0.1), (8, 0.6))],
            "quick": [curve((1, 0.4), (2, 0.8)), curve((1, 0.2), (2, 0.4))],
            "hopeless": [curve((1, 0.3)), curve((1, 0.5))],
        }
    )
    assert found["reference"]["similarity"] == pytest.approx(0.5)
    assert found["reference"]["share_of_reference"] == 1
    assert found["reference"]["error"] == pytest.approx(0.1)
    # 0.6 in the mean after 2 seconds and never again less; half of that after one
    assert found["quick"]["reached_seconds"] == 2
    assert found["quick"]["share_of_reference"] == 0.25
    times, means = zip(*found["quick"]["over_time"], strict=True)
    assert times == tuple(8 * share for share in SHARES)
    assert dict(zip(times, means, strict=True)) == pytest.approx(
        {0.0625: 0.01875, 0.125: 0.0375, 0.25: 0.075, 0.5: 0.15, 1: 0.3, 2: 0.6, 4: 0.6, 8: 0.6}
    )
    assert found["hopeless"]["reached_seconds"] is None


def test_prompts_are_taken_from_all_over_the_list() -> None:
    assert spread("abcdefgh", 4) == ("a", "c", "e", "g")
    assert spread("abc", 12) == ("a", "b", "c")


def words(*more: str) -> tuple[str, ...]:
    small = ("--iterations", "3", "--size", "32x32", "--cutouts", "2", "--device", "cpu")
    counts = ("--seed-count", "1", "--prompt-count", "2")
    return ("bench", "--efforts", "--prompts", "prompts.json", "--out", "d", *small, *counts, *more)


@pytest.mark.slow
def test_efforts_are_painted_once_and_judged_beside_the_reference(call: Call, folder: Path) -> None:
    (folder / "prompts.json").write_text(json.dumps({"pairs": [PAIR]}))
    result = call(*words("--json"))
    assert result.status == 0, result.err
    found = result.answer
    assert list(found["sorts"]) == SORTS
    assert (found["prompts"], found["seeds"]) == (list(PAIR), [1])
    for name, row in found["sorts"].items():
        assert row["iterations"] == 3
        assert row["seconds"] > 0
        assert -1 <= row["similarity"] <= 1
        assert row["cutouts"] == (2 if name == "reference" else EFFORTS[name].cutouts)
    strips = sorted((folder / "d").iterdir())
    assert len(strips) == 2 * len(SORTS)
    before = [path.stat().st_mtime_ns for path in strips]
    strips[0].write_bytes(strips[0].read_bytes()[:200])
    again = call(*words())
    assert again.status == 0, again.err
    assert "7 of 8 paintings are there already" in again.err
    assert [path.stat().st_mtime_ns for path in strips][1:] == before[1:]
    lines = again.out.splitlines()
    assert [line.split()[0] for line in lines if line.startswith(tuple(SORTS))] == SORTS * 2


@pytest.mark.parametrize(
    ("sentence", "more"),
    [
        ("There is no nowhere.py", ("--against", "nowhere.py")),
        ("There is no judge in nowhere", ("--judge", "nowhere")),
        ("is not a number from 1 up", ("--seed-count", "0")),
    ],
)
def test_what_cannot_be_compared_is_refused_before_anything_is_painted(
    sentence: str, more: tuple[str, ...], call: Call, folder: Path
) -> None:
    (folder / "prompts.json").write_text(json.dumps({"pairs": [PAIR]}))
    result = call(*words(*more))
    assert result.status == 2
    assert sentence in result.err
    assert not (folder / "d").exists()
