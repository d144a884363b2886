"""Every command of the window: its words, its keys, its icon and its place in the menus."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMainWindow

from studio.ui.icons import icon

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Command:
    """One thing that a person can ask for."""

    id: str
    text: str
    keys: str = ""
    """Alternatives with "; " between them."""
    icon: str = ""
    tip: str = ""
    is_soft: bool = False
    """Whether its keys mean it only where no widget wants them: letters, arrows and Space."""
    is_checkable: bool = False


def file_commands(tr: Translate) -> tuple[Command, ...]:
    return (
        Command("new", tr("&New painting"), "Ctrl+N", "new", tr("Start with an empty canvas")),
        Command("open", tr("&Open…"), "Ctrl+O", "open", tr("Open a project")),
        Command("save", tr("&Save"), "Ctrl+S", "save", tr("Say that this is how it should be")),
        Command("save_as", tr("Save &as…"), "Ctrl+Shift+S", "", tr("Keep it under another name")),
        Command("save_copy", tr("Save a &copy…"), "Ctrl+Alt+S", "", tr("Write a copy elsewhere")),
        Command(
            "export_picture",
            tr("&Export picture…"),
            "Ctrl+E",
            "export",
            tr("Write the picture shown, with its prompt and settings inside a PNG"),
        ),
        Command("export_film", tr("Export &film…"), "Ctrl+Shift+E", "film"),
        Command("close", tr("&Close project"), "Ctrl+W", "close", tr("Back to the first page")),
        Command(
            "models",
            tr("&Models…"),
            "Ctrl+Shift+M",
            "models",
            tr("What can paint and judge: get, take in, check and use models"),
        ),
        Command(
            "train",
            tr("&Train a model…"),
            "Ctrl+Shift+T",
            "training",
            tr("Let a model learn your own pictures, and paint with it"),
        ),
        Command(
            "preferences", tr("&Preferences…"), "Ctrl+,", "settings", tr("Looks, keys, device")
        ),
        Command("quit", tr("&Quit"), "Ctrl+Q", "", tr("Everything painted is kept")),
    )


def edit_commands(tr: Translate) -> tuple[Command, ...]:
    return (
        Command("undo", tr("&Undo"), "Ctrl+Z", "undo", tr("Take the last edit back")),
        Command("redo", tr("&Redo"), "Ctrl+Shift+Z; Ctrl+Y", "redo", tr("Do it again")),
        Command("copy", tr("&Copy picture"), "Ctrl+Shift+C", "copy", tr("Copy the picture shown")),
        Command("write_prompt", tr("&Write the prompt"), "Ctrl+L", "text", tr("Go to the prompt")),
        Command("discard_edits", tr("&Discard edits for a branch"), "", "", ""),
    )


def paint_commands(tr: Translate) -> tuple[Command, ...]:
    return (
        Command(
            "paint",
            tr("&Paint"),
            "Ctrl+Return; Ctrl+Enter",
            "paint",
            tr("Paint the iterations set under Pace; press again to pause"),
        ),
        Command(
            "step", tr("Paint &one iteration"), "Ctrl+.", "step", tr("One iteration, then rest")
        ),
        Command("stop", tr("&Stop"), "Shift+X", "stop", tr("Stop, and forget what was left"), True),
        Command("paint_10", tr("Paint &10 more"), "", "", tr("Ten more iterations")),
        Command("paint_100", tr("Paint 1&00 more"), "", "", tr("A hundred more iterations")),
        Command(
            "branch",
            tr("&Branch from here"),
            "Ctrl+B",
            "branch",
            tr("Go on from the iteration shown as a new take; nothing painted is lost"),
        ),
        Command("queue_add", tr("&Add to the queue…"), "Ctrl+Shift+Q", "queue", tr("Variations")),
        Command("queue_start", tr("Start the &queue"), "", "play", tr("Paint the queue")),
        Command("queue_pause", tr("Pa&use the queue"), "", "pause", tr("Let the queue rest")),
    )


def view_commands(tr: Translate) -> tuple[Command, ...]:
    return (
        Command("zoom_in", tr("Zoom &in"), "Ctrl++; Ctrl+=", "zoom-in"),
        Command("zoom_out", tr("Zoom &out"), "Ctrl+-", "zoom-out"),
        Command("fit", tr("&Fit"), "Ctrl+0", "fit", tr("The whole picture")),
        Command("actual_size", tr("&Actual size"), "Ctrl+1", "actual-size", tr("100 %")),
        Command(
            "hold",
            tr("&Look at the reference while held"),
            "`",
            "eye",
            tr("The pinned iteration, or the previous keyframe"),
            True,
        ),
        Command("pin", tr("&Pin this iteration"), "P", "pin", tr("Compare with it"), True, True),
        Command("wipe", tr("&Wipe"), "W", "wipe", tr("Reference left, now right"), True, True),
        Command(
            "difference",
            tr("&Difference"),
            "D",
            "difference",
            tr("What has changed since the reference"),
            True,
            True,
        ),
        Command("full_screen", tr("F&ull screen"), "F11", "", "", False, True),
        Command("reset_layout", tr("&Reset the layout"), "", "", tr("All panels in their places")),
        Command("light", tr("&Light theme"), "", "theme", "", False, True),
    )


def timeline_commands(tr: Translate) -> tuple[Command, ...]:
    soft = [
        ("play", tr("&Play or pause"), "Space", "play"),
        ("shuttle_back", tr("Play &backwards, faster"), "J", ""),
        ("shuttle_stop", tr("&Hold; with J and L step"), "K", ""),
        ("shuttle_forward", tr("Play &forwards, faster"), "L", ""),
        ("step_back", tr("Previous iteration"), "Left; ,", "step-back"),
        ("step_on", tr("Next iteration"), "Right; .", "step-forward"),
        ("ten_back", tr("Ten back"), "Shift+Left", ""),
        ("ten_on", tr("Ten on"), "Shift+Right", ""),
        ("second_back", tr("A second back"), "PgUp", ""),
        ("second_on", tr("A second on"), "PgDown", ""),
        ("go_to_start", tr("To the &start"), "Home", "to-start"),
        ("go_to_end", tr("To the &end"), "End", "to-end"),
        ("previous_keyframe", tr("Previous keyframe"), "Alt+Left", ""),
        ("next_keyframe", tr("Next keyframe"), "Alt+Right", ""),
        ("mark_in", tr("Mark &in"), "I", "mark-in"),
        ("mark_out", tr("Mark &out"), "O", "mark-out"),
        ("go_to_in", tr("Go to in"), "Alt+I", ""),
        ("go_to_out", tr("Go to out"), "Alt+O", ""),
        ("clear_range", tr("&Clear in and out"), "Alt+X", ""),
        ("cycle_mode", tr("Once, &loop, ping-pong"), "\\", "loop"),
        ("timeline_in", tr("Zoom the timeline in"), "+; =", ""),
        ("timeline_out", tr("Zoom the timeline out"), "-", ""),
        ("timeline_all", tr("The whole timeline"), "0", ""),
    ]
    return (
        *(Command(id, text, keys, picture, "", True) for id, text, keys, picture in soft),
        Command(
            "add_keyframe",
            tr("Add &keyframe"),
            "Shift+K",
            "keyframe",
            tr("Let the prompts, and what keyframes set, change on the way to here"),
            True,
        ),
        Command("remove_keyframe", tr("Remo&ve keyframe"), "Del", "trash", "", True),
        Command(
            "record",
            tr("&Record keyframes"),
            "R",
            "",
            tr("What is changed while it paints becomes keyframes, on the way"),
            True,
            True,
        ),
        Command("live", tr("Follow the newest iteration"), "Ctrl+End", "live"),
        Command("film_stop", tr("Add to the &film as a stop"), "Ctrl+Shift+A", "film"),
    )


def help_commands(tr: Translate) -> tuple[Command, ...]:
    return (
        Command("keys", tr("&Keys"), "F1", "help", tr("All keys on one sheet")),
        Command("log", tr("&Log"), "", "log", tr("What the studio did")),
        Command("about", tr("&About"), "", "info", tr("Version, and what the models can draw")),
    )


class Actions:
    """The commands as QActions of a window, by their ids."""

    def __init__(self, window: QMainWindow) -> None:
        tr = window.tr
        self.groups: tuple[tuple[str, tuple[Command, ...]], ...] = (
            (tr("&File"), file_commands(tr)),
            (tr("&Edit"), edit_commands(tr)),
            (tr("&Paint"), paint_commands(tr)),
            (tr("&View"), view_commands(tr)),
            (tr("&Timeline"), timeline_commands(tr)),
            (tr("&Help"), help_commands(tr)),
        )
        self.commands = {each.id: each for _, group in self.groups for each in group}
        self._actions = {id: _action(each, window) for id, each in self.commands.items()}
        for action in self._actions.values():
            window.addAction(action)

    def __getitem__(self, id: str) -> QAction:
        return self._actions[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def use_keys(self, changed: Mapping[str, str]) -> None:
        """Give commands the keys that a person prefers."""
        for id, command in self.commands.items():
            keys = changed.get(id, command.keys)
            self._actions[id].setShortcuts(sequences(keys))

    def trigger_soft(self, event: QKeyEvent) -> str | None:
        """Do what a key means that no widget wanted; the id of the command, if there is one."""
        pressed = QKeySequence(event.keyCombination())
        for id, command in self.commands.items():
            if command.is_soft and pressed in self._actions[id].shortcuts():
                if self._actions[id].isEnabled() and id != "hold":
                    self._actions[id].trigger()
                return id
        return None


def sequences(keys: str) -> list[QKeySequence]:
    """The keys of a command."""
    return [QKeySequence(each) for each in keys.split("; ") if each]


def _action(command: Command, window: QMainWindow) -> QAction:
    action = QAction(command.text, window)
    if command.icon:
        action.setIcon(icon(command.icon))
    if command.tip:
        action.setToolTip(command.tip)
        action.setStatusTip(command.tip)
    action.setCheckable(command.is_checkable)
    action.setShortcuts(sequences(command.keys))
    if command.is_soft:
        # shown in the menu, and answered by the window when no widget has wanted the key
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    return action
