"""The dialog of preferences: what it shows comes back, changed only where it was changed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QListWidget,
    QTreeWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from studio.project.preferences import Preferences
from studio.ui.dialogs.preferences import PreferencesDialog
from studio.ui.panels.numbers import NumberBox

DEVICES = [("cpu", "Processor"), ("cuda", "Graphics card")]
COMMANDS = [
    ("save", "Save", "Ctrl+S"),
    ("redo", "Redo", "Ctrl+Shift+Z; Ctrl+Y"),
    ("play", "Play", "Space"),
    ("fit", "Fit the picture", ""),
]
OTHER = Preferences(
    theme="light",
    device="cuda",
    iterations=42,
    notify="each",
    picture_settings_in_png=False,
    recent_limit=3,
    keys={"play": "P", "from the future": "F9"},
)


class Asked:
    """The dialog with its parts at hand."""

    def __init__(self, qtbot: QtBot, shown: Preferences = OTHER) -> None:
        self.qtbot = qtbot
        self.dialog = PreferencesDialog(shown, DEVICES, COMMANDS)
        qtbot.addWidget(self.dialog)
        self.dialog.open()
        self.pages = self.dialog.findChildren(QListWidget)[0]
        self.table = self.dialog.findChildren(QTreeWidget)[0]
        self.keys = self.dialog.findChildren(QKeySequenceEdit)[0]
        self.search = self.part(QLineEdit, "Search the preferences")

    def part(self, kind: type, name: str) -> QWidget:
        (found,) = [
            each for each in self.dialog.findChildren(kind) if each.accessibleName() == name
        ]
        return found

    def choose(self, command: str) -> None:
        self.pages.setCurrentRow(2)
        self.table.setCurrentItem(self.item(command))

    def item(self, command: str):  # type: ignore[no-untyped-def]
        return self.table.findItems(command, Qt.MatchFlag.MatchExactly)[0]

    def shown_keys(self, command: str) -> str:
        return str(self.item(command).text(1))

    def button(self, text: str) -> QAbstractButton:
        (found,) = [
            each
            for each in self.dialog.findChildren(QAbstractButton)
            if each.text().startswith(text) and each.isVisible()
        ]
        return found

    def click(self, text: str) -> None:
        self.qtbot.mouseClick(self.button(text), Qt.MouseButton.LeftButton)

    def words(self) -> str:
        labels = self.dialog.findChildren(QLabel)
        return "\n".join(each.text() for each in labels if each.isVisible())

    def saved(self) -> Preferences:
        with self.qtbot.waitSignal(self.dialog.accepted_preferences) as told:
            self.click("Save")
        assert told.args is not None
        result = told.args[0]
        assert isinstance(result, Preferences)
        return result


@pytest.mark.parametrize("shown", [Preferences(), OTHER], ids=["default", "other"])
def test_what_is_shown_comes_back_unchanged(qtbot: QtBot, shown: Preferences) -> None:
    asked = Asked(qtbot, shown)
    assert asked.saved() == shown
    assert not asked.dialog.isVisible()


def test_every_field_is_saved(qtbot: QtBot) -> None:
    asked = Asked(qtbot, Preferences())
    for name, row in (("Look", 1), ("Notify", 0), ("Device", 2)):
        field = asked.part(QComboBox, name)
        assert isinstance(field, QComboBox)
        field.setCurrentIndex(row)
    for name, value in (("Recent projects", 3), ("Iterations", 42)):
        number = asked.part(NumberBox, name)
        assert isinstance(number, NumberBox)
        number.setValue(value)
    mark = asked.part(QCheckBox, "Settings in pictures")
    asked.pages.setCurrentRow(1)
    qtbot.mouseClick(mark, Qt.MouseButton.LeftButton, pos=mark.rect().center())
    asked.choose("Play")
    qtbot.keyClick(asked.keys, Qt.Key.Key_P)
    found = asked.saved()
    assert found == Preferences(
        theme="light",
        device="cuda",
        iterations=42,
        notify="each",
        picture_settings_in_png=False,
        recent_limit=3,
        keys={"play": "P"},
    )


def test_cancelling_saves_nothing(qtbot: QtBot) -> None:
    asked = Asked(qtbot)
    with qtbot.assertNotEmitted(asked.dialog.accepted_preferences):
        asked.click("Cancel")
    assert not asked.dialog.isVisible()


def test_a_device_that_is_not_here_stays_chosen(qtbot: QtBot) -> None:
    asked = Asked(qtbot, Preferences(device="mps"))
    field = asked.part(QComboBox, "Device")
    assert isinstance(field, QComboBox)
    assert "not on this computer" in field.currentText()
    assert asked.saved().device == "mps"


def test_keys_are_shown_cleared_and_reset(qtbot: QtBot) -> None:
    asked = Asked(qtbot)
    assert asked.shown_keys("Play") == "P"
    assert asked.shown_keys("Redo") == "Ctrl+Shift+Z  /  Ctrl+Y"
    assert asked.item("Play").font(1).bold()
    assert not asked.item("Save").font(1).bold()
    asked.choose("Play")
    asked.click("No key")
    assert asked.shown_keys("Play") == ""
    assert not asked.button("No key").isEnabled()
    assert asked.button("Reset all").isEnabled()
    qtbot.mouseClick(
        next(b for b in asked.dialog.findChildren(QAbstractButton) if b.text() == "Reset"),
        Qt.MouseButton.LeftButton,
    )
    assert asked.shown_keys("Play") == "Space"
    asked.choose("Redo")
    qtbot.keyClick(asked.keys, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    asked.choose("Save")
    asked.click("No key")
    assert asked.saved().keys == {"redo": "Ctrl+R", "save": "", "from the future": "F9"}


def test_looking_at_commands_changes_nothing(qtbot: QtBot) -> None:
    asked = Asked(qtbot)
    for _, text, _ in COMMANDS:
        asked.choose(text)
    assert asked.shown_keys("Redo") == "Ctrl+Shift+Z  /  Ctrl+Y"
    assert asked.saved() == OTHER


def test_all_keys_are_reset_at_once(qtbot: QtBot) -> None:
    asked = Asked(qtbot)
    asked.choose("Save")
    asked.click("No key")
    asked.click("Reset all")
    assert asked.shown_keys("Save") == "Ctrl+S"
    assert asked.shown_keys("Play") == "Space"
    assert asked.saved().keys == {"from the future": "F9"}


def test_one_key_for_two_commands_is_told_and_not_saved(qtbot: QtBot) -> None:
    asked = Asked(qtbot, Preferences())
    asked.choose("Fit the picture")
    qtbot.keyClick(asked.keys, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert "The key also belongs to Redo." in asked.words()
    assert "Two commands have the key Ctrl+Y" in asked.words()
    assert not asked.button("Save").isEnabled()
    asked.click("Take it from Redo")
    assert asked.shown_keys("Redo") == "Ctrl+Shift+Z"
    assert "belongs" not in asked.words()
    assert asked.saved().keys == {"fit": "Ctrl+Y", "redo": "Ctrl+Shift+Z"}


def test_a_clash_is_told_from_both_sides_and_ends_with_a_reset(qtbot: QtBot) -> None:
    asked = Asked(qtbot, Preferences())
    asked.choose("Fit the picture")
    qtbot.keyClick(asked.keys, Qt.Key.Key_Space)
    asked.choose("Play")
    assert "The key also belongs to Fit the picture." in asked.words()
    asked.choose("Save")
    assert "belongs" not in asked.words()
    asked.click("Reset all")
    assert asked.button("Save").isEnabled()


def test_searching_finds_rows_on_every_page(qtbot: QtBot) -> None:
    asked = Asked(qtbot)
    qtbot.keyClicks(asked.search, "seed")
    assert asked.pages.currentRow() == 1
    assert "Settings in pictures" in asked.words()
    assert "Device" not in asked.words()
    asked.search.clear()
    assert "Device" in asked.words()
    qtbot.keyClicks(asked.search, "fit the")
    assert asked.pages.currentRow() == 2
    assert not asked.item("Fit the picture").isHidden()
    assert asked.item("Save").isHidden()
    asked.search.clear()
    qtbot.keyClicks(asked.search, "zeppelin")
    assert "Nothing here is about “zeppelin”." in asked.words()
    asked.search.clear()
    assert "Nothing" not in asked.words()


def test_controls_have_names_and_hints(qtbot: QtBot) -> None:
    asked = Asked(qtbot)
    for kind in (QComboBox, NumberBox, QCheckBox, QListWidget, QTreeWidget, QKeySequenceEdit):
        for each in asked.dialog.findChildren(kind):
            assert each.accessibleName(), each
            assert each.toolTip(), each
