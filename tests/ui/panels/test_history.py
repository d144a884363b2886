"""The panel of earlier prompts, by mouse and keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QListView
from pytestqt.qtbot import QtBot

from studio.core.settings import Prompt, Settings
from studio.ui.panels.history import Entry, PromptHistoryPanel

ENTRIES = [
    Entry(text, Settings(prompts=(Prompt(text=text),), seed=seed), "yesterday", None)
    for seed, text in enumerate(
        ["a red circle on blue", "Sunset over the ocean", "a blue ocean at night"]
    )
]


@pytest.fixture
def panel(qtbot: QtBot) -> PromptHistoryPanel:
    made = PromptHistoryPanel()
    qtbot.addWidget(made)
    made.resize(320, 500)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.set_entries(ENTRIES)
    return made


@pytest.fixture
def restored(panel: PromptHistoryPanel) -> list[Entry]:
    told: list[Entry] = []
    panel.restored.connect(told.append)
    return told


def the_list(panel: PromptHistoryPanel) -> QListView:
    found = panel.findChild(QListView)
    assert found is not None
    return found


def search(panel: PromptHistoryPanel) -> QLineEdit:
    found = panel.findChild(QLineEdit)
    assert found is not None
    return found


def index(panel: PromptHistoryPanel, row: int) -> QModelIndex:
    return the_list(panel).model().index(row, 0)


def test_one_click_restores(panel: PromptHistoryPanel, restored: list[Entry], qtbot: QtBot) -> None:
    view = the_list(panel)
    place = view.visualRect(index(panel, 1)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert restored == [ENTRIES[1]]


def test_enter_restores_the_current_one(
    panel: PromptHistoryPanel, restored: list[Entry], qtbot: QtBot
) -> None:
    view = the_list(panel)
    view.setFocus()
    view.setCurrentIndex(index(panel, 0))
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert restored == []
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert restored == [ENTRIES[1]]


@pytest.mark.parametrize(
    ("words", "left"),
    [("ocean", [1, 2]), ("OCEAN blue", [2]), ("", [0, 1, 2]), ("nothing", [])],
)
def test_the_search_leaves_entries_that_have_all_words(
    panel: PromptHistoryPanel, qtbot: QtBot, words: str, left: list[int]
) -> None:
    qtbot.keyClicks(search(panel), words)
    assert panel.shown == tuple(ENTRIES[place] for place in left)
    assert the_list(panel).isVisible() == bool(left)


def test_keys_lead_from_the_search_into_the_list(
    panel: PromptHistoryPanel, restored: list[Entry], qtbot: QtBot
) -> None:
    the_list(panel).setFocus()
    qtbot.keyClick(the_list(panel), Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert search(panel).hasFocus()
    qtbot.keyClicks(search(panel), "ocean")
    qtbot.keyClick(search(panel), Qt.Key.Key_Return)
    assert restored == [ENTRIES[1]]
    qtbot.keyClick(search(panel), Qt.Key.Key_Down)
    assert the_list(panel).hasFocus()
    qtbot.keyClick(the_list(panel), Qt.Key.Key_Down)
    qtbot.keyClick(the_list(panel), Qt.Key.Key_Return)
    assert restored[1:] == [ENTRIES[2]]


def test_an_empty_history_says_what_it_is_for(panel: PromptHistoryPanel) -> None:
    panel.set_entries([])
    texts = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    assert any("kept here" in text for text in texts)
    assert not the_list(panel).isVisible()
    panel.set_entries(ENTRIES)
    assert the_list(panel).isVisible()


def test_cards_are_drawn(panel: PromptHistoryPanel) -> None:
    """Whatever goes wrong in drawing fails the test through sys.excepthook."""
    view = the_list(panel)
    view.setCurrentIndex(index(panel, 1))
    image = view.viewport().grab().toImage()
    row = view.visualRect(index(panel, 0))
    words = {image.pixelColor(x, row.top() + 20).name() for x in range(70, row.right() - 10)}
    assert len(words) > 3
