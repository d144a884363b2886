"""`info` and `models list` tell without torch; `doctor` and `bench` tell about the machine."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from resealed import put_take

from studio.cli import bench_lines, race, starting
from studio.core.schedule import Change, Keyframe
from studio.core.settings import Prompt, Settings
from studio.models import store
from studio.project.document import Iteration, ModelRef
from studio.project.file import Project
from tests.cli.conftest import Result

Call = Callable[..., Result]


def project(path: Path) -> None:
    settings = Settings(prompts=(Prompt(text="dawn"),), size=(64, 32), seed=5)
    later = Settings(prompts=(Prompt(text="noon"),), size=(64, 32), seed=5)
    Project.create(
        path,
        models=[ModelRef("starter", "0" * 64, "vqgan")],
        changes=[Change(0, settings), Change(100, later)],
    ).close()


def test_info_tells_all_that_the_contract_names(call: Call) -> None:
    project(Path("a.vqproj"))
    found = call("info", "a.vqproj", "--json").answer
    names = "format_version size model takes prompts seed keyframes settings created modified"
    assert set(names.split()) <= set(found)
    assert found["format_version"] == "1.2"
    assert found["model"] == {"name": "starter", "sha256": "0" * 64}
    assert found["takes"][0] | {"id": 1, "parent": None, "branched_at": None} == found["takes"][0]
    [keyframe] = found["keyframes"]
    assert set(keyframe) == {"iteration", "prompts"}
    assert keyframe["prompts"][0]["text"] == "noon"
    assert keyframe["prompts"][0]["weight"] == 1.0


def test_info_tells_about_the_take_painted_last(call: Call) -> None:
    project(Path("a.vqproj"))
    codes = np.zeros((8, 4), np.uint16)
    with Project.open("a.vqproj") as opened:
        for number in range(3):
            opened.record(1, Iteration(number, (0.5,), 0.5, 0.1), codes, b"jpeg")
        opened.add_take(1, 2, name="dusk instead")
        dusk = Settings(prompts=(Prompt(text="dusk"),), size=(64, 32), seed=5)
        opened.add_change(2, Change(2, dusk))
        opened.record(2, Iteration(2, (0.5,), 0.5, 0.1), codes, b"jpeg")
        opened.add_take(2, 3)
        opened.delete_take(3)
    found = call("info", "a.vqproj", "--json").answer
    names = ("id", "parent", "branched_at", "iterations", "deleted")
    assert [tuple(take[name] for name in names) for take in found["takes"]] == [
        (1, None, None, 3, False),
        (2, 1, 2, 3, False),
        (3, 2, 3, 3, True),
    ]
    assert found["prompts"][0]["text"] == "dusk"
    assert [each["iteration"] for each in found["keyframes"]] == [2]
    assert "take 2    dusk instead, 3 iterations, from take 1 at 2" in call("info", "a.vqproj").out


def test_no_terminal_obeys_what_a_project_says(call: Call) -> None:
    acts = "\x1b[2J\x9b31m\x07\r\n\u202etake 9"
    settings = Settings(prompts=(Prompt(text=f"dawn{acts}"),), size=(64, 32), model=f"m{acts}")
    Project.create(
        "a.vqproj",
        models=[ModelRef(f"starter{acts}", f"{acts}0", "vqgan")],
        changes=[Change(0, settings)],
    ).close()
    with Project.open("a.vqproj") as opened:
        opened.rename_take(1, f"dusk{acts}")
        opened.set_keyframe(1, Keyframe(iteration=5, prompts=(Prompt(text=f"noon{acts}"),)))
        opened.rename_take(1, f"dusk{acts}")
    said = call("info", "a.vqproj").out
    said += call("keyframe", "a.vqproj", "list").out
    said += call("info", f"none{acts}.vqproj").err
    said += call("export", "a.vqproj", f"out{acts}").err
    said += call("paint", "--project", "a.vqproj", "--resume", "--iterations", "1").err
    assert "dusk\\x1b[2J" in said
    assert "noon\\x1b[2J" in said
    assert {letter for letter in acts if not letter.isprintable()} & set(said) == {"\n"}
    assert not [line for line in said.splitlines() if line.startswith("take 9")]
    assert json.loads(call("info", "a.vqproj", "--json").out)["prompts"][0]["text"] == f"dawn{acts}"


def test_info_of_a_thousand_takes(call: Call) -> None:
    project(Path("a.vqproj"))
    with Project.open("a.vqproj") as opened:
        codes = np.zeros((8, 4), np.uint16)
        opened.record(1, Iteration(0, (0.5,), 0.5, 0.1), codes, b"jpeg")
    for take in range(2, 1001):
        put_take(Path("a.vqproj"), take, {"parent": take - 1, "branched_at": 1, "created": ""})
    before = time.thread_time()
    assert len(call("info", "a.vqproj", "--json").answer["takes"]) == 1000
    assert time.thread_time() - before < 5


@pytest.mark.slow
def test_info_and_models_need_no_torch(
    process: Call, forbid: Callable[..., None], folder: Path
) -> None:
    project(folder / "a.vqproj")
    forbid("torch", "PySide6")
    info = process("info", "a.vqproj")
    assert (info.status, info.err) == (0, "")
    assert "prompts   dawn" in info.out
    assert "from 100  other prompts" in info.out
    listing = process("models", "list")
    assert (listing.status, listing.err) == (0, "")
    assert "imagenet-f16-16384" in listing.out


def test_models_list_tells_what_is_here_and_what_is_published(call: Call, models: Path) -> None:
    found = call("models", "list", "--json").answer
    first = found["installed"][0]
    assert (first["name"], first["kind"]) == ("starter", "vqgan")
    assert first["path"] == str(models / "starter" / "vqgan.safetensors")
    assert all(each["draws"] and each["state"] == "published" for each in found["published"])
    assert {"ViT-B/32", "wikiart-f16-16384"} <= {each["name"] for each in found["published"]}


def test_doctor_names_what_is_wrong_with_a_remedy(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starter = tmp_path / "models" / "starter"
    starter.mkdir(parents=True)
    (starter / "clip.safetensors").write_bytes(b"not these")
    (starter / store.CHECKSUMS).write_text('{"clip.safetensors": "00"}')
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "models"))
    result = call("doctor", "--json")
    assert result.status == 1
    problems = result.answer["problems"]
    assert any("clip.safetensors is not what it should be" in each["problem"] for each in problems)
    assert all(each["remedy"] for each in problems)
    assert "PROBLEM" in call("doctor").out


@pytest.mark.parametrize("kind", ["vqgan", "clip"])
def test_doctor_finds_a_damaged_config(
    kind: str, call: Call, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(models, tmp_path / "models")
    config = tmp_path / "models" / "starter" / f"{kind}.json"
    config.write_bytes(config.read_bytes()[:20])
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "models"))
    found = call("doctor", "--json").answer
    [problem] = found["problems"]
    assert str(config) in problem["problem"]
    states = {each["name"]: each["state"] for each in found["models"] if each["kind"] == kind}
    assert states["starter"] == "unreadable"


def test_doctor_misses_a_folder_of_models_that_is_named(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(store.VARIABLE, "nowhere")
    [problem] = call("doctor", "--json").answer["problems"]
    assert problem["problem"] == f"{store.VARIABLE} names nowhere, which is no folder"


def test_doctor_is_content_with_a_whole_installation(call: Call) -> None:
    result = call("doctor", "--json")
    assert (result.status, result.answer["problems"]) == (0, [])
    assert "ffmpeg version" in result.answer["ffmpeg"]


@pytest.mark.slow
def test_bench_measures_the_loop_and_runs_it_against_the_reference(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.engine import measure

    monkeypatch.setattr(measure, "MEASURED_FOR", 0.05)
    monkeypatch.setattr(starting, "STARTS", 1)
    words = ("bench", "--size", "32x32", "--cutouts", "2", "--iterations", "2", "--device", "cpu")
    found = call(*words, "--json").answer
    assert {"quantize", "decode", "decode backward", "optimizer"} <= set(found["stages"])
    assert 0 < found["floor_seconds"] < found["seconds_per_iteration"]
    used = "float32" if found["precision"] == "float32" else "mixed"
    assert found["floors"]["float32"] == found["floor_seconds"]
    assert found["floor_share"] == pytest.approx(
        found["floors"][used] / found["seconds_per_iteration"]
    )
    assert found["peak_memory_bytes"] > 10**7
    assert 0 < found["recording_seconds"] < found["start_seconds"]
    against = found["against"]
    theirs, ours = against["reference"], against[used]
    assert Path(against["program"]).name == "reference_loop.py"
    assert ours["times_as_fast"] == pytest.approx(theirs["seconds"] / ours["seconds"])
    assert ours["memory_share"] == pytest.approx(
        ours["peak_memory_bytes"] / theirs["peak_memory_bytes"]
    )
    table = "\n".join(bench_lines.lines(found))
    assert all(word in table for word in ("arithmetic floor", "reference", used))


@pytest.mark.slow
def test_bench_builds_the_published_shapes_for_timing(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from studio.engine import measure
    from tests.engine import tiny

    monkeypatch.setattr(measure, "MEASURED_FOR", 0.05)
    monkeypatch.setattr(measure, "IMAGENET_F16", tiny.vqgan().config)
    monkeypatch.setattr(measure, "VIT_B_32", tiny.vision_transformer().config)
    monkeypatch.setattr(race, "REFERENCE", tmp_path / "reference_loop.py")
    words = ("--size", "33x32", "--cutouts", "2", "--iterations", "1")
    result = call("bench", "--model", "imagenet-f16-random", *words, "--json")
    found = result.answer
    assert (found["model"], found["size"]) == ("imagenet-f16-random", [32, 32])
    assert "paints only noise" in result.err
    assert "Ratios need the reference loop" in result.err
    assert found["against"] is None
    assert sum(found["stages"].values()) == pytest.approx(found["seconds_per_iteration"])


@pytest.mark.slow
def test_bench_says_why_a_loop_broke_down(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from studio.engine import measure

    monkeypatch.setattr(measure, "MEASURED_FOR", 0.05)
    monkeypatch.setattr(starting, "to_first_iteration", lambda words: 1.0)
    words = ("bench", "--size", "32x32", "--cutouts", "2", "--iterations", "1")
    assert "There is no none.py" in call(*words, "--against", "none.py").err
    broken = tmp_path / "broken.py"
    broken.write_text("raise ValueError('no cutouts today')")
    result = call(*words, "--against", str(broken))
    assert (result.status, result.out) == (1, "")
    assert "broken.py broke down: ValueError: no cutouts today" in result.err


def test_info_tells_every_knob_off_its_default(call: Call) -> None:
    settings = Settings(prompts=(Prompt(text="dawn"),), start_weight=0.5, optimizer="radam")
    models = [ModelRef("starter", "0" * 64, "vqgan")]
    Project.create(Path("a.vqproj"), models=models, changes=[Change(0, settings)]).close()
    assert call("info", "a.vqproj", "--json").answer["knobs"] == {
        "start_weight": 0.5,
        "optimizer": "radam",
    }
    assert "start_weight 0.5" in call("info", "a.vqproj").out
