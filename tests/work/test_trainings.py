"""Trainings as the bridge tells of them: looked at, begun, paused, killed, resumed, installed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from studio import places
from studio.errors import StudioError
from studio.models import store
from studio.models.part import alone
from studio.training.order import Weights
from studio.work import training_estimates, training_folder
from studio.work.studio import Studio
from studio.work.training_apart import Measured
from studio.work.training_facts import TrainingNews, TrainingOrder
from studio.work.trainings import Trainings
from tests.training.own import draw_threads
from tests.work.conftest import Person, asked

pytestmark = pytest.mark.slow
SIGNALS = ("looking", "looked", "estimated", "news", "pictures", "ended", "refused", "resumable")
WAIT = 120_000


class Ear(QObject):
    """Remembers what one signal brings."""

    def __init__(self, name: str, heard: list[tuple[str, Any]], parent: QObject) -> None:
        super().__init__(parent)
        self._name, self._heard = name, heard

    @Slot(object)
    def hear(self, value: object) -> None:
        self._heard.append((self._name, value))

    @Slot(int, int)
    def hear_both(self, one: int, other: int) -> None:
        self._heard.append((self._name, (one, other)))


class Painter(QObject):
    """Asks for trainings, and remembers all that is told of them."""

    def __init__(self, studio: Studio, qtbot: QtBot) -> None:
        super().__init__(studio)
        self.trainings: Trainings = studio.trainings
        self._qtbot = qtbot
        self.heard: list[tuple[str, Any]] = []
        for name in SIGNALS:
            ear = Ear(name, self.heard, self)
            hear = ear.hear_both if name == "looking" else ear.hear
            getattr(self.trainings, name).connect(hear)

    def all(self, name: str) -> list[Any]:
        return [value for said, value in self.heard if said == name]

    def wait_for(self, name: str, fits: Callable[[Any], bool] = lambda _: True) -> Any:
        """The first news of a signal, among those heard and those to come, that fits."""
        found: list[Any] = []

        def there() -> bool:
            assert name == "refused" or not self.all("refused"), self.all("refused")
            found[:] = filter(fits, self.all(name))
            return bool(found)

        self._qtbot.waitUntil(there, timeout=WAIT)
        return found[0]

    def wait_for_failure(self) -> str:
        """The sentence that says why a training failed."""

        def problems() -> list[str]:
            return [news.problem for news in self.all("news") if news.state == "failed"]

        self._qtbot.waitUntil(lambda: bool(problems()), timeout=WAIT)
        return problems()[0]

    def wait_until(self, state: str, step: int = 0) -> TrainingNews:
        news: TrainingNews = self.wait_for(
            "news", lambda each: each.state == state and each.step >= step
        )
        return news

    def steps(self) -> list[int]:
        """The steps whose losses were told, in order."""
        return [point.step for news in self.all("news") for point in news.points]


@pytest.fixture
def painter(studio: Studio, qtbot: QtBot) -> Painter:
    return Painter(studio, qtbot)


@pytest.fixture
def images(tmp_path: Path) -> Path:
    draw_threads(tmp_path / "mes images", count=12, side=34)
    return tmp_path / "mes images"


def order(images: Path, **changes: Any) -> TrainingOrder:
    """One that takes next to no time, or as long as it is let."""
    usual = TrainingOrder(
        folder=images,
        name="threads",
        size=16,
        minutes=0.03,
        batch=2,
        weights=Weights(perceptual=0, adversarial=0, clip=0),
    )
    return replace(usual, **changes)


def test_a_folder_is_looked_at_and_a_training_measured(painter: Painter, images: Path) -> None:
    (images / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing more")
    (images / "000.txt").write_text("a red circle")
    painter.trainings.look(images)
    look = painter.wait_for("looked")
    assert (look.folder, len(look.usable), look.captions, look.problem) == (images, 12, 1, "")
    assert [(path.name, reason) for path, reason in look.refused] == [
        (
            "broken.jpg",
            "is not a picture, or one of a kind that is not read; save it as PNG or JPEG",
        )
    ]
    assert painter.all("looking")[-1] == (13, 13)
    painter.trainings.estimate(order(images, minutes=1.0))
    short = painter.wait_for("estimated")
    assert not short.problem
    assert short.steps == pytest.approx(0.95 * 60 / short.step_seconds, rel=0.01, abs=1)
    assert short.memory > 50_000_000
    assert short.disk > 12 * 24 * 24 * 3
    painter.trainings.estimate(order(images, minutes=2.0))
    long = painter.wait_for("estimated", lambda each: each.order.minutes == 2.0)
    assert long.steps == pytest.approx(2 * short.steps, abs=1)
    for changes, problem in (
        ({"size": 33}, "A size of 33 is not a multiple of 2"),
        ({"name": "a/../b"}, "cannot be a model's name"),
        ({"name": "starter"}, "There is a VQGAN starter already; take another name."),
        ({"base": "none"}, "no model named 'none'"),
        ({"base": "scratch", "part": "decoder"}, "the whole has to be trained"),
    ):
        wrong = order(images, **changes)
        painter.trainings.estimate(wrong)
        told = painter.wait_for("estimated", lambda each, wrong=wrong: each.order == wrong)
        assert problem in told.problem


def test_short_memory_and_disks_are_told_before(
    images: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.training.pace import Pace

    pace = Pace(1.0, 2.0, 4 * 10**9, 10**6)

    def told(free: int, disk: int = 10**6) -> tuple[str, str]:
        made = training_estimates.estimated(order(images), Measured(pace, disk, free))
        return made.problem, made.note

    assert told(10**10) == ("", "")
    assert "4.0 GB of memory, and 3.0 GB are free" in told(3 * 10**9)[0]
    assert told(5 * 10**9) == (
        "",
        "Memory will be short while it trains, so that painting meanwhile may come to a rest.",
    )
    assert "on the disk" in told(10**10, 10**18)[0]


def test_a_model_is_trained_while_painting_goes_on_and_paints(
    painter: Painter, person: Person, studio: Studio, images: Path, qtbot: QtBot
) -> None:
    from studio.work.facts import Draft

    painter.trainings.start(order(images))
    preparing = painter.wait_until("preparing")
    assert preparing.name == "threads"
    studio.create(Draft(asked()), 3)
    person.wait_for("finished")
    assert person.iterations() == [0, 1, 2, 3][: len(person.iterations())]
    verdict = painter.wait_for("ended")
    states = list(dict.fromkeys(news.state for news in painter.all("news")))
    assert states == ["preparing", "training", "judging", "done"]
    last = next(news for news in reversed(painter.all("news")) if news.state == "training")
    assert painter.steps() == list(range(last.step))
    assert {"loss", "l1", "codebook", "commitment"} == set(last.losses)
    assert 0 < last.codes_used <= 1
    assert last.perplexity >= 1
    assert last.rate > 0
    looks = painter.all("pictures")
    first = looks[0]
    assert (first.step, first.real.shape, first.now.shape) == (0, *2 * ((2, 16, 16, 3),))
    assert first.psnr == pytest.approx(first.psnr_before, abs=0.01)
    assert all((look.real == first.real).all() for look in looks)
    assert last.psnr is not None
    assert verdict.model == "threads"
    assert verdict.steps == last.step
    assert (verdict.learned, verdict.held_out) == (10, 2)
    assert verdict.sentence.startswith(("It improved", "It did not improve", "It is mixed"))
    assert verdict.sheet.read_bytes()[:4] == b"\x89PNG"
    model = store.find("threads", "vqgan")
    assert model.weights.is_relative_to(places.user_data() / "models")
    card = store.card(model)
    assert card is not None
    assert card.after["psnr"] == pytest.approx(verdict.after.psnr)
    assert not training_folder.folder_of("threads").exists()
    with qtbot.waitSignal(studio.downloads.stock, timeout=WAIT) as stock:
        studio.downloads.look()
    assert stock.args is not None
    told = {each.key: each for each in stock.args[0].models}["threads", "vqgan"]
    assert (told.is_here, told.card, told.sheet) == (True, card, verdict.sheet)
    person.forget()
    studio.create(Draft(asked(model="threads")), 1)
    assert person.wait_for("opened").changes[0].settings.model == "threads"
    person.wait_for("finished")


def test_what_a_killed_process_has_learned_is_gone_on_with_and_kept(
    painter: Painter, images: Path
) -> None:
    long = order(images, minutes=30.0)
    painter.trainings.start(long)
    painter.wait_until("training", 3)
    (process,) = multiprocessing.active_children()
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    assert "ended by itself (-9)" in painter.wait_for_failure()
    (unfinished,) = painter.wait_for("resumable")
    assert (unfinished.name, unfinished.order) == ("threads", long)
    assert 3 <= unfinished.step < unfinished.steps

    painter.heard.clear()
    painter.trainings.resume("threads")
    painter.wait_until("training", unfinished.step + 1)
    steps = painter.steps()
    assert steps == list(range(len(steps)))  # with those from before
    painter.trainings.stop(True)
    verdict = painter.wait_for("ended")
    assert verdict.steps >= unfinished.step
    assert store.find("threads", "vqgan").bytes
    assert painter.wait_for("resumable") == ()


def test_a_training_rests_and_what_is_not_wanted_is_deleted(painter: Painter, images: Path) -> None:
    long = order(images, minutes=30.0)
    painter.trainings.start(long)
    painter.wait_until("training", 2)
    painter.trainings.start(replace(long, name="other"))
    assert "threads is being trained" in painter.wait_for("refused")
    painter.heard.clear()
    painter.trainings.pause()
    rest = painter.wait_until("paused")
    (unfinished,) = painter.wait_for("resumable")
    assert unfinished.step == rest.step >= 2
    assert painter.trainings.name == "threads"
    painter.heard.clear()
    painter.trainings.stop(False)
    assert painter.wait_for("resumable") == ()
    assert painter.all("news")[-1].state == "discarded"
    assert not training_folder.folder_of("threads").exists()
    assert painter.trainings.name == ""


def test_a_training_that_cannot_be_begun_leaves_nothing(painter: Painter, images: Path) -> None:
    for path in list(images.iterdir())[3:]:
        path.unlink()
    painter.trainings.start(order(images))
    assert "holds 3 usable pictures, and training needs 8" in painter.wait_for_failure()
    painter._qtbot.waitUntil(lambda: painter.all("resumable") == [()], timeout=WAIT)
    assert not training_folder.folder_of("threads").exists()


def checkpoint() -> Path:
    return training_folder.folder_of("threads") / "training/vqgan-own.ckpt"


def test_a_window_that_closes_leaves_a_training_to_go_on_with(
    painter: Painter, studio: Studio, images: Path
) -> None:
    painter.trainings.start(order(images, minutes=30.0))
    painter.wait_until("training", 2)
    studio.close()
    assert not multiprocessing.active_children()
    (unfinished,) = training_folder.unfinished()
    assert unfinished.step >= 2
    assert checkpoint().exists()


PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from studio.training.order import Weights
from studio.work.studio import Studio
from studio.work.training_facts import TrainingOrder

if __name__ == "__main__":
    app = QCoreApplication(sys.argv)
    studio = Studio()
    studio.trainings.news.connect(lambda news: print(news.state, news.step, flush=True))
    weights = Weights(perceptual=0, adversarial=0, clip=0)
    studio.trainings.start(
        TrainingOrder(Path(sys.argv[1]), "threads", size=16, minutes=30, batch=2, weights=weights)
    )
    app.exec()
"""


def test_a_killed_program_leaves_a_training_to_go_on_with(
    images: Path, folder: Path, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    words = [sys.executable, str(program), str(images)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if line.startswith("training") and not line.startswith("training 0"):
                break
        running.kill()
    lock = training_folder.folder_of("threads") / "training/order"
    ends = time.monotonic() + 60
    while True:  # its process sees that nobody is there any more, and keeps what it learned
        try:
            with alone(lock):
                break
        except StudioError:
            assert time.monotonic() < ends
            time.sleep(0.1)
    assert checkpoint().exists()
    (unfinished,) = training_folder.unfinished()
    assert (unfinished.name, unfinished.order.folder) == ("threads", images)
    assert 1 <= unfinished.step < unfinished.steps
