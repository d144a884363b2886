"""The stops of a morph, by mouse and keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.core.film import Place, Stop
from studio.ui.film.stops import StopsPanel

LEFT, ALT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier


class Keeper:
    """Keeps the stops and shows them again, as the desk does."""

    def __init__(self, panel: StopsPanel) -> None:
        self.panel, self.told = panel, list[tuple[str, str]]()
        panel.edited.connect(self.keep)

    def keep(self, stops: tuple[Stop, ...], text: str, merges: str) -> None:
        self.told.append((text, merges))
        self.panel.set_stops(stops)

    @property
    def iterations(self) -> list[int]:
        return [stop.iteration for stop in self.panel.stops]


@pytest.fixture
def panel(qtbot: QtBot) -> StopsPanel:
    made = StopsPanel()
    qtbot.addWidget(made)
    made.resize(380, 420)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.set_stops([Stop(take=1, iteration=n) for n in (0, 10, 20)])
    return made


@pytest.fixture
def kept(panel: StopsPanel) -> Keeper:
    return Keeper(panel)


def centre(panel: StopsPanel, row: int) -> QPoint:
    return panel.list.visualRect(panel.list.model().index(row, 0)).center()


def select(qtbot: QtBot, panel: StopsPanel, row: int) -> None:
    qtbot.mouseClick(panel.list.viewport(), LEFT, pos=centre(panel, row))
    panel.list.setFocus()


def test_a_stop_is_dragged_to_another_place(panel: StopsPanel, kept: Keeper) -> None:
    view = panel.list.viewport()
    start, end = centre(panel, 0), centre(panel, 2) + QPoint(0, 20)
    QTest.mousePress(view, LEFT, pos=start)
    QTest.mouseMove(view, start + QPoint(0, 30))
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, LEFT, pos=end)
    assert kept.iterations == [10, 20, 0]
    assert panel.list.selected_row == 2


def test_keys_move_repeat_and_remove(panel: StopsPanel, kept: Keeper, qtbot: QtBot) -> None:
    select(qtbot, panel, 2)
    qtbot.keyClick(panel.list, Qt.Key.Key_Up, ALT)
    assert kept.iterations == [0, 20, 10]
    qtbot.keyClick(panel.list, Qt.Key.Key_Up, ALT)
    assert kept.iterations == [20, 0, 10]
    qtbot.keyClick(panel.list, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert kept.iterations == [20, 20, 0, 10]
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert kept.iterations == [20, 0, 10]


def test_a_stop_has_rest_travel_and_way(panel: StopsPanel, kept: Keeper, qtbot: QtBot) -> None:
    select(qtbot, panel, 1)
    panel.hold.selectAll()
    qtbot.keyClicks(panel.hold, "3")
    qtbot.keyClick(panel.hold, Qt.Key.Key_Return)
    qtbot.keyClick(panel.travel, Qt.Key.Key_Up)
    qtbot.keyClick(panel.travel, Qt.Key.Key_Up)
    assert panel.stops[1].hold == 3
    assert panel.stops[1].travel == 3
    assert panel.stops[0] == Stop(take=1, iteration=0)
    merges = [merges for _, merges in kept.told]
    assert merges[1] == merges[2] != merges[0]
    panel.ease.chosen.emit("linear")
    assert panel.stops[1].ease == "linear"


def test_nothing_can_be_set_of_the_way_after_the_last_stop(panel: StopsPanel, qtbot: QtBot) -> None:
    assert not panel.hold.isEnabled()
    select(qtbot, panel, 2)
    assert panel.hold.isEnabled()
    assert not panel.travel.isEnabled()
    assert "no stop after" in panel.travel.toolTip()


def test_pictures_are_asked_for_once(panel: StopsPanel) -> None:
    from PySide6.QtGui import QImage

    assert panel.missing() == [Place(1, 0), Place(1, 10), Place(1, 20)]
    panel.set_picture(Place(1, 10), QImage(4, 4, QImage.Format.Format_RGB888))
    assert panel.missing() == [Place(1, 0), Place(1, 20)]


def test_an_added_stop_is_selected(panel: StopsPanel) -> None:
    panel.set_stops([*panel.stops, Stop(take=1, iteration=30)])
    assert panel.list.selected_row == 3
