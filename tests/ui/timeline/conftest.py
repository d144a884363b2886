"""A timeline on the screen, and hands to use it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.ui.timeline import Take, Timeline
from studio.ui.timeline.board import Board

Make = Callable[..., Timeline]


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Hand:
    """A mouse that aims at iterations instead of pixels."""

    def __init__(self, qtbot: QtBot, timeline: Timeline) -> None:
        found = timeline.findChild(Board)
        assert found is not None
        self._qtbot = qtbot
        self.board = found

    def at(self, iteration: float, lane: str = "film") -> QPoint:
        span = getattr(self.board.rows(), lane)
        return QPoint(round(self.board.axis().x(iteration)), span.top + span.height // 2)

    def press(self, at: QPoint, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        self._qtbot.mousePress(self.board, button, pos=at)

    def move(self, at: QPoint) -> None:
        self._qtbot.mouseMove(self.board, at)

    def release(self, at: QPoint, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        self._qtbot.mouseRelease(self.board, button, pos=at)

    def click(self, at: QPoint) -> None:
        self.press(at)
        self.release(at)

    def drag(
        self, start: QPoint, end: QPoint, button: Qt.MouseButton = Qt.MouseButton.LeftButton
    ) -> None:
        self.press(start, button)
        self.move(end)
        self.release(end, button)

    def wheel(
        self,
        at: QPoint,
        turned: int,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        where = QPointF(at)
        event = QWheelEvent(
            where,
            self.board.mapToGlobal(where),
            QPoint(),
            QPoint(0, turned),
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.board, event)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(qtbot: QtBot, clock: Clock) -> Make:
    """Makes a timeline of one take, on the screen, the playhead at its start."""
    # the last reference must not go while events are still processed
    kept: list[Timeline] = []

    def made(length: int = 100, width: int = 1000, live: bool = False) -> Timeline:
        timeline = Timeline(clock=clock)
        kept.append(timeline)
        qtbot.addWidget(timeline)
        timeline.resize(width, 300)
        timeline.show()
        qtbot.waitExposed(timeline)
        timeline.set_takes([Take(1, "Take 1", length)])
        timeline.show_take(1, np.linspace(1.0, 0.5, length))
        if not live:
            timeline.set_position(0)
        timeline.setFocus()
        return timeline

    return made


@pytest.fixture
def hand(qtbot: QtBot) -> Callable[[Timeline], Hand]:
    return lambda timeline: Hand(qtbot, timeline)


def picture(colour: str = "red", width: int = 32, height: int = 32) -> QImage:
    made = QImage(width, height, QImage.Format.Format_RGB32)
    made.fill(QColor(colour))
    return made
