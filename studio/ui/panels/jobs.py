"""The jobs of the queue as a list model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

from studio.ui.panels.cards import CARD, Card

_Index = QModelIndex | QPersistentModelIndex
State = Literal["waiting", "painting", "done", "failed", "stopped"]


@dataclass(frozen=True)
class Job:
    """One painting of the queue."""

    id: int
    title: str
    details: str
    state: State
    done: int
    """Iterations painted, of `count`."""
    count: int
    thumbnail: QImage | None


class Jobs(QAbstractListModel):
    """Jobs from first to last."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.jobs: tuple[Job, ...] = ()

    def set_jobs(self, jobs: Sequence[Job]) -> None:
        """Show other jobs; if they are the same ones, only what they look like changes."""
        same = [job.id for job in jobs] == [job.id for job in self.jobs]
        if same:
            self.jobs = tuple(jobs)
            if jobs:
                self.dataChanged.emit(self.index(0, 0), self.index(len(jobs) - 1, 0))
            return
        self.beginResetModel()
        self.jobs = tuple(jobs)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.jobs)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        job = self.jobs[index.row()]
        if role == CARD:
            return self._card(job)
        if role == Qt.ItemDataRole.DisplayRole:
            return job.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{job.title}\n{job.details}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{job.title}, {self._line(job)}"
        return None

    def _card(self, job: Job) -> Card:
        started = job.state != "waiting" and job.state != "done"
        return Card(
            title=job.title,
            details=self._line(job),
            thumbnail=job.thumbnail,
            warns=job.state == "failed",
            progress=job.done / max(job.count, 1) if started else None,
            lit=job.state == "painting",
            faint=job.state in ("done", "stopped"),
        )

    def _line(self, job: Job) -> str:
        state = {
            "waiting": self.tr("Waiting"),
            "painting": self.tr("{done} of {count}"),
            "done": self.tr("Done"),
            "failed": self.tr("Failed at {done}"),
            "stopped": self.tr("Stopped at {done} of {count}"),
        }[job.state].format(done=job.done, count=job.count)
        return f"{state} · {job.details}" if job.details else state
