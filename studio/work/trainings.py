"""Trainings on a person's own pictures: in a process of their own, told of by signals."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from studio.work.errands import Errands
from studio.work.training_facts import TrainingOrder


class Trainings(QObject):
    """Takes requests at any time; one training is at work at once, and painting goes on meanwhile.

    Every signal arrives in the window's thread.
    """

    looking = Signal(int, int)
    """How many of how many files of a folder have been looked at."""
    looked = Signal(object)
    """`Look`."""
    estimated = Signal(object)
    """`Estimate`."""
    news = Signal(object)
    """`TrainingNews`, some four times a second at most."""
    pictures = Signal(object)
    """`Reconstructions`, at the start and then every half minute or so."""
    ended = Signal(object)
    """`TrainingVerdict`, when the model is on the shelf; news of state "done" comes before it."""
    refused = Signal(str)
    """Why a request came to nothing, in a sentence."""
    resumable = Signal(object)
    """Tuple of `Unfinished`, the newest first."""
    installed = Signal(object)
    """The `Installed` model that came of a training."""

    def __init__(self, errands: Errands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._errands = errands
        self.device = "auto"
        """Where it computes, for trainings that begin from now on."""

    @property
    def name(self) -> str:
        """The training at work or paused, "" for none."""
        return ""

    @Slot(object)
    def look(self, folder: Path) -> None:
        """Look at every picture in a folder; answered by `looked`, or `refused`."""

    @Slot(object)
    def estimate(self, order: TrainingOrder) -> None:
        """Take a few steps for the clock; answered by `estimated`. A newer request replaces it."""

    @Slot(object)
    def start(self, order: TrainingOrder) -> None:
        """Begin a training; `news` tells of it, or `refused` why not."""

    @Slot()
    def pause(self) -> None:
        """Keep all that is learned after the step at work and end the process; "paused" follows."""

    @Slot()
    @Slot(str)
    def resume(self, name: str = "") -> None:
        """Go on exactly with the training that is paused, or with an unfinished one by its name."""

    @Slot(bool)
    def stop(self, keep: bool) -> None:
        """End the training at work, or the paused one.

        With `keep` the model as it is so far is judged and put on the shelf: `ended` follows.
        Without, all of it is deleted: news of state "discarded" follows.
        """

    @Slot(str)
    def discard(self, name: str) -> None:
        """Delete an unfinished training; answered by `resumable`."""

    @Slot()
    def unfinished(self) -> None:
        """Which trainings can be gone on with; answered by `resumable`."""
