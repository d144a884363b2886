"""What comes before a training: the pictures are looked at, and the order is measured."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from studio.ui.images import image_of
from studio.ui.training.gallery import SHOWN, SIDE
from studio.ui.training.window import TrainingWindow
from studio.work.errands import Errands
from studio.work.facts import Picture
from studio.work.thumbnails import Thumbnails
from studio.work.training_facts import Estimate, Look, TrainingOrder
from studio.work.trainings import Trainings

SETTLES = 600
"""Milliseconds after an edit, after which the training is measured anew."""


class Asking(QObject):
    """Asks the bridge about folders and orders, and shows what it answers."""

    def __init__(
        self,
        trainings: Trainings,
        errands: Errands,
        window: Callable[[], TrainingWindow],
        taken: Callable[[], Collection[str]],
        parent: QObject,
    ) -> None:
        """`window` makes the training window if need be; `taken` are the names of models."""
        super().__init__(parent)
        self._trainings, self._window, self._taken = trainings, window, taken
        self._thumbnails = Thumbnails(errands, 2 * SIDE, self)
        self._looking: Path | None = None
        self._asked: TrainingOrder | None = None
        """What was measured last, or is being measured."""
        self._settling = QTimer(self, interval=SETTLES, singleShot=True)
        self._settling.timeout.connect(self.estimate)
        self._thumbnails.made.connect(self._show_thumbnail)
        trainings.looking.connect(self._show_looking)
        trainings.looked.connect(self._show_look)
        trainings.estimated.connect(self._show_estimate)

    def use(self, window: TrainingWindow) -> None:
        """Listen to the window that was made."""
        window.folder_chosen.connect(self._look)
        window.ordering.form.edited.connect(self._edit)
        window.ordering.measuring_wanted.connect(self._measure_again)

    def refuse(self, sentence: str) -> bool:
        """Tell why a folder cannot be looked at; false when none is being looked at."""
        if self._looking is None:
            return False
        self._looking = None
        self._window().show_look_problem(sentence)
        return True

    @Slot(object)
    def _look(self, folder: Path) -> None:
        self._looking = folder
        self._window().show_looking(0, 0)
        self._trainings.look(folder)

    @Slot(int, int)
    def _show_looking(self, done: int, count: int) -> None:
        if self._looking is not None:
            self._window().show_looking(done, count)

    @Slot(object)
    def _show_look(self, look: Look) -> None:
        if look.folder != self._looking:
            return
        self._looking = None
        window = self._window()
        window.show_look(look)
        self._thumbnails.want(look.usable[:SHOWN])
        before = window.ordering.form.order
        name = before.name
        if not name or name.startswith(_name_of(before.folder)):  # else a person has given one
            name = self._free(_name_of(look.folder))
        window.ordering.form.set_order(replace(before, folder=look.folder, name=name))
        self._asked = None
        window.ordering.show_estimate(None)
        if not look.problem:
            self.estimate()

    @Slot(object, object)
    def _show_thumbnail(self, path: Path, picture: Picture) -> None:
        squares = self._window().ordering.gallery.squares
        squares.set_picture(path, image_of(picture).copy())

    @Slot(object)
    def _edit(self, order: TrainingOrder) -> None:
        """Measure anew what an edit changes, once the person has done with it."""
        if self._asked is None or replace(order, name="") != replace(self._asked, name=""):
            self._window().ordering.show_estimate(None)
        self._settling.start()  # a name changes no figure, but may be taken

    @Slot()
    def _measure_again(self) -> None:
        self._window().ordering.show_estimate(None)
        self.estimate()

    @Slot()
    def estimate(self) -> None:
        """Measure what is ordered, if an order is shown."""
        window = self._window()
        if window.page is window.ordering:
            self._asked = window.ordering.form.order
            self._trainings.estimate(self._asked)

    @Slot(object)
    def _show_estimate(self, estimate: Estimate) -> None:
        if estimate.order == self._asked:
            self._window().ordering.show_estimate(estimate)

    def _free(self, name: str) -> str:
        """The name, or one like it that no model has."""
        taken = self._taken()
        names = [name, *(f"{name}-{number}" for number in range(2, len(taken) + 3))]
        return next(each for each in names if each not in taken)


def _name_of(folder: Path) -> str:
    """A name for a model that learns from a folder."""
    return re.sub(r"\W+", "-", folder.name.lower()).strip("-") or "mine"
