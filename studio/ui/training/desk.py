"""Trainings on their way to a model: the training window, and what the main window tells of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from studio.ui.notices import Answer, Notice
from studio.ui.training.asking import Asking
from studio.ui.training.ending import Ending
from studio.ui.training.window import TrainingWindow
from studio.ui.training.words import TrainingWords
from studio.work.stock import Key, Model, Stock
from studio.work.training_facts import (
    Reconstructions,
    TrainingNews,
    TrainingVerdict,
    Unfinished,
)

if TYPE_CHECKING:
    from studio.ui.window import MainWindow

UNFINISHED, OVER = "training-unfinished", "training-over"
"""Notices."""
_GONE = ("done", "discarded")


class TrainingDesk(QObject):
    """Opens the training window, and tells of the training where a person sees it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._trainings = window, window.studio.trainings
        self._words = TrainingWords(self)
        self._shown: TrainingWindow | None = None
        self._models: dict[Key, Model] = {}
        self._unfinished: Sequence[Unfinished] = ()
        self._has_greeted = False
        """Whether unfinished trainings were told of, as the program does when it starts."""
        self._news: TrainingNews | None = None
        self._begun_from: QWidget | None = None
        """The page from which a training was begun that has not come to its first step yet."""
        self._verdict: TrainingVerdict | None = None
        self.ending = Ending(window, self._trainings)
        self._asking = Asking(self._trainings, window.studio.errands, self._open, self._names, self)
        self._connect()

    def _connect(self) -> None:
        window, trainings = self._window, self._trainings
        window.actions_["train"].triggered.connect(self.show)
        window.status.training_clicked.connect(self.show)
        window.notices.answered.connect(self._answered)
        window.studio.downloads.stock.connect(self._take_stock)
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

    def tells_of(self, key: Key) -> bool:
        """Whether it is told here that this model has come."""
        return self._verdict is not None and key == (self._verdict.model, "vqgan")

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
        self._asking.use(window)
        window.ordering.start_wanted.connect(self._start)
        window.first.resume_wanted.connect(self._resume)
        window.discard_wanted.connect(trainings.discard)
        window.progress.pause_wanted.connect(trainings.pause)
        window.progress.resume_wanted.connect(trainings.resume)
        window.progress.leave_wanted.connect(self._leave)
        window.stop_wanted.connect(trainings.stop)
        window.judged.paint_wanted.connect(self._paint)
        window.judged.models_wanted.connect(self._show_in_models)
        window.ordering.form.set_models(self._bases)
        window.first.set_unfinished(self._unfinished)
        return window

    # What a person wants

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

    @Slot()
    def _leave(self) -> None:
        """Let a training that rests be, as one of the unfinished."""
        self._forget()
        self._open().show_first()

    def _forget(self) -> None:
        self._news = None
        self._window.status.show_training("")
        self._open().progress.clear()
        self._trainings.unfinished()

    # News

    @Slot(str)
    def _tell_refused(self, sentence: str) -> None:
        """Say it on the page where it was asked for."""
        window = self._open()
        began, self._begun_from = self._begun_from, None
        if self._asking.refuse(sentence):
            pass
        elif began is window.ordering or window.page is window.ordering:
            window.show_order()
            window.ordering.show_refusal(sentence)
        elif began is not None or window.page is window.first:
            window.show_look_problem(sentence)
        elif window.page is window.progress:
            window.progress.problem.say(sentence, warns=True)
        elif window.isVisible():
            window.tell(sentence)
        if not window.isVisible():
            self._window.say(sentence)

    @Slot(object)
    def _take_news(self, news: TrainingNews) -> None:
        before, self._news = self._news, news
        self._window.status.show_training(self._words.short(news) if self.is_at_work else "")
        if news.state == "discarded":
            self._window.say(self.tr("The training of {name} is discarded.").format(name=news.name))
            self._forget()
            self._open().show_order()
            self._asking.estimate()
        elif news.state == "done":
            self._trainings.unfinished()
        elif news.state == "failed" and self._begun_from is not None:
            self._forget()
            self._tell_refused(news.problem)
        else:
            self._show_news(news)
            if news.state == "failed" and (before is None or before.state != "failed"):
                self._tell_over(news.problem, ("see", self.tr("Show"), self.tr("See what it did")))

    def _show_news(self, news: TrainingNews) -> None:
        self._window.notices.take_back(UNFINISHED)
        if news.state != "preparing":
            self._begun_from = None
        self._open().show_news(news)

    @Slot(object)
    def _show_pictures(self, made: Reconstructions) -> None:
        self._open().progress.show_pictures(made)

    @Slot(object)
    def _end(self, verdict: TrainingVerdict) -> None:
        self._verdict = verdict
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
        if not self._unfinished or self._news is not None:
            self._window.notices.take_back(UNFINISHED)
        elif not self._has_greeted:
            newest = self._unfinished[0]
            text = self.tr("The training of {name} is not finished: step {n} of {count}.").format(
                name=newest.name, n=newest.step, count=newest.steps
            )
            go = Answer("resume", self.tr("Go on"), self.tr("Go on exactly where it stopped"))
            see = Answer("see", self.tr("Show"), self.tr("See it in the training window"))
            self._window.notices.tell(Notice(UNFINISHED, "training", text, (go, see)))
        self._has_greeted = True

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

    def _names(self) -> Collection[str]:
        return {model.name for model in self._models.values() if model.kind == "vqgan"}

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
