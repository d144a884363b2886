"""A canvas with tools on the screen, and hands with a mouse and a pen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.ui.brushes import PaintableCanvas
from studio.ui.brushes.look import Layer
from studio.ui.brushes.tools import Tool

LEFT, BARE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
Places = Sequence[tuple[float, float]]
"""In pixels of the picture."""


class Sheet:
    """A canvas that shows a picture of 64 x 64 pixels at 400 %, and one layer to paint on."""

    def __init__(self, canvas: PaintableCanvas) -> None:
        self.canvas = canvas
        self.layer = Layer(np.zeros((64, 64), np.uint8), QColor("orange"))
        self.done: list[Layer] = []
        self.what = ""
        canvas.give = lambda: self.layer
        canvas.stroked.connect(self._note)
        canvas.toolbox.set(tool=Tool.REGION, size=8.0, hardness=1.0)

    def _note(self, layer: Layer, what: str) -> None:
        self.done.append(layer)
        self.what = what

    def at(self, place: tuple[float, float]) -> QPoint:
        whole = self.canvas.covered()
        return QPoint(round(whole.x() + 4 * place[0]), round(whole.y() + 4 * place[1]))

    def press(self, places: Places, keys: Qt.KeyboardModifier = BARE) -> None:
        """Press and lead the mouse, and hold it."""
        QTest.mousePress(self.canvas, LEFT, keys, self.at(places[0]))
        for place in places[1:]:
            QTest.mouseMove(self.canvas, self.at(place))

    def release(self, place: tuple[float, float], keys: Qt.KeyboardModifier = BARE) -> None:
        QTest.mouseRelease(self.canvas, LEFT, keys, self.at(place))

    def stroke(self, places: Places, keys: Qt.KeyboardModifier = BARE) -> None:
        self.press(places, keys)
        self.release(places[-1], keys)

    def pen(
        self,
        kind: QEvent.Type,
        place: tuple[float, float],
        pressure: float,
        *,
        eraser: bool = False,
        feels: bool = True,
    ) -> bool:
        """An event of a pen; whether the canvas has taken it, so that no mouse is made of it."""
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletMove else LEFT
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletRelease else LEFT
        spot = QPointF(self.at(place))
        event = QTabletEvent(
            kind,
            _device(eraser, feels),
            spot,
            QPointF(self.canvas.mapToGlobal(spot)),
            pressure,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            BARE,
            button,
            held,
        )
        QApplication.sendEvent(self.canvas, event)
        return event.isAccepted()


@cache
def _device(eraser: bool, feels: bool) -> QPointingDevice:
    types, capabilities = QPointingDevice.PointerType, QInputDevice.Capability
    can = capabilities.Position | (capabilities.Pressure if feels else capabilities.Position)
    return QPointingDevice(
        "pen",
        7,
        QInputDevice.DeviceType.Stylus,
        types.Eraser if eraser else types.Pen,
        can,
        1,
        3,
    )


@pytest.fixture
def sheet(qtbot: QtBot) -> Sheet:
    canvas = PaintableCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(400, 320)
    with qtbot.waitExposed(canvas):
        canvas.show()
    picture = QImage(64, 64, QImage.Format.Format_RGB888)
    picture.fill(QColor(90, 120, 150))
    picture.setPixelColor(10, 20, QColor(250, 10, 20))
    canvas.show_picture(picture)
    canvas.set_zoom(4.0)
    return Sheet(canvas)
