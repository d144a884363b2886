"""The queue of paintings that the program works through alone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from studio.ui.panels.buttons import IconButton
from studio.ui.panels.card_list import CardList, Hint
from studio.ui.panels.jobs import Job, Jobs
from studio.ui.panels.labels import Note


class QueuePanel(QWidget):
    """Shows the jobs and tells what a person wants done with them."""

    add_wanted = Signal()
    start_wanted = Signal()
    pause_wanted = Signal()
    moved = Signal(int, int)
    """The job of this id goes to that place of the list, counted without it."""
    removed = Signal(int)
    duplicated = Signal(int)
    opened = Signal(int)
    cleared_done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = Jobs(self)
        self._running = self._pausing = False
        self._list = CardList(self, drags=True)
        self._list.setModel(self._jobs)
        self._list.setAccessibleName(self.tr("Queue"))
        self._list.picked.connect(self._open_index)
        self._list.moved.connect(self._dragged)
        self._list.set_keys(
            {
                "Alt+Up": self._up,
                "Alt+Down": self._down,
                "Del": self._remove,
                "Backspace": self._remove,
                "Ctrl+D": self._duplicate,
            }
        )
        self._list.selectionModel().selectionChanged.connect(self._show_state)
        self._hint = Hint(self)
        self._hint.say(
            "queue",
            self.tr(
                "Queue paintings here, such as one prompt with many seeds, and let them paint "
                "overnight."
            ),
        )
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._list)
        self._pages.addWidget(self._hint)
        self._time_left = Note(self, wraps=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(6)
        column.addLayout(self._make_head())
        column.addWidget(self._pages, 1)
        column.addLayout(self._make_foot())
        self._show_state()

    @property
    def current(self) -> Job | None:
        """The job that is selected."""
        row = self._list.selected_row
        return self._jobs.jobs[row] if 0 <= row < len(self._jobs.jobs) else None

    def set_jobs(self, jobs: Sequence[Job]) -> None:
        """Show other jobs, or the same ones further on; the selection stays with its job."""
        before, row = self.current, self._list.selected_row
        self._jobs.set_jobs(jobs)
        if before is not None and jobs:
            rows = (place for place, job in enumerate(jobs) if job.id == before.id)
            # Of a removed job the next one is taken, so that Delete can be pressed again.
            self._list.setCurrentIndex(self._jobs.index(next(rows, min(row, len(jobs) - 1)), 0))
        self._show_state()

    def set_time_left(self, words: str) -> None:
        """How long all of it will still take, in words."""
        self._time_left.say(words)

    def set_running(self, running: bool) -> None:
        """Whether the queue is being painted."""
        self._running, self._pausing = running, False
        self._show_state()

    def show_pausing(self) -> None:
        """The queue rests once the iteration at work is painted."""
        self._pausing = self._running
        self._show_state()

    def _make_head(self) -> QHBoxLayout:
        self._add = IconButton(
            "add",
            self.tr("Add…"),
            self.tr("Queue paintings: variations of the prompt, seeds, or both"),
            text=True,
        )
        self._add.clicked.connect(self.add_wanted)
        self._start = IconButton("play", self.tr("Start"), "", text=True)
        self._start.clicked.connect(self._start_or_pause)
        self._clear = IconButton(
            "close",
            self.tr("Clear done"),
            self.tr("Take finished paintings off the list; the paintings are kept"),
            text=True,
        )
        self._clear.clicked.connect(self.cleared_done)
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self._add)
        head.addWidget(self._start)
        head.addStretch()
        head.addWidget(self._clear)
        return head

    def _make_foot(self) -> QHBoxLayout:
        self._tools = [
            IconButton(
                "open", self.tr("Open"), self.tr("Show this painting on the canvas"), key="Return"
            ),
            IconButton("copy", self.tr("Duplicate"), self.tr("Queue this again"), key="Ctrl+D"),
            IconButton("up", self.tr("Move up"), self.tr("Paint this earlier"), key="Alt+Up"),
            IconButton("down", self.tr("Move down"), self.tr("Paint this later"), key="Alt+Down"),
            IconButton("trash", self.tr("Remove"), self.tr("Take this off the queue (Delete)")),
        ]
        foot = QHBoxLayout()
        foot.setSpacing(2)
        foot.addWidget(self._time_left, 1)
        foot.addStretch()
        slots = (self._open, self._duplicate, self._up, self._down, self._remove)
        for button, slot in zip(self._tools, slots, strict=True):
            button.clicked.connect(slot)
            foot.addWidget(button)
        return foot

    def _show_state(self) -> None:
        jobs, current = self._jobs.jobs, self._list.selected_row
        self._pages.setCurrentWidget(self._list if jobs else self._hint)
        if self._pausing:
            self._start.name(
                self.tr("Pausing…"), self.tr("The iteration at work is painted to its end")
            )
        elif self._running:
            self._start.show_icon("pause")
            self._start.name(
                self.tr("Pause"), self.tr("Stop after this iteration; nothing painted is lost")
            )
        else:
            self._start.show_icon("play")
            self._start.name(
                self.tr("Start"), self.tr("Paint everything that waits, one after the other")
            )
        waits = any(job.state in ("waiting", "painting", "stopped") for job in jobs)
        self._start.setEnabled((self._running or waits) and not self._pausing)
        self._clear.setEnabled(any(job.state == "done" for job in jobs))
        for button in self._tools:
            button.setEnabled(current >= 0)
        _, _, up, down, _ = self._tools
        up.setEnabled(current > 0)
        down.setEnabled(0 <= current < len(jobs) - 1)

    def _start_or_pause(self) -> None:
        (self.pause_wanted if self._running else self.start_wanted).emit()

    def _open_index(self, index: QModelIndex) -> None:
        self.opened.emit(self._jobs.jobs[index.row()].id)

    def _open(self) -> None:
        if self.current is not None:
            self.opened.emit(self.current.id)

    def _duplicate(self) -> None:
        if self.current is not None:
            self.duplicated.emit(self.current.id)

    def _remove(self) -> None:
        if self.current is not None:
            self.removed.emit(self.current.id)

    def _up(self) -> None:
        self._move(-1)

    def _down(self) -> None:
        self._move(1)

    def _move(self, way: int) -> None:
        place = self._list.selected_row + way
        if self.current is not None and 0 <= place < len(self._jobs.jobs):
            self.moved.emit(self.current.id, place)

    def _dragged(self, row: int, place: int) -> None:
        self.moved.emit(self._jobs.jobs[row].id, place)
