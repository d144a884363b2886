"""The status bar: what the painter does, how fast, how long still, and how much memory."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QWidget

from studio.ui.canvas import Pixel
from studio.ui.panels.buttons import IconButton
from studio.ui.tips import tell
from studio.work.facts import Activity, Memory, News

SAID_FOR = 6000
"""Milliseconds that a sentence stays."""


class StatusBar(QStatusBar):
    """Shows news; holds nothing."""

    downloads_clicked = Signal()
    training_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.downloads = IconButton(
            "download", "", self.tr("See how the downloads get on"), text=True
        )
        self.downloads.clicked.connect(self.downloads_clicked)
        self.addPermanentWidget(self.downloads)
        self.show_downloads(0, 0.0)
        self.training = IconButton(
            "training", "", self.tr("See how the training gets on"), text=True
        )
        self.training.clicked.connect(self.training_clicked)
        self.addPermanentWidget(self.training)
        self.show_training("")
        self._total, self._most = 0, 0
        self._now: tuple[Activity, bool] = ("idle", False)
        self._queue: tuple[str, int, int] | None = None
        self._activity = self._part(self.tr("What the painter does"))
        self._bar = QProgressBar()
        self._bar.setFixedWidth(140)
        self._bar.setTextVisible(False)
        self._bar.setMaximumHeight(6)
        self._bar.setAccessibleName(self.tr("Iterations painted of those asked for"))
        self.addPermanentWidget(self._bar)
        self._pace = self._part(self.tr("Iterations a second"))
        self._left = self._part(self.tr("Time left"))
        self._memory = self._part(self.tr("Memory in use by painting"))
        self._pixel = self._part(self.tr("The pixel under the cursor"))
        self._zoom = self._part(self.tr("Zoom"))
        self._bar.hide()

    def say(self, sentence: str) -> None:
        """Tell something in passing."""
        self.showMessage(sentence, SAID_FOR)

    def show_activity(self, activity: Activity, is_ready: bool) -> None:
        """What the painter does now."""
        self._now = (activity, is_ready)
        if self._queue is not None and activity in ("idle", "paused"):
            self._show_queue(*self._queue)
            return
        words = {
            "idle": self.tr("Ready") if is_ready else self.tr("Loading the models…"),
            "loading": self.tr("Getting ready…"),
            "painting": self.tr("Painting"),
            "pausing": self.tr("Pausing…"),
            "stopping": self.tr("Stopping…"),
            "paused": self.tr("Paused"),
        }
        self._activity.setText(words[activity])
        self._bar.setVisible(activity != "idle")
        if activity == "loading":
            self._total = 0
            self._bar.setRange(0, 0)
        if activity == "idle":
            for label in (self._pace, self._left):
                label.setText("")

    def show_queue(self, words: str, done: int, count: int) -> None:
        """How far the queue is, while nothing else is painted; "" when it rests."""
        self._queue = (words, done, count) if words else None
        self.show_activity(*self._now)

    def _show_queue(self, words: str, done: int, count: int) -> None:
        self._activity.setText(words)
        self._bar.show()
        self._bar.setRange(0, count)
        self._bar.setValue(done)
        for label in (self._pace, self._left):
            label.setText("")

    def show_news(self, news: News) -> None:
        """How the painting gets on."""
        self._total = max(self._total, news.left + len(news.iterations))
        self._bar.setRange(0, self._total)
        self._bar.setValue(self._total - news.left)
        if news.seconds:
            self._pace.setText(pace(1 / news.seconds, self))
        self._left.setText(self.tr("{time} left").format(time=duration(news.left * news.seconds)))

    def show_memory(self, memory: Memory) -> None:
        """How much of it is in use."""
        self._most = max(self._most, memory.used)
        words = self.tr("{used} of {total} GB")
        self._memory.setText(words.format(used=giga(memory.used), total=giga(memory.total)))
        peak = self.tr("Memory in use by painting; the most so far was {most} GB")
        self._memory.setToolTip(peak.format(most=giga(self._most)))

    def show_downloads(self, count: int, share: float) -> None:
        """How many models are on their way, and how much of them is here, 0..1."""
        one = self.tr("Getting a model: {share}")
        words = one if count == 1 else self.tr("Getting {count} models: {share}")
        text = words.format(count=count, share=f"{share:.0%}")
        self.downloads.setText(text)
        tell(self.downloads, self.tr("See how the downloads get on"), text)
        self.downloads.setVisible(count > 0)

    def show_training(self, text: str) -> None:
        """How far a training is, or nothing."""
        self.training.setText(text)
        tell(self.training, self.tr("See how the training gets on"), text or self.tr("Training"))
        self.training.setVisible(bool(text))

    @Slot(float)
    def show_zoom(self, zoom: float) -> None:
        """How large the picture is."""
        self._zoom.setText(f"{zoom:.0%}")

    @Slot(object)
    def show_pixel(self, pixel: Pixel | None) -> None:
        """What is under the cursor."""
        if pixel is None:
            self._pixel.setText("")
        else:
            self._pixel.setText(f"{pixel.x}, {pixel.y}  {pixel.colour.name()}")

    def _part(self, name: str) -> QLabel:
        label = QLabel()
        label.setAccessibleName(name)
        label.setToolTip(name)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setContentsMargins(6, 0, 6, 0)
        self.addPermanentWidget(label)
        return label


def pace(rate: float, widget: QWidget) -> str:
    """Iterations a second, or seconds an iteration where that says more."""
    if rate >= 1:
        return widget.tr("{rate} it/s").format(rate=f"{rate:.1f}")
    return widget.tr("{seconds} s/it").format(seconds=f"{1 / rate:.1f}")


def duration(seconds: float) -> str:
    """A time as people read it: 42 s, 3:05, 1:02:03."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02}:{rest:02}"
    return f"{minutes}:{rest:02}" if minutes else f"{rest} s"


def roughly(seconds: float, widget: QWidget) -> str:
    """A time that is not known exactly: 42 s, 14 min, 2.5 h."""
    if seconds < 90:
        return widget.tr("{n} s").format(n=max(1, round(seconds)))
    if seconds < 90 * 60:
        return widget.tr("{n} min").format(n=round(seconds / 60))
    return widget.tr("{n} h").format(n=f"{seconds / 3600:.1f}")


def giga(number: int) -> str:
    """Bytes in units of 10^9."""
    return f"{number / 1e9:.1f}"
