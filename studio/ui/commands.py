"""A command: its words, its keys, its icon and what it does; and a part's table of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QWidget

from studio.ui.icons import icon
from studio.ui.tips import give_key, tip

ANYWHERE = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier
"""Modifiers that a keyboard needs for some signs, and that mean nothing here."""
MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta)


@dataclass(frozen=True)
class Command:
    """One thing that a person can ask for."""

    id: str
    text: str
    keys: str
    """Alternatives with "; " between them."""
    icon: str
    tip: str
    """A short sentence."""
    is_soft: bool = False
    """Whether its keys mean it only where no widget wants them: letters, arrows and Space."""
    is_checkable: bool = False
    act: Callable[[], object] | None = None
    """What it does; without one, whoever serves it listens to its action."""
    hold: Callable[[bool], object] | None = None
    """Told when its key goes down, and when it is let go."""
    repeats: bool = False
    """Whether it is done again and again while its key is held."""


class Commands:
    """Commands as QActions of a widget, by their ids."""

    def __init__(self, widget: QWidget, commands: Iterable[Command]) -> None:
        self.commands = {each.id: each for each in commands}
        self._actions = {id: _action(each, widget) for id, each in self.commands.items()}
        self._sentences = {id: each.tip for id, each in self.commands.items()}
        self._buttons: list[tuple[str, QAbstractButton]] = []
        for action in self._actions.values():
            widget.addAction(action)

    def __getitem__(self, id: str) -> QAction:
        return self._actions[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def include(self, others: Commands) -> None:
        """Know also the commands of a part: the same actions, so that their keys are the same."""
        self.commands |= others.commands
        self._actions |= others._actions
        self._sentences |= others._sentences

    def use_keys(self, changed: Mapping[str, str]) -> None:
        """Give commands the keys that a person prefers."""
        for id, command in self.commands.items():
            keys = changed.get(id, command.keys)
            self._actions[id].setShortcuts(sequences(keys))
            self._tell(id)
        for id, button in self._buttons:
            give_key(button, self._actions[id].shortcut().toString())

    def explain(self, id: str, sentence: str) -> None:
        """Say what a command does, or why it cannot."""
        self._sentences[id] = sentence
        self._tell(id)

    def rename(self, id: str, text: str) -> None:
        """Call a command something else, as it does something else now."""
        if text != self._actions[id].text():
            self._actions[id].setText(text)
            self._tell(id)

    def _tell(self, id: str) -> None:
        action = self._actions[id]
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(tip(action.text(), key, self._sentences[id]))

    def lend_keys(self, buttons: Mapping[str, QAbstractButton]) -> None:
        """Let buttons that do what commands do tell the keys of those, whatever they become."""
        self._buttons += buttons.items()
        for id, button in buttons.items():
            give_key(button, self._actions[id].shortcut().toString())

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key means that no widget wanted; whether it means anything."""
        command = self._meant(event)
        if command is None:
            return False
        action = self._actions[command.id]
        if action.isEnabled() and (command.repeats or not event.isAutoRepeat()):
            if command.hold is not None:
                command.hold(True)
            action.trigger()
        return True

    def trigger_key(self, keys: str) -> None:
        """Do what a key means that a widget has waited for, such as a tap of Space."""
        for id in self.commands:
            if QKeySequence(keys) in self._actions[id].shortcuts():
                self._actions[id].trigger()

    def release(self, event: QKeyEvent) -> None:
        """Let go of what was held by a key."""
        if event.isAutoRepeat():
            return
        for id, command in self.commands.items():
            keys = {each[0].key() for each in self._actions[id].shortcuts()}  # type: ignore[index]
            if command.hold is not None and event.key() in (*keys, *MODIFIERS):
                command.hold(False)

    def let_go(self) -> None:
        """Nothing is held any more: keys that are let go elsewhere are not heard of."""
        for command in self.commands.values():
            if command.hold is not None:
                command.hold(False)

    def _meant(self, event: QKeyEvent) -> Command | None:
        for pressed in _ways(event):
            for id, command in self.commands.items():
                if command.is_soft and pressed in self._actions[id].shortcuts():
                    return command
        return None


def sequences(keys: str) -> list[QKeySequence]:
    """The keys of a command."""
    return [QKeySequence(each) for each in keys.split("; ") if each]


def _ways(event: QKeyEvent) -> list[QKeySequence]:
    """A key as pressed; and as the sign alone, for it is on other levels of other keyboards."""
    key, modifiers = event.key(), event.modifiers() & ~ANYWHERE
    ways = [QKeySequence(int(key) | modifiers.value)]
    if Qt.Key.Key_Space < key < Qt.Key.Key_ydiaeresis and not chr(key).isalpha():
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
        ways.append(QKeySequence(int(key) | modifiers.value))
    return ways


def _action(command: Command, widget: QWidget) -> QAction:
    action = QAction(command.text, widget)
    if command.icon:
        action.setIcon(icon(command.icon))
    action.setStatusTip(command.tip)
    action.setCheckable(command.is_checkable)
    action.setShortcuts(sequences(command.keys))
    if command.act is not None:
        action.triggered.connect(dropping_checked(command.act))
    if command.is_soft:
        # shown in the menu, and answered by the window when no widget has wanted the key
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    return action


def dropping_checked(act: Callable[[], object]) -> Callable[..., None]:
    """What QAction.triggered hands on (whether it is checked) is nothing to most commands."""

    def acted(*_checked: bool) -> None:
        act()

    return acted
