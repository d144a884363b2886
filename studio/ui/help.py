"""Keys, preferences, the log, faults, and what the program is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QKeySequence
from PySide6.QtWidgets import QDialog

import studio
from studio import crash
from studio.log import log_path
from studio.project.preferences import Preferences
from studio.ui.dialogs.about import AboutDialog
from studio.ui.dialogs.crash import CrashDialog
from studio.ui.dialogs.error import ErrorDialog
from studio.ui.dialogs.keys import KeySheet
from studio.ui.dialogs.palette import Palette
from studio.ui.dialogs.preferences import PreferencesDialog
from studio.work.clerk import Shelved
from studio.work.facts import Fault

if TYPE_CHECKING:
    from studio.ui.window import MainWindow

LICENCE = "MIT"


class Help(QObject):
    """Opens what a person asks for, and tells what they must know."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._devices: list[tuple[str, str]] = []
        self._draws: list[str] = []
        self._told: ErrorDialog | None = None
        window.studio.ready.connect(self._know_devices)
        window.studio.models.connect(self._know_models)
        window.studio.failed.connect(self.tell)
        window.docks.log.folder_wanted.connect(self._open_log_folder)

    @Slot(object)
    def tell(self, fault: Fault) -> None:
        """Show a fault; further ones wait in the log while it is read."""
        if self._told is not None:
            self._window.say(fault.sentence)
            return
        self._told = ErrorDialog(fault, self._window)
        self._told.log_wanted.connect(self.show_log)
        self._told.finished.connect(self._forget_told)
        self._told.open()

    @Slot()
    def show_keys(self) -> None:
        """The cheat sheet."""
        groups = [
            (
                title.replace("&", ""),
                [
                    (command.text.replace("&", "").rstrip("…"), keys)
                    for command in commands
                    if (keys := self._keys(command.id))
                ],
            )
            for title, commands in self._window.actions_.groups
        ]
        self._open(KeySheet([group for group in groups if group[1]], self._window))

    @Slot()
    def show_palette(self) -> None:
        """Every command that can be done by choosing it, in the order of the menus."""
        actions = self._window.actions_
        ids = (each.id for _, group in actions.groups for each in group)
        done = [actions[id] for id in ids if id not in ("palette", "hold")]
        self._open(Palette(done, self._window))

    @Slot()
    def show_preferences(self) -> None:
        """Looks, keys and device."""
        commands = [
            (each.id, each.text.replace("&", ""), each.keys)
            for each in self._window.actions_.commands.values()
        ]
        devices = [each for each in self._devices if each[0] != "auto"]
        dialog = PreferencesDialog(self._window.preferences, devices, commands, self._window)
        dialog.accepted_preferences.connect(self._use)
        self._open(dialog)

    @Slot()
    def show_log(self) -> None:
        """The log beside the timeline."""
        self._window.docks.raise_("log")

    @Slot()
    def show_about(self) -> None:
        """Version, and what the models can and cannot draw."""
        self._open(AboutDialog(studio.__version__, self._draws, LICENCE, self._window))

    def offer_crash(self) -> None:
        """Show what a crash of the last run has left behind."""
        text = crash.previous()
        if text is not None:
            dialog = CrashDialog(text, self._window)
            dialog.folder_wanted.connect(self._open_log_folder)
            dialog.finished.connect(self._forget_crash)
            self._open(dialog)

    def _open(self, dialog: QDialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _keys(self, id: str) -> str:
        native = QKeySequence.SequenceFormat.PortableText
        keys = self._window.actions_[id].shortcuts()
        return "; ".join(each.toString(native) for each in keys)

    @Slot(object)
    def _use(self, preferences: Preferences) -> None:
        self._window.use(preferences)

    @Slot(list)
    def _know_devices(self, devices: list[tuple[str, str]]) -> None:
        self._devices = devices

    @Slot(object)
    def _know_models(self, shelved: Shelved) -> None:
        told = [
            each
            for kind, models in (("vqgan", shelved.vqgans), ("clip", shelved.perceptors))
            for each in models
            if (each[0], kind) in shelved.shipped
        ]
        self._draws = [f"{name}: {about}" for name, about in told if about]

    @Slot()
    def _forget_told(self) -> None:
        if self._told is not None:
            self._told.deleteLater()
            self._told = None

    @Slot()
    def _forget_crash(self) -> None:
        crash.forget()

    @Slot()
    def _open_log_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_path().parent)))
