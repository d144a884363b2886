"""The page that is shown while a model is trained."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.ui.dialogs.parts import Heading
from studio.ui.icons import icon
from studio.ui.panels.buttons import TextButton
from studio.ui.panels.labels import Note
from studio.ui.tips import tell
from studio.ui.training.charts import Charts
from studio.ui.training.growing import Growing
from studio.ui.training.words import TrainingWords
from studio.work.training_facts import Reconstructions, TrainingNews

AT_WORK = frozenset({"preparing", "training", "pausing", "judging"})
"""States that pass by themselves."""


class ProgressPage(QWidget):
    """Shows news of one training and tells what a person wants done with it."""

    pause_wanted = Signal()
    resume_wanted = Signal()
    keep_wanted = Signal()
    discard_wanted = Signal()
    leave_wanted = Signal()
    """Keep it for another time, and do something else."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = TrainingWords(self)
        self._news: TrainingNews | None = None
        self._title, self._state = Heading("", 1.4), QLabel()
        self._state.setTextFormat(Qt.TextFormat.PlainText)
        self._way, self.problem, self._goes_on = Note(wraps=False), Note(), Note()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName(self.tr("Steps taken of those planned"))
        self.growing, self.charts = Growing(), Charts()
        self.pause = TextButton(
            "pause", self.tr("Pause"), self.tr("Keep all that is learned and rest")
        )
        self.keep = TextButton(
            "stop",
            self.tr("Stop and keep"),
            self.tr("End here; it is judged and goes on the shelf as it is now"),
        )
        self.discard = TextButton(
            "trash", self.tr("Discard…"), self.tr("End here and delete what it has learned")
        )
        self.leave = TextButton(
            "history",
            self.tr("Later"),
            self.tr("Keep it unfinished for another time, and train another one"),
        )
        self.leave.clicked.connect(self.leave_wanted)
        self.pause.clicked.connect(self._pause_or_resume)
        self.keep.clicked.connect(self.keep_wanted)
        self.discard.clicked.connect(self.discard_wanted)
        self._goes_on.say(
            self.tr("You can close this window and paint: the training goes on beside it.")
        )
        self._lay_out()

    def clear(self) -> None:
        """Forget the training that was shown."""
        self._news = None
        self.growing.clear()
        self.charts.clear()

    def show_news(self, news: TrainingNews) -> None:
        """Show how far it is."""
        if self._news is None or news.name != self._news.name:
            self.clear()
        self._news = news
        self._title.setText(news.name)
        self._state.setText(self._words.state(news))
        self._way.say(self._words.way(news))
        self.problem.say(news.problem, warns=True)
        preparing = not news.steps or news.state == "judging"
        self.bar.setRange(0, 0 if preparing else news.steps)
        self.bar.setValue(news.step)
        self.charts.show_news(news)
        self._show_buttons(news)

    def show_pictures(self, made: Reconstructions) -> None:
        """Show what it makes of the held-out pictures now."""
        self.growing.add(made)
        self.charts.show_psnr(made.step, made.psnr)

    def _show_buttons(self, news: TrainingNews) -> None:
        rests = news.state in ("paused", "failed")
        text = self.tr("Go on") if rests else self.tr("Pause")
        self.pause.setText(text)
        self.pause.setAccessibleName(text)
        self.pause.setIcon(icon("play" if rests else "pause"))
        tell(
            self.pause,
            self.tr("Go on exactly where it stopped")
            if rests
            else self.tr("Keep all that is learned and rest; memory and processor are free then"),
        )
        self.pause.setEnabled(rests or news.state == "training")
        self.keep.setEnabled(news.step > 0 and news.state in ("training", "paused", "failed"))
        self.discard.setEnabled(news.state in ("preparing", "training", "paused", "failed"))
        self.leave.setVisible(rests)
        self._goes_on.setVisible(news.state in AT_WORK)

    def _pause_or_resume(self) -> None:
        rests = self._news is not None and self._news.state in ("paused", "failed")
        (self.resume_wanted if rests else self.pause_wanted).emit()

    def _lay_out(self) -> None:
        said = QHBoxLayout()
        said.setSpacing(10)
        said.addWidget(self._state)
        said.addStretch(1)
        said.addWidget(self._way)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        for button in (self.leave, self.pause, self.keep, self.discard):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.growing, 3)
        column.addWidget(self.charts, 2)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addLayout(head)
        whole.addLayout(said)
        whole.addWidget(self.bar)
        whole.addWidget(self.problem)
        whole.addSpacing(4)
        whole.addWidget(scroll, 1)
        whole.addWidget(self._goes_on)
