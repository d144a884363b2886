"""The queue of paintings, by mouse and keyboard."""

from __future__ import annotations

from typing import get_args

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QLabel, QListView
from pytestqt.qtbot import QtBot

from studio.ui.panels.jobs import Job, State
from studio.ui.panels.queue import QueuePanel


def job(number: int, state: State = "waiting", done: int = 0) -> Job:
    return Job(number, f"sea {number}", f"seed {number}", state, done, 100, None)


JOBS = [job(1, "done", 100), job(2, "painting", 40), job(3), job(4)]


@pytest.fixture
def panel(qtbot: QtBot) -> QueuePanel:
    made = QueuePanel()
    qtbot.addWidget(made)
    made.resize(320, 600)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.set_jobs(JOBS)
    return made


@pytest.fixture
def told(panel: QueuePanel) -> list[tuple[object, ...]]:
    news: list[tuple[object, ...]] = []
    panel.moved.connect(lambda number, place: news.append(("moved", number, place)))
    panel.removed.connect(lambda number: news.append(("removed", number)))
    panel.duplicated.connect(lambda number: news.append(("duplicated", number)))
    panel.opened.connect(lambda number: news.append(("opened", number)))
    panel.add_wanted.connect(lambda: news.append(("add",)))
    panel.start_wanted.connect(lambda: news.append(("start",)))
    panel.pause_wanted.connect(lambda: news.append(("pause",)))
    panel.cleared_done.connect(lambda: news.append(("cleared",)))
    return news


Told = list[tuple[object, ...]]


def the_list(panel: QueuePanel) -> QListView:
    found = panel.findChild(QListView)
    assert found is not None
    return found


def button(panel: QueuePanel, name: str) -> QAbstractButton:
    buttons = panel.findChildren(QAbstractButton)
    return next(each for each in buttons if each.accessibleName() == name)


def click(qtbot: QtBot, panel: QueuePanel, name: str) -> None:
    qtbot.mouseClick(button(panel, name), Qt.MouseButton.LeftButton)


def centre(panel: QueuePanel, row: int) -> QPoint:
    view = the_list(panel)
    return view.visualRect(view.model().index(row, 0)).center()


def select(qtbot: QtBot, panel: QueuePanel, row: int) -> None:
    view = the_list(panel)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=centre(panel, row))
    view.setFocus()


def test_the_buttons_act_on_the_selected_job(panel: QueuePanel, told: Told, qtbot: QtBot) -> None:
    assert not button(panel, "Remove").isEnabled()
    select(qtbot, panel, 2)
    for name in ("Open", "Duplicate", "Move up", "Move down", "Remove"):
        click(qtbot, panel, name)
    assert told == [
        ("opened", 3),
        ("duplicated", 3),
        ("moved", 3, 1),
        ("moved", 3, 3),
        ("removed", 3),
    ]


def test_keys_do_nothing_in_the_dark(panel: QueuePanel, told: Told, qtbot: QtBot) -> None:
    view = the_list(panel)
    view.clearSelection()
    view.setFocus()
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_Return):
        qtbot.keyClick(view, key)
    assert told == []
    view.clearFocus()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert told == [("removed", 1)]


def test_so_do_the_keys(panel: QueuePanel, told: Told, qtbot: QtBot) -> None:
    select(qtbot, panel, 2)
    view = the_list(panel)
    alt, control = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(view, Qt.Key.Key_Up, alt)
    qtbot.keyClick(view, Qt.Key.Key_Down, alt)
    qtbot.keyClick(view, Qt.Key.Key_D, control)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert told == [
        ("moved", 3, 1),
        ("moved", 3, 3),
        ("duplicated", 3),
        ("opened", 3),
        ("removed", 3),
    ]


def test_the_window_has_no_say_in_the_keys_of_the_list(
    panel: QueuePanel, told: Told, qtbot: QtBot
) -> None:
    for keys in ("Del", "Ctrl+D"):
        QShortcut(QKeySequence(keys), panel).activated.connect(told.clear)
    select(qtbot, panel, 1)
    qtbot.keyClick(the_list(panel), Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(the_list(panel), Qt.Key.Key_Delete)
    assert told == [("duplicated", 2), ("removed", 2)]


def test_no_job_moves_beyond_the_ends(panel: QueuePanel, told: Told, qtbot: QtBot) -> None:
    alt = Qt.KeyboardModifier.AltModifier
    select(qtbot, panel, 0)
    assert not button(panel, "Move up").isEnabled()
    qtbot.keyClick(the_list(panel), Qt.Key.Key_Up, alt)
    select(qtbot, panel, 3)
    assert not button(panel, "Move down").isEnabled()
    qtbot.keyClick(the_list(panel), Qt.Key.Key_Down, alt)
    assert told == []


def test_a_double_click_opens(panel: QueuePanel, told: Told, qtbot: QtBot) -> None:
    view = the_list(panel).viewport()
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=centre(panel, 1))
    assert told == [("opened", 2)]


@pytest.mark.parametrize(
    ("row", "onto", "offset", "news"),
    [
        (0, 2, 10, [("moved", 1, 2)]),
        (3, 0, -10, [("moved", 4, 0)]),
        (1, 3, 10, [("moved", 2, 3)]),
        (1, 1, 10, []),
    ],
)
def test_jobs_are_dragged_to_their_place(
    panel: QueuePanel, told: Told, qtbot: QtBot, row: int, onto: int, offset: int, news: Told
) -> None:
    view = the_list(panel).viewport()
    target = centre(panel, onto) + QPoint(0, offset)
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=centre(panel, row))
    qtbot.mouseMove(view, centre(panel, row) + QPoint(0, 30))
    qtbot.mouseMove(view, target)
    panel.grab()
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=target)
    assert told == news


def test_the_selection_stays_with_its_job(panel: QueuePanel, qtbot: QtBot) -> None:
    select(qtbot, panel, 2)
    panel.set_jobs([JOBS[2], JOBS[0], JOBS[1], JOBS[3]])
    assert panel.current == JOBS[2]
    panel.set_jobs([JOBS[0], JOBS[1], JOBS[3]])
    assert panel.current == JOBS[0]
    panel.set_jobs([])
    assert panel.current is None


def test_progress_leaves_selection_and_scroll_alone(panel: QueuePanel, qtbot: QtBot) -> None:
    jobs = [job(number) for number in range(40)]
    panel.set_jobs(jobs)
    view = the_list(panel)
    qtbot.wait(1)
    view.setCurrentIndex(view.model().index(30, 0))
    scrolled = view.verticalScrollBar().value()
    assert scrolled > 0
    panel.set_jobs([job(0, "painting", 10), *jobs[1:]])
    assert view.verticalScrollBar().value() == scrolled
    assert panel.current == jobs[30]


def test_the_queue_is_started_and_paused(panel: QueuePanel, told: Told, qtbot: QtBot) -> None:
    click(qtbot, panel, "Start")
    panel.set_running(True)
    click(qtbot, panel, "Pause")
    panel.set_running(False)
    panel.set_jobs([JOBS[0]])
    assert not button(panel, "Start").isEnabled()
    assert told == [("start",), ("pause",)]


def test_jobs_are_added_and_done_ones_cleared(panel: QueuePanel, told: Told, qtbot: QtBot) -> None:
    click(qtbot, panel, "Add…")
    click(qtbot, panel, "Clear done")
    panel.set_jobs(JOBS[1:])
    assert not button(panel, "Clear done").isEnabled()
    assert told == [("add",), ("cleared",)]


def test_time_left_and_an_empty_queue_are_said(panel: QueuePanel) -> None:
    def texts() -> list[str]:
        return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]

    panel.set_time_left("about 2 h")
    assert "about 2 h" in texts()
    panel.set_jobs([])
    assert any("overnight" in text for text in texts())
    assert not the_list(panel).isVisible()


@pytest.mark.parametrize("state", get_args(State))
def test_every_state_is_told_and_drawn(panel: QueuePanel, state: State) -> None:
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    panel.set_jobs([Job(1, "sea", "seed 1", state, 40, 100, picture)])
    model = the_list(panel).model()
    said = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("sea, ")
    assert said.endswith(" · seed 1")
    image = the_list(panel).viewport().grab().toImage()
    red = image.pixelColor(30, 30)
    assert red.red() > 150 > red.green()


def test_everything_that_takes_keys_has_a_name_and_a_tooltip(panel: QueuePanel) -> None:
    for each in panel.findChildren(QAbstractButton):
        assert each.accessibleName()
        assert each.toolTip()
