"""Every button says its name, its key and a sentence, wherever it is in the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QLineEdit,
    QMenuBar,
    QTabBar,
    QToolBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from studio.core.settings import Prompt, Settings
from studio.project.preferences import Preferences
from studio.ui.dialogs.about import AboutDialog
from studio.ui.dialogs.crash import CrashDialog
from studio.ui.dialogs.error import ErrorDialog
from studio.ui.dialogs.keyframe import KeyframeCard
from studio.ui.dialogs.keys import KeySheet
from studio.ui.dialogs.preferences import PreferencesDialog
from studio.ui.dialogs.queue_add import VariationsDialog
from studio.ui.film.window import FilmWindow
from studio.ui.marks import Marks
from studio.ui.models.window import ModelsWindow
from studio.ui.training.window import TrainingWindow
from studio.work.facts import Fault
from tests.ui.window.conftest import Hand

QTS_OWN = (QLineEdit, QMenuBar, QTabBar)
"""In these Qt puts buttons of its own for what does not fit, or to clear."""

QTS_MORE = "qt_toolbar_ext_button"


def buttons(root: QWidget) -> Iterator[QAbstractButton]:
    for button in root.findChildren(QAbstractButton):
        if not isinstance(button.parent(), QTS_OWN) and button.objectName() != QTS_MORE:
            yield button


def wrong(button: QAbstractButton) -> str:
    """What its tip lacks, or nothing."""
    name = (button.accessibleName() or button.text()).replace("&", "").rstrip("…")
    title, _, sentence = button.toolTip().partition("\n")
    said = f"{type(button).__name__} {name!r} in {type(button.parent()).__name__}"
    if not name or not (title == name or title.startswith(f"{name} (")):
        return f"{said}: {title!r} is not its name"
    return "" if len(sentence.split()) > 1 else f"{said}: {sentence!r} says nothing"


def check(root: QWidget) -> None:
    found = list(buttons(root))
    assert found
    assert [each for each in map(wrong, found) if each] == []


def test_every_button_of_the_window_says_its_name_and_what_it_does(hand: Hand) -> None:
    window = hand.window
    hand.write_prompt("the sea")
    hand.paint(6)
    for prompt in ({"noise": 3}, {"text": "a | b:2"}, {"text": "a ^ b"}):
        prompts = (*window.document.prompts, Prompt(**prompt))
        window.document.edit({"prompts": prompts}, "more")
    window.document.keys.add(4)
    check(window)
    window.show_welcome()
    hand.wait(lambda: window.welcome.findChild(QAbstractButton) is not None)
    check(window)


def test_a_key_that_is_changed_is_told_at_once(hand: Hand) -> None:
    window = hand.window
    play = window.docks.timeline.buttons["play"]
    assert play.toolTip().startswith("Play (Space)\n")
    window.use(msgspec.structs.replace(window.preferences, keys={"play": "F8", "paint": ""}))
    assert play.toolTip().startswith("Play (F8)\n")
    assert window.docks.bar.paint.toolTip().startswith("Paint\n")
    window.actions_["zoom_in"].trigger()
    assert window.actions_["zoom_in"].toolTip().startswith("Zoom in (Ctrl++)\n")


def test_every_command_has_a_sentence_and_its_keys_are_told(hand: Hand) -> None:
    actions = hand.window.actions_
    for id, command in actions.commands.items():
        assert len(command.tip.split()) > 1, id
        title, _, sentence = actions[id].toolTip().partition("\n")
        key = actions[id].shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        assert title.endswith(f" ({key})") if key else not title.endswith(")"), id
        assert len(sentence.split()) > 1
    assert hand.window.findChild(QToolBar) is not None


SETTINGS = Settings(prompts=(Prompt(text="the sea"),))
MAKES: dict[str, Callable[[], QDialog]] = {
    "about": lambda: AboutDialog("1", ["seas"], "MIT"),
    "crash": lambda: CrashDialog("log"),
    "error": lambda: ErrorDialog(Fault("It failed.", "details")),
    "keys": lambda: KeySheet([("File", [("New", "Ctrl+N")])]),
    "preferences": lambda: PreferencesDialog(Preferences(), [], []),
    "variations": lambda: VariationsDialog(SETTINGS),
    "film": lambda: FilmWindow(),
    "models": lambda: ModelsWindow(),
    "training": lambda: TrainingWindow(),
}


@pytest.mark.parametrize("name", MAKES)
def test_every_button_of_the_other_windows_too(qtbot: QtBot, name: str) -> None:
    dialog = MAKES[name]()
    qtbot.addWidget(dialog)
    check(dialog)


def test_those_of_the_card_of_a_keyframe(hand: Hand) -> None:
    document = hand.window.document
    hand.write_prompt("the sea")
    hand.paint(6)
    document.keys.add(8)
    card = KeyframeCard(document, Marks(document), 8, hand.window)
    check(card)
    card.close()
