"""`keyframe` sets what steers a painting, and what was steered can be painted again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from studio.core.schedule import Change
from studio.core.settings import Prompt, Settings
from studio.project.document import ModelRef
from studio.project.file import Project
from tests.cli.conftest import Result

Call = Callable[..., Result]
KNOBS = ("--cutouts", "3", "--learning-rate", "5")
QUICK = ("--size", "32x32", "--json")


@pytest.fixture
def project(folder: Path) -> Path:
    path = folder / "a.vqproj"
    settings = Settings(prompts=(Prompt(text="dawn"),), size=(64, 32), seed=5)
    models = [ModelRef("starter", "0" * 64, "vqgan")]
    Project.create(path, models=models, changes=[Change(0, settings)]).close()
    return path


def keyframe(call: Call, *words: str) -> Result:
    return call("keyframe", "a.vqproj", *words, "--json")


def test_keyframes_are_set_listed_and_removed(call: Call, project: Path) -> None:
    assert keyframe(call, "list").answer == {"take": 1, "keyframes": []}
    first = ("set", "100", "--prompt", "noon:2 | birds", "--negative", "sea", "--ease", "linear")
    found = keyframe(call, *first, "--cutouts", "8", "--hold", "1.5").answer
    [only] = found["keyframes"]
    assert set(only) == {"iteration", "prompts", "cutouts", "ease", "hold"}
    assert [(each["text"], each["weight"]) for each in only["prompts"]] == [
        ("noon", 2.0),
        ("birds", 1.0),
        ("sea", -1.0),
    ]
    assert (only["cutouts"], only["ease"], only["hold"]) == (8, "linear", 1.5)
    again = ("set", "100", "--learning-rate", "0.1", "--ease-of", "cutouts=step", "--seed", "3")
    [only] = keyframe(call, *again).answer["keyframes"]
    assert (only["cutouts"], only["ease"], only["hold"]) == (8, "linear", 1.5)
    assert (only["learning_rate"], only["eases"], only["seed"]) == (0.1, {"cutouts": "step"}, 3)
    keyframe(call, "set", "50", "--zoom", "1.02", "--angle", "-1", "--move", "0.1,0")
    keyframe(call, "set", "50", "--edges", "wrap")
    listed = keyframe(call, "list").answer["keyframes"]
    moving = {"zoom": 1.02, "angle": -1.0, "x": 0.1, "y": 0.0, "edges": "wrap"}
    assert [each["iteration"] for each in listed] == [50, 100]
    assert listed[0]["motion"] == moving
    assert [
        each["iteration"] for each in call("info", "a.vqproj", "--json").answer["keyframes"]
    ] == [
        50,
        100,
    ]
    assert "key 50    motion, then in-out" in call("info", "a.vqproj").out
    told = call("keyframe", "a.vqproj", "list").out
    assert "    50  zoom 1.02, turn -1°, move 0.1,0, edges wrap, then in-out" in told
    assert "prompts noon:2 | birds | sea:-1, learning rate 0.1, cutouts 8, seed 3" in told
    left = keyframe(call, "remove", "100").answer["keyframes"]
    assert [each["iteration"] for each in left] == [50]
    assert call("keyframe", "a.vqproj", "remove", "50").out == "no keyframes\n"


def test_a_stop_for_films_alone_sets_nothing(call: Call, project: Path) -> None:
    [only] = keyframe(call, "set", "7", "--hold", "2").answer["keyframes"]
    assert only == {"iteration": 7, "ease": "in-out", "hold": 2.0}


def test_a_picture_of_a_keyframe_joins_the_project(call: Call, project: Path) -> None:
    Image.new("RGB", (24, 24), "blue").save("blue.png")
    found = keyframe(call, "set", "7", "--image-prompt", "blue.png:0.5").answer
    [prompt] = found["keyframes"][0]["prompts"]
    assert prompt["weight"] == 0.5
    with Project.open(project, read_only=True) as opened:
        assert opened.asset(prompt["picture"]) == Path("blue.png").read_bytes()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("no keyframe at iteration 9", ("remove", "9")),
        ("has no take 3; it has 1", ("list", "--take", "3")),
        ("Say what the keyframe sets", ("set", "9")),
        ("iteration 0 or later", ("set", "-1", "--cutouts", "3")),
        ("cutouts must lie between", ("set", "9", "--cutouts", "0")),
        ("learning rate must be above 0", ("set", "9", "--learning-rate", "0")),
        ("seed must lie between", ("set", "9", "--seed", "-4")),
        ("zoom of an iteration must lie", ("set", "9", "--zoom", "9")),
        ("ordinary numbers", ("set", "9", "--angle", "nan")),
        ("is not two numbers", ("set", "9", "--move", "1")),
        ("invalid choice: 'bounce'", ("set", "9", "--cutouts", "3", "--ease", "bounce")),
        ("no way to ease", ("set", "9", "--ease-of", "cutouts=bounce")),
        ("nothing that a keyframe sets", ("set", "9", "--ease-of", "size=in")),
        ("is not a word=word", ("set", "9", "--ease-of", "linear")),
        ("for 0 seconds or more", ("set", "9", "--hold", "-1")),
        ("one step of a story", ("set", "9", "--prompt", "a ^ b")),
        ("There is no picture nowhere.png", ("set", "9", "--image-prompt", "nowhere.png")),
        ("holds no picture aaaaaaaa", ("set", "9", "--prompt", "picture=" + "a" * 64)),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(
    call: Call, project: Path, said: str, words: tuple[str, ...]
) -> None:
    before = project.read_bytes()
    result = keyframe(call, *words)
    assert (result.status, result.out) == (2, "")
    assert said in result.err
    assert len(result.err.splitlines()) == 1
    assert project.read_bytes() == before


def settled(call: Call, name: str, *words: str, iterations: int) -> str:
    files = ("--project", f"{name}.vqproj", "--out", f"{name}.png")
    result = call("paint", *words, *files, *QUICK, "--iterations", str(iterations))
    assert result.status == 0, result.err
    codes: str = result.answer["codes_sha256"]
    return codes


@pytest.mark.slow
def test_a_steered_painting_is_painted_again_from_what_was_recorded(call: Call) -> None:
    """Three keyframes set before, one edited and one added half way, and a branch of it."""
    settled(call, "a", "a red circle", "--seed", "3", *KNOBS, iterations=1)
    for words in (
        ("3", "--prompt", "sea | sky:0.5", "--cutouts", "5"),
        ("5", "--learning-rate", "2", "--zoom", "1.1", "--seed", "9"),
        ("8", "--prompt", "birds", "--ease", "linear", "--angle", "5"),
    ):
        assert keyframe(call, "set", *words).status == 0
    settled(call, "a", "--resume", iterations=3)
    assert keyframe(call, "set", "5", "--cutouts", "2").status == 0
    painted = keyframe(call, "set", "2", "--hold", "1")
    assert "Iteration 2 is painted already" in painted.err
    assert "from iteration 4 on" in painted.err
    codes = settled(call, "a", "--resume", iterations=6)
    with Project.open("a.vqproj") as opened:
        takes = {1: opened.changes(1), 2: ()}
        opened.add_take(1, 6)
        assert opened.keyframes(2) == opened.keyframes(1)
    assert keyframe(call, "set", "7", "--prompt", "dawn", "--take", "2").status == 0
    branched = settled(call, "a", "--resume", iterations=4)
    with Project.open("a.vqproj") as opened:
        takes[2] = opened.changes(2)
        models = opened.models
    assert codes != branched
    for take, expected in ((1, codes), (2, branched)):
        Project.create(f"{take}.vqproj", models=models, changes=takes[take]).close()
        name = str(take)
        resumed = ("paint", "--resume", "--project", f"{name}.vqproj", "--out", f"{name}.png")
        result = call(*resumed, "--iterations", "10", "--json")
        assert result.status == 0, result.err
        assert result.answer["codes_sha256"] == expected


@pytest.mark.slow
def test_a_story_of_an_older_project_is_painted_on_and_replays(call: Call) -> None:
    settled(call, "new", "a red circle", "--seed", "3", *KNOBS, iterations=1)
    with Project.open("new.vqproj") as opened:
        [start] = opened.changes(1)
        models = opened.models
    later = msgspec.structs.replace(start.settings, prompts=(Prompt(text="sea"),))
    old = [start, Change(2, later)]
    found: list[str] = []
    for name, parts in (("whole", (4,)), ("parts", (1, 3))):
        Project.create(f"{name}.vqproj", models=models, changes=old).close()
        found.append([settled(call, name, "--resume", iterations=part) for part in parts][-1])
    assert found[0] == found[1]
    with Project.open("parts.vqproj") as opened:
        assert list(opened.changes(1)) == old
