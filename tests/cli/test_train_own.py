"""`train vqgan`: from a folder to a model that paints, killed and resumed, refused in words."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from studio.models import store
from studio.training.loss_lines import read
from tests.cli.conftest import Result
from tests.training.own import draw_threads

pytestmark = pytest.mark.slow
SMALL = ("--size", "16", "--batch", "2", "--seed", "5", "--device", "cpu")


@pytest.fixture
def images(folder: Path) -> Path:
    draw_threads(folder / "mes images", count=12, side=34)
    return folder / "mes images"


@pytest.fixture
def one_thread() -> Iterator[None]:
    """As many as the processes have: others would add numbers in another order."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def wait_for(lines: Path, count: int, process: subprocess.Popen[str]) -> None:
    """Until a training has told of so many steps and left a checkpoint."""
    checkpoint = lines.with_name("vqgan-own.ckpt")
    while not (checkpoint.exists() and len(read(lines)) >= count):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)


def test_killed_and_resumed_it_is_as_if_nothing_had_happened(
    call: Callable[..., Result],
    start: Callable[..., subprocess.Popen[str]],
    folder: Path,
    images: Path,
    one_thread: None,
) -> None:
    words = ("train", "vqgan", "--images", str(images), "--steps", "60", *SMALL, "--json")
    process = start(*words, "--out", "killed")
    lines = folder / "killed/training/losses.jsonl"
    wait_for(lines, 6, process)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    before = read(lines)
    assert 6 <= len(before) < 60
    assert not (folder / "killed/vqgan.safetensors").exists()
    assert call(*words, "--out", "killed", "--resume").status == 0
    assert call(*words, "--out", "whole").status == 0
    expected = read(folder / "whole/training/losses.jsonl")
    assert len(expected) == 60
    assert read(lines) == expected
    assert before == expected[: len(before)]
    weights = [folder / name / "vqgan.safetensors" for name in ("killed", "whole")]
    assert weights[0].read_bytes() == weights[1].read_bytes()


def test_a_model_of_ones_own_pictures_paints(
    call: Callable[..., Result],
    folder: Path,
    images: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (images / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing more")
    for number in range(3):
        (images / f"{number:03}.txt").write_text("a red circle")
    words = ("train", "vqgan", "--images", str(images), "--out", "mine/threads", *SMALL)
    result = call(*words, "--steps", "6", "--accumulate", "2", "--gan-start", "0.3", "--json")
    assert result.status == 0, result.err
    told = result.answer
    assert (told["model"], told["steps"], told["captioned"]) == ("threads", 6, 3)
    assert told["learned"] + told["held_out"] == 12
    assert [Path(each["path"]).name for each in told["refused"]] == ["broken.jpg"]
    assert told["verdict"].startswith(("It improved", "It did not improve", "It is mixed"))
    assert told["before"]["pictures"] == told["after"]["pictures"] == told["held_out"]
    for path in (Path(told["before_and_after"]), folder / "mine/threads/training/pictures.png"):
        with Image.open(path) as sheet:
            assert sheet.height > 3 * 16
    lines = read(Path(told["losses"]))
    assert [line["step"] for line in lines] == list(range(6))
    terms = {"loss", "l1", "perceptual", "codebook", "commitment", "clip", "perplexity"}
    assert terms <= lines[0].keys()
    adversarial = {"adversarial", "adversarial_weight", "discriminator"}
    assert not adversarial & lines[1].keys()
    assert adversarial <= lines[2].keys()

    again = call(*words, "--steps", "6", "--resume", "--json").answer
    assert again["after"] == told["after"]  # it is finished, and says so again
    monkeypatch.setenv("VQGAN_CLIP_STUDIO_MODELS", str(folder / "mine"))
    listed = call("models", "list", "--json").answer["installed"]
    mine = next(each for each in listed if each["name"] == "threads")
    assert "Trained on" in mine["draws"]
    assert call("models", "verify", "threads", "--json").answer["models"][0]["state"] == "whole"
    painted = call(
        "paint", "a red circle", "--model", "threads", "--iterations", "1", "--size", "32x32",
        "--cutouts", "2", "--out", "a.png", "--device", "cpu", "--json",
    )  # fmt: skip
    assert painted.answer["model"] == "threads"
    brought = call("models", "import", "mine/threads", "--name", "kept", "--json")
    assert brought.status == 0, brought.err
    assert [each["name"] for each in brought.answer["installed"]] == ["kept"]
    assert not brought.answer["refused"]
    kept = store.find("kept", "vqgan")
    assert store.draws(kept) == mine["draws"]
    assert store.card(kept) == store.card(store.find("threads", "vqgan"))
    assert store.card(kept).after["psnr"] == told["after"]["psnr"]
    assert store.sheet(kept).read_bytes() == Path(told["before_and_after"]).read_bytes()
    assert call("models", "remove", "kept", "--json").status == 0
    assert not kept.weights.parent.exists()


def test_two_processes_learn_as_one_that_adds_up_their_batches(
    call: Callable[..., Result],
    start: Callable[..., subprocess.Popen[str]],
    folder: Path,
    images: Path,
    one_thread: None,
) -> None:
    words = ("train", "vqgan", "--images", str(images), "--steps", "5", *SMALL, "--json")
    words += ("--precision", "32", "--gan-start", "0.5")
    both = start(*words, "--out", "both", "--devices", "2")
    alone = call(*words, "--out", "alone", "--accumulate", "2")
    assert alone.status == 0, alone.err
    out, err = both.communicate(timeout=200)
    assert both.returncode == 0, err
    assert json.loads(out)["steps"] == 5
    assert "Traceback" not in err
    assert "GLOBAL_RANK" not in err
    lines = [read(folder / name / "training/losses.jsonl") for name in ("both", "alone")]
    assert [line["step"] for line in lines[0]] == list(range(5))
    for here, there in zip(*lines, strict=True):
        assert here == pytest.approx(there, rel=2e-3, abs=1e-5)


def test_more_devices_than_there_are_is_one_sentence(
    call: Callable[..., Result], images: Path
) -> None:
    words = ("train", "vqgan", "--images", str(images), "--out", "x", *SMALL)
    result = call(*words, "--devices", "9999")
    assert result.status == 2
    assert "--devices 9999 is more than this machine has" in result.err


def test_half_precision_learns_nearly_the_same(
    call: Callable[..., Result], folder: Path, images: Path, one_thread: None
) -> None:
    words = ("train", "vqgan", "--images", str(images), "--steps", "3", *SMALL)
    for precision in ("32", "bf16"):
        result = call(*words, "--precision", precision, "--out", precision)
        assert result.status == 0, result.err
    full, half = (read(folder / name / "training/losses.jsonl") for name in ("32", "bf16"))
    for here, there in zip(half, full, strict=True):
        assert here["l1"] == pytest.approx(there["l1"], rel=0.05)
    assert half[-1]["l1"] != full[-1]["l1"]


def test_ctrl_c_keeps_the_steps_and_resume_ends_them(
    call: Callable[..., Result], folder: Path, images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.training.stage import Stage

    words = ("train", "vqgan", "--images", str(images), "--out", "mine", "--steps", "5", *SMALL)
    step = Stage.training_step

    def interrupted(stage: Stage, batch: Any, number: int) -> None:
        step(stage, batch, number)
        if stage.step == 2:
            signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patched:
        patched.setattr(Stage, "training_step", interrupted)
        stopped = call(*words)
    assert (stopped.status, stopped.out) == (130, "")
    assert "--resume with the same --out goes on exactly there" in stopped.err
    assert len(read(folder / "mine/training/losses.jsonl")) == 2
    refused = call(*words)
    assert refused.status == 2
    assert "add --resume to go on with it" in refused.err
    from studio.training.own import Training

    # it may be kept as it is so far, and gone on with all the same
    assert Training(folder / "mine").finish().steps == 2
    other = call(*words, "--resume", "--part", "decoder")
    assert other.status == 2
    assert "was begun with --part whole" in other.err
    done = call("train", "vqgan", "--out", "mine", "--resume", "--device", "cpu", "--json")
    assert done.answer["steps"] == 5
    assert [line["step"] for line in read(folder / "mine/training/losses.jsonl")] == list(range(5))


def test_from_nothing_a_codebook_is_made_on_the_way(
    call: Callable[..., Result], images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.training import vqgan_stage

    monkeypatch.setattr(vqgan_stage, "BANK", 300)
    words = ("train", "vqgan", "--images", str(images), "--out", "new", "--from", "scratch")
    result = call(*words, "--steps", "4", *SMALL, "--adversarial", "0", "--json")
    assert result.status == 0, result.err
    lines = read(Path(result.answer["losses"]))
    assert "codebook" not in lines[0]
    assert all(line["perplexity"] > 1 for line in lines[1:])
    # those of a step or two; not those that only seem used because nobody has counted yet
    assert lines[1]["perplexity"] <= lines[1]["codes_used"] <= 2 * 8 * 8


def test_minutes_become_steps(call: Callable[..., Result], images: Path) -> None:
    words = ("train", "vqgan", "--images", str(images), "--out", "mine", "--minutes", "0.002")
    result = call(*words, *SMALL, "--json")
    assert result.status == 0, result.err
    assert 1 <= result.answer["steps"] <= 40


def test_when_the_time_is_up_what_is_there_is_judged(
    call: Callable[..., Result], images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.training.pace import Pace

    monkeypatch.setattr(Pace, "seconds", lambda *_: 0.0001)  # as if it had been much quicker then
    words = ("train", "vqgan", "--images", str(images), "--out", "mine", "--minutes", "0.005")
    result = call(*words, *SMALL, "--json")
    assert result.status == 0, result.err
    assert "The time is up after" in result.err
    assert result.answer["steps"] < 0.95 * 0.005 * 60 / 0.0001
    assert Path(result.answer["weights"]).exists()


def test_checking_says_what_is_usable_and_leaves_nothing(
    call: Callable[..., Result], folder: Path, images: Path
) -> None:
    (images / "pixel.png").write_bytes(b"")
    before = sorted(folder.rglob("*"))
    result = call("train", "vqgan", "--images", str(images), "--check", *SMALL, "--json")
    told = result.answer
    assert (told["usable"], told["enough"]) == (12, True)
    assert [each["reason"] for each in told["refused"]] == ["is empty"]
    assert told["estimate"]["seconds"] > 0
    for path in list(images.iterdir())[3:]:
        path.unlink()
    few = call("train", "vqgan", "--images", str(images), "--check")
    assert few.status == 0
    assert "training needs 8 or more" in few.out
    assert sorted(folder.rglob("*")) != before  # what was deleted here
    assert not {path.name for path in folder.iterdir()} - {"mes images"}


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("There is no folder", ("--images", "nowhere", "--out", "x")),
        ("training needs 8 or more", ("--images", "few", "--out", "x")),
        ("lies among the pictures", ("--images", "mes images", "--out", "mes images/x")),
        ("Name a folder for the model", ("--images", "mes images")),
        ("--images FOLDER", ("--out", "x", "--resume")),
        ("is a file", ("--images", "mes images", "--out", "file")),
        ("no model named 'none'", ("--images", "mes images", "--out", "x", "--from", "none")),
        ("is not a multiple of 2", ("--images", "mes images", "--out", "x", "--size", "33")),
        ("not in 16..1024", ("--images", "mes images", "--out", "x", "--size", "8")),
        ("Nothing is left", ("--images", "mes images", "--out", "x", "--part", "codebook",
                             "--codebook", "0")),
        ("not a list out of", ("--images", "mes images", "--out", "x", "--augment", "crop,spin")),
        ("not allowed with", ("--images", "mes images", "--out", "x", "--steps", "1",
                              "--minutes", "1")),
        ("the whole has to be trained", ("--images", "mes images", "--out", "x", "--from",
                                         "scratch", "--part", "decoder")),
    ],
)  # fmt: skip
def test_a_wrong_request_is_one_sentence_and_leaves_no_model(
    sentence: str, words: tuple[str, ...], call: Callable[..., Result], folder: Path, images: Path
) -> None:
    draw_threads(folder / "few", count=3, side=34)
    (folder / "file").touch()
    result = call("train", "vqgan", *words)
    assert (result.status, result.out) == (2, "")
    assert sentence in result.err
    assert "Traceback" not in result.err
    assert not (folder / "x/vqgan.safetensors").exists()
    assert not (folder / "x").exists()


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (
            None,
            "The loss of step 2 is no number; begin again with smaller weights or a lower --rate.",
        ),
        (MemoryError(), "with a smaller --batch or --size."),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "Memory ran out"),
    ],
)
def test_a_training_that_fails_says_so_in_words(
    call: Callable[..., Result],
    folder: Path,
    images: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: BaseException | None,
    sentence: str,
) -> None:
    from studio.training.vqgan_tuning import VQGANTuning

    learn = VQGANTuning.learn

    def broken(training: VQGANTuning, *given: Any) -> Any:
        figures = learn(training, *given)
        if training.step < 2:
            return figures
        if fault is not None:
            raise fault
        return figures | {"loss": figures["loss"] * float("nan")}

    monkeypatch.setattr(VQGANTuning, "learn", broken)
    words = ("train", "vqgan", "--images", str(images), "--out", "mine", "--steps", "5", *SMALL)
    result = call(*words)
    assert (result.status, result.out) == (1, "")
    assert sentence in result.err
    assert not (folder / "mine/vqgan.safetensors").exists()
