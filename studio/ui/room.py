"""What a painting would take of this machine: said beside it, and asked where it is too much."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMessageBox, QPushButton

from studio.core.demand import Demand, Size
from studio.core.settings import Settings
from studio.ui.status import giga, roughly
from studio.work.facts import Measured, Memory, ModelNames, News

if TYPE_CHECKING:
    from studio.ui.window import MainWindow

SAFE = 0.9
"""Share of the room up to which a painting fits: what it takes is known about so well."""
SIZE_STEP = 64
"""Pixels; sizes that are proposed are round numbers."""

Act = Callable[[], None]


class Room(QObject):
    """Knows what the models at hand take, from the worker, and how much memory there is."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._demands: dict[ModelNames, Demand | None] = {}
        self._memory: Memory | None = None
        self._accepted: set[tuple[object, ...]] = set()
        self._waiting: tuple[Settings, Act, bool] | None = None
        self._then: Act | None = None
        self._asked_of: Settings = window.document.next_settings
        self._smaller: Size | None = None
        studio, document = window.studio, window.document
        studio.measured.connect(self._learn)
        studio.memory.connect(self._see)
        studio.news.connect(self._pace)
        document.settings_shown.connect(self._show)
        window.counting.changed.connect(self._show)

    def seconds(self, settings: Settings) -> float | None:
        """How long an iteration is going to take; None before that is known."""
        demand = self._demand(settings)
        return None if demand is None else demand.seconds(settings)

    def before(self, settings: Settings, then: Act, *, can_shrink: bool) -> None:
        """Do something once it is known, or accepted, that painting so has room.

        Where it can shrink, a size that fits is offered.
        """
        if _names(settings) not in self._demands:
            self._waiting = settings, then, can_shrink
            self._window.say(self.tr("Loading the models…"))
            self._window.studio.measure(settings)
        elif self._fits(settings) or _choice(settings) in self._accepted:
            then()
        else:
            self._ask(settings, then, can_shrink)

    # What is known

    @Slot(object)
    def _learn(self, measured: Measured) -> None:
        self._demands[measured.models] = measured.demand
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            settings, then, can_shrink = waiting
            self.before(settings, then, can_shrink=can_shrink)
        self._show()

    @Slot(object)
    def _see(self, memory: Memory) -> None:
        self._memory = memory
        self._window.status.show_memory(memory)
        self._show()

    @Slot(object)
    def _pace(self, news: News) -> None:
        settings = self._window.document.next_settings
        demand = self._demand(settings)
        is_shown = self._window.document.contents is not None
        if demand is not None and news.seconds and is_shown:
            self._demands[_names(settings)] = demand.paced(settings, news.seconds)
            self._show()

    def _demand(self, settings: Settings) -> Demand | None:
        return self._demands.get(_names(settings))

    def _fits(self, settings: Settings) -> bool:
        demand, memory = self._demand(settings), self._memory
        if demand is None or memory is None:
            return True
        return demand.memory(settings) <= SAFE * memory.room

    # What is said

    @Slot()
    def _show(self) -> None:
        window = self._window
        settings = window.document.next_settings
        demand, fits = self._demand(settings), self._fits(settings)
        size = total = ""
        if demand is not None:
            memory, each = giga(demand.memory(settings)), demand.seconds(settings)
            size = self.tr("About {memory} GB of memory, {seconds} s for an iteration.").format(
                memory=memory, seconds=f"{each:.1f}" if each >= 0.1 else f"{each:.2f}"
            )
            total = self.tr("About {time} and {memory} GB of memory.").format(
                time=roughly(window.counting.next * each, window), memory=memory
            )
            if not fits:
                size = self._too_much(settings, demand)
                total = self.tr("It may not fit into memory. {cost}").format(cost=total)
        window.docks.settings.say_cost(size, warns=not fits)
        window.docks.bar.say_cost(total, warns=not fits)

    def _too_much(self, settings: Settings, demand: Demand) -> str:
        assert self._memory is not None
        words = self.tr("It needs about {needed} GB of memory, and {room} GB can be had.")
        return words.format(needed=giga(demand.memory(settings)), room=giga(self._memory.room))

    def _ask(self, settings: Settings, then: Act, can_shrink: bool) -> None:
        demand, memory = self._demand(settings), self._memory
        assert demand is not None
        assert memory is not None
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        width, height = settings.size
        box.setText(
            self.tr("{width} x {height} may not fit into memory.").format(
                width=width, height=height
            )
        )
        risk = self.tr(
            "The computer may become very slow, or end the program; every iteration that is "
            "finished is kept."
        )
        box.setInformativeText(f"{self._too_much(settings, demand)} {risk}")
        largest = demand.largest(settings, SAFE * memory.room, SIZE_STEP)
        self._smaller = largest if can_shrink else None
        if self._smaller is not None:
            words = self.tr("Paint {width} x {height}").format(
                width=self._smaller[0], height=self._smaller[1]
            )
            box.setDefaultButton(box.addButton(words, QMessageBox.ButtonRole.AcceptRole))
        box.addButton(self.tr("Paint anyway"), QMessageBox.ButtonRole.DestructiveRole)
        cancel = box.addButton(QMessageBox.StandardButton.Cancel)
        if self._smaller is None:
            box.setDefaultButton(cancel)
        self._then, self._asked_of = then, settings
        box.buttonClicked.connect(self._answered)
        box.finished.connect(box.deleteLater)
        box.open()

    @Slot(object)
    def _answered(self, button: QPushButton) -> None:
        box = button.window()
        assert isinstance(box, QMessageBox)
        role, (then, self._then) = box.buttonRole(button), (self._then, None)
        if then is None or role == QMessageBox.ButtonRole.RejectRole:
            return
        if role == QMessageBox.ButtonRole.AcceptRole and self._smaller is not None:
            self._window.document.edit({"size": self._smaller}, self.tr("Size"))
        else:
            self._accepted.add(_choice(self._asked_of))
        then()


def _names(settings: Settings) -> ModelNames:
    return settings.model, settings.perceptors


def _choice(settings: Settings) -> tuple[object, ...]:
    """What a person who accepts the risk accepts it for."""
    return (*_names(settings), settings.size, settings.cutouts)
