"""Dialogs by mouse and keyboard: what they show, and what they tell when they are done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from studio.core.settings import LARGEST_SEED, Prompt, Settings
from studio.ui.dialogs.about import AboutDialog
from studio.ui.dialogs.crash import CrashDialog
from studio.ui.dialogs.error import ErrorDialog
from studio.ui.dialogs.keys import Caps, KeySheet, caps, dealt
from studio.ui.dialogs.queue_add import VariationsDialog, seeds_in
from studio.ui.panels.numbers import NumberBox
from studio.work.facts import Fault

FAULT = Fault("The disk is full; free some space.", "Traceback:\n  OSError", painting=True)
SETTINGS = Settings(
    prompts=(
        Prompt(text="a fish: big", weight=2.0),
        Prompt(text="stars"),
        Prompt(text="rain", on=False),
    ),
    seed=7,
)


def show(qtbot: QtBot, dialog: QDialog) -> None:
    qtbot.addWidget(dialog)
    dialog.open()


def button(dialog: QWidget, text: str) -> QAbstractButton:
    (found,) = [
        each
        for each in dialog.findChildren(QAbstractButton)
        if each.text() == text and each.isVisible()
    ]
    return found


def words(dialog: QWidget) -> str:
    return "\n".join(each.text() for each in dialog.findChildren(QLabel) if each.isVisible())


def press(qtbot: QtBot, dialog: QWidget, text: str) -> None:
    qtbot.mouseClick(button(dialog, text), Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ErrorDialog(FAULT),
        lambda: CrashDialog("Segmentation fault"),
        lambda: AboutDialog("1.2.3", ["Soft colours."], "MIT"),
        lambda: KeySheet([("File", [("New", "Ctrl+N")])]),
        lambda: VariationsDialog(SETTINGS),
    ],
    ids=["error", "crash", "about", "keys", "variations"],
)
def test_escape_closes_and_every_control_has_a_name_and_a_hint(
    qtbot: QtBot, make: Callable[[], QDialog]
) -> None:
    dialog = make()
    show(qtbot, dialog)
    for each in dialog.findChildren(QAbstractButton):
        if each.isVisible():
            assert each.text() or each.accessibleName(), each
            assert each.toolTip(), each.text()
    for field in dialog.findChildren(QWidget):
        if isinstance(field, NumberBox | QPlainTextEdit) or type(field) is QLineEdit:
            owner = field.parentWidget()
            named = owner if isinstance(owner, NumberBox) else field
            assert named is not None
            assert named.accessibleName(), field
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert dialog.result() == QDialog.DialogCode.Rejected


def test_an_error_is_a_sentence_first_and_details_on_demand(qtbot: QtBot) -> None:
    dialog = ErrorDialog(FAULT)
    show(qtbot, dialog)
    assert FAULT.sentence in words(dialog)
    assert "paused" in words(dialog)
    (details,) = dialog.findChildren(QPlainTextEdit)
    assert not details.isVisible()
    press(qtbot, dialog, "Details")
    assert details.isVisible()
    assert details.toPlainText() == FAULT.details
    press(qtbot, dialog, "Details")
    assert not details.isVisible()


def test_an_error_without_details_has_none_to_unfold(qtbot: QtBot) -> None:
    dialog = ErrorDialog(Fault("It failed.", ""))
    show(qtbot, dialog)
    assert not dialog.findChildren(QPlainTextEdit)
    assert "paused" not in words(dialog)


def test_details_are_copied_and_the_log_asked_for(qtbot: QtBot) -> None:
    dialog = ErrorDialog(FAULT)
    show(qtbot, dialog)
    press(qtbot, dialog, "Copy details")
    assert QGuiApplication.clipboard().text() == f"{FAULT.sentence}\n\n{FAULT.details}"
    assert button(dialog, "Copied")
    with qtbot.waitSignal(dialog.log_wanted):
        press(qtbot, dialog, "Show log")
    assert dialog.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_a_crash_log_is_shown_copied_and_found(qtbot: QtBot) -> None:
    dialog = CrashDialog("Segmentation fault\n  in brush")
    show(qtbot, dialog)
    (log,) = dialog.findChildren(QPlainTextEdit)
    assert log.toPlainText() == "Segmentation fault\n  in brush"
    assert log.isReadOnly()
    press(qtbot, dialog, "Copy")
    assert QGuiApplication.clipboard().text() == "Segmentation fault\n  in brush"
    with qtbot.waitSignal(dialog.folder_wanted):
        press(qtbot, dialog, "Show folder")
    press(qtbot, dialog, "Close")
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_about_tells_version_abilities_and_licence(qtbot: QtBot) -> None:
    dialog = AboutDialog("1.2.3", ["No <b>faces</b>.", "A thousand words."], "MIT licence")
    show(qtbot, dialog)
    assert "1.2.3" in words(dialog)
    assert "No <b>faces</b>." in words(dialog)
    assert dialog.findChildren(QPlainTextEdit)[0].toPlainText() == "MIT licence"


@pytest.mark.parametrize(
    ("keys", "drawn"),
    [
        ("Ctrl+N", ["Ctrl", "N"]),
        ("Ctrl+Shift+Z", ["Ctrl", "Shift", "Z"]),
        ("Ctrl++", ["Ctrl", "+"]),
        ("+", ["+"]),
        (",", [","]),
        ("Ctrl+,", ["Ctrl", ","]),
        ("G, P", ["G", "P"]),
        ("Space", ["Space"]),
    ],
)
def test_keys_are_drawn_as_caps(keys: str, drawn: list[str]) -> None:
    assert caps(keys) == drawn


def test_groups_fill_columns_in_order_and_evenly() -> None:
    groups = [
        (name, [("x", "X")] * count) for name, count in zip("ABCD", (4, 4, 9, 1), strict=True)
    ]
    columns = dealt(groups, 3)
    assert [group[0] for column in columns for group in column] == list("ABCD")
    assert [[group[0] for group in column] for column in columns] == [["A", "B"], ["C"], ["D"]]
    assert dealt([], 3) == []


def test_the_sheet_shows_every_command_with_its_keys(qtbot: QtBot) -> None:
    sheet = KeySheet(
        [("File", [("New", "Ctrl+N")]), ("Time", [("Play", "Space"), ("Redo", "Ctrl+Y; F4")])]
    )
    show(qtbot, sheet)
    for text in ("File", "Time", "New", "Play", "Redo"):
        assert text in words(sheet)
    keys = [each.accessibleName() for each in sheet.findChildren(Caps)]
    assert keys == ["Ctrl+N", "Space", "Ctrl+Y; F4"]
    assert all(each.width() > 10 for each in sheet.findChildren(Caps))
    sheet.grab()  # an exception while painting would be reported, and so be a failure


def test_a_long_sheet_is_scrolled_by_keys(qtbot: QtBot) -> None:
    sheet = KeySheet([("All", [(f"Command {n}", "Ctrl+N") for n in range(80)])])
    show(qtbot, sheet)
    bar = sheet.findChildren(QWidget, "qt_scrollarea_vcontainer")[0].findChildren(QWidget)[0]
    before = bar.property("value")
    qtbot.keyClick(sheet, Qt.Key.Key_PageDown)
    assert bar.property("value") > before
    qtbot.keyClick(sheet, Qt.Key.Key_PageUp)
    assert bar.property("value") == before


class Variations:
    """The dialog with its fields at hand."""

    def __init__(self, qtbot: QtBot, **choices: float) -> None:
        self.dialog = VariationsDialog(SETTINGS, **choices)  # type: ignore[arg-type]
        show(qtbot, self.dialog)
        self.prompts = self.dialog.findChildren(QPlainTextEdit)[0]
        self.count, self.iterations = self.dialog.findChildren(NumberBox)
        self.list = next(
            each for each in self.dialog.findChildren(QLineEdit) if "seeds" in each.accessibleName()
        )
        self.add = button(self.dialog, "Add to queue")

    def summary(self) -> str:
        return words(self.dialog)


def test_variations_begin_with_the_prompts_that_pull(qtbot: QtBot) -> None:
    asked = Variations(qtbot, iterations=50)
    assert asked.prompts.toPlainText() == "a fish: big:2 | stars"
    assert "4 paintings of 50 iterations." in asked.summary()
    with qtbot.waitSignal(asked.dialog.wanted) as told:
        press(qtbot, asked.dialog, "Add to queue")
    prompts, seeds, iterations, planned = told.args
    assert not planned
    assert prompts == [asked.prompts.toPlainText()]
    assert (seeds, iterations) == ([7, 8, 9, 10], 50)
    assert not asked.dialog.isVisible()


def test_each_line_is_painted_with_each_seed(qtbot: QtBot) -> None:
    asked = Variations(qtbot, iterations=100, seconds_per_iteration=0.5)
    asked.prompts.setPlainText("  a cat\n\na dog  \n")
    asked.count.setValue(3)
    assert "6 paintings of 100 iterations, about 5 min." in asked.summary()
    asked.iterations.setValue(10)
    assert "about 30 s." in asked.summary()
    asked.iterations.setValue(10_000)
    assert "about 8.3 h." in asked.summary()
    with qtbot.waitSignal(asked.dialog.wanted) as told:
        press(qtbot, asked.dialog, "Add to queue")
    assert told.args == [["a cat", "a dog"], [7, 8, 9], 10_000, False]


def test_seeds_may_be_listed(qtbot: QtBot) -> None:
    asked = Variations(qtbot)
    assert not asked.list.isEnabled()
    these = next(each for each in asked.dialog.findChildren(QRadioButton) if each.text() == "These")
    qtbot.mouseClick(these, Qt.MouseButton.LeftButton)
    assert not asked.count.isEnabled()
    assert not asked.add.isEnabled()
    assert "Write seeds" in asked.summary()
    qtbot.keyClicks(asked.list, "3, 20-22")
    assert asked.add.isEnabled()
    assert "4 paintings" in asked.summary()
    with qtbot.waitSignal(asked.dialog.wanted) as told:
        press(qtbot, asked.dialog, "Add to queue")
    assert told.args is not None
    assert told.args[1] == [3, 20, 21, 22]


@pytest.mark.parametrize("text", ["", "a |", "a:1:2:3", "^"])
def test_prompts_that_cannot_be_read_are_told_in_words(qtbot: QtBot, text: str) -> None:
    asked = Variations(qtbot)
    asked.prompts.setPlainText("good\n" + text if text else "")
    assert not asked.add.isEnabled()
    assert "prompt" in asked.summary() or "numbers" in asked.summary()
    assert "paintings of" not in asked.summary()
    asked.prompts.setPlainText("good")
    assert asked.add.isEnabled()


@pytest.mark.parametrize(
    ("text", "seeds"),
    [
        ("1", [1]),
        ("1,7;9 11", [1, 7, 9, 11]),
        (" 3 - 5 ", [3, 4, 5]),
        ("2, 2, 1-3", [2, 1, 3]),
        (str(LARGEST_SEED), [LARGEST_SEED]),
        ("", None),
        ("5-3", None),
        ("1,,2", [1, 2]),
        ("-1", None),
        ("x", None),
        (str(LARGEST_SEED + 1), None),
        ("0-1000", None),
        ("0-999", list(range(1000))),
        ("0-600, 700-1300", None),
        ("9" * 400, None),
    ],
)
def test_lists_of_seeds(text: str, seeds: list[int] | None) -> None:
    assert seeds_in(text) == seeds


def test_buttons_are_big_enough_to_hit(qtbot: QtBot) -> None:
    dialog = ErrorDialog(FAULT)
    show(qtbot, dialog)
    for each in dialog.findChildren(QPushButton):
        assert each.height() >= 20
