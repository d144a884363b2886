"""Every command of the window: its words, its keys, its icon and its place in the menus."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from PySide6.QtWidgets import QMainWindow

from studio.ui.canvas import Canvas
from studio.ui.commands import Command, Commands

Translate = Callable[[str], str]


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
            "imagine_again",
            tr("&Imagine again"),
            "Ctrl+I",
            "dice",
            tr("Begin once more with the next seed, as a new take; look before painting on"),
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


def view_commands(tr: Translate, canvas: Canvas) -> tuple[Command, ...]:
    return (
        Command(
            "zoom_in",
            tr("Zoom &in"),
            "Ctrl++; Ctrl+=",
            "zoom-in",
            tr("See the picture larger"),
            act=canvas.zoom_in,
        ),
        Command(
            "zoom_out",
            tr("Zoom &out"),
            "Ctrl+-",
            "zoom-out",
            tr("See the picture smaller"),
            act=canvas.zoom_out,
        ),
        Command(
            "fit",
            tr("&Fit"),
            "Ctrl+0",
            "fit",
            tr("See the whole picture, as large as it can be"),
            act=canvas.fit,
        ),
        Command(
            "actual_size",
            tr("&Actual size"),
            "Ctrl+1",
            "actual-size",
            tr("One pixel of the picture on one of the screen"),
            act=canvas.actual_size,
        ),
        Command(
            "hold",
            tr("&Look at the reference while held"),
            "`",
            "eye",
            tr("See the pinned iteration, or the previous keyframe"),
            True,
            hold=canvas.hold_reference,
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
            "why",
            tr("Wh&y"),
            "Shift+W",
            "heat",
            tr("See where in the picture the prompt you are in is answered"),
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


def keyframe_commands(tr: Translate) -> tuple[Command, ...]:
    return (
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
            "film_stop",
            tr("Add to the &film as a stop"),
            "Ctrl+Shift+A",
            "film",
            tr("Let the film through keyframes stop at this iteration"),
        ),
    )


def help_commands(tr: Translate) -> tuple[Command, ...]:
    return (
        Command(
            "palette",
            tr("Find a &command…"),
            "Ctrl+K",
            "search",
            tr("Type what you want to do, and do it"),
        ),
        Command("keys", tr("&Keys"), "F1", "help", tr("See all keys on one sheet")),
        Command("log", tr("&Log"), "", "log", tr("See what the studio did")),
        Command(
            "about", tr("&About"), "", "info", tr("See the version, and what the models can draw")
        ),
    )


class Actions(Commands):
    """All commands of the window, its parts' among them, in the groups of its menus."""

    def __init__(
        self, window: QMainWindow, canvas: Canvas, timeline: Commands, brushes: Commands
    ) -> None:
        tr = window.tr
        own = (
            file_commands(tr),
            edit_commands(tr),
            paint_commands(tr),
            view_commands(tr, canvas),
            keyframe_commands(tr),
            help_commands(tr),
        )
        super().__init__(window, chain.from_iterable(own))
        self.include(timeline)
        self.include(brushes)
        file, edit, paint, view, keyframes, help = own
        # "Follow" and "Add to the film" have their line above them, and come last
        *moves, live = timeline.commands.values()
        *marks, film_stop = keyframes
        self.groups: tuple[tuple[str, tuple[Command, ...]], ...] = (
            (tr("&File"), file),
            (tr("&Edit"), edit),
            (tr("&Paint"), paint),
            (tr("&Brush"), tuple(brushes.commands.values())),
            (tr("&View"), view),
            (tr("&Timeline"), (*moves, *marks, live, film_stop)),
            (tr("&Help"), help),
        )
