"""`paint` on tiny models: the same codes every time, whatever interrupts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from studio import places
from studio.core.prompt import parse
from studio.project.file import Project
from tests.cli.conftest import Result

pytestmark = pytest.mark.slow

Call = Callable[..., Result]
# a rate at which codes of a random codebook change within an iteration or two
QUICK = ("--size", "32x32", "--cutouts", "4", "--learning-rate", "5", "--json")
ANSWER = (
    "iterations seconds iterations_per_second loss seed size model device out project codes_sha256"
)
GO_ON = "Go on with: "


def paint(call: Call, name: str, *words: str) -> Result:
    files = ("--out", f"{name}.png", "--project", f"{name}.vqproj")
    return call("paint", *words, *files, *QUICK)


def test_a_process_paints_and_answers_in_json_alone(process: Call, folder: Path) -> None:
    result = paint(process, "ein Kreis 圆", "a red zebra", "--seed", "7", "--iterations", "2")
    assert result.status == 0, result.err
    found = result.answer
    assert list(found) == ANSWER.split()
    assert (found["iterations"], found["seed"], found["size"]) == (2, 7, [32, 32])
    assert found["project"] == str(folder / "ein Kreis 圆.vqproj")
    assert "never learnt: zebra." in result.err
    assert "seed 7" in result.err
    with Image.open(folder / "ein Kreis 圆.png") as picture:
        assert picture.size == (32, 32)
        assert picture.text["prompt"] == "a red zebra"
        assert (picture.text["seed"], picture.text["model"]) == ("7", "starter")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the name of a file is text")
def test_a_name_that_is_no_text_is_painted_into_all_the_same(process: Call, folder: Path) -> None:
    result = paint(process, "caf\udce9", "a red circle", "--seed", "7", "--iterations", "1")
    assert result.status == 0, result.err
    assert "Traceback" not in result.err
    assert result.answer["out"] == "caf\udce9.png"
    assert (folder / "caf\udce9.vqproj").exists()


def test_the_same_seed_gives_the_same_codes_at_once_and_in_two_parts(call: Call) -> None:
    prompt = ("a red circle", "--seed", "1", "--average", "0.5")
    whole = paint(call, "whole", *prompt, "--iterations", "6").answer
    part = paint(call, "parts", *prompt, "--iterations", "2").answer
    rest = paint(call, "parts", "--resume", "--iterations", "4").answer
    other = paint(call, "other", "a red circle", "--seed", "2", "--iterations", "6").answer
    assert rest["iterations"] == 4
    assert rest["codes_sha256"] == whole["codes_sha256"]
    assert len({each["codes_sha256"] for each in (whole, part, other)}) == 3


def test_ctrl_c_keeps_everything_and_says_how_to_go_on(
    start: Callable[..., subprocess.Popen[str]],
    call: Call,
    folder: Path,
) -> None:
    words = ("a red circle", "--seed", "1", "--iterations", "100000")
    running = start("paint", *words, "--project", "k.vqproj", "--out", "k.png", *QUICK)
    wait_for_iterations(folder / "k.vqproj", 3)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    result = Result(running.returncode, out, err)
    assert result.status == 130, err
    painted = result.answer["iterations"]
    assert f"--resume --iterations {100000 - painted}" in err.split(GO_ON)[1]
    assert (folder / "k.png").exists()
    info = call("info", "k.vqproj", "--json").answer
    assert info["takes"][0]["iterations"] == painted


def test_ctrl_c_while_the_program_loads_is_told_as_such(
    process: Call, environment: dict[str, str], tmp_path: Path
) -> None:
    trap = tmp_path / "traps" / "msgspec.py"
    trap.parent.mkdir()
    trap.write_text("import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)")
    environment["PYTHONPATH"] = os.pathsep.join([str(trap.parent), environment["PYTHONPATH"]])
    result = process("paint", "a red circle")
    told = "Interrupted; what was painted before is kept.\n"
    assert (result.status, result.out, result.err) == (130, "", told)


def test_a_killed_painting_goes_on_from_its_last_iteration(
    start: Callable[..., subprocess.Popen[str]],
    call: Call,
    folder: Path,
) -> None:
    words = ("a red circle", "--seed", "1", "--iterations", "100000")
    running = start("paint", *words, "--project", "k.vqproj", "--out", "k.png", *QUICK)
    wait_for_iterations(folder / "k.vqproj", 3)
    running.kill()
    running.wait()
    assert not (folder / "k.png").exists()
    painted = call("info", "k.vqproj", "--json").answer["takes"][0]["iterations"]
    assert painted >= 3
    resumed = paint(call, "k", "--resume", "--iterations", "2").answer
    whole = paint(call, "w", *words[:3], "--iterations", str(painted + 2)).answer
    assert resumed["codes_sha256"] == whole["codes_sha256"]


def wait_for_iterations(project: Path, count: int) -> None:
    for _ in range(600):
        if project.exists():
            with Project.open(project, read_only=True) as opened:
                if opened.length(1) >= count:
                    return
        time.sleep(0.1)
    raise AssertionError("nothing was painted within a minute")


def test_a_painting_without_names_gets_fresh_ones(call: Call, folder: Path) -> None:
    words = ("paint", "Röd/cirkel: été", "--seed", "3", "--iterations", "1", *QUICK)
    first, second = call(*words).answer, call(*words).answer
    assert first["out"] == "röd-cirkel-été-3.png"
    names = [Path(each["project"]).name for each in (first, second)]
    assert names == ["röd-cirkel-été-3-1.vqproj", "röd-cirkel-été-3-2.vqproj"]
    assert Path(first["project"]).parent == places.projects()
    assert list(folder.iterdir()) == [folder / "röd-cirkel-été-3.png"]


def test_a_project_is_replaced_only_by_force(call: Call, folder: Path) -> None:
    words = ("--seed", "1", "--iterations", "1")
    paint(call, "a", "a red circle", *words)
    before = (folder / "a.vqproj").read_bytes()
    assert paint(call, "a", "a sea", *words).status == 2
    assert (folder / "a.vqproj").read_bytes() == before
    assert paint(call, "a", "a sea", *words, "--force").status == 0
    assert call("info", "a.vqproj", "--json").answer["prompts"][0]["text"] == "a sea"


def test_deleted_takes_are_not_painted_on(call: Call) -> None:
    paint(call, "a", "a red circle", "--seed", "1", "--iterations", "2")
    with Project.open("a.vqproj") as project:
        project.add_take(1, 1)
        project.delete_take(2)
    assert paint(call, "a", "--resume", "--iterations", "1").status == 0
    with Project.open("a.vqproj") as project:
        assert (project.length(1), project.length(2)) == (3, 1)
        project.delete_take(1)
    result = paint(call, "a", "--resume", "--iterations", "1")
    assert (result.status, result.out) == (2, "")
    assert result.err == "Every take of a.vqproj is deleted; restore one first.\n"


def test_pictures_join_the_project_and_sizes_are_fitted(call: Call, folder: Path) -> None:
    transparent = Image.new("RGBA", (40, 20), (255, 0, 0, 0))
    transparent.save(folder / "clear: 0.5.png")
    Image.new("RGB", (24, 24), "blue").save(folder / "blue.png")
    result = call(
        *("paint", "sea", "--size", "33x21", "--iterations", "1", "--seed", "1", "--cutouts", "2"),
        *("--init", "blue.png", "--init-weight", "0.5", "--image-prompt", "clear: 0.5.png:0.25"),
        *("--image-prompt", "blue.png", "--negative", "sky:0.5", "--noise-prompt", "4:0.1"),
        *("--project", "p.vqproj", "--out", "p.jpg", "--json"),
    )
    assert result.status == 0, result.err
    assert "33x21 becomes 32x20" in result.err
    assert "clear: 0.5.png is transparent; white shows through." in result.err
    info = call("info", "p.vqproj", "--json").answer
    assert [prompt.get("weight") for prompt in info["prompts"]] == [1.0, -0.5, 0.1, 0.25, 1.0]
    assert info["settings"]["start"] == "picture"
    with Project.open(folder / "p.vqproj", read_only=True) as project:
        kept = project.asset(info["settings"]["start_picture"])
    assert kept == (folder / "blue.png").read_bytes()


def test_what_is_given_with_resume_counts_from_the_next_iteration(call: Call) -> None:
    paint(call, "a", "dawn ^ noon", "--seed", "1", "--iterations", "1")
    paint(call, "a", "--resume", "--iterations", "1", "--optimizer", "rmsprop")
    again = paint(call, "a", "dawn ^ noon", "--seed", "1", "--resume", "--iterations", "1")
    assert again.status == 0, again.err
    info = call("info", "a.vqproj", "--json").answer
    assert [(each["iteration"], set(each)) for each in info["keyframes"]] == [
        (1, {"iteration", "optimizer"}),
        (100, {"iteration", "prompts", "ease", "hold"}),
    ]
    assert info["settings"]["optimizer"] == "rmsprop"
    assert info["prompts"][0]["text"] == parse("dawn")[0][0].text


def test_a_story_that_ends_too_early_says_so(call: Call) -> None:
    first = paint(call, "a", "dawn ^ noon", "--seed", "1", "--iterations", "1")
    assert "reached at iteration 100, after these 1 iterations end" in first.err
    assert "--iterations 101 to paint them" in first.err
    assert "reached" not in paint(call, "b", "dawn", "--seed", "1", "--iterations", "1").err


def test_a_motion_is_painted_recorded_and_resumed(call: Call) -> None:
    words = ("a red circle", "--seed", "1", "--zoom", "1.05", "--move=-0.1,0", "--edges", "wrap")
    whole = paint(call, "whole", *words, "--iterations", "4").answer
    paint(call, "parts", *words, "--iterations", "2")
    rest = paint(call, "parts", "--resume", "--iterations", "2").answer
    still = paint(call, "still", *words[:3], "--iterations", "4").answer
    assert rest["codes_sha256"] == whole["codes_sha256"] != still["codes_sha256"]
    paint(call, "parts", "--resume", "--iterations", "1", "--angle", "3")
    found = call("info", "parts.vqproj", "--json").answer
    moving = {"zoom": 1.05, "angle": 3.0, "x": -0.1, "y": 0.0, "edges": "wrap"}
    assert found["settings"]["motion"] == moving
    assert [(each["iteration"], set(each)) for each in found["keyframes"]] == [
        (4, {"iteration", "motion"})
    ]
    assert "motion    zoom 1.05, angle 3.0" in call("info", "parts.vqproj").out


def test_full_memory_costs_time_and_neither_cutouts_nor_size(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from studio.engine import painter

    encode_views = painter.encode_views

    def crowded(perceptor: Any, picture: Any, views: Any) -> Any:
        if len(views) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return encode_views(perceptor, picture, views)

    monkeypatch.setattr(painter, "encode_views", crowded)
    first = paint(call, "a", "a red circle", "--seed", "1", "--iterations", "2")
    assert first.status == 0, first.err
    assert (first.answer["iterations"], first.answer["size"]) == (2, [32, 32])
    assert first.err.count("Memory ran out") == 1
    assert "painting on with 2 of 4 cutouts per pass" in first.err
    rest = paint(call, "a", "--resume", "--iterations", "2")
    assert (rest.status, rest.err.count("Memory ran out")) == (0, 0)
    info = call("info", "a.vqproj", "--json").answer
    assert (info["takes"][0]["iterations"], info["settings"]["cutouts"]) == (4, 4)


def test_a_picture_beyond_all_memory_ends_in_one_sentence(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.engine.vqgan import VQGAN

    def decode(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(VQGAN, "decode", decode)
    result = paint(call, "a", "a red circle", "--iterations", "1")
    assert (result.status, result.out) == (1, "")
    assert "Memory ran out at 32x32 even with one cutout" in result.err.splitlines()[-1]
    assert not Path("a.png").exists()


def test_a_failure_that_nobody_foresaw_is_one_sentence(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.engine.painter import Painter

    def fail(*_: object) -> None:
        raise ZeroDivisionError("a surprise")

    monkeypatch.setattr(Painter, "step", fail)
    result = paint(call, "a", "a red circle", "--iterations", "1")
    assert (result.status, result.out) == (1, "")
    last = result.err.splitlines()[-1]
    assert "ZeroDivisionError: a surprise" in last
    log = Path(last.split("; see ")[1].removesuffix("."))
    assert "Traceback" in log.read_text(encoding="utf-8")
    assert "Traceback" not in result.err
