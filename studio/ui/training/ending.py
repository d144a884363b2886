"""A training and the end of the program: it is asked about, paused, and then the end goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMessageBox

from studio.ui.tips import tell
from studio.work.training_facts import TrainingNews
from studio.work.trainings import Trainings

if TYPE_CHECKING:
    from studio.ui.window import MainWindow


class Ending(QObject):
    """Knows how far the training is that would be interrupted."""

    def __init__(self, window: MainWindow, trainings: Trainings) -> None:
        super().__init__(window)
        self._window, self._trainings = window, trainings
        self._news: TrainingNews | None = None
        self._then: Callable[[], None] | None = None
        self._waiting: QMessageBox | None = None
        trainings.news.connect(self._take_news)

    def before_quitting(self, quit: Callable[[], None]) -> bool:
        """Whether the window may close now; otherwise `quit` is called once it may."""
        news = self._news
        if news is None or news.state not in ("training", "pausing", "judging", "preparing"):
            return True
        if self._waiting is not None:
            return False
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(self.tr("Pause the training of {name} and quit?").format(name=news.name))
        box.setInformativeText(
            self.tr("What it has learned is kept. At the next start you can go on with it.")
        )
        pause = box.addButton(self.tr("Pause and quit"), QMessageBox.ButtonRole.AcceptRole)
        stay = box.addButton(self.tr("Go on training"), QMessageBox.ButtonRole.RejectRole)
        for button in (pause, stay):
            button.setToolTip(button.text())
        box.setDefaultButton(pause)
        box.setEscapeButton(stay)
        self._then = quit
        pause.clicked.connect(self._pause)
        box.finished.connect(box.deleteLater)
        box.open()
        return False

    @Slot()
    def _pause(self) -> None:
        if self._news is not None and self._news.state in ("training", "pausing"):
            self._wait()
            self._trainings.pause()
        else:
            self._quit()

    def _wait(self) -> None:
        """Say what is waited for, and let a person who cannot wait leave."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Information)
        box.setText(self.tr("Pausing the training…"))
        box.setInformativeText(self.tr("The step at work is finished and kept first."))
        leave = box.addButton(self.tr("Quit at once"), QMessageBox.ButtonRole.DestructiveRole)
        tell(leave, self.tr("Close the window; the step at work is still finished and kept"))
        leave.clicked.connect(self._quit)
        box.finished.connect(box.deleteLater)
        self._waiting = box
        box.open()

    @Slot(object)
    def _take_news(self, news: TrainingNews) -> None:
        self._news = news
        if self._waiting is not None and news.state not in ("training", "pausing"):
            self._quit()

    @Slot()
    def _quit(self) -> None:
        self._news = None
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.close()
        then, self._then = self._then, None
        if then is not None:
            then()
