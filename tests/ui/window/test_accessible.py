"""Every widget that a person can use has a name, and no visible word misses its translation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt, QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDockWidget,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QWidget,
)

from studio import places
from studio.core.schedule import Keyframe
from studio.ui.dialogs.crash import CrashDialog
from studio.ui.dialogs.error import ErrorDialog
from studio.ui.dialogs.keys import Caps
from studio.ui.panels.chips import Chip
from studio.ui.panels.style_menu import StyleMenu
from studio.work.facts import Fault
from tests.ui.window.conftest import Hand

USED = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
)
INERT = (QScrollBar, QTabBar, QDockWidget, QDialog, QMenu, QHeaderView)
"""Named by their titles or what they belong to."""


def unnamed(root: QWidget) -> list[str]:
    """The widgets that a screen reader would have no word for."""
    return [path(each) for each in root.findChildren(QWidget) if not has_name(each)]


def has_name(widget: QWidget) -> bool:
    """Whether it needs no name, or has one."""
    takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    if isinstance(widget, INERT) or not (takes_tab or isinstance(widget, USED)):
        return True
    if is_inside(widget):
        return True
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return bool(widget.accessibleName() or text)


def is_inside(widget: QWidget) -> bool:
    """Whether it is a piece of a widget of Qt, which has the name."""
    owner = widget.parentWidget()
    wholes = (QAbstractSpinBox, QComboBox, QLineEdit, QTabBar, QDockWidget, QDialogButtonBox)
    while owner is not None:
        if isinstance(owner, QComboBox):
            return True
        owner = owner.parentWidget()
    pieces = isinstance(widget.parentWidget(), wholes) and not widget.accessibleName()
    return pieces or widget.objectName().startswith("qt_")


def path(widget: QWidget) -> str:
    """Where a widget is, from the outside in."""
    names = []
    at: QWidget | None = widget
    while at is not None:
        names.append(f"{type(at).__name__}{'#' if at.objectName() else ''}{at.objectName()}")
        at = at.parentWidget()
    return " > ".join(reversed(names[:5]))


def show_keyframe(hand: Hand) -> None:
    """The card of a keyframe."""
    hand.window.document.keys.put(Keyframe(iteration=4, cutouts=3), "plan")
    hand.window.keys.open_card(4, QPoint(100, 100))


def dialogs(hand: Hand) -> Iterator[QDialog]:
    """Every dialog of the program, one at a time."""
    window = hand.window
    acts: tuple[Callable[[], object], ...] = (
        window.help.show_keys,
        window.help.show_preferences,
        window.help.show_about,
        window.queue.add,
        lambda: show_keyframe(hand),
        window.film.show,
        window.training.show,
        lambda: ErrorDialog(Fault("It failed.", "Traceback"), window).open(),
        lambda: CrashDialog("Traceback", window).open(),
    )
    for act in acts:
        before = set(window.findChildren(QDialog))
        act()
        new = [each for each in window.findChildren(QDialog) if each not in before]
        assert new, "no dialog came up"
        yield new[0]
        new[0].close()
        new[0].deleteLater()
        QApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete


def test_everything_in_the_window_has_a_name(hand: Hand) -> None:
    found = unnamed(hand.window)
    assert not found, "\n".join(found)
    hand.write_prompt("sea")
    hand.paint(6)
    for id in hand.window.docks.docks:
        hand.window.docks.raise_(id)
    found = unnamed(hand.window)
    assert not found, "\n".join(found)


def test_everything_in_the_dialogs_has_a_name(hand: Hand) -> None:
    hand.write_prompt("sea")
    hand.window.docks.prompts.commit()
    missing = [each for dialog in dialogs(hand) for each in unnamed(dialog)]
    assert not missing, "\n".join(missing)


def test_every_command_says_what_it_does_and_is_in_a_menu(hand: Hand) -> None:
    actions = hand.window.actions_
    in_menus = {
        action for menu in hand.window.menuBar().findChildren(QMenu) for action in menu.actions()
    }
    for id in actions:
        assert actions[id].text(), id
        assert actions[id] in in_menus, id


def test_no_two_commands_share_a_key(hand: Hand) -> None:
    taken: dict[str, str] = {}
    for id in hand.window.actions_:
        for keys in hand.window.actions_[id].shortcuts():
            other = taken.setdefault(keys.toString(), id)
            assert other == id, f"{id} and {other} both have {keys.toString()}"


class Pseudo(QTranslator):
    """Marks whatever is translated."""

    def translate(
        self,
        context: str | bytes | bytearray | memoryview,
        text: str | bytes | bytearray | memoryview,
        *_more: object,
    ) -> str:
        text = bytes(text).decode() if not isinstance(text, str) else text
        return f"[!!! {text} !!!]" if text else ""

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def pseudo(qapp: QApplication) -> Iterator[None]:
    """A language in which every translated text is marked."""
    translator = Pseudo()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


DATA = (Chip, StyleMenu, Caps)
"""They show words that are looked for in models, and names of keys."""
SHARP = places.resources() / "models" / "starter-sharp" / "draws.json"
"""What a model that comes with the program says of itself, as that of any model."""
DRAWS = json.loads(SHARP.read_text())["vqgan"]
NAMES = {
    *("VQGAN-CLIP Studio", "starter", "x", "It failed."),
    *("starter-sharp", DRAWS, f"starter-sharp: {DRAWS}"),
    *("Adam", "AdamW", "RAdam", "Adagrad", "RMSprop"),
}


def hard_coded(root: QWidget) -> list[str]:
    """Visible words that no translator has seen."""
    found = []
    for widget in [root, *root.findChildren(QWidget)]:
        for text in words(widget) if not shows_data(widget) else ():
            plain = text in NAMES or text.startswith("cpu") or not any(c.isalpha() for c in text)
            if not plain and "[!!!" not in text:
                found.append(f"{text!r} in {path(widget)}")
    return found


def shows_data(widget: QWidget) -> bool:
    """Whether what it shows is no text of the program."""
    owner: QWidget | None = widget
    while owner is not None:
        if isinstance(owner, DATA):
            return True
        owner = owner.parentWidget()
    return False


def words(widget: QWidget) -> Iterator[str]:
    """What a widget shows or tells."""
    yield widget.toolTip()
    yield widget.accessibleName()
    if isinstance(widget, QAbstractButton | QLabel):
        yield widget.text()
    if isinstance(widget, QDockWidget | QDialog):
        yield widget.windowTitle()
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText()
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(index) for index in range(widget.count()))
    for action in widget.actions():
        yield action.text()


def test_every_visible_word_of_the_window_can_be_translated(pseudo: None, hand: Hand) -> None:
    found = hard_coded(hand.window)
    assert not found, "\n".join(found)


def test_every_visible_word_of_the_dialogs_can_be_translated(pseudo: None, hand: Hand) -> None:
    hand.write_prompt("sea")
    hand.window.docks.prompts.commit()
    found = [each for dialog in dialogs(hand) for each in hard_coded(dialog)]
    assert not found, "\n".join(found)
