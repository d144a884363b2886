"""What goes on in the process of a training: functions that `Telling` calls. Torch comes late."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Literal

from studio.errors import RequestError
from studio.models.part import alone
from studio.training.loss_lines import read
from studio.training.own_pictures import Folder, look_at
from studio.training.pace import Pace
from studio.work import memory
from studio.work.faults import told
from studio.work.training_facts import (
    Figures,
    LossPoint,
    Reconstructions,
    TrainingNews,
    TrainingOrder,
    TrainingVerdict,
)
from studio.work.training_folder import asked_of, is_begun

if TYPE_CHECKING:
    from studio.training.looks import Look
    from studio.training.own import Card, Training
    from studio.training.stage import Stage

TELLS = 0.25
"""Seconds between two news."""
REMEMBERED = 400
"""Losses of a resumed training that are told again."""
NO_LOSSES = ("codes_used", "perplexity")
Wish = Literal["", "pause", "stop"]


@dataclass(frozen=True)
class Looked:
    """A folder that was looked at, or why that cannot be."""

    folder: Folder | None
    problem: str = ""


@dataclass(frozen=True)
class Measured:
    """What a few steps told, or why none could be taken."""

    pace: Pace | None
    disk: int = 0
    free: int | None = None
    """Bytes of memory that were free before."""
    problem: str = ""


@dataclass(frozen=True)
class Request:
    """A training that is to be begun or gone on with, or only to be judged as it is."""

    act: Literal["train", "finish"]
    order: TrainingOrder
    out: Path
    device: str
    folder: Folder | None = None
    """What was found in the person's folder, if somebody has looked already."""


def look(line: Connection, path: Path) -> None:
    """Tell of a folder: (done, of) as it goes, then `Looked`."""
    try:
        line.send(Looked(look_at(path, told=lambda done, of: line.send((done, of)))))
    except Exception as error:
        line.send(Looked(None, told(error).sentence))


def measure(line: Connection, order: TrainingOrder, folder: Folder | None, device: str) -> None:
    """Take a few steps and tell `Measured`."""
    try:
        from studio.engine import device as devices
        from studio.training.own_plan import estimate

        chosen, asked = devices.choose(device), asked_of(order)
        free = memory.free(chosen)
        found = folder or look_at(order.folder)
        pace = estimate(asked, found, chosen.type)
        line.send(Measured(pace, pace.disk_bytes(asked, found), free))
    except Exception as error:
        line.send(Measured(None, problem=_sentence(error)))


def train(line: Connection, request: Request) -> None:
    """Train, or judge; tells `TrainingNews`, `Reconstructions`, and a `TrainingVerdict` at the end.

    "pause" from the other side, or its end, makes it rest after the step at work; "stop" judges the
    model as it is so far.
    """
    _Session(line, request).run()


class _Session:
    def __init__(self, line: Connection, request: Request) -> None:
        self._line, self._request = line, request
        self._wish: Wish = ""
        self._news = TrainingNews(request.order.name, "preparing")
        self._points: list[LossPoint] = []
        self._last_told = self._began = 0.0
        self._first, self._codes = 0, 1
        self._times: deque[tuple[float, int]] = deque(maxlen=40)

    def run(self) -> None:
        Thread(target=self._listen, daemon=True).start()
        try:
            self._work()
        except Exception as error:
            self._tell(state="failed", problem=_sentence(error), left=None)
        finally:
            self._line.close()

    def _listen(self) -> None:
        while True:
            try:
                self._wish = self._line.recv()
            except (EOFError, OSError):  # nobody is there any more
                self._wish = self._wish or "pause"
                return

    def _work(self) -> None:
        self._tell()
        request = self._request
        folder = None if is_begun(request.order.name) else self._looked()
        from studio.engine import device as devices
        from studio.training.own import Training

        training = Training(request.out)
        accelerator = devices.choose(request.device).type
        with alone(training.inside / "order"):
            if folder is not None:
                self._prepare(training, folder, accelerator)
            if request.act == "train" and not training.finished:
                done = training.run(
                    accelerator=accelerator,
                    told=self._stepped,
                    stop=lambda: self._wish != "",
                    seen=self._seen,
                    begun=lambda stage: self._begun(training, stage),
                )
                if not done and self._wish == "pause":
                    self._tell(state="paused", left=None, rate=0.0)
                    return
            self._tell(state="judging", left=None, rate=0.0)
            card = training.finish()
        self._send(_verdict(request.order.name, card, training.sheet))

    def _looked(self) -> Folder:
        """The person's folder; every picture counts twice, here and when it is made ready."""
        folder = self._request.folder or look_at(
            self._request.order.folder, told=lambda done, of: self._prepared(done, 2 * of)
        )
        if folder.problem is not None:
            raise RequestError(folder.problem)
        return folder

    def _prepare(self, training: Training, folder: Folder, accelerator: str) -> None:
        usable = len(folder.usable)
        training.begin(
            asked_of(self._request.order),
            folder,
            accelerator=accelerator,
            told=lambda done, of: self._prepared(usable + done, usable + of),
        )

    def _prepared(self, done: int, of: int) -> None:
        if self._is_time():
            self._tell(step=done, steps=of)

    def _begun(self, training: Training, stage: Stage) -> None:
        from studio.training.vqgan_tuning import VQGANTuning

        assert isinstance(stage, VQGANTuning)
        self._codes = len(stage.code_use.idle)
        self._began, self._first = time.monotonic(), stage.step
        lines = read(training.losses)[: stage.step]
        thinned = lines[:: -(-len(lines) // REMEMBERED) or 1]
        self._points = [LossPoint(line.pop("step"), _losses(line)) for line in thinned]
        self._tell(state="training", step=stage.step, steps=stage.steps)

    def _stepped(self, step: int, figures: dict[str, float]) -> None:
        self._points.append(LossPoint(step, _losses(figures)))
        self._times.append((time.monotonic(), step + 1))
        used = figures.get("codes_used")
        self._news = replace(
            self._news,
            step=step + 1,
            seconds=time.monotonic() - self._began,
            losses=_losses(figures),
            codes_used=None if used is None else used / self._codes,
            perplexity=figures.get("perplexity"),
            rate=self._rate(),
            left=self._left(step + 1),
        )
        if self._is_time() or step + 1 == self._news.steps:
            self._tell()

    def _rate(self) -> float:
        (since, first), (now, last) = self._times[0], self._times[-1]
        return (last - first) / (now - since) if now > since else 0.0

    def _left(self, step: int) -> float | None:
        """By the pace of the last steps, but no longer than the minutes that were given."""
        if not (rate := self._rate()):
            return None
        steps = self._news.steps
        given = 60 * self._request.order.minutes * (1 - self._first / steps)
        return max(0.0, min((steps - step) / rate, self._began + given - time.monotonic()))

    def _seen(self, look: Look) -> None:
        self._news = replace(self._news, psnr=look.psnr)
        self._send(Reconstructions(**vars(look)))

    def _is_time(self) -> bool:
        return time.monotonic() - self._last_told >= TELLS

    def _tell(self, **fields: object) -> None:
        points, self._points = tuple(self._points), []
        self._news = replace(self._news, points=points, **fields)  # type: ignore[arg-type]
        self._last_told = time.monotonic()
        self._send(self._news)

    def _send(self, news: object) -> None:
        try:
            self._line.send(news)
        except OSError:
            self._wish = self._wish or "pause"


def _losses(figures: dict[str, float]) -> dict[str, float]:
    return {name: value for name, value in figures.items() if name not in NO_LOSSES}


def _verdict(name: str, card: Card, sheet: Path) -> TrainingVerdict:
    before, after = (
        Figures(each.l1, each.psnr, each.ssim, each.frechet, each.perplexity)
        for each in (card.before, card.after)
    )
    return TrainingVerdict(
        model=name,
        before=before,
        after=after,
        improved=card.improved,
        sentence=card.verdict,
        steps=card.steps,
        learned=card.learned,
        held_out=card.held_out,
        sheet=sheet,
    )


def _sentence(error: BaseException) -> str:
    """In the window's words, not in those of the command line."""
    from studio.engine.device import is_out_of_memory

    if any(each is not None and is_out_of_memory(each) for each in (error, error.__cause__)):
        return "Memory ran out; take a smaller size or fewer pictures at once."
    return told(error).sentence
