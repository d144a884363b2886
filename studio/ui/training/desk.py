"""Trainings on their way to a model: the training window, and what the main window tells of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from studio.ui.images import image_of
from studio.ui.notices import Answer, Notice
from studio.ui.training.ending import Ending
from studio.ui.training.gallery import SHOWN, SIDE
from studio.ui.training.window import TrainingWindow
from studio.ui.training.words import TrainingWords
from studio.work.facts import Picture
from studio.work.stock import Key, Model, Stock
from studio.work.thumbnails import Thumbnails
from studio.work.training_facts import (
    Estimate,
    Look,
    Reconstructions,
    TrainingNews,
    TrainingOrder,
    TrainingVerdict,
    Unfinished,
)

if TYPE_CHECKING:
    from studio.ui.window import MainWindow

SETTLES = 600
"""Milliseconds after an edit, after which the training is measured anew."""
UNFINISHED, OVER = "training-unfinished", "training-over"
"""Notices."""
_GONE = ("done", "discarded")


class TrainingDesk(QObject):
    """Opens the training window, and tells of the training where a person sees it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._trainings = window, window.studio.trainings
        self._words = TrainingWords(self)
        self._thumbnails = Thumbnails(window.studio.errands, 2 * SIDE, self)
        self._shown: TrainingWindow | None = None
        self._models: dict[Key, Model] = {}
        self._unfinished: Sequence[Unfinished] = ()
        self._looking: Path | None = None
        self._asked: TrainingOrder | None = None
        """What was measured last, or is being measured."""
        self._news: TrainingNews | None = None
        self._verdict: TrainingVerdict | None = None
        self._begun_from: QWidget | None = None
        """The page from which a training was begun of which no news has come yet."""
        self.ending = Ending(window, self._trainings)
        self._settling = QTimer(self, interval=SETTLES, singleShot=True)
        self._settling.timeout.connect(self._estimate)
        self._connect()

    def _connect(self) -> None:
        window, trainings = self._window, self._trainings
        window.actions_["train"].triggered.connect(self.show)
        window.status.training_clicked.connect(self.show)
        window.notices.answered.connect(self._answered)
        window.studio.downloads.stock.connect(self._take_stock)
        self._thumbnails.made.connect(self._show_thumbnail)
        trainings.looking.connect(self._show_looking)
        trainings.looked.connect(self._show_look)
        trainings.estimated.connect(self._show_estimate)
        trainings.news.connect(self._take_news)
        trainings.pictures.connect(self._show_pictures)
        trainings.ended.connect(self._end)
        trainings.refused.connect(self._tell_refused)
        trainings.resumable.connect(self._take_unfinished)

    @property
    def shown(self) -> TrainingWindow | None:
        """The training window, once it was opened."""
        return self._shown

    @property
    def is_at_work(self) -> bool:
        """Whether there is a training, be it paused."""
        return self._news is not None and self._news.state not in _GONE

    @Slot()
    def show(self) -> None:
        """The training window, to the front."""
        self._window.notices.take_back(OVER)
        self._open().come()

    def _open(self) -> TrainingWindow:
        if self._shown is None:
            self._shown = self._made()
        return self._shown

    def _made(self) -> TrainingWindow:
        window, trainings = TrainingWindow(self._window), self._trainings
        window.uses_plain_dialogs = self._window.uses_plain_dialogs
        window.folder_chosen.connect(self._look)
        window.ordering.form.edited.connect(self._edit)
        window.ordering.start_wanted.connect(self._start)
        window.first.resume_wanted.connect(self._resume)
        window.discard_wanted.connect(trainings.discard)
        window.progress.pause_wanted.connect(trainings.pause)
        window.progress.resume_wanted.connect(trainings.resume)
        window.stop_wanted.connect(trainings.stop)
        window.judged.paint_wanted.connect(self._paint)
        window.judged.models_wanted.connect(self._show_in_models)
        window.ordering.form.set_models(self._bases)
        window.first.set_unfinished(self._unfinished)
        if self._news is not None and self.is_at_work:
            window.show_news(self._news)
        return window

    # Pictures and the order

    @Slot(object)
    def _look(self, folder: Path) -> None:
        self._looking = folder
        self._open().show_looking(0, 0)
        self._trainings.look(folder)

    @Slot(int, int)
    def _show_looking(self, done: int, count: int) -> None:
        if self._looking is not None:
            self._open().show_looking(done, count)

    @Slot(object)
    def _show_look(self, look: Look) -> None:
        if look.folder != self._looking:
            return
        self._looking = None
        window = self._open()
        window.show_look(look)
        self._thumbnails.want(look.usable[:SHOWN])
        before = window.ordering.form.order
        name = before.name
        if not name or name == _name_of(before.folder):  # else a person has given one
            name = self._free(_name_of(look.folder))
        window.ordering.form.set_order(replace(before, folder=look.folder, name=name))
        self._asked = None
        window.ordering.show_estimate(None)
        if not look.problem:
            self._estimate()

    @Slot(object, object)
    def _show_thumbnail(self, path: Path, picture: Picture) -> None:
        if self._shown is not None:
            self._shown.ordering.gallery.squares.set_picture(path, image_of(picture).copy())

    @Slot(object)
    def _edit(self, order: TrainingOrder) -> None:
        """Measure anew what an edit changes, once the person has done with it."""
        if self._asked is None or replace(order, name="") != replace(self._asked, name=""):
            self._open().ordering.show_estimate(None)
        self._settling.start()  # a name changes no figure, but may be taken

    @Slot()
    def _estimate(self) -> None:
        window = self._open()
        if window.page is window.ordering:
            self._asked = window.ordering.form.order
            self._trainings.estimate(self._asked)

    @Slot(object)
    def _show_estimate(self, estimate: Estimate) -> None:
        if self._shown is not None and estimate.order == self._asked:
            self._shown.ordering.show_estimate(estimate)

    @Slot()
    def _start(self) -> None:
        page = self._open().ordering
        page.form.commit()
        if not page.problem:
            self._begin(page.form.order.name)
            self._trainings.start(page.form.order)

    @Slot(str)
    def _resume(self, name: str) -> None:
        self._window.notices.take_back(UNFINISHED)
        self._begin(name)
        self._trainings.resume(name)

    def _begin(self, name: str) -> None:
        """Turn to the training at once: its process takes seconds to start."""
        window = self._open()
        self._verdict, self._begun_from = None, window.page
        window.progress.clear()
        window.show_news(TrainingNews(name, "preparing"))

    @Slot(str)
    def _tell_refused(self, sentence: str) -> None:
        window = self._shown
        if window is None or not window.isVisible():
            self._window.say(sentence)
        elif self._looking is not None:
            self._looking = None
            window.show_look_problem(sentence)
        elif self._begun_from is window.ordering:
            window.show_order()
            window.ordering.show_refusal(sentence)
        elif self._begun_from is not None:
            window.show_look_problem(sentence)
        elif window.page is window.progress:
            window.progress.problem.say(sentence, warns=True)
        elif window.page is window.ordering:
            window.ordering.show_refusal(sentence)
        elif window.page is window.first:
            window.first.problem.say(sentence, warns=True)
        else:
            window.tell(sentence)
        self._begun_from = None

    # News

    @Slot(object)
    def _take_news(self, news: TrainingNews) -> None:
        before, self._news, self._begun_from = self._news, news, None
        self._window.status.show_training(self._words.short(news) if self.is_at_work else "")
        if news.state == "discarded":
            if self._shown is not None:
                self._shown.progress.clear()
                self._shown.show_order()
                self._estimate()
            self._window.say(self.tr("The training of {name} is discarded.").format(name=news.name))
        elif news.state == "done":
            self._trainings.unfinished()
        else:
            self._window.notices.take_back(UNFINISHED)
            self._open().show_news(news)
            if news.state == "failed" and (before is None or before.state != "failed"):
                self._tell_over(news.problem, ("see", self.tr("Show"), self.tr("See what it did")))

    @Slot(object)
    def _show_pictures(self, made: Reconstructions) -> None:
        self._open().progress.show_pictures(made)

    @Slot(object)
    def _end(self, verdict: TrainingVerdict) -> None:
        self._verdict = verdict
        self._window.studio.downloads.look()
        window = self._open()
        window.show_verdict(verdict)
        self._show_can_paint()
        words = self.tr("{name} is trained. {sentence}").format(
            name=verdict.model, sentence=verdict.sentence
        )
        self._tell_over(
            words,
            ("paint", self.tr("Paint with it"), self.tr("Use it in the painting, or in a new one")),
            ("see", self.tr("Show"), self.tr("See what came of the training")),
        )
        self._window.notifier.tell(self.tr("The training is done"), words)

    def _tell_over(self, words: str, *answers: tuple[str, str, str]) -> None:
        """Tell of it over the canvas, unless it is to be seen anyway."""
        if not self._open().isVisible():
            told = tuple(Answer(*each) for each in answers)
            self._window.notices.tell(Notice(OVER, "training", words, told))

    @Slot(object)
    def _take_unfinished(self, unfinished: Sequence[Unfinished]) -> None:
        at_work = self._news.name if self._news is not None and self.is_at_work else ""
        self._unfinished = [one for one in unfinished if one.name != at_work]
        if self._shown is not None:
            self._shown.first.set_unfinished(self._unfinished)
        if not self._unfinished:
            self._window.notices.take_back(UNFINISHED)
        elif self._news is None:  # only at the start of the program
            newest = self._unfinished[0]
            text = self.tr("The training of {name} is not finished: step {n} of {count}.").format(
                name=newest.name, n=newest.step, count=newest.steps
            )
            go = Answer("resume", self.tr("Go on"), self.tr("Go on exactly where it stopped"))
            see = Answer("see", self.tr("Show"), self.tr("See it in the training window"))
            self._window.notices.tell(Notice(UNFINISHED, "training", text, (go, see)))

    @Slot(str, str)
    def _answered(self, notice: str, answer: str) -> None:
        if notice not in (UNFINISHED, OVER):
            return
        self._window.notices.take_back(notice)
        if answer == "paint" and self._verdict is not None:
            self._paint(self._verdict.model)
        elif answer == "resume" and self._unfinished:
            self._resume(self._unfinished[0].name)
            self.show()
        else:
            self.show()

    # Models

    @property
    def _bases(self) -> list[Model]:
        return [each for each in self._models.values() if each.kind == "vqgan" and each.is_here]

    @Slot(object)
    def _take_stock(self, stock: Stock) -> None:
        self._models = {model.key: model for model in stock.models}
        if self._shown is not None:
            self._shown.ordering.form.set_models(self._bases)
            self._shown.ordering.check()
            self._show_can_paint()

    def _show_can_paint(self) -> None:
        name = "" if self._verdict is None else self._verdict.model
        model = self._models.get((name, "vqgan"))
        self._open().judged.set_can_paint(model is not None and model.is_here)

    @Slot(str)
    def _paint(self, name: str) -> None:
        shown = self._shown
        if shown is not None:
            shown.hide()
        self._window.activateWindow()
        self._window.models.use((name, "vqgan"))
        if not self._window.is_at_canvas:
            self._window.show_canvas()
            self._window.write_prompt()

    @Slot(str)
    def _show_in_models(self, name: str) -> None:
        self._window.models.show_model((name, "vqgan"))

    def _free(self, name: str) -> str:
        """The name, or one like it that no model has."""
        taken = {model.name for model in self._models.values()}
        names = [name, *(f"{name}-{number}" for number in range(2, len(taken) + 3))]
        return next(each for each in names if each not in taken)


def _name_of(folder: Path) -> str:
    """A name for a model that learns from a folder."""
    return re.sub(r"\W+", "-", folder.name.lower()).strip("-") or "mine"
