"""`models download|import|verify|remove`: published models come, are used, and go again."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from studio import installing, places
from studio.apart import Apart
from studio.cli import downloads
from studio.models import catalogue, shelf, store
from studio.models.part import alone, part_of
from studio.models.speed import Progress
from tests.cli.conftest import Result
from tests.engine import tiny
from tests.models import mirrors
from tests.models.mirrors import Mirror, serving

Call = Callable[..., Result]
Serve = Callable[..., Mirror]


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A VQGAN and a CLIP as others publish them, and a file that is neither."""
    import torch

    folder = tmp_path_factory.mktemp("published")
    torch.save({"state_dict": tiny.vqgan().state_dict()}, folder / "wide.ckpt")
    torch.save(tiny.vision_transformer().clip.state_dict(), folder / "seer.pt")
    (folder / "notes.bin").write_bytes(b"These are no weights.")
    return folder


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers."""
    with ExitStack() as running:

        def start(content: bytes, **given: Any) -> Mirror:
            return running.enter_context(serving(Mirror(content, **given)))

        yield start


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Conversions in this process, which is quicker; others test them in their own."""

    async def here(_: Apart, reading: object, act: Callable[..., Any], *words: Any) -> Any:
        return act(*words)

    monkeypatch.setattr(Apart, "call", here)


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make a catalogue."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    entries: list[dict[str, Any]] = []
    path = tmp_path / "catalogue.json"
    monkeypatch.setenv(catalogue.VARIABLE, str(path))

    def add(name: str, mirror: Mirror, **given: Any) -> None:
        entry = {
            "name": name,
            "kind": "vqgan",
            "title": "Wide",
            "bytes": len(mirror.content),
            "sha256": hashlib.sha256(mirror.content).hexdigest(),
            "urls": [mirror.url],
            "architecture": "VQGAN, 2 pixels to a code",
            "factor": 2,
            "codes": 24,
            "input_size": None,
            "memory": {"at_256": 10**9, "at_512": 4 * 10**9},
            "licence": "Public domain.",
            "draws": "Nothing yet.",
        }
        entries.append(entry | given)
        path.write_text(json.dumps(entries))

    path.write_text("[]")
    return add


def published(call: Call) -> dict[str, Any]:
    """What the list says of the one model that is not here."""
    (found,) = call("models", "list", "--json").answer["published"]
    return found


def until(process: subprocess.Popen[str], there: Callable[[], bool]) -> None:
    """Wait for something that a process does."""
    while not there():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


@pytest.mark.slow
def test_a_published_model_comes_and_goes(
    publish: Callable[..., None],
    call: Call,
    process: Call,
    serve: Serve,
    checkpoints: Path,
) -> None:
    mirror = serve((checkpoints / "wide.ckpt").read_bytes())
    publish("wide/b", mirror)
    assert published(call)["availability"] == "available"
    result = process("models", "download", "wide/b", "--json")
    assert result.status == 0, result.err
    assert "MB is converted" in result.err
    (model,) = result.answer["installed"]
    folder = shelf.folder_of("wide/b")
    assert (model["name"], model["folder"]) == ("wide/b", str(folder))
    assert (model["factor"], model["codes"], model["licence"]) == (2, 24, "Public domain.")
    assert model["source_sha256"] == hashlib.sha256(mirror.content).hexdigest()
    assert {path.name for path in folder.iterdir()} == {
        "vqgan.safetensors",
        "vqgan.json",
        store.CHECKSUMS,
        store.SOURCES,
    }
    again = call("models", "download", "wide/b")
    assert (again.status, len(mirror.asked)) == (0, 1)
    assert call("models", "verify", "wide/b").out.split() == [
        "wide/b",
        "vqgan",
        *["as", "it", "was", "installed"],
    ]
    removed = call("models", "remove", "wide/b", "--json").answer
    assert removed == {"name": "wide/b", "freed": removed["freed"]}
    assert removed["freed"] >= model["bytes"]
    assert not folder.exists()


@pytest.mark.slow
def test_a_model_that_was_downloaded_paints(
    call: Call, serve: Serve, publish: Callable[..., None], checkpoints: Path, at_once: None
) -> None:
    publish("wide", serve((checkpoints / "wide.ckpt").read_bytes()))
    refused = call("paint", "sea", "--model", "wide", "--out", "sea.png")
    assert refused.status == 2
    assert "`models download wide` fetches it" in refused.err
    assert call("models", "download", "wide", "--keep").status == 0
    assert (shelf.folder_of("wide") / "vqgan.ckpt").exists()
    words = ("--model", "wide", "--size", "32x32", "--iterations", "1", "--cutouts", "1")
    painted = call("paint", "sea", "--out", "sea.png", "--clip", "starter", *words)
    assert painted.status == 0, painted.err
    assert Path("sea.png").exists()


@pytest.mark.slow
def test_a_download_that_was_killed_goes_on(
    publish: Callable[..., None],
    call: Call,
    start: Callable[..., subprocess.Popen[str]],
    serve: Serve,
    at_once: None,
) -> None:
    mirror = serve(random.Random(1).randbytes(6_000_000), faults=["stall"])
    publish("wide", mirror)
    part = part_of(shelf.folder_of("wide") / "vqgan.ckpt")
    running = start("models", "download", "wide")
    until(running, lambda: part.exists() and part.stat().st_size > 2_000_000)
    running.kill()
    running.wait()
    listed = published(call)
    assert (listed["availability"], listed["downloaded"]) == (
        "partly downloaded",
        part.stat().st_size,
    )
    assert "6.0 MB here already" in call("models", "list").out
    kept = part.stat().st_size
    result = call("models", "download", "wide")  # it is no model: told when it is whole
    assert mirror.ranges[1] == f"bytes={kept}-"
    assert (result.status, result.out) == (2, "")
    freed = call("models", "remove", "wide", "--json").answer["freed"]
    assert freed == 6_000_000
    assert not shelf.folder_of("wide").exists()


@pytest.mark.slow
def test_ctrl_c_keeps_what_has_come(
    publish: Callable[..., None], start: Callable[..., subprocess.Popen[str]], serve: Serve
) -> None:
    publish("wide", serve(bytes(6_000_000), faults=["stall"]))
    part = part_of(shelf.folder_of("wide") / "vqgan.ckpt")
    running = start("models", "download", "wide")
    until(running, lambda: part.exists() and part.stat().st_size > 2_000_000)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, "")
    assert f"{part.stat().st_size / 1e6:.1f} MB of wide are kept" in err
    assert "`models download wide` goes on from there" in err
    assert "Traceback" not in err


def test_several_are_fetched_at_once_and_one_that_fails_keeps_no_other_from_it(
    call: Call, serve: Serve, publish: Callable[..., None], checkpoints: Path, at_once: None
) -> None:
    bad = serve(b"gone", faults=["404"] * 9)
    publish("wide", serve((checkpoints / "wide.ckpt").read_bytes()))
    publish("lost", bad)
    publish("seer", serve((checkpoints / "seer.pt").read_bytes()), kind="clip")
    result = call("models", "download", "wide", "lost", "seer", "--json")
    assert result.status == 1
    assert [model["name"] for model in result.answer["installed"]] == ["wide", "seer"]
    assert "lost: vqgan.ckpt could not be fetched: 127.0.0.1 answered 404" in result.err
    assert [m.name for m in store.installed_in(shelf.shelf())] == ["wide", "seer"]


def test_what_nobody_vouches_for_is_fetched_only_on_trust(
    call: Call, serve: Serve, publish: Callable[..., None], checkpoints: Path, at_once: None
) -> None:
    mirror = serve((checkpoints / "wide.ckpt").read_bytes())
    publish("wide", mirror, sha256=None, bytes=None)
    assert published(call)["availability"] == "sha256 unknown"
    result = call("models", "download", "wide")
    assert (result.status, mirror.asked) == (2, [])
    assert "--trust" in result.err
    result = call("models", "download", "wide", "--trust", "--json")
    seen = hashlib.sha256(mirror.content).hexdigest()
    assert result.answer["installed"][0]["source_sha256"] == seen


def test_what_came_on_trust_and_is_no_model_is_not_kept(
    call: Call, serve: Serve, publish: Callable[..., None], at_once: None
) -> None:
    mirror = serve(b"These are no weights." * 100)
    publish("wide", mirror, sha256=None, bytes=None)
    result = call("models", "download", "wide", "--trust")
    assert (result.status, result.out) == (2, "")
    assert not shelf.folder_of("wide").exists()


def test_a_yaml_comes_with_its_weights_or_nothing_does(
    call: Call, serve: Serve, publish: Callable[..., None], checkpoints: Path, at_once: None
) -> None:
    yaml = serve(b"model: {target: os.system, params: {}}")
    config = {
        "urls": [yaml.url],
        "bytes": len(yaml.content),
        "sha256": hashlib.sha256(yaml.content).hexdigest(),
    }
    publish("wide", serve((checkpoints / "wide.ckpt").read_bytes()), config=config)
    result = call("models", "download", "wide")
    assert result.status == 2
    assert "os.system" in result.err
    assert not store.installed_in(shelf.shelf())


def test_a_folder_is_imported_and_the_rest_listed(
    call: Call, checkpoints: Path, at_once: None
) -> None:
    result = call("models", "import", str(checkpoints), "--json")
    assert result.status == 0, result.err
    found = {(model["name"], model["kind"]) for model in result.answer["installed"]}
    assert found == {("wide", "vqgan"), ("seer", "clip")}
    (refused,) = result.answer["refused"]
    assert "notes.bin is neither a torch checkpoint nor safetensors" in refused
    assert (checkpoints / "wide.ckpt").exists()


def test_a_file_is_known_by_its_sha256_and_gets_its_published_name(
    call: Call, serve: Serve, publish: Callable[..., None], checkpoints: Path, at_once: None
) -> None:
    publish("vast", serve((checkpoints / "wide.ckpt").read_bytes()))
    (model,) = call("models", "import", str(checkpoints / "wide.ckpt"), "--json").answer[
        "installed"
    ]
    assert (model["name"], model["licence"]) == ("vast", "Public domain.")
    again = call("models", "import", str(checkpoints / "wide.ckpt"))
    assert again.status == 2
    assert "There is a VQGAN vast already" in again.err


def test_a_file_gets_the_name_that_is_given_or_its_own(
    call: Call, checkpoints: Path, folder: Path, at_once: None
) -> None:
    mine = folder / "Größe 画" / "last.ckpt"
    mine.parent.mkdir()
    shutil.copy(checkpoints / "wide.ckpt", mine)
    for words, name in ((("--name", "my own"), "my own"), ((), "Größe 画")):
        result = call("models", "import", str(mine), *words, "--json")
        assert result.answer["installed"][0]["name"] == name
    assert "my own" in call("models", "list").out


WRONG = [
    ("There is no file or folder", ("import", "nowhere.ckpt"), 2),
    ("is neither a torch checkpoint", ("import", "notes.bin"), 2),
    ("neither a file nor a folder", ("import", "pipe"), 2),
    ("holds no file", ("import", "empty"), 2),
    ("for one", ("import", "two", "--name", "x"), 2),
    ("cannot be a model's name", ("import", "wide.ckpt", "--name", "../x"), 2),
    ("cannot be a model's name", ("import", "wide.ckpt", "--name", ""), 2),
    ("cannot be a model's name", ("import", "wide.ckpt", "--name", "a:b"), 2),
    ("cannot be a model's name", ("import", "wide.ckpt", "--name", "Con.x"), 2),
    ("There is a VQGAN StArTeR already", ("import", "wide.ckpt", "--name", "StArTeR"), 2),
    ("There is a VQGAN starter already", ("import", "wide.ckpt", "--name", "starter"), 2),
    ("the name of a published model", ("import", "wide.ckpt", "--name", "taken"), 2),
    ("has no yaml file", ("import", "seer.pt", "--config", "notes.bin"), 2),
    ("No model named 'x' is published", ("download", "x"), 2),
    ("No model named '../x'", ("download", "../x"), 2),
    ("arguments are required", ("download",), 2),
    ("no model named 'x' to verify", ("verify", "x"), 2),
    ("no model named 'x' to remove", ("remove", "x"), 2),
    ("cannot be a model's name", ("remove", ".."), 2),
    ("cannot be a model's name", ("remove", ""), 2),
]


@pytest.mark.parametrize(("sentence", "words", "status"), WRONG)
def test_a_wrong_request_is_refused_in_one_sentence(
    sentence: str,
    words: tuple[str, ...],
    status: int,
    call: Call,
    serve: Serve,
    publish: Callable[..., None],
    folder: Path,
    checkpoints: Path,
    at_once: None,
) -> None:
    publish("taken", serve(b"something else"))
    (folder / "empty").mkdir()
    os.mkfifo(folder / "pipe")
    for goal in (folder, folder / "two"):
        shutil.copytree(checkpoints, goal, copy_function=os.link, dirs_exist_ok=True)
    result = call("models", *words)
    assert (result.status, result.out) == (status, ""), result.err
    assert sentence in result.err
    last = result.err.strip().splitlines()[-1]
    assert sentence in last
    assert not store.installed_in(shelf.shelf())
    assert not shelf.shelf().exists() or not any(shelf.shelf().iterdir())


def test_shipped_models_and_those_in_folders_of_others_stay(
    call: Call, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = call("models", "remove", "starter")
    assert other.status == 2
    assert f"lies in {models / 'starter'}" in other.err
    monkeypatch.delenv(store.VARIABLE)
    shipped = call("models", "remove", "starter")
    assert shipped.status == 2
    assert "came with the program" in shipped.err
    assert (places.resources() / "models" / "starter" / "vqgan.safetensors").exists()


def test_damage_is_found(call: Call, checkpoints: Path, at_once: None) -> None:
    assert call("models", "import", str(checkpoints)).status == 0
    assert call("models", "verify").status == 0  # of the test's own starter nobody says
    weights = shelf.folder_of("wide") / "vqgan.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    result = call("models", "verify", "--json")
    assert result.status == 1
    states = {model["name"]: model["state"] for model in result.answer["models"]}
    expected = {
        "starter": "unchecked",
        "starter-sharp": "whole",
        "wide": "damaged",
        "seer": "whole",
    }
    assert states == expected
    assert result.err.count("\n") == 1
    assert f"{weights} is damaged" in result.err
    assert call("models", "verify", "seer").status == 0


def test_a_model_cannot_be_removed_while_it_is_fetched(
    call: Call, checkpoints: Path, at_once: None
) -> None:
    call("models", "import", str(checkpoints / "wide.ckpt"))
    with alone(shelf.folder_of("wide") / "vqgan"):
        result = call("models", "remove", "wide")
    assert result.status == 1
    assert "worked at by another window or command" in result.err
    assert call("models", "remove", "wide").status == 0


@pytest.mark.slow
def test_a_file_that_kills_its_reader_costs_a_sentence(
    call: Call, checkpoints: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installing, "kind_of", mirrors.end_process)
    result = call("models", "import", str(checkpoints / "wide.ckpt"))
    assert (result.status, result.out) == (1, "")
    assert "ended by itself" in result.err


def test_the_line_of_progress_tells_of_all() -> None:
    latest = {
        "wide": Progress("fetching", 5 * 10**6, 10**7, 2e6, 2.5, "a.example"),
        "seer": Progress("fetching", 10**6, None, 1e6, None, "a.example"),
        "far": Progress("waiting", 0, 10**6, None, None, "b.example"),
        "done": Progress("converting", 10**6, 10**6, None, None, ""),
    }
    assert downloads.line(latest) == (
        "wide 5/10 MB, seer 1 MB, far 0/1 MB waits for b.example, done 1/1 MB is converted, "
        "3.0 MB/s, 2 s left"
    )


def test_the_list_fits_a_hundred_columns_and_says_all(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(catalogue.VARIABLE, raising=False)
    text = call("models", "list").out
    rows = [line for line in text.splitlines() if not line.startswith("Downloads go to")]
    assert max(map(len, rows)) <= 100
    assert "sha256 unknown" in text
    assert "available, recommended" in text
    assert "16 pixels a code, 16384 codes; about 1.0 GB of memory at 256x256" in text
    assert "reads 224x224 pixels" in text
    for model in call("models", "list", "--json").answer["published"]:
        assert model["memory"]["at_256"] <= model["memory"]["at_512"]
        assert {"bytes", "factor", "codes", "licence", "folder", "availability"} <= set(model)
