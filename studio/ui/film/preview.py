"""The player: the film in real time, at reduced size, before it is written."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from studio.ui.film.clock import FilmClock
from studio.ui.film.screen import Screen
from studio.ui.film.scrub import ScrubBar
from studio.ui.icons import icon
from studio.ui.panels.labels import Note
from studio.ui.tips import give_key, tell


class Preview(QWidget):
    """Says which frame it wants and shows what it is given; late frames are left out."""

    frame_wanted = Signal(int)

    def __init__(
        self, parent: QWidget | None = None, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        super().__init__(parent)
        self._count, self._fps = 0, 30.0
        self.screen_, self.bar = Screen(self), ScrubBar(self)
        self._clock = FilmClock(self, clock)
        self._clock.moved.connect(self._go)
        self._clock.playing_changed.connect(self._show_playing)
        self.screen_.pressed.connect(self.toggle)
        self.bar.scrubbed.connect(self._scrub)
        self._note = Note(self)
        self._time = QLabel(self)
        self._time.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._time.setAccessibleName(self.tr("Time and frame"))
        self._buttons()
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(self.start)
        row.addWidget(self.play)
        row.addWidget(self.repeat)
        row.addSpacing(10)
        row.addWidget(self._time)
        row.addStretch(1)
        low = QVBoxLayout()
        low.setContentsMargins(12, 4, 12, 6)
        low.setSpacing(2)
        low.addWidget(self.bar)
        low.addLayout(row)
        low.addWidget(self._note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.screen_, 1)
        column.addLayout(low)
        self.set_film(0, 30.0, (), (1, 1))

    @property
    def is_playing(self) -> bool:
        """Whether the film runs."""
        return self._clock.is_playing

    @property
    def frame(self) -> int:
        """The frame that is on."""
        return self.bar.frame

    def set_film(self, count: int, fps: float, marks: Sequence[int], size: tuple[int, int]) -> None:
        """A film of so many frames a second, with stops at these frames; none for 0 frames."""
        self._count, self._fps = count, fps
        self.bar.set_film(count, marks)
        self._clock.use(count, fps)
        self.screen_.set_shape(*size)
        for button in (self.start, self.play, self.repeat):
            button.setEnabled(count > 0)
        if not count:
            self.screen_.set_picture(None)
        self._show_time()
        if count:
            self.frame_wanted.emit(self.frame)

    def set_frame(self, picture: QImage) -> None:
        """The frame wanted, or the nearest before it that is at hand."""
        self.screen_.set_picture(picture)

    def set_ready(self, spans: Sequence[tuple[int, int]]) -> None:
        """Which frames are at hand."""
        self.bar.set_ready(spans)

    def set_words(self, words: str) -> None:
        """A sentence in place of the film."""
        self.screen_.set_words(words)

    def set_note(self, note: str) -> None:
        """What a person should know of the preview."""
        self._note.say(note)

    def toggle(self) -> None:
        """Play or pause; from the start again at the end."""
        if self.is_playing:
            self._clock.pause()
        elif self._count:
            self._clock.play(0 if self.frame >= self._count - 1 else self.frame)

    def pause(self) -> None:
        """Stand still."""
        self._clock.pause()

    def go(self, frame: int) -> None:
        """Stand still at a frame."""
        self.pause()
        self._go(frame)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.toggle()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.pause()

    def _buttons(self) -> None:
        self.start = self._button("to-start", self.tr("To the start"), self.tr("To the start"))
        self.play = self._button("play", "", "")
        give_key(self.play, "Space")
        self.repeat = self._button(
            "loop", self.tr("Repeat"), self.tr("Play from the start again at the end")
        )
        self.repeat.setCheckable(True)
        self.repeat.setChecked(True)
        self.start.clicked.connect(self._to_start)
        self.play.clicked.connect(self.toggle)
        self.repeat.toggled.connect(self._clock.set_repeats)
        self._show_playing(False)

    def _button(self, name: str, words: str, tip: str) -> QToolButton:
        button = QToolButton(self, autoRaise=True)
        button.setIcon(icon(name))
        button.setIconSize(QSize(18, 18))
        button.setFixedSize(32, 30)
        tell(button, tip, words)
        return button

    def _to_start(self) -> None:
        self._scrub(0)
        self.bar.set_frame(0)

    def _scrub(self, frame: int) -> None:
        if self.is_playing:
            self._clock.play(frame)
        self._go(frame)

    def _go(self, frame: int) -> None:
        self.bar.set_frame(frame)
        self._show_time()
        self.frame_wanted.emit(frame)

    def _show_playing(self, playing: bool) -> None:
        self.play.setIcon(icon("pause" if playing else "play"))
        tell(
            self.play,
            self.tr("Rest at this frame") if playing else self.tr("Play the film"),
            self.tr("Pause") if playing else self.tr("Play"),
        )

    def _show_time(self) -> None:
        if not self._count:
            self._time.setText("")
            return
        self._time.setText(
            self.tr("{now} of {all} s   frame {frame} of {count}").format(
                now=f"{self.frame / self._fps:.2f}",
                all=f"{self._count / self._fps:.2f}",
                frame=self.frame + 1,
                count=self._count,
            )
        )
