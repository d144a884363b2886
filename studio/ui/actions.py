"""Every command of the window: its words, its keys, its icon and its place in the menus."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QMainWindow

from studio.ui.icons import icon
from studio.ui.tips import give_key, tip

Translate = Callable[[str], str]


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


def file_commands(tr: Translate) -> tuple[Command, ...]:
    return (
        Command("new", tr("&New painting"), "Ctrl+N", "new", tr("Start with an empty canvas")),
        Command(
            "open", tr("&Open…"), "Ctrl+O", "open", tr("Go on with a painting that is on the disk")
        ),
        Command("save", tr("&Save"), "Ctrl+S", "save", tr("Keep the painting as it is now")),
        Command(
            "save_as",
            tr("Save &as…"),
            "Ctrl+Shift+S",
            "",
            tr("Keep the painting under another name"),
        ),
        Command(
            "save_copy",
            tr("Save a &copy…"),
            "Ctrl+Alt+S",
            "",
            tr("Write a copy elsewhere, and go on with this one"),
        ),
        Command(
            "export_picture",
            tr("&Export picture…"),
            "Ctrl+E",
            "export",
            tr("Write the picture shown, with its prompt and settings inside a PNG"),
        ),
        Command(
            "export_film",
            tr("Export &film…"),
            "Ctrl+Shift+E",
            "film",
            tr("Make a film of the iterations or of the way between keyframes"),
        ),
        Command(
            "close",
            tr("&Close project"),
            "Ctrl+W",
            "close",
            tr("Go back to the first page; everything is kept"),
        ),
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
            "preferences",
            tr("&Preferences…"),
            "Ctrl+,",
            "settings",
            tr("Choose looks, keys and the device that paints"),
        ),
        Command("quit", tr("&Quit"), "Ctrl+Q", "", tr("Everything painted is kept")),
    )


def edit_commands(tr: Translate) -> tuple[Command, ...]:
    return (
        Command("undo", tr("&Undo"), "Ctrl+Z", "undo", tr("Take the last edit back")),
        Command(
            "redo", tr("&Redo"), "Ctrl+Shift+Z; Ctrl+Y", "redo", tr("Do again what was taken back")
        ),
        Command("copy", tr("&Copy picture"), "Ctrl+Shift+C", "copy", tr("Copy the picture shown")),
        Command(
            "write_prompt",
            tr("&Write the prompt"),
            "Ctrl+L",
            "text",
            tr("Put the cursor where the prompt is written"),
        ),
        Command(
            "discard_edits",
            tr("&Discard edits for a branch"),
            "",
            "",
            tr("Go back to what this iteration was painted with"),
        ),
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
            "step",
            tr("Paint &one iteration"),
            "Ctrl+.",
            "step",
            tr("Paint a single iteration, then rest"),
        ),
        Command("stop", tr("&Stop"), "Shift+X", "stop", tr("Stop, and forget what was left"), True),
        Command("paint_10", tr("Paint &10 more"), "", "", tr("Paint ten more iterations")),
        Command("paint_100", tr("Paint 1&00 more"), "", "", tr("Paint a hundred more iterations")),
        Command(
            "branch",
            tr("&Branch from here"),
            "Ctrl+B",
            "branch",
            tr("Go on from the iteration shown as a new take; nothing painted is lost"),
        ),
        Command(
            "queue_add",
            tr("&Add to the queue…"),
            "Ctrl+Shift+Q",
            "queue",
            tr("Paint variations one after the other"),
        ),
        Command(
            "queue_start", tr("Start the &queue"), "", "play", tr("Paint what waits in the queue")
        ),
        Command(
            "queue_pause",
            tr("Pa&use the queue"),
            "",
            "pause",
            tr("Let the queue rest after the iteration at work"),
        ),
    )


def view_commands(tr: Translate) -> tuple[Command, ...]:
    return (
        Command(
            "zoom_in", tr("Zoom &in"), "Ctrl++; Ctrl+=", "zoom-in", tr("See the picture larger")
        ),
        Command("zoom_out", tr("Zoom &out"), "Ctrl+-", "zoom-out", tr("See the picture smaller")),
        Command(
            "fit", tr("&Fit"), "Ctrl+0", "fit", tr("See the whole picture, as large as it can be")
        ),
        Command(
            "actual_size",
            tr("&Actual size"),
            "Ctrl+1",
            "actual-size",
            tr("One pixel of the picture on one of the screen"),
        ),
        Command(
            "hold",
            tr("&Look at the reference while held"),
            "`",
            "eye",
            tr("See the pinned iteration, or the previous keyframe"),
            True,
        ),
        Command(
            "pin",
            tr("&Pin this iteration"),
            "P",
            "pin",
            tr("Compare with the iteration shown, from now on"),
            True,
            True,
        ),
        Command(
            "wipe",
            tr("&Wipe"),
            "W",
            "wipe",
            tr("See the reference at the left and the picture at the right"),
            True,
            True,
        ),
        Command(
            "difference",
            tr("&Difference"),
            "D",
            "difference",
            tr("See what has changed since the reference"),
            True,
            True,
        ),
        Command(
            "full_screen",
            tr("F&ull screen"),
            "F11",
            "",
            tr("Nothing but this window on the screen"),
            False,
            True,
        ),
        Command(
            "picture_only",
            tr("Only the pictu&re"),
            "F10",
            "",
            tr("Put all panels aside, and back"),
            False,
            True,
        ),
        Command(
            "reset_layout",
            tr("&Reset the layout"),
            "",
            "",
            tr("Put all panels back in their places"),
        ),
        Command(
            "light",
            tr("&Light theme"),
            "",
            "theme",
            tr("Dark letters on a light ground"),
            False,
            True,
        ),
    )


def timeline_commands(tr: Translate) -> tuple[Command, ...]:
    soft = [
        ("play", tr("&Play or pause"), "Space", "play", tr("Play the painted iterations, or rest")),
        (
            "shuttle_back",
            tr("Play &backwards, faster"),
            "J",
            "",
            tr("Play backwards; each press doubles the pace"),
        ),
        (
            "shuttle_stop",
            tr("&Hold; with J and L step"),
            "K",
            "",
            tr("Rest; held down, J and L go one iteration"),
        ),
        (
            "shuttle_forward",
            tr("Play &forwards, faster"),
            "L",
            "",
            tr("Play forwards; each press doubles the pace"),
        ),
        (
            "step_back",
            tr("Previous iteration"),
            "Left; ,",
            "step-back",
            tr("See the iteration before this one"),
        ),
        (
            "step_on",
            tr("Next iteration"),
            "Right; .",
            "step-forward",
            tr("See the iteration after this one"),
        ),
        ("ten_back", tr("Ten back"), "Shift+Left", "", tr("Go ten iterations back")),
        ("ten_on", tr("Ten on"), "Shift+Right", "", tr("Go ten iterations on")),
        ("second_back", tr("A second back"), "PgUp", "", tr("Go back by what plays in a second")),
        ("second_on", tr("A second on"), "PgDown", "", tr("Go on by what plays in a second")),
        ("go_to_start", tr("To the &start"), "Home", "to-start", tr("See the first iteration")),
        ("go_to_end", tr("To the &end"), "End", "to-end", tr("See the last iteration")),
        (
            "previous_keyframe",
            tr("Previous keyframe"),
            "Alt+Left",
            "",
            tr("Go to the keyframe before the playhead"),
        ),
        (
            "next_keyframe",
            tr("Next keyframe"),
            "Alt+Right",
            "",
            tr("Go to the keyframe after the playhead"),
        ),
        ("mark_in", tr("Mark &in"), "I", "mark-in", tr("Play and export from this iteration on")),
        ("mark_out", tr("Mark &out"), "O", "mark-out", tr("Play and export up to this iteration")),
        ("go_to_in", tr("Go to in"), "Alt+I", "", tr("Go to where playing begins")),
        ("go_to_out", tr("Go to out"), "Alt+O", "", tr("Go to where playing ends")),
        (
            "clear_range",
            tr("&Clear in and out"),
            "Alt+X",
            "",
            tr("Play and export all iterations again"),
        ),
        (
            "cycle_mode",
            tr("Once, &loop, ping-pong"),
            "\\",
            "loop",
            tr("Choose what playing does at the end"),
        ),
        ("timeline_in", tr("Zoom the timeline in"), "+; =", "", tr("See fewer iterations, larger")),
        ("timeline_out", tr("Zoom the timeline out"), "-", "", tr("See more iterations, smaller")),
        ("timeline_all", tr("The whole timeline"), "0", "", tr("See all iterations side by side")),
    ]
    return (
        *(Command(*each, True) for each in soft),
        Command(
            "add_keyframe",
            tr("Add &keyframe"),
            "Shift+K",
            "keyframe",
            tr("Let the prompts, and what keyframes set, change on the way to here"),
            True,
        ),
        Command(
            "remove_keyframe",
            tr("Remo&ve keyframe"),
            "Del",
            "trash",
            tr("Take away the keyframe under the playhead"),
            True,
        ),
        Command(
            "record",
            tr("&Record keyframes"),
            "R",
            "",
            tr("What is changed while it paints becomes keyframes, on the way"),
            True,
            True,
        ),
        Command(
            "live",
            tr("Follow the newest iteration"),
            "Ctrl+End",
            "live",
            tr("Keep the playhead at what is painted last"),
        ),
        Command(
            "film_stop",
            tr("Add to the &film as a stop"),
            "Ctrl+Shift+A",
            "film",
            tr("Let the film through keyframes stop at this iteration"),
        ),
    )


def help_commands(tr: Translate) -> tuple[Command, ...]:
    return (
        Command("keys", tr("&Keys"), "F1", "help", tr("See all keys on one sheet")),
        Command("log", tr("&Log"), "", "log", tr("See what the studio did")),
        Command(
            "about", tr("&About"), "", "info", tr("See the version, and what the models can draw")
        ),
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
        self._sentences = {id: each.tip for id, each in self.commands.items()}
        self._buttons: list[tuple[str, QAbstractButton]] = []
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
    action.setStatusTip(command.tip)
    action.setCheckable(command.is_checkable)
    action.setShortcuts(sequences(command.keys))
    if command.is_soft:
        # shown in the menu, and answered by the window when no widget has wanted the key
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    return action
