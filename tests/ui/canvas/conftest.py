"""A canvas on the screen, and a picture whose pixels tell where they are."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from studio.ui.canvas import Canvas


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    made = Canvas()
    qtbot.addWidget(made)
    made.resize(400, 300)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def numbered() -> QImage:
    """Red is four times the column, green four times the row."""
    picture = QImage(64, 64, QImage.Format.Format_RGB888)
    for y in range(64):
        for x in range(64):
            picture.setPixelColor(x, y, QColor(4 * x, 4 * y, 128))
    return picture
